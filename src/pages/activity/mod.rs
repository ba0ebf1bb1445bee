//! `/activity`: the finished runs of this device, and their outcomes.

mod entry;
mod people;
mod search;

use domain::outcome::Verdict;
use leptos::prelude::*;

use crate::features::results::download::{FileKind, save};
use crate::features::results::tone;
use crate::features::results::under_way::under_way;
use crate::features::words;
use crate::routing::paths;
use crate::routing::query;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::activity::{Activity, ActivityEntry, to_csv, to_json, use_activity};
use crate::state::runs::use_runs;
use browser::search::search_for;
use i18n::{format_date, format_number, text};
use ui::{Button, SearchInput, Segment, Segments, Selection, Variant, empty_state, link_button};

/// Shows all entries, or only those with rows of one outcome.
const SHOW: [Option<Verdict>; 4] =
    [None, Some(Verdict::Refused), Some(Verdict::Unknown), Some(Verdict::NotSent)];

/// The finished runs of this device.
#[component]
pub fn ActivityPage() -> impl IntoView {
    use_title(text::activity_title);
    let (activity, runs) = (use_activity(), use_runs());
    let show = query::selection("show", &SHOW, |show| show.map_or("", Verdict::slug));
    let filters = Filters { search: query::search("q"), show };
    let (open, set_open) = query::quiet_choice("open");
    let is_empty = Memo::new(move |_| activity.entries().is_empty());
    let found = Memo::new(move |_| {
        let (wanted, show) = (search_for(&filters.search.1.get()), filters.show.get());
        let mut entries = activity.entries();
        entries.retain(|entry| is_shown(entry, show) && search::fits(runs, entry, &wanted));
        entries
    });
    let body = move || {
        if is_empty.get() {
            let go =
                link_button(paths::overview(), text::activity_empty_action, Variant::Plain, false, "house");
            let empty = empty_state(
                "scroll-text",
                text::activity_empty_title(),
                text::activity_empty_body(),
                Some(go),
            );
            return view! { <div class="card">{empty}</div> }.into_any();
        }
        let list =
            move || {
                found.with(|entries| {
                    if entries.is_empty() { none_found(filters) } else { days(entries, open, set_open) }
                })
            };
        view! {
            {toolbar(activity, filters)}
            <section class="card" aria-labelledby="entries">
                <h2 class="sr-only" id="entries">
                    {text::activity_entries}
                </h2>
                {list}
                <div class="card-foot">
                    <span>{move || text::activity_n_entries(activity.entries().len())}</span>
                </div>
            </section>
        }
        .into_any()
    };
    view! {
        {page_head(
            None,
            Vec::new(),
            Signal::derive(text::activity_title),
            Signal::derive(text::activity_sub),
            Some(exports(found, filters, is_empty)),
        )}
        <div class="stack">{under_way(runs)}{body}</div>
    }
    .into_any()
}

/// The filters of the list; they are part of the URL.
#[derive(Clone, Copy)]
struct Filters {
    search: (RwSignal<String>, Memo<String>),
    show: Selection<Option<Verdict>>,
}

impl Filters {
    fn is_searched(self) -> bool {
        self.search.1.with(|wanted| !wanted.trim().is_empty())
    }

    /// Whether any filter is set; tracked.
    fn is_on(self) -> bool {
        self.is_searched() || self.show.get().is_some()
    }

    fn clear(self) {
        self.search.0.set(String::new());
        self.show.set(None);
    }
}

fn is_shown(entry: &ActivityEntry, show: Option<Verdict>) -> bool {
    show.is_none_or(|verdict| entry.tally.of_verdict(verdict) > 0)
}

/// The buttons that save the filtered list; their labels and the file names reflect the filters.
fn exports(found: Memo<Vec<ActivityEntry>>, filters: Filters, is_empty: Memo<bool>) -> AnyView {
    let name = move || {
        let (is_searched, show) = untrack(|| (filters.is_searched(), filters.show.get()));
        let parts = ["activity".to_owned(), show.map_or("", Verdict::slug).replace('_', "-")];
        let found = is_searched.then(|| "found".to_owned());
        let parts: Vec<String> = parts.into_iter().chain(found).filter(|part| !part.is_empty()).collect();
        parts.join("-")
    };
    let csv = move |()| {
        save(&name(), FileKind::Csv, &untrack(|| found.with(|entries| to_csv(entries, title_in_file))))
    };
    let json = move |()| {
        save(&name(), FileKind::Json, &untrack(|| found.with(|entries| to_json(entries, title_in_file))))
    };
    let n_found = move || found.with(Vec::len);
    let csv_label = move || {
        if filters.is_on() { text::activity_export_csv_of(n_found()) } else { text::activity_export_csv() }
    };
    let json_label = move || {
        if filters.is_on() { text::activity_export_json_of(n_found()) } else { text::activity_export_json() }
    };
    let buttons = move || {
        (!is_empty.get()).then(|| {
            view! {
                <div class="btn-group">
                    <Button label=csv_label icon="download" on_press=Callback::new(csv) />
                    <Button label=json_label on_press=Callback::new(json) />
                </div>
            }
        })
    };
    buttons.into_any()
}

fn toolbar(activity: Activity, filters: Filters) -> AnyView {
    let counted = move |verdict: Verdict, name: fn() -> String| {
        let label = Signal::derive(move || {
            let n = activity.entries().iter().filter(|entry| is_shown(entry, Some(verdict))).count();
            text::activity_segment_count(text::ActivitySegmentCount {
                n: &format_number(n as f64),
                name: &name(),
            })
        });
        Segment { value: Some(verdict), label, icon: tone(Some(verdict)).glyph_name() }
    };
    let segments = vec![
        Segment::new(None, text::activity_show_all),
        counted(Verdict::Refused, text::activity_some_refused),
        counted(Verdict::Unknown, text::activity_some_unknown),
        counted(Verdict::NotSent, text::activity_some_not_sent),
    ];
    view! {
        <div class="toolbar">
            <SearchInput
                label=text::activity_search
                value=filters.search.0
                placeholder=Signal::derive(text::activity_search_hint)
            />
            <Segments legend=text::activity_show value=filters.show segments=segments quiet=true />
        </div>
    }
    .into_any()
}

fn none_found(filters: Filters) -> AnyView {
    let all = view! { <Button label=text::activity_show_everything on_press=move || filters.clear() /> };
    empty_state(
        "search",
        text::activity_none_found_title(),
        text::activity_none_found_body(),
        Some(all.into_any()),
    )
}

/// The entries with a heading for each day.
fn days(entries: &[ActivityEntry], open: Memo<String>, set_open: SignalSetter<Option<String>>) -> AnyView {
    let mut last = String::new();
    let items: Vec<AnyView> = entries
        .iter()
        .flat_map(|entry| {
            let day = format_date(entry.at as f64);
            let heading = (day != last).then(|| {
                view! {
                    <li class="day">
                        <h3 class="day-h">{day.clone()}</h3>
                    </li>
                }
                .into_any()
            });
            last = day;
            [heading, Some(entry::entry(entry, open, set_open))]
        })
        .flatten()
        .collect();
    view! { <ol class="ledger">{items}</ol> }.into_any()
}

fn title_in_file(entry: &ActivityEntry) -> String {
    i18n::without_isolates(&words::of_entry(entry))
}
