//! `/`: connections, runs under way and the latest results; on the first visit, the ways to begin. It makes
//! no calls by itself.

mod card;
mod chart;
mod check;
mod connected;
mod latest;
mod pace;
mod welcome;

pub use check::{Explain, explained, provide_explainer};
pub use connected::connected_overview;

use leptos::prelude::*;

use crate::shell::frame::use_title;
use crate::state::session::{StoredList, use_session};
use i18n::text;
use ui::skeleton;

/// What there is to show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OverviewState {
    Loading,
    FirstVisit,
    Connected,
}

/// The ways to begin, or `connected`, which a first visit neither needs nor fetches.
#[component]
pub fn OverviewPage(
    /// Fetches [`connected_overview`], then draws it.
    connected: fn() -> AnyView,
) -> impl IntoView {
    use_title(text::overview_title);
    let session = use_session();
    let stage = Memo::new(move |_| match (session.connections().is_empty(), session.stored_list()) {
        (true, StoredList::Unknown) => OverviewState::Loading,
        (true, StoredList::Nothing | StoredList::Read) => OverviewState::FirstVisit,
        (true, StoredList::Reading | StoredList::Missing) | (false, _) => OverviewState::Connected,
    });
    let body = move || match stage.get() {
        OverviewState::Loading => skeleton(),
        OverviewState::FirstVisit => welcome::welcome(session),
        OverviewState::Connected => connected(),
    };
    body.into_any()
}
