//! Pages that are not part of a first visit: fetched when opened, or earlier when the browser is idle.
//!
//! Code that only they use goes to Wasm files of its own: see `xtask/src/build/split.rs`.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use browser::offline;
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use wasm_bindgen::JsValue;

use crate::features::adding::people_reader::install_people_reader;
use crate::features::adding::people_table::install_people_table;
use crate::features::approval::ask::ask;
use crate::features::approval::send_back::send_back;
use crate::features::approval::{Ask, SendBack, provide_ask, provide_send_back};
use crate::features::connecting::connection_guard::{KeyPanel, provide_key_panel};
use crate::features::connecting::directory_choice::install_directory_choice;
use crate::features::connecting::doctor::{DoctorCode, provide_doctor};
use crate::features::connecting::key_panel::key_panel;
use crate::features::directory::kept_words::install_kept_words;
use crate::features::error_words::install_error_words;
use crate::features::fetched::{Needed, when_fetched};
use crate::features::palette;
use crate::features::results::call_details::{DrawDetails, draw_details, provide_call_details};
use crate::features::results::install_results;
use crate::features::reviewing::install_preview;
use crate::pages::{
    ActivityPage, AddMembersPage, ChangingForms, Charting, Choosing, Comparing, ConnectionPage,
    ConnectionsPage, CreatingForms, Deleting, Explain, GroupPage, GroupsPage, ImportPage, ImportPreviewPage,
    InvitesPage, MembersPage, ModeratorsPage, NewConnectionPage, OpenFilePage, Received, ReviewPage,
    RunKeyForm, RunPage, RunsPage, SandboxPage, SettingsPage, UndoPage, UndoSeveralPage, choosing,
    connected_overview, explained, provide_changing_forms, provide_charting, provide_choosing,
    provide_comparing, provide_creating_forms, provide_deleting, provide_explainer, provide_received,
    provide_run_key_form,
};
use crate::shell::app::{self, App};
use crate::shell::shortcuts::{DrawDialogs, provide_dialogs};
use crate::state::busy::Quiet;
use crate::state::caller::{Caller, provide_caller, provide_words};
use crate::state::code::NotFetched;
use crate::state::keeping::provide_keeping;
use crate::state::kept_directory::install_keeper;
use crate::state::ledger::{LedgerCode, provide_ledger};
use crate::state::runs::{self, Engine, Opener, provide_engine, provide_opener, use_runs};
use crate::state::session::use_session;
use i18n::text;
use ui::Failure;

/// Delay before prefetching: the page's own files come first.
const SETTLED: Duration = Duration::from_secs(1);

/// A page that is not part of a first visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LazyPage {
    /// The overview with at least one connection.
    Overview,
    Connections,
    NewConnection,
    Connection,
    Members,
    AddMembers,
    Moderators,
    Invites,
    Groups,
    Group,
    Import,
    ImportPreview,
    Activity,
    Runs,
    OpenFile,
    Run,
    Undo,
    UndoSeveral,
    Review,
    Settings,
    Sandbox,
}

/// Draws a page; `None` for a page of another part.
type Draw = fn(LazyPage) -> Option<AnyView>;

/// Defines the parts: for each, its file and the pages in it.
macro_rules! parts {
    ($($part:ident in $file:ident { $($page:ident => $draw:expr,)+ })+) => {
        /// A split file with pages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Part { $($part,)+ }

        impl Part {
            const ALL: &[Self] = &[$(Self::$part,)+];

            fn of(page: LazyPage) -> Self {
                match page { $($(LazyPage::$page)|+ => Self::$part,)+ }
            }

            async fn load(self) -> Result<Draw, SplitLoaderError> {
                match self { $(Self::$part => $file().await,)+ }
            }
        }

        $(
            #[wasm_split($file, wasm_split_path = ::leptos::wasm_split, fallible)]
            fn $file() -> Result<Draw, SplitLoaderError> {
                Ok(|page| {
                    $(if page == LazyPage::$page { return Some($draw().into_any()); })+
                    None
                })
            }
        )+
    };
}

