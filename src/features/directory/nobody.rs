//! What stands in place of a list of people without rows.

use domain::Connection;
use i18n::text;
use leptos::prelude::*;
use ui::{Button, Variant, empty_state, link_button};

use crate::routing::paths;

/// Nobody is known: offers to add people.
pub fn nobody_known(connection: &Connection, title: String, body: String) -> AnyView {
    let add = paths::add_members(connection.id.as_str());
    let action = link_button(add, text::shell_section_add, Variant::Plain, false, "user-plus");
    empty_state("users", title, body, Some(action))
}

/// Nobody matches the search and the filters: offers to clear them.
pub fn nobody_matches(typed: &str, clear: impl Fn() + Send + Sync + 'static) -> AnyView {
    let clear = view! { <Button label=text::members_clear_search on_press=clear /> };
    let body = text::members_no_match_body(typed);
    empty_state("search", text::members_no_match_title(), body, Some(clear.into_any()))
}
