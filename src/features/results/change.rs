//! What a change does to a person: the state before, and the one after.

use domain::{Change, State};
use leptos::prelude::*;

use crate::features::scopes::scope_badge::scope_badge;
use i18n::text;
use ui::icon_flip;

/// The state before the change, as a badge or in words.
fn before(state: State) -> AnyView {
    match state {
        State::Scope(scope) => scope_badge(Some(scope)),
        State::Unread => plain(text::activity_before_unread),
        State::Absent => plain(text::activity_before_absent),
        State::Present => plain(text::activity_before_present),
    }
}

/// The state after a change, or now.
pub fn state_now(state: State) -> AnyView {
    match state {
        State::Scope(scope) => scope_badge(Some(scope)),
        State::Absent => plain(text::activity_after_absent),
        State::Unread | State::Present => plain(text::activity_after_present),
    }
}

/// Both states, side by side.
pub fn before_and_after(change: &Change) -> AnyView {
    view! {
        <span class="change">
            {before(change.before)} {icon_flip("arrow-right")}
            <span class="sr-only">{text::common_becomes}</span> {state_now(change.after())}
        </span>
    }
    .into_any()
}

fn plain(words: fn() -> String) -> AnyView {
    view! { <span class="small muted nowrap">{words}</span> }.into_any()
}
