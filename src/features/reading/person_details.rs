//! The details of one person.

use domain::{Member, Vendor};
use leptos::prelude::*;

use super::portrait::portrait;
use crate::features::scopes::scope_badge::scope_badge;
use crate::state::config::use_config;
use i18n::{format_date_time, text};

/// Everything the vendor tells about a person, as text.
pub fn person_details(vendor: Vendor, person: Member) -> AnyView {
    let vendor = vendor.name();
    let picture = picture(&person);
    let account = person.is_system.map(|is_system| {
        let kind =
            move || if is_system { text::members_account_system() } else { text::members_account_person() };
        view! {
            <dt>{text::members_account}</dt>
            <dd>{kind}</dd>
        }
    });
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
    // Fields that only some vendors have are shown only if given.
    let mut told = |label: fn() -> String, value: Option<Box<str>>| {
        rows.extend(value.map(|value| (label, value.into())));
    };
    told(text::members_nickname, person.nickname);
    told(text::members_bio, person.bio);
    told(text::members_invite, person.invite_id);
    let rows = rows.into_iter().map(|(label, value)| {
        let value = if value.is_empty() {
            view! { <dd class="muted">{text::members_not_told(vendor)}</dd> }.into_any()
        } else {
            view! {
                <dd>
                    <bdi translate="no">{value}</bdi>
                </dd>
            }
            .into_any()
        };
        view! {
            <dt>{label}</dt>
            {value}
        }
    });
    let active = person.is_active.map(|is_active| {
        view! {
            <dt>{text::members_state}</dt>
            <dd>{move || active_words(is_active)}</dd>
        }
    });
    let moment = |label: fn() -> String, at: Option<u64>| {
        at.map(|at| {
            view! {
                <dt>{label}</dt>
                <dd>{move || format_date_time(at as f64)}</dd>
            }
        })
    };
    let scope = person.scope.map(|scope| {
        view! {
            <dt>{text::members_scope}</dt>
            <dd>{scope_badge(Some(scope))}</dd>
        }
    });
    view! {
        <dl class="kv">
            {rows.collect_view()} {picture} {account} {scope} {active}
            {moment(text::members_joined, person.joined_at)}
            {moment(text::members_created, person.created_at)}
        </dl>
    }
    .into_any()
}

/// The picture if the host lets it be loaded, and its address as text. It points to a third-party server, so a valid
/// address becomes a link that sends no referrer.
fn picture(person: &Member) -> Option<AnyView> {
    let told = person.picture.as_deref()?.to_owned();
    let label = if person.is_avatar == Some(true) { text::members_avatar } else { text::members_picture };
    let value = match person.picture_address().map(str::to_owned) {
        Some(address) => view! {
            <a href=address target="_blank" rel="noopener noreferrer" referrerpolicy="no-referrer">
                <bdi translate="no">{told}</bdi>
            </a>
        }
        .into_any(),
        None => view! { <bdi translate="no">{told}</bdi> }.into_any(),
    };
    let shown = use_config().picture_of(person).is_some().then(|| portrait(person, true));
    Some(
        view! {
            <dt>{label}</dt>
            <dd class="person">{shown} <span class="person-text">{value}</span></dd>
        }
        .into_any(),
    )
}

/// "active" or "not active".
pub fn active_words(is_active: bool) -> String {
    if is_active { text::members_active() } else { text::members_inactive() }
}

fn owned(value: Option<Box<str>>) -> String {
    value.map(String::from).unwrap_or_default()
}
