//! Pages that are not part of a first visit: fetched when opened, or earlier when the browser is idle.
//!
//! Code that only they use goes to Wasm files of its own: see `xtask/src/build/split.rs`.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use wasm_bindgen::JsValue;

use crate::pages::{
    ActivityPage, AddMembersPage, ConnectionPage, ConnectionsPage, GroupPage, GroupsPage, InvitesPage,
    MembersPage, ModeratorsPage, NewConnectionPage, OpenFilePage, PlanPage, PlansPage, SandboxPage,
    SettingsPage, connected_overview,
};
use crate::shell::new_version::load_button;
use crate::shell::releases::use_releases;
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
        /// A split file. The overview shares one with the code that reads the list of connections, so that a
        /// returning user fetches nothing else.
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

// In the order in which they are fetched ahead. More parts would not make pages lighter yet: code that some
// of them share goes to a chunk for each set of parts, and six parts have eighty.
parts! {
    Home in home {
        Overview => connected_overview,
    }
    Work in work {
        Members => MembersPage,
        AddMembers => AddMembersPage,
        Moderators => ModeratorsPage,
        Invites => InvitesPage,
        Groups => GroupsPage,
        Group => GroupPage,
        Plans => PlansPage,
        OpenFile => OpenFilePage,
        Plan => PlanPage,
        Activity => ActivityPage,
    }
    Manage in manage {
        Connections => ConnectionsPage,
        NewConnection => NewConnectionPage,
        Connection => ConnectionPage,
        Settings => SettingsPage,
        Sandbox => SandboxPage,
    }
}

thread_local! {
    /// What draws the pages of each part, once fetched.
    static FETCHED: Cell<[Option<Draw>; Part::ALL.len()]> = const { Cell::new([None; Part::ALL.len()]) };
}

impl Part {
    fn fetched(self) -> Option<Draw> {
        FETCHED.get()[self as usize]
    }

    async fn fetch(self) -> Result<Draw, SplitLoaderError> {
        let draw = self.load().await?;
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
                Err(error) => {
                    leptos::logging::error!("{error}");
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
        for part in Part::ALL {
            // The loader logs the error; opening the page shows it and offers a retry.
            let _ = part.fetch().await;
        }
    });
}

fn saves_data(navigator: &JsValue) -> Option<bool> {
    let connection = js_sys::Reflect::get(navigator, &"connection".into()).ok()?;
    js_sys::Reflect::get(&connection, &"saveData".into()).ok()?.as_bool()
}
