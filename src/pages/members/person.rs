//! The drawer with everything that is known of one person.

use domain::{Connection, Member};
use leptos::prelude::*;

use crate::components::scope_badge::scope_badge;
use crate::i18n::{format_date_time, text};
use crate::ui::{Button, Drawer, Variant, copy_text};

/// Everything the vendor tells of a person, as text.
pub fn person_drawer(connection: &Connection, person: Member, on_close: Callback<()>) -> AnyView {
    let vendor = connection.vendor.name();
    let title = person.label().to_owned();
    let id = person.id.to_string();
    let copy = {
        let id = id.clone();
        move || copy_text(id.clone())
    };
    let (role_id, role) =
        person.role.map(|(id, name)| (id.to_string(), name.to_string())).unwrap_or_default();
    let is_named_apart = role_id != role;
    let mut rows = vec![
        (text::members_id as fn() -> String, person.id.to_string()),
        (text::members_name, owned(person.name)),
        (text::members_email, owned(person.email)),
        (text::members_phone, owned(person.phone)),
        (text::members_role, role),
    ];
    if is_named_apart {
        rows.push((text::members_role_id, role_id));
    }
    if let Some(invite) = person.invite_id {
        rows.push((text::members_invite, invite.into()));
    }
    let rows = rows.into_iter().map(|(label, value)| {
        let value = if value.is_empty() {
            view! { <dd class="muted">{text::members_not_told(vendor)}</dd> }.into_any()
        } else {
            view! { <dd><bdi>{value}</bdi></dd> }.into_any()
        };
        view! { <dt>{label}</dt>{value} }
    });
    let active = person.is_active.map(|is_active| {
        view! { <dt>{text::members_state}</dt><dd>{move || active_words(is_active)}</dd> }
    });
    let moment = |label: fn() -> String, at: Option<u64>| {
        at.map(|at| view! { <dt>{label}</dt><dd>{move || format_date_time(at as f64)}</dd> })
    };
    let scope =
        person.scope.map(|scope| view! { <dt>{text::members_scope}</dt><dd>{scope_badge(Some(scope))}</dd> });
    let foot = move || {
        let copy = copy.clone();
        (!id.is_empty()).then(|| {
            view! {
                <Button label=text::members_copy_id icon="copy" variant=Variant::Plain on_press=copy />
            }
        })
    };
    view! {
        <Drawer title=title on_close=on_close foot=foot>
            <dl class="kv">
                {rows.collect_view()}
                {scope}
                {active}
                {moment(text::members_joined, person.joined_at)}
                {moment(text::members_created, person.created_at)}
            </dl>
        </Drawer>
    }
    .into_any()
}

/// "active" or "not active".
pub fn active_words(is_active: bool) -> String {
    if is_active { text::members_active() } else { text::members_inactive() }
}

fn owned(value: Option<Box<str>>) -> String {
    value.map(String::from).unwrap_or_default()
}
