//! The page for the people of a connection: the vendor's directory if it has one, otherwise the people known
//! from this session.

mod known;
mod person;
mod remote;

use std::sync::Arc;

use domain::Connection;
use domain::capabilities::Directory;
use leptos::prelude::*;

use crate::features::connecting::connection_guard::with_connection;
use crate::routing::paths;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use i18n::text;
use ui::{Variant, link_button};

/// The page for the people of a connection.
#[component]
pub fn MembersPage() -> impl IntoView {
    use_title(text::members_title);
    with_connection(page)
}

fn page(connection: Arc<Connection>) -> AnyView {
    let directory = vendors::capabilities(connection.vendor).directory;
    let add = link_button(
        paths::add_members(connection.id.as_str()),
        text::shell_section_add,
        Variant::Primary,
        false,
        "user-plus",
    );
    let head = page_head(
        Some(&connection),
        vec![(text::members_title(), None)],
        Signal::derive(text::members_title),
        Signal::stored(String::new()),
        Some(add),
    );
    let body = match directory {
        Directory::Remote { .. } => remote::remote(connection),
        Directory::Ledger => known::known(connection),
    };
    view! {
        {head}
        {body}
    }
    .into_any()
}
