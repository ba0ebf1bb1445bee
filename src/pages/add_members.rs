//! `/c/:connection/members/add`: adds one or a few people, or a pasted list.

use domain::Connection;
use domain::form::people::Purpose;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::sync::Arc;

use crate::features::adding::compose::Compose;
use crate::features::connecting::connection_guard::with_connection;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use i18n::text;

/// Adds people in the way that the connection's vendor supports.
#[component]
pub fn AddMembersPage() -> impl IntoView {
    use_title(text::add_title);
    with_connection(page)
}

fn page(connection: Arc<Connection>) -> AnyView {
    let query = use_query_map();
    let group = RwSignal::new(query.with_untracked(|query| query.get("group")));
    let silent = vendors::capabilities(connection.vendor).silence_is_unknown;
    let vendor = connection.vendor.name();
    let sub = Signal::derive(move || if silent { text::add_sub_ledger(vendor) } else { text::add_sub() });
    view! {
        {page_head(
            Some(&connection),
            vec![(text::add_title(), None)],
            Signal::derive(text::add_title),
            sub,
            None,
        )}
        <Compose connection=connection purpose=Purpose::Add group=group />
    }
    .into_any()
}
