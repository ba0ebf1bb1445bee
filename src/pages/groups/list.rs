//! The list of groups of a vendor that gives one.

use std::sync::Arc;

use domain::group::Access;
use domain::{Connection, Group, Items, Query};
use leptos::prelude::*;

use crate::i18n::{format_date, format_number, text};
use crate::pages::address;
use crate::pages::not_read::not_read;
use crate::pages::sheet::{Sheets, sheets};
use crate::reads::Read;
use crate::session::use_session;
use crate::ui::{Button, Column, DataTable, Load, SearchInput, empty_state};
use crate::{paths, ui};

/// The list with its search, page by page.
pub fn list(connection: Arc<Connection>) -> AnyView {
    let (typed, find) = address::search("q");
    let page = address::page("page");
    let query = Memo::new(move |_| Query::Groups { search: find.get().trim().into() });
    let sheets = sheets(use_session(), connection.id.clone(), query, page);
    let failed = {
        let connection = connection.clone();
        move || match sheets.read.get() {
            Read::Failed(failure) => Some(not_read(&connection, &failure, sheets.again)),
            Read::Loading | Read::Ready(_) => None,
        }
    };
    let is_failed = Memo::new(move |_| matches!(sheets.read.get(), Read::Failed(_)));
    view! {
        <div class="page-body stack-3">
            <div class="toolbar"><SearchInput label=text::groups_search value=typed /></div>
            {failed}
            {move || (!is_failed.get()).then(|| table(connection.clone(), sheets, find, typed))}
        </div>
    }
    .into_any()
}

fn table(
    connection: Arc<Connection>,
    sheets: Sheets,
    find: Memo<String>,
    typed: RwSignal<String>,
) -> AnyView {
    let read = sheets.read;
    let state = move || match read.get() {
        Read::Loading => Load::Loading,
        Read::Ready(sheet) if sheet.count() == 0 => Load::Empty,
        Read::Ready(_) => Load::Ready(()),
        Read::Failed(_) => Load::Failed(ui::Failure::default()),
    };
    let columns = vec![
        Column::new("name", text::groups_name),
        Column::new("id", text::groups_id).with_class("mid"),
        Column::new("access", text::groups_access).with_class("mid"),
        Column::new("members", text::groups_members).with_class("num"),
        Column::new("owner", text::groups_owner).with_class("lo"),
        Column::new("created", text::groups_created_on).with_class("lo end"),
    ];
    let rows = move || {
        let groups = match read.ready().map(|sheet| sheet.items) {
            Some(Items::Groups(groups)) => groups,
            _ => Vec::new(),
        };
        groups.into_iter().map(|group| row(&connection, group)).collect_view()
    };
    let empty = move || {
        if find.with(|find| find.trim().is_empty()) {
            empty_state("messages-square", text::groups_empty_title(), text::groups_empty_body(), None)
        } else {
            let clear = view! { <Button label=text::members_clear_search on_press=move || typed.set(String::new()) /> };
            empty_state(
                "search",
                text::groups_no_match_title(),
                text::groups_no_match_body(&find.get()),
                Some(clear.into_any()),
            )
        }
    };
    let foot = move || {
        sheets.foot(|sheet| match sheet.total {
            Some(total) => text::groups_n_of(sheet.count(), &format_number(total as f64)),
            None => text::groups_n_here(sheet.count()),
        })
    };
    view! {
        <DataTable
            label=text::groups_title
            columns=columns
            state=Signal::derive(state)
            empty=empty
            row_count=Signal::derive(move || read.ready().and_then(|sheet| sheet.total).map(|total| total as usize))
            foot=foot
        >
            {rows.clone()}
        </DataTable>
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
            <th scope="row"><a class="title" href=href><bdi>{group.name.to_string()}</bdi></a></th>
            <td class="mid"><bdi class="id id-clip mem-id">{group.id.to_string()}</bdi></td>
            <td class="mid">{move || access.as_ref().map(access_name)}</td>
            <td class="num">{move || members.map(format_number)}</td>
            <td class="lo"><bdi class="id id-clip mem-id">{owner}</bdi></td>
            <td class="lo muted nowrap end">{move || created.map(format_date)}</td>
        </tr>
    }
    .into_any()
}

/// What a kind of access is called.
fn access_name(access: &Access) -> String {
    match access {
        Access::Public => text::groups_access_public(),
        Access::Private => text::groups_access_private(),
        Access::Password(_) => text::groups_access_password(),
    }
}
