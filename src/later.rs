//! Pages that are fetched when one of them is first opened, so that a first load stays small.
//!
//! What only these pages use goes to Wasm files of their own: see `xtask/src/build/split.rs`.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::i18n::text;
use crate::pages::{
    ActivityPage, AddMembersPage, ConnectionPage, ConnectionsPage, GroupPage, GroupsPage, InvitesPage,
    MembersPage, ModeratorsPage, NewConnectionPage, SandboxPage, SettingsPage,
};
use crate::ui;

/// A page that is not part of a first load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
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
    Settings,
    Sandbox,
}

type Draw = fn(Later) -> AnyView;

thread_local! {
    /// What draws these pages, once it was fetched.
    static DRAW: Cell<Option<Draw>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
enum Fetched {
    Waiting,
    Failed,
    Ready(Draw),
}

/// The page, at once if it was fetched before.
pub fn page(page: Later) -> AnyView {
    let fetched = RwSignal::new(DRAW.get().map_or(Fetched::Waiting, Fetched::Ready));
    let fetch = move || {
        fetched.set(Fetched::Waiting);
        spawn_local(async move {
            let now = match pages().await {
                Ok(draw) => {
                    DRAW.set(Some(draw));
                    Fetched::Ready(draw)
                }
                Err(error) => {
                    leptos::logging::error!("{error}");
                    Fetched::Failed
                }
            };
            // None when the person has gone to another page meanwhile.
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
        Fetched::Ready(draw) => draw(page),
    };
    shown.into_any()
}

#[wasm_split(pages, wasm_split_path = ::leptos::wasm_split, fallible)]
fn pages() -> Result<Draw, SplitLoaderError> {
    Ok(draw)
}

fn draw(page: Later) -> AnyView {
    match page {
        Later::Connections => ConnectionsPage().into_any(),
        Later::NewConnection => NewConnectionPage().into_any(),
        Later::Connection => ConnectionPage().into_any(),
        Later::Members => MembersPage().into_any(),
        Later::AddMembers => AddMembersPage().into_any(),
        Later::Moderators => ModeratorsPage().into_any(),
        Later::Invites => InvitesPage().into_any(),
        Later::Groups => GroupsPage().into_any(),
        Later::Group => GroupPage().into_any(),
        Later::Activity => ActivityPage().into_any(),
        Later::Settings => SettingsPage().into_any(),
        Later::Sandbox => SandboxPage().into_any(),
    }
}
