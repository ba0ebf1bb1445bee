//! The groups known here, for a vendor that cannot list them, and a field that opens one by its id.

use std::sync::Arc;

use domain::connection::KnownGroup;
use domain::{Connection, GroupId, GroupKind};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::new_group::remember;
use crate::routing::paths;
use crate::routing::use_go;
use crate::state::session::{Session, use_session};
use i18n::text;
use ui::{Button, Column, DataTable, Load, TextInput, Tone, Variant, empty_state, notice};

/// The known groups and the field.
pub fn known(connection: Arc<Connection>) -> AnyView {
    let vendor = connection.vendor.name();
    let session = use_session();
    let columns = vec![
        Column::new("name", text::groups_name),
        Column::new("id", text::groups_id),
        Column::new("kind", text::groups_kind).with_class("mid"),
        Column::new("forget", text::groups_forget_column).with_class("fit"),
    ];
    let is_empty = connection.known_groups.is_empty();
    let state = move || if is_empty { Load::Empty } else { Load::Ready(()) };
    let rows = {
        let connection = connection.clone();
        move || {
            let groups = connection.known_groups.iter();
            groups.map(|group| row(session, &connection, group.clone())).collect_view()
        }
    };
    view! {
        <div class="page-body stack">
            {notice(Tone::Info, move || text::groups_known_only(vendor))} {open_by_id(session, connection)}
            <DataTable
                label=text::groups_title
                columns=columns
                state=Signal::derive(state)
                empty=|| empty_state(
                    "messages-square",
                    text::groups_known_empty_title(),
                    text::groups_known_empty_body(),
                    None,
                )
            >
                {rows.clone()}
            </DataTable>
        </div>
    }
    .into_any()
}

fn row(session: Session, connection: &Connection, group: KnownGroup) -> AnyView {
    let href = match group.kind {
        GroupKind::Group => paths::group(connection.id.as_str(), group.id.as_str()),
        // A community cannot be changed here; its link leads to adding people.
        GroupKind::Community => paths::add_members_to(connection.id.as_str(), group.id.as_str()),
    };
    let kind = group.kind;
    let name = group.name.to_string();
    let forget = {
        let (connection, id) = (connection.id.clone(), group.id.clone());
        move || {
            if let Some(now) = session.connection_now(&connection) {
                let mut changed = Connection::clone(&now);
                changed.known_groups.retain(|known| known.id != id || known.kind != kind);
                session.save(changed);
            }
        }
    };
    let label = {
        let name = name.clone();
        move || text::groups_forget(&name)
    };
    view! {
        <tr>
            <th scope="row">
                <a class="title" href=href>
                    <bdi translate="no">{name}</bdi>
                </a>
            </th>
            <td>
                <bdi translate="no" class="id">
                    {group.id.to_string()}
                </bdi>
            </td>
            <td class="mid">{move || kind_name(kind)}</td>
            <td class="fit">
                <Button
                    label=label
                    icon="x"
                    icon_only=true
                    small=true
                    variant=Variant::Quiet
                    on_press=forget
                />
            </td>
        </tr>
    }
    .into_any()
}

fn kind_name(kind: GroupKind) -> String {
    match kind {
        GroupKind::Community => text::groups_kind_community(),
        GroupKind::Group => text::groups_kind_group(),
    }
}

fn open_by_id(session: Session, connection: Arc<Connection>) -> AnyView {
    let go = use_go();
    let value = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let shape = vendors::capabilities(connection.vendor).identity.id_shape;
    let open = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = value.get_untracked();
        match domain::key::id(typed.trim(), shape) {
            Ok(id) => {
                go(&paths::group(connection.id.as_str(), &id));
                let group = KnownGroup { id: GroupId::new(&id), name: id, kind: GroupKind::Group };
                remember(session, &connection, &group);
            }
            Err(_) => error.set(Some(text::groups_bad_id())),
        }
    };
    view! {
        <form class="card" on:submit=open>
            <div class="card-body row row-end">
                <div class="grow">
                    <TextInput label=text::groups_open_id value=value error=error mono=true />
                </div>
                <Button label=text::groups_open submit=true />
            </div>
        </form>
    }
    .into_any()
}
