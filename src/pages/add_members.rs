//! `/c/:connection/members/add`: adds one or a few people, or a pasted list.

use domain::form::people::Purpose;
use domain::{Connection, GroupId, Scope};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::sync::Arc;

use crate::features::adding::compose::Compose;
use crate::features::adding::import_link::import_link;
use crate::features::connecting::connection_guard::with_connection;
use crate::routing::paths;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use i18n::text;
use ui::{Variant, link_button};

/// Adds people in the way that the connection's vendor supports.
#[component]
pub fn AddMembersPage() -> impl IntoView {
    with_connection(page)
}

fn page(connection: Arc<Connection>) -> AnyView {
    let query = use_query_map();
    let can_ban = vendors::capabilities(connection.vendor).add.scopes.contains(&Scope::Banned);
    let is_ban =
        Memo::new(move |_| can_ban && query.with(|query| query.get("action").as_deref() == Some(paths::BAN)));
    use_title(move || if is_ban.get() { text::add_ban_title() } else { text::add_title() });
    let group = RwSignal::new(query.with_untracked(|query| query.get("group")));
    let view = move || {
        if is_ban.get() { banning(connection.clone(), group) } else { adding(connection.clone(), group) }
    };
    view.into_any()
}

fn banning(connection: Arc<Connection>, group: RwSignal<Option<String>>) -> AnyView {
    let title = Signal::derive(text::add_ban_title);
    let (crumbs, sub) = (vec![(text::add_ban_title(), None)], Signal::derive(text::add_ban_sub));
    let import = import_link(&connection, Purpose::Ban, group.get_untracked().map(GroupId::new).as_ref());
    view! {
        {page_head(Some(&connection), crumbs, title, sub, import)}
        <Compose connection=connection purpose=Purpose::Ban group=group />
    }
    .into_any()
}

fn adding(connection: Arc<Connection>, group: RwSignal<Option<String>>) -> AnyView {
    let can_ban = vendors::capabilities(connection.vendor).add.scopes.contains(&Scope::Banned);
    let ban = can_ban.then(|| {
        let href = paths::ban_members(connection.id.as_str(), group.get_untracked().as_deref());
        link_button(href, text::add_ban_title, Variant::Quiet, false, "ban")
    });
    let import = import_link(&connection, Purpose::Add, group.get_untracked().map(GroupId::new).as_ref());
    let actions = view! {
        {import}
        {ban}
    };
    let silent = vendors::capabilities(connection.vendor).silence_is_unknown;
    let vendor = connection.vendor.name();
    let sub = Signal::derive(move || if silent { text::add_sub_ledger(vendor) } else { text::add_sub() });
    view! {
        {page_head(
            Some(&connection),
            vec![(text::add_title(), None)],
            Signal::derive(text::add_title),
            sub,
            Some(actions.into_any()),
        )}
        <Compose connection=connection purpose=Purpose::Add group=group />
    }
    .into_any()
}
