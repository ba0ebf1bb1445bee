//! The directory of a vendor that can list people, page by page.

use std::sync::Arc;

use domain::capabilities::SearchMatch;
use domain::{Connection, Items, Member, Query};
use leptos::prelude::*;

use super::person::person_drawer;
use crate::features::reading::not_read::not_read;
use crate::features::reading::paged_list::{ListPage, ListSearch, PagedList, Words, paged_list};
use crate::features::reading::person_details::active_words;
use crate::features::reading::portrait::portrait;
use crate::routing::paths;
use crate::routing::query;
use crate::state::caller::caller;
use crate::state::reads::{Read, Reading, read_page, reading};
use crate::state::session::use_session;
use browser::search::composed;
use i18n::{format_date, text};
use ui::{Column, Drawer, SearchInput, Variant, empty_state, link_button};

/// The directory with its search and the drawer of one person.
pub fn remote(connection: Arc<Connection>, matching: SearchMatch) -> AnyView {
    let session = use_session();
    let (typed, find) = query::search("q");
    let search = ListSearch { typed, find };
    let page = query::page("page");
    let (open, set_open) = query::choice("person");
    let query = Memo::new(move |_| Query::People { search: composed(&find.get()) });
    let paged_list = paged_list(session, connection.id.clone(), query, page);
    let label = match matching {
        SearchMatch::StartsWith => text::members_search_begins,
        SearchMatch::Anywhere => text::members_search_anywhere,
    };
    let is_open = Memo::new(move |_| !open.with(String::is_empty));
    let table = table(List { connection: connection.clone(), paged_list, search, open, set_open });
    let close = Callback::new(move |()| set_open.set(None));
    view! {
        <div class="page-body members-body" class:with-drawer=is_open>
            <div class="members-main stack-3">
                <div class="toolbar mem-tools">
                    <SearchInput label=label value=typed />
                </div>
                {table}
            </div>
            {move || is_open.get().then(|| one_person(connection.clone(), open, paged_list.read, close))}
        </div>
    }
    .into_any()
}

/// The data of the table.
struct List {
    connection: Arc<Connection>,
    paged_list: PagedList,
    search: ListSearch,
    open: Memo<String>,
    set_open: SignalSetter<Option<String>>,
}

fn table(list: List) -> AnyView {
    let List { connection, paged_list, search, open, set_open } = list;
    let identity = vendors::capabilities(connection.vendor).identity;
    let has_emails = identity.takes_emails;
    let columns = vec![
        Column::new("name", text::members_name),
        Column::new("key", if has_emails { text::members_email } else { text::members_id }),
        Column::new("phone", text::members_phone).with_class("lo c-phone"),
        Column::new("role", text::members_role).with_class("mid"),
        Column::new("state", text::members_state).with_class("mid c-state"),
        Column::new("created", text::members_created).with_class("lo end c-created"),
    ];
    let read = paged_list.read;
    let add = paths::add_members(connection.id.as_str());
    let words = Words {
        label: text::members_title,
        nothing: Callback::new(move |()| {
            let action =
                link_button(add.clone(), text::shell_section_add, Variant::Plain, false, "user-plus");
            empty_state("users", text::members_empty_title(), text::members_empty_body(), Some(action))
        }),
        no_match_title: text::members_no_match_title,
        no_match_body: text::members_no_match_body,
        n_of: text::members_n_of,
        n_here: text::members_n_here,
    };
    let rows = Callback::new(move |(items,): (Items,)| {
        let rows = people(items).into_iter().map(|person| row(person, has_emails, open, set_open));
        rows.collect_view().into_any()
    });
    // Hides columns that are empty for everyone on the page.
    let lacks = move |tells: fn(&Member) -> bool| {
        Memo::new(move |_| read.ready().is_some_and(|shown| !people(shown.items).iter().any(tells)))
    };
    let (no_phone, no_state) =
        (lacks(|person| person.phone.is_some()), lacks(|person| person.is_active.is_some()));
    let no_created = lacks(|person| person.created_at.is_some());
    view! {
        <div class:without-phone=no_phone class:without-state=no_state class:without-created=no_created>
            {paged_list.view(&connection, search, words, columns, rows)}
        </div>
    }
    .into_any()
}

