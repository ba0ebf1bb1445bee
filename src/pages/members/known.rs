//! The people known from this session, for a vendor that cannot be asked who is there.

use std::sync::Arc;

use domain::{Connection, GroupId, Member};
use leptos::prelude::*;

use crate::components::scope_badge::scope_badge;
use crate::i18n::{format_date_time, text};
use crate::pages::address;
use crate::paths;
use crate::session::use_session;
use crate::ui::{
    Column, DataTable, Load, SearchInput, Tone, Variant, avatar, empty_state, link_button, notice,
};

/// The list of known people, with the one line that says why it is all there is.
pub fn known(connection: Arc<Connection>) -> AnyView {
    let session = use_session();
    let (typed, find) = address::search("q");
    let vendor = connection.vendor.name();
    let id = connection.id.clone();
    let people = Memo::new(move |_| {
        let find = find.get().trim().to_lowercase();
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
    let rows = move || people.get().into_iter().map(row).collect_view();
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
        <div class="page-body stack-3">
            {notice(Tone::Info, move || text::members_known_only(vendor))}
            <div class="toolbar"><SearchInput label=text::members_search_known value=typed /></div>
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
    }
    .into_any()
}

fn matches(group: &GroupId, person: &Member, find: &str) -> bool {
    let texts = [Some(&person.id), person.name.as_ref(), person.phone.as_ref(), person.email.as_ref()];
    let mut texts = texts.into_iter().flatten();
    find.is_empty() || group.as_str().contains(find) || texts.any(|text| text.to_lowercase().contains(find))
}

fn row((group, person): (GroupId, Member)) -> AnyView {
    let name = person.label().to_owned();
    let keys = [person.phone, person.email, Some(person.id)];
    let key = keys.into_iter().flatten().find(|key| !key.is_empty()).map(String::from).unwrap_or_default();
    let since = person.joined_at.map(|at| at as f64);
    view! {
        <tr>
            <th scope="row">
                <span class="person">{avatar(&name, false)}<bdi class="person-name mem-name">{name.clone()}</bdi></span>
            </th>
            <td><bdi class="id id-clip mem-id">{key}</bdi></td>
            <td class="mid"><bdi class="id id-clip mem-id">{group.to_string()}</bdi></td>
            <td>{person.scope.map(|scope| scope_badge(Some(scope)))}</td>
            <td class="lo muted nowrap end">{move || since.map(format_date_time)}</td>
        </tr>
    }
    .into_any()
}
