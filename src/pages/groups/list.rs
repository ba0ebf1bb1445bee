//! The list of groups of a vendor that can list them.

use std::sync::Arc;

use domain::group::Access;
use domain::{Connection, Group, Items, Query};
use leptos::prelude::*;

use crate::features::reading::paged_list::{ListSearch, Words, paged_list};
use crate::routing::paths;
use crate::routing::query;
use crate::state::session::use_session;
use browser::search::composed;
use i18n::{format_date, format_number, text};
use ui::{Column, SearchInput, empty_state};

/// The list with its search, page by page.
pub fn list(connection: Arc<Connection>) -> AnyView {
    let (typed, find) = query::search("q");
    let page = query::page("page");
    let query = Memo::new(move |_| Query::Groups { search: composed(&find.get()) });
    let paged_list = paged_list(use_session(), connection.id.clone(), query, page);
    let columns = vec![
        Column::new("name", text::groups_name),
        Column::new("id", text::groups_id).with_class("mid"),
        Column::new("access", text::groups_access).with_class("mid"),
        Column::new("members", text::groups_members).with_class("num"),
        Column::new("owner", text::groups_owner).with_class("lo"),
        Column::new("created", text::groups_created_on).with_class("lo end"),
    ];
    let words = Words {
        label: text::groups_title,
        nothing: Callback::new(|()| {
            empty_state("messages-square", text::groups_empty_title(), text::groups_empty_body(), None)
        }),
        no_match_title: text::groups_no_match_title,
        no_match_body: text::groups_no_match_body,
        n_of: text::groups_n_of,
        n_here: text::groups_n_here,
    };
    let rows = {
        let connection = connection.clone();
        Callback::new(move |(items,): (Items,)| {
            let groups = match items {
                Items::Groups(groups) => groups,
                Items::Members(_) | Items::Roles(_) | Items::Prices(_) => Vec::new(),
            };
            groups.into_iter().map(|group| row(&connection, group)).collect_view().into_any()
        })
    };
    view! {
        <div class="page-body stack-3">
            <div class="toolbar">
                <SearchInput label=text::groups_search value=typed />
            </div>
            {paged_list.view(&connection, ListSearch { typed, find }, words, columns, rows)}
        </div>
    }
    .into_any()
}

fn row(connection: &Connection, group: Group) -> AnyView {
    let href = paths::group(connection.id.as_str(), group.id.as_str());
    let members = group.n_members.map(|n_members| n_members as f64);
    let created = group.created_at.map(|at| at as f64);
    let owner = group.owner.map(String::from).unwrap_or_default();
    let access = group.access;
    view! {
        <tr>
            <th scope="row">
                <a class="title" href=href>
                    <bdi translate="no">{group.name.to_string()}</bdi>
                </a>
            </th>
            <td class="mid">
                <bdi translate="no" class="id id-clip mem-id">
                    {group.id.to_string()}
                </bdi>
            </td>
            <td class="mid">{move || access.as_ref().map(access_name)}</td>
            <td class="num">{move || members.map(format_number)}</td>
            <td class="lo">
                <bdi translate="no" class="id id-clip mem-id">
                    {owner}
                </bdi>
            </td>
            <td class="lo muted nowrap end">{move || created.map(format_date)}</td>
        </tr>
    }
    .into_any()
}

/// The name of a kind of access.
fn access_name(access: &Access) -> String {
    match access {
        Access::Public => text::groups_access_public(),
        Access::Private => text::groups_access_private(),
        Access::Password(_) => text::groups_access_password(),
    }
}