fn row(
    person: Member,
    has_emails: bool,
    open: Memo<String>,
    set_open: SignalSetter<Option<String>>,
) -> AnyView {
    let id = person.id.to_string();
    let name = person.label().to_owned();
    let portrait = portrait(&person, false);
    let key = if has_emails { person.email.as_deref().unwrap_or_default() } else { &*person.id }.to_owned();
    let role = person.role.map(|(_, name)| name.to_string()).unwrap_or_default();
    let phone = person.phone.map(String::from).unwrap_or_default();
    let is_open = {
        let id = id.clone();
        Memo::new(move |_| open.with(|open| !open.is_empty() && *open == id))
    };
    let can_open = !id.is_empty();
    let show = move |_| {
        if can_open {
            set_open.set(Some(id.clone()).filter(|_| !is_open.get_untracked()));
        }
    };
    let title = if can_open {
        view! {
            <button
                class="row-open person-name mem-name"
                type="button"
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
            >
                <bdi translate="no">{name.clone()}</bdi>
            </button>
        }
        .into_any()
    } else {
        view! {
            <bdi translate="no" class="person-name mem-name">
                {name.clone()}
            </bdi>
        }
        .into_any()
    };
    let active = person.is_active.map(|is_active| {
        let class = if is_active { "presence presence-on" } else { "presence" };
        view! {
            <span class="row">
                <span class=class />
                {move || active_words(is_active)}
            </span>
        }
    });
    let created = person.created_at.map(|at| at as f64);
    view! {
        <tr class:is-open=is_open class:can-open=can_open on:click=show>
            <th scope="row">
                <span class="person">{portrait}{title}</span>
            </th>
            <td>
                <bdi translate="no" class="id id-clip mem-id">
                    {key}
                </bdi>
            </td>
            <td class="lo muted nowrap c-phone">
                <bdi translate="no">{phone}</bdi>
            </td>
            <td class="mid">
                <bdi translate="no">{role}</bdi>
            </td>
            <td class="mid nowrap c-state">{active}</td>
            <td class="lo muted nowrap end c-created">{move || created.map(format_date)}</td>
        </tr>
    }
    .into_any()
}

fn people(items: Items) -> Vec<Member> {
    match items {
        Items::Members(people) => people,
        Items::Groups(_) | Items::Roles(_) | Items::Prices(_) => Vec::new(),
    }
}

/// The drawer. Finds the person on the current page, or else reads them by id where the vendor supports it.
fn one_person(
    connection: Arc<Connection>,
    open: Memo<String>,
    shown: Reading<ListPage>,
    close: Callback<()>,
) -> AnyView {
    let session = use_session();
    let found = Memo::new(move |_| {
        let shown = shown.ready()?;
        open.with(|open| Some(people(shown.items).into_iter().find(|person| *person.id == **open)))
    });
    let read = {
        let connection = connection.clone();
        reading(move || {
            let connection = connection.clone();
            let (found, id) = (found.get(), open.get());
            async move {
                let query = Query::Person { id: id.into() };
                match found {
                    Some(Some(person)) => Ok(Some(person)),
                    Some(None) if caller().await?.can_read(&connection, &query) => {
                        let page = read_page(session, &connection.id, &query, None).await?;
                        Ok(page.into_members().into_iter().next())
                    }
                    Some(None) => Ok(None),
                    // The page itself is still being read; this reruns once it is there.
                    None => std::future::pending().await,
                }
            }
        })
    };
    view! {
        {move || match read.get() {
            Read::Ready(Some(person)) => person_drawer(&connection, person, close),
            Read::Ready(None) => said_drawer(text::members_not_on_page().into_any(), close),
            Read::Loading => said_drawer(ui::skeleton(), close),
            Read::Failed(failure) => {
                said_drawer(not_read(&connection, &failure, Callback::new(move |()| read.again())), close)
            }
        }}
    }
    .into_any()
}

fn said_drawer(body: AnyView, close: Callback<()>) -> AnyView {
    view! {
        <Drawer title=text::members_one_person on_close=close>
            {body}
        </Drawer>
    }
    .into_any()
}
