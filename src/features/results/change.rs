//! A change in a row: the person, the state before, and the one after.

use domain::{Change, Operation, Person, Scope, State};
use leptos::prelude::*;

use crate::features::scopes::scope_badge::scope_badge;
use crate::features::words;
use i18n::text;
use ui::icon_flip;

/// The id of a person, unless it is all that is known of them and stands for their name.
pub fn person_id(person: &Person) -> Option<AnyView> {
    let key = person.key.as_str();
    (key != person.label()).then(|| {
        view! {
            <bdi translate="no" class="id id-clip">
                {key.to_owned()}
            </bdi>
        }
        .into_any()
    })
}

/// The cell of a grid that names the person of its row.
pub fn person_header(person: &Person) -> AnyView {
    view! {
        <div class="vcell v-person" role="rowheader">
            {person_name(person)}
        </div>
    }
    .into_any()
}

/// The name and the id of a person.
pub fn person_name(person: &Person) -> AnyView {
    view! {
        <bdi translate="no" class="person-name">
            {person.label().to_owned()}
        </bdi>
        {person_id(person)}
    }
    .into_any()
}

/// The state before a change, as a badge or in words.
pub fn state_before(state: State) -> AnyView {
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

/// Both states of a change, side by side.
pub fn before_and_after(change: &Change) -> AnyView {
    both_states(change.before, change.after())
}

/// Two states, side by side.
pub fn both_states(from: State, to: State) -> AnyView {
    view! {
        <span class="change">
            {state_before(from)} {icon_flip("arrow-right")}
            <span class="sr-only">{text::common_becomes}</span> {state_now(to)}
        </span>
    }
    .into_any()
}

fn plain(words: fn() -> String) -> AnyView {
    view! { <span class="small muted nowrap">{words}</span> }.into_any()
}

/// The operation on the person in a word: the scope where there is one. Of a role, only the id is known here.
pub fn operation_word(operation: &Operation) -> String {
    match operation {
        Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. } => words::scope(*scope),
        Operation::AddToCommunity { .. } => text::run_operation_member(),
        Operation::MakeModerator { .. } => words::scope(Scope::Moderator),
        Operation::Register { .. } => text::run_operation_register(),
        Operation::Invite { .. } => text::run_operation_invite(),
        Operation::Kick { .. } => text::run_operation_kick(),
        Operation::Ban { .. } => words::scope(Scope::Banned),
        Operation::Unban { .. } => text::run_operation_unban(),
        Operation::Unsubscribe { .. } => text::run_operation_unsubscribe(),
        Operation::CreateGroup(_) | Operation::CreateCommunity(_) => text::run_operation_create(),
        Operation::EditGroup { .. } => text::run_operation_edit(),
        Operation::DeleteGroup { .. } => text::run_operation_delete(),
    }
}