// In the order in which they are fetched ahead.
parts! {
    Overview in overview {
        Overview => connected_overview,
    }
    Adding in adding {
        AddMembers => AddMembersPage,
    }
    Moderators in moderators {
        Moderators => ModeratorsPage,
    }
    Invites in invites {
        Invites => InvitesPage,
    }
    Members in members {
        Members => MembersPage,
    }
    Groups in groups {
        Groups => GroupsPage,
    }
    Group in group {
        Group => GroupPage,
    }
    Import in import {
        Import => ImportPage,
    }
    ImportPreview in import_preview {
        ImportPreview => ImportPreviewPage,
    }
    Runs in runs {
        Runs => RunsPage,
    }
    Run in run {
        Run => RunPage,
    }
    Undo in undo {
        Undo => UndoPage,
    }
    UndoSeveral in undo_several {
        UndoSeveral => UndoSeveralPage,
    }
    Review in review {
        Review => ReviewPage,
    }
    Activity in activity {
        Activity => ActivityPage,
    }
    File in file {
        OpenFile => OpenFilePage,
    }
    Connections in connections {
        Connections => ConnectionsPage,
    }
    Connection in connection {
        NewConnection => NewConnectionPage,
        Connection => ConnectionPage,
    }
    Sandbox in sandbox {
        Sandbox => SandboxPage,
    }
    Settings in settings {
        Settings => SettingsPage,
    }
}

#[wasm_split(calls, wasm_split_path = ::leptos::wasm_split, fallible)]
fn calls() -> Result<Caller, SplitLoaderError> {
    Ok(Caller::new())
}

#[wasm_split(words, wasm_split_path = ::leptos::wasm_split, fallible)]
fn words() -> Result<(), SplitLoaderError> {
    install_error_words();
    Ok(())
}

#[wasm_split(details, wasm_split_path = ::leptos::wasm_split, fallible)]
fn explainer() -> Result<Explain, SplitLoaderError> {
    Ok(explained)
}

#[wasm_split(details, wasm_split_path = ::leptos::wasm_split, fallible)]
fn details() -> Result<DrawDetails, SplitLoaderError> {
    install_error_words();
    Ok(draw_details)
}

#[wasm_split(engine, wasm_split_path = ::leptos::wasm_split, fallible)]
fn engine() -> Result<Engine, SplitLoaderError> {
    install_error_words();
    install_results();
    install_preview();
    install_people_table();
    install_people_reader();
    Ok(Engine::new())
}

#[wasm_split(keeping, wasm_split_path = ::leptos::wasm_split, fallible)]
fn keeping() -> Result<(), SplitLoaderError> {
    install_keeper();
    install_kept_words();
    install_directory_choice();
    Ok(())
}

#[wasm_split(opener, wasm_split_path = ::leptos::wasm_split, fallible)]
fn run_opener() -> Result<Opener, SplitLoaderError> {
    install_error_words();
    Ok(Opener::new())
}

#[wasm_split(asking, wasm_split_path = ::leptos::wasm_split, fallible)]
fn asking() -> Result<Ask, SplitLoaderError> {
    install_error_words();
    Ok(ask())
}

#[wasm_split(asking, wasm_split_path = ::leptos::wasm_split, fallible)]
fn sending_back() -> Result<SendBack, SplitLoaderError> {
    install_error_words();
    Ok(send_back())
}

#[wasm_split(received, wasm_split_path = ::leptos::wasm_split, fallible)]
fn received() -> Result<Received, SplitLoaderError> {
    install_error_words();
    Ok(Received::new())
}

#[wasm_split(comparing, wasm_split_path = ::leptos::wasm_split, fallible)]
fn comparing() -> Result<Comparing, SplitLoaderError> {
    Ok(Comparing::new())
}

#[wasm_split(charting, wasm_split_path = ::leptos::wasm_split, fallible)]
fn charting() -> Result<Charting, SplitLoaderError> {
    Ok(Charting::new())
}

#[wasm_split(deleting, wasm_split_path = ::leptos::wasm_split, fallible)]
fn deleting() -> Result<Deleting, SplitLoaderError> {
    Ok(Deleting::new())
}

