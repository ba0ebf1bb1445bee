//! What charts call operations, states and periods.

use domain::State;
use ledger_worker::Period;
use leptos::prelude::*;

use crate::features::scopes::scope_badge::scope_badge;
use crate::features::words;
use i18n::text;

/// What an operation does, by its name in the ledger; the name itself if a newer release knows more.
pub(super) fn operation(name: &str) -> String {
    match name {
        "add_to_community" => text::ledger_op_add_to_community(),
        "add_to_group" => text::ledger_op_add_to_group(),
        "ban" => text::ledger_op_ban(),
        "create_community" => text::ledger_op_create_community(),
        "create_group" => text::ledger_op_create_group(),
        "delete_group" => text::ledger_op_delete_group(),
        "edit_group" => text::ledger_op_edit_group(),
        "invite" => text::ledger_op_invite(),
        "kick" => text::ledger_op_kick(),
        "make_moderator" => text::ledger_op_make_moderator(),
        "register" => text::ledger_op_register(),
        "set_scope" => text::ledger_op_set_scope(),
        "unban" => text::ledger_op_unban(),
        "unsubscribe" => text::ledger_op_unsubscribe(),
        other => other.to_owned(),
    }
}

/// What someone is after a change.
pub(super) fn state(state: State) -> String {
    match state {
        State::Scope(scope) => words::scope(scope),
        State::Absent => text::common_scope_not_in_group(),
        State::Present | State::Unread => text::ledger_state_present(),
    }
}

/// The same, with its shape.
pub(super) fn state_badge(of: State) -> AnyView {
    match of {
        State::Scope(scope) => scope_badge(Some(scope)),
        State::Absent => scope_badge(None),
        State::Present | State::Unread => state(of).into_any(),
    }
}

/// The title of the outcomes.
pub(super) fn by_period(period: Period) -> String {
    match period {
        Period::Day => text::ledger_by_day(),
        Period::Week => text::ledger_by_week(),
        Period::Month => text::ledger_by_month(),
        Period::Year => text::ledger_by_year(),
    }
}

/// Why a bar is more than a day.
pub(super) fn why_grouped(period: Period) -> Option<String> {
    match period {
        Period::Day => None,
        Period::Week => Some(text::ledger_by_week_why()),
        Period::Month => Some(text::ledger_by_month_why()),
        Period::Year => Some(text::ledger_by_year_why()),
    }
}
