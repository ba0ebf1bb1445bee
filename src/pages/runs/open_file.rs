//! `/runs/open`: makes a new plan of a file of results.

use std::sync::Arc;

use domain::Severity;
use domain::export::Opened;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use super::choose::choose;
use super::file;
use crate::features::adding::handover::handed_over;
use crate::features::fetched::with_code;
use crate::features::words;
use crate::routing::paths;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::code::{Code, Fetch};
use crate::state::launched::{LaunchedKind, open_launched};
use i18n::{format_number, text};
use ui::{Button, Disclosure, Latest, Tone, Upload, Variant, notice, skeleton};

/// Maximum number of problems listed individually.
const N_TOLD: usize = 20;

/// Draws the selection in a file.
pub type Choosing = fn(Arc<Opened>) -> AnyView;

thread_local! {
    static CHOOSING: Code<Choosing> = const { Code::new() };
}

/// Sets how the code is fetched that selects rows of a file: it is not needed to open one.
pub fn provide_choosing(fetch: Fetch<Choosing>) {
    CHOOSING.with(|code| code.provide(fetch));
}

/// The code itself.
pub fn choosing() -> Choosing {
    choose
}

/// The state of the file.
#[derive(Clone)]
enum FileState {
    Nothing,
    Reading,
    Read { name: String, opened: Arc<Opened> },
}

/// A file of results, its rows by outcome, and the plan made of them.
#[component]
pub fn OpenFilePage() -> impl IntoView {
    use_title(text::runs_open_title);
    let stage = RwSignal::new(match handed_over() {
        Some((name, opened)) => FileState::Read { name, opened },
        None => FileState::Nothing,
    });
    // An older file may be read last.
    let files = Latest::new();
    let on_file = move |file: File| {
        stage.set(FileState::Reading);
        let reading = files.begin();
        spawn_local(async move {
            let opened = Arc::new(file::read(&file).await);
            if reading.is_latest() {
                stage.set(FileState::Read { name: file.name(), opened });
            }
        });
    };
    open_launched(LaunchedKind::Results, on_file);
    let again = move || stage.set(FileState::Nothing);
    let body = move || match stage.get() {
        FileState::Nothing => upload(on_file),
        FileState::Reading => skeleton(),
        FileState::Read { opened, .. } if opened.rows.is_empty() => {
            let said = problems(&opened);
            view! {
                {said}
                {upload(on_file)}
            }
            .into_any()
        }
        FileState::Read { name, opened } => {
            let n = opened.rows.len();
            view! {
                <div class="row">
                    <p class="small muted grow">
                        <bdi translate="no">{name}</bdi>
                        " · "
                        {text::runs_n_rows(n)}
                    </p>
                    <Button label=text::runs_other_file variant=Variant::Link small=true on_press=again />
                </div>
                {problems(&opened)}
                {with_code(&CHOOSING, move |choose| choose(opened.clone()))}
            }
            .into_any()
        }
    };
    let way = vec![(text::runs_title(), Some(paths::runs())), (text::runs_open_title(), None)];
    let (title, sub) = (Signal::derive(text::runs_open_title), Signal::derive(text::runs_open_sub));
    view! {
        {page_head(None, way, title, sub, None)}
        <div class="stack">{body}</div>
    }
    .into_any()
}

fn upload(on_file: impl Fn(File) + Copy + 'static) -> AnyView {
    view! {
        <Upload
            label=text::runs_file
            help=text::runs_file_help
            accept=".csv,.json,text/csv,application/json"
            on_file=on_file
        />
    }
    .into_any()
}

/// What could not be used: the whole file, or lines of it.
fn problems(opened: &Opened) -> Option<AnyView> {
    let first = opened.problems.first()?;
    if first.severity == Severity::Blocking {
        return Some(notice(Tone::Refused, view! { <p>{words::file_problem(first)}</p> }));
    }
    let n = opened.problems.len();
    let told = StoredValue::new(lines(&opened.problems, words::file_problem));
    let body = view! {
        <p>{text::runs_lines_left_out(n)}</p>
        <Disclosure label=text::runs_lines>
            <ul class="stack-1 small">
                {told.get_value().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
            </ul>
            {(n > N_TOLD).then(|| view! { <p class="small">{text::results_n_more(n - N_TOLD)}</p> })}
        </Disclosure>
    };
    Some(notice(Tone::Unknown, body))
}

fn lines(problems: &[domain::Problem], sentence: impl Fn(&domain::Problem) -> String) -> Vec<String> {
    let told = |problem: &domain::Problem| match &problem.place {
        domain::Place::Line(line) => text::runs_line(text::RunsLine {
            line: &format_number(f64::from(*line)),
            problem: &sentence(problem),
        }),
        _ => sentence(problem),
    };
    problems.iter().take(N_TOLD).map(told).collect()
}