#[wasm_split(ledger, wasm_split_path = ::leptos::wasm_split, fallible)]
fn ledger_code() -> Result<LedgerCode, SplitLoaderError> {
    Ok(LedgerCode::new())
}

#[wasm_split(palette, wasm_split_path = ::leptos::wasm_split, fallible)]
fn dialogs() -> Result<DrawDialogs, SplitLoaderError> {
    Ok(palette::dialogs)
}

#[wasm_split(keys, wasm_split_path = ::leptos::wasm_split, fallible)]
fn keys() -> Result<KeyPanel, SplitLoaderError> {
    Ok(key_panel)
}

#[wasm_split(keys, wasm_split_path = ::leptos::wasm_split, fallible)]
fn run_keys() -> Result<RunKeyForm, SplitLoaderError> {
    Ok(RunKeyForm::default())
}

#[wasm_split(choosing, wasm_split_path = ::leptos::wasm_split, fallible)]
fn row_choosing() -> Result<Choosing, SplitLoaderError> {
    Ok(choosing())
}

#[wasm_split(creating, wasm_split_path = ::leptos::wasm_split, fallible)]
fn creating() -> Result<CreatingForms, SplitLoaderError> {
    Ok(CreatingForms::default())
}

#[wasm_split(changing, wasm_split_path = ::leptos::wasm_split, fallible)]
fn changing() -> Result<ChangingForms, SplitLoaderError> {
    Ok(ChangingForms::default())
}

#[wasm_split(doctor, wasm_split_path = ::leptos::wasm_split, fallible)]
fn doctor() -> Result<DoctorCode, SplitLoaderError> {
    install_error_words();
    Ok(DoctorCode::new())
}

#[wasm_split(app, wasm_split_path = ::leptos::wasm_split, fallible)]
fn app_start() -> Result<fn(App), SplitLoaderError> {
    Ok(app::start)
}

/// Says where the code is that pages fetch when they need it.
pub fn provide_code() {
    provide_caller(|| Box::pin(calls()));
    provide_words(|| Box::pin(words()));
    provide_explainer(|| Box::pin(explainer()));
    provide_call_details(|| Box::pin(details()));
    provide_keeping(|| Box::pin(keeping()));
    provide_opener(|| Box::pin(run_opener()));
    provide_engine(|| Box::pin(engine()));
    provide_ask(|| Box::pin(asking()));
    provide_send_back(|| Box::pin(sending_back()));
    provide_received(|| Box::pin(received()));
    provide_comparing(|| Box::pin(comparing()));
    provide_charting(|| Box::pin(charting()));
    provide_deleting(|| Box::pin(deleting()));
    provide_ledger(|| Box::pin(ledger_code()));
    provide_dialogs(|| Box::pin(dialogs()));
    provide_key_panel(|| Box::pin(keys()));
    provide_run_key_form(|| Box::pin(run_keys()));
    provide_choosing(|| Box::pin(row_choosing()));
    provide_creating_forms(|| Box::pin(creating()));
    provide_changing_forms(|| Box::pin(changing()));
    provide_doctor(|| Box::pin(doctor()));
}

thread_local! {
    /// What draws the pages of each part, once fetched.
    static FETCHED: Cell<[Option<Draw>; Part::ALL.len()]> = const { Cell::new([None; Part::ALL.len()]) };
}

impl Part {
    fn fetched(self) -> Option<Draw> {
        FETCHED.get()[self as usize]
    }

    /// Whether its pages show the list of runs.
    fn lists_runs(self) -> bool {
        matches!(
            self,
            Self::Overview | Self::Activity | Self::Runs | Self::Run | Self::Undo | Self::UndoSeveral
        )
    }

    async fn fetch(self) -> Result<Draw, NotFetched> {
        let draw = self.load().await.map_err(|error| {
            leptos::logging::error!("{error}");
            NotFetched
        })?;
        // These pages open a run at once.
        if matches!(self, Self::Run | Self::Undo) {
            runs::opener().await?;
        }
        let mut fetched = FETCHED.get();
        fetched[self as usize] = Some(draw);
        FETCHED.set(fetched);
        Ok(draw)
    }
}

