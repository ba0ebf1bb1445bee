//! Pages that are not part of a first visit: fetched when opened, or earlier when the browser is idle.
//!
//! Code that only they use goes to Wasm files of its own: see `xtask/src/build/split.rs`.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use wasm_bindgen::JsValue;

use crate::features::connecting::connection_guard::{KeyPanel, provide_key_panel};
use crate::features::connecting::doctor::{DoctorCode, provide_doctor};
use crate::features::connecting::key_panel::key_panel;
use crate::features::error_words::install_error_words;
use crate::features::results::install_results;
use crate::features::reviewing::install_preview;
use crate::pages::{
    ActivityPage, AddMembersPage, ConnectionPage, ConnectionsPage, Explain, GroupPage, GroupsPage,
    InvitesPage, MembersPage, ModeratorsPage, NewConnectionPage, OpenFilePage, PlanPage, PlansPage,
    SandboxPage, SettingsPage, connected_overview, explained, provide_explainer,
};
use crate::shell::new_version::load_button;
use crate::shell::releases::use_releases;
use crate::state::caller::{Caller, provide_caller};
use crate::state::code::NotFetched;
use crate::state::runs::{self, Engine, provide_engine};
use crate::state::session::use_session;
use i18n::text;
use ui::{self, Tone, Variant, titled_notice};

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
    Activity,
    Plans,
    OpenFile,
    Plan,
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
        Moderators => ModeratorsPage,
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
    Runs in runs {
        Plans => PlansPage,
    }
    Run in run {
        Plan => PlanPage,
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
    install_error_words();
    Ok(Caller::new())
}

#[wasm_split(calls, wasm_split_path = ::leptos::wasm_split, fallible)]
fn explainer() -> Result<Explain, SplitLoaderError> {
    Ok(explained)
}

#[wasm_split(engine, wasm_split_path = ::leptos::wasm_split, fallible)]
fn engine() -> Result<Engine, SplitLoaderError> {
    install_error_words();
    install_results();
    install_preview();
    Ok(Engine::new())
}

#[wasm_split(keys, wasm_split_path = ::leptos::wasm_split, fallible)]
fn keys() -> Result<KeyPanel, SplitLoaderError> {
    Ok(key_panel)
}

#[wasm_split(doctor, wasm_split_path = ::leptos::wasm_split, fallible)]
fn doctor() -> Result<DoctorCode, SplitLoaderError> {
    install_error_words();
    Ok(DoctorCode::new())
}

/// Says where the code is that pages fetch when they need it.
pub fn provide_code() {
    provide_caller(|| Box::pin(calls()));
    provide_explainer(|| Box::pin(explainer()));
    provide_engine(|| Box::pin(engine()));
    provide_key_panel(|| Box::pin(keys()));
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

    async fn fetch(self) -> Result<Draw, NotFetched> {
        let draw = self.load().await.map_err(|error| {
            leptos::logging::error!("{error}");
            NotFetched
        })?;
        // The page of a run opens it at once.
        if self == Self::Run {
            runs::engine().await?;
        }
        let mut fetched = FETCHED.get();
        fetched[self as usize] = Some(draw);
        FETCHED.set(fetched);
        Ok(draw)
    }
}

#[derive(Clone, Copy)]
enum Fetched {
    Waiting,
    Failed,
    /// Failed, and the host serves another release: this one's files may be gone for good.
    Gone,
    Ready(Draw),
}

/// Draws a page: immediately if its part has been fetched, with a placeholder until then otherwise.
pub fn page(page: LazyPage) -> AnyView {
    let part = Part::of(page);
    let (session, releases) = (use_session(), use_releases());
    session.read_again();
    let fetched = RwSignal::new(part.fetched().map_or(Fetched::Waiting, Fetched::Ready));
    let fetch = move || {
        fetched.set(Fetched::Waiting);
        spawn_local(async move {
            let now = match part.fetch().await {
                Ok(draw) => {
                    session.read_again();
                    Fetched::Ready(draw)
                }
                Err(NotFetched) => {
                    if releases.look().await {
                        // This page already says so.
                        releases.put_off();
                        Fetched::Gone
                    } else {
                        Fetched::Failed
                    }
                }
            };
            // Disposed if the user has gone to another page.
            let _ = fetched.try_set(now);
        });
    };
    if matches!(fetched.get_untracked(), Fetched::Waiting) {
        fetch();
    }
    let again = Callback::new(move |()| fetch());
    let shown = move || match fetched.get() {
        Fetched::Waiting => ui::skeleton(),
        Fetched::Failed => {
            let failure =
                ui::Failure { title: text::ui_page_missing_title(), detail: text::ui_page_missing_body() };
            ui::failed(failure, Some(again))
        }
        Fetched::Gone => titled_notice(
            Tone::Unknown,
            text::ui_page_gone_title(),
            text::ui_page_gone_body(),
            Some(load_button(Variant::Plain)),
        ),
        Fetched::Ready(draw) => draw(page).into_any(),
    };
    shown.into_any()
}

/// Prefetches all parts when the browser is idle, so that pages open at once and offline. Does nothing if the
/// user has asked to save data.
pub fn fetch_when_idle() {
    set_timeout(
        || {
            let navigator = window().navigator();
            if !navigator.on_line() || saves_data(&navigator).unwrap_or(false) {
                return;
            }
            // Some browsers lack `requestIdleCallback`.
            if request_idle_callback_with_handle(fetch_all).is_err() {
                fetch_all();
            }
        },
        SETTLED,
    );
}

fn fetch_all() {
    spawn_local(async {
        // Stops at the first failure: what needs the rest fetches it, and reports an error.
        for part in Part::ALL {
            if part.fetch().await.is_err() {
                return;
            }
        }
        // Fetched here, these are installed when they are needed.
        let are_here = calls().await.is_ok() && engine().await.is_ok() && keys().await.is_ok();
        if are_here {
            let _ = doctor().await;
        }
    });
}

fn saves_data(navigator: &JsValue) -> Option<bool> {
    let connection = js_sys::Reflect::get(navigator, &"connection".into()).ok()?;
    js_sys::Reflect::get(&connection, &"saveData".into()).ok()?.as_bool()
}
