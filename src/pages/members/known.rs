//! The people known from this session, for a vendor that cannot list them.

use std::sync::Arc;

use domain::{Connection, GroupId, Member, Search};
use leptos::prelude::*;

use super::person::person_drawer;
use crate::features::reading::known_people::{key, place};
use crate::features::reading::portrait::portrait;
use crate::features::scopes::scope_badge::scope_badge;
use crate::routing::paths;
use crate::routing::query;
use crate::state::session::use_session;
use browser::search::search_for;
use i18n::{format_date_time, text};
use ui::{Column, DataTable, Load, SearchInput, Tone, Variant, empty_state, link_button, notice};

/// The list of known people, with a note that explains why it is incomplete.
pub fn known(connection: Arc<Connection>) -> AnyView {
    let session = use_session();
    let (typed, find) = query::search("q");
    let vendor = connection.vendor.name();
    let id = connection.id.clone();
    let of = connection.clone();
    let people = Memo::new(move |_| {
        let find = search_for(&find.get());
        let mut people = session.ledger(&id);
        people.retain(|(group, person)| matches(group, person, &find));
        people
    });
    let state = move || if people.with(Vec::is_empty) { Load::Empty } else { Load::Ready(()) };
    let columns = vec![
        Column::new("name", text::members_name),
        Column::new("key", text::members_known_by),
        Column::new("group", text::members_in).with_class("mid"),
        Column::new("scope", text::members_role),
        Column::new("since", text::members_since).with_class("lo end"),
    ];
    let (open, set_open) = query::choice("person");
    let is_open = Memo::new(move |_| !open.with(String::is_empty));
    let rows = move || people.get().into_iter().map(|known| row(known, open, set_open)).collect_view();
    let drawer = {
        let connection = connection.clone();
        let close = Callback::new(move |()| set_open.set(None));
        // Includes people whom the search leaves out.
        let found = Memo::new(move |_| {
            let open = open.get();
            let mut people = session.ledger(&connection.id).into_iter();
            people.find(|(group, person)| !open.is_empty() && place(group, person) == open)
        });
        let connection = of;
        move || found.get().map(|(_, person)| person_drawer(&connection, person, close))
    };
    let add = paths::add_members(connection.id.as_str());
    let empty = move || {
        if find.with(|find| find.trim().is_empty()) {
            let action =
                link_button(add.clone(), text::shell_section_add, Variant::Plain, false, "user-plus");
            empty_state(
                "users",
                text::members_known_empty_title(),
                text::members_known_empty_body(),
                Some(action),
            )
        } else {
            empty_state(
                "search",
                text::members_no_match_title(),
                text::members_no_match_body(&find.get()),
                None,
            )
        }
    };
    view! {
        <div class="page-body members-body" class:with-drawer=is_open>
            <div class="members-main stack-3">
                {notice(Tone::Info, move || text::members_known_only(vendor))} <div class="toolbar">
                    <SearchInput label=text::members_search_known value=typed />
                </div>
                <DataTable
                    label=text::members_title
                    columns=columns
                    state=Signal::derive(state)
                    empty=empty
                    foot=move || text::members_n_here(people.with(Vec::len))
                >
                    {rows}
                </DataTable>
            </div>
            {drawer}
        </div>
    }
    .into_any()
}

fn matches(group: &GroupId, person: &Member, find: &Search) -> bool {
    let texts = [Some(&person.id), person.name.as_ref(), person.phone.as_ref(), person.email.as_ref()];
    find.finds_any(texts.into_iter().flatten().map(|text| &**text).chain([group.as_str()]))
}

fn row(
    (group, person): (GroupId, Member),
    open: Memo<String>,
    set_open: SignalSetter<Option<String>>,
) -> AnyView {
    let name = person.label().to_owned();
    let key = key(&person);
    let place = place(&group, &person);
    let is_open = {
        let place = place.clone();
        Memo::new(move |_| open.with(|open| *open == place))
    };
    let show = move |_| set_open.set(Some(place.clone()).filter(|_| !is_open.get_untracked()));
    let since = person.joined_at.map(|at| at as f64);
    view! {
        <tr class="can-open" class:is-open=is_open on:click=show>
            <th scope="row">
                <span class="person">
                    {portrait(&person, false)}
                    <button
                        class="row-open person-name mem-name"
                        type="button"
                        aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    >
                        <bdi translate="no">{name.clone()}</bdi>
                    </button>
                </span>
            </th>
            <td>
                <bdi translate="no" class="id id-clip mem-id">
                    {key}
                </bdi>
            </td>
            <td class="mid">
                <bdi translate="no" class="id id-clip mem-id">
                    {group.to_string()}
                </bdi>
            </td>
            <td>{person.scope.map(|scope| scope_badge(Some(scope)))}</td>
            <td class="lo muted nowrap end">{move || since.map(format_date_time)}</td>
        </tr>
    }
    .into_any()
}