/// Draws a page: immediately if its part has been fetched, with a placeholder until then otherwise.
pub fn page(page: LazyPage) -> AnyView {
    let part = Part::of(page);
    let (session, runs) = (use_session(), use_runs());
    session.read_again();
    let fetch = move || -> LocalBoxFuture<'static, Result<(), NotFetched>> {
        Box::pin(async move {
            part.fetch().await?;
            session.read_again();
            if part.lists_runs() { runs.fetch_list().await } else { Ok(()) }
        })
    };
    let missing = || Failure { title: text::ui_page_missing_title(), detail: text::ui_page_missing_body() };
    when_fetched(Needed {
        is_here: part.fetched().is_some() && (!part.lists_runs() || runs.is_listed()),
        fetch: Arc::new(fetch),
        draw: Box::new(move || part.fetched().and_then(|draw| draw(page)).into_any()),
        missing,
    })
}

/// Prefetches all parts but `keeping`, which few people need, so that pages open at once and offline, then starts the
/// app. It waits for moments in which the browser is idle, the page waits for nothing, and the user rests. If the user
/// has asked to save data, only an app that is here already is started.
pub fn fetch_when_idle(app: App) {
    set_timeout(
        move || {
            let navigator = window().navigator();
            let is_here = offline::is_controlled();
            if is_here {
                spawn_local(start_app(app));
            }
            if !navigator.on_line() || saves_data(&navigator).unwrap_or(false) {
                return;
            }
            let fetch = move || fetch_all((!is_here).then_some(app));
            // Some browsers lack `requestIdleCallback`.
            if request_idle_callback_with_handle(fetch).is_err() {
                fetch();
            }
        },
        SETTLED,
    );
}

/// Registers the service worker, or updates or removes it.
async fn start_app(app: App) {
    match app_start().await {
        Ok(start) => start(app),
        Err(error) => leptos::logging::error!("{error}"),
    }
}

fn fetch_all(app: Option<App>) {
    spawn_local(async move {
        let quiet = Quiet::watch();
        // Stops at the first failure: what needs the rest fetches it, and reports an error.
        for part in Part::ALL {
            quiet.wait().await;
            if part.fetch().await.is_err() {
                return;
            }
        }
        // Fetched here, these are installed when they are needed.
        let others: [fn() -> LocalBoxFuture<'static, bool>; 18] = [
            || Box::pin(async { runs::list_reader().await.is_ok() }),
            || Box::pin(async { calls().await.is_ok() }),
            || Box::pin(async { words().await.is_ok() }),
            || Box::pin(async { run_opener().await.is_ok() }),
            || Box::pin(async { engine().await.is_ok() }),
            || Box::pin(async { asking().await.is_ok() }),
            || Box::pin(async { comparing().await.is_ok() }),
            || Box::pin(async { received().await.is_ok() }),
            || Box::pin(async { charting().await.is_ok() }),
            || Box::pin(async { deleting().await.is_ok() }),
            || Box::pin(async { ledger_code().await.is_ok() }),
            || Box::pin(async { dialogs().await.is_ok() }),
            || Box::pin(async { keys().await.is_ok() }),
            || Box::pin(async { details().await.is_ok() }),
            || Box::pin(async { row_choosing().await.is_ok() }),
            || Box::pin(async { creating().await.is_ok() }),
            || Box::pin(async { changing().await.is_ok() }),
            || Box::pin(async { doctor().await.is_ok() }),
        ];
        for fetch in others {
            quiet.wait().await;
            if !fetch().await {
                return;
            }
        }
        // The worker stores what is here now, and fetches the rest.
        if let Some(app) = app {
            start_app(app).await;
        }
    });
}

fn saves_data(navigator: &JsValue) -> Option<bool> {
    let connection = js_sys::Reflect::get(navigator, &"connection".into()).ok()?;
    js_sys::Reflect::get(&connection, &"saveData".into()).ok()?.as_bool()
}
