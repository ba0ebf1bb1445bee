//! `/c/:connection/moderators`: the moderators, as far as they can be read, and the form that assigns new
//! ones. Where moderating is a scope, also who has power in all groups.

mod all_groups;
mod holders;
mod review_file;

use all_groups::all_groups;
use domain::capabilities::Moderation;
use domain::form::people::Purpose;
use domain::person::RoleLevel;
use domain::{Connection, GroupId, GroupKind, Member, Outcome, Query, Scope};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::sync::Arc;

use crate::features::adding::compose::Compose;
use crate::features::adding::import_link::import_link;
use crate::features::connecting::connection_guard::with_connection;
use crate::features::reading::pickers;
use crate::features::results::member_table::member_table;
use crate::routing::{paths, query};
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::reads::{Read, Reading, read_all, reading};
use crate::state::runs::use_runs;
use crate::state::session::use_session;
use i18n::text;
use ui::{self, Button, Variant, effect_after, empty_state, link_button, skeleton};

/// Maximum number of pages of people read to find moderators.
const MAX_PAGES: usize = 10;

/// Shows and assigns moderators.
#[component]
pub fn ModeratorsPage() -> impl IntoView {
    use_title(text::moderators_title);
    with_connection(page)
}

fn page(connection: Arc<Connection>) -> AnyView {
    let vendor = connection.vendor.name();
    let moderation = vendors::capabilities(connection.vendor).moderation;
    let sub = Signal::derive(move || match moderation {
        Moderation::ByCall => text::moderators_sub_by_call(vendor),
        Moderation::ByRole => text::moderators_sub_by_role(vendor),
        Moderation::ByScope => text::moderators_sub_by_scope(vendor),
    });
    let group = RwSignal::new(use_query_map().with_untracked(|query| query.get("group")));
    let crumbs = vec![(text::moderators_title(), None)];
    let import = (moderation != Moderation::ByRole).then(|| {
        import_link(&connection, Purpose::Moderate, group.get_untracked().map(GroupId::new).as_ref())
    });
    let title = Signal::derive(text::moderators_title);
    let head = page_head(Some(&connection), crumbs, title, sub, import.flatten());
    let of_all = (moderation == Moderation::ByScope).then(|| all_groups(&connection));
    let known = match moderation {
        Moderation::ByCall => from_session(connection.clone()),
        Moderation::ByRole => by_role(connection.clone()),
        Moderation::ByScope => by_scope(connection.clone(), group),
    };
    view! {
        {head}
        <div class="stack-6">
            <section class="stack-3" aria-labelledby="who-moderates">
                <h2 id="who-moderates">{text::moderators_who}</h2>
                {known}
            </section>
            <section class="stack-3" aria-labelledby="assign">
                <h2 id="assign">{text::moderators_assign}</h2>
                <Compose
                    connection=connection
                    purpose=Purpose::Moderate
                    group=group
                    has_group_elsewhere=moderation == Moderation::ByScope
                />
            </section>
            {of_all.flatten()}
        </div>
    }
    .into_any()
}

/// For vendors that cannot be read: the moderators assigned in this session.
fn from_session(connection: Arc<Connection>) -> AnyView {
    let runs = use_runs();
    let view = move || {
        let mut members: Vec<Member> = Vec::new();
        for run in runs.opened().iter().filter(|run| run.connection().id == connection.id) {
            let named = run.members();
            for row in run.receipt().rows {
                let is_done = matches!(
                    row.outcome,
                    Some(Outcome::Applied | Outcome::Accepted | Outcome::Found | Outcome::NoOp(_))
                );
                let key = row.change.person.key.as_str().to_owned();
                if is_done && matches!(*row.change.operation, domain::Operation::MakeModerator { .. }) {
                    let named = named.iter().find(|member| *member.id == *key).cloned();
                    let name = row.change.person.name.clone();
                    let member =
                        named.unwrap_or_else(|| Member { id: key.into(), name, ..Member::default() });
                    members.push(Member { scope: Some(Scope::Moderator), ..member });
                }
            }
        }
        let vendor = connection.vendor;
        if members.is_empty() {
            let vendor = vendor.name();
            empty_state(
                "shield",
                text::moderators_unknown_title(),
                text::moderators_unknown_body(vendor),
                None,
            )
        } else {
            view! { <div class="card">{member_table(vendor, Signal::stored(members))}</div> }.into_any()
        }
    };
    view! { <div>{view}</div> }.into_any()
}

/// For vendors with moderator roles: the people of the directory with such a role, read on demand.
fn by_role(connection: Arc<Connection>) -> AnyView {
    let session = use_session();
    let is_asked = RwSignal::new(false);
    let roles = pickers::roles(&connection);
    let of = connection.clone();
    let people = reading(move || {
        let (id, is_asked) = (of.id.clone(), is_asked.get());
        async move {
            let mut people = Vec::new();
            if is_asked {
                let query = Query::People { search: "".into() };
                read_all(session, &id, &query, MAX_PAGES, |page| people.extend(page.into_members())).await?;
            }
            Ok(people)
        }
    });
    let moderates = move |member: &Member| {
        let of = member.role.as_ref().map(|(id, _)| id.clone());
        let levels = roles.ready().unwrap_or_default();
        levels.iter().any(|role| Some(role.id.as_str()) == of.as_deref() && role.level != RoleLevel::Other)
    };
    let view = move || {
        if !is_asked.get() {
            let read = move || is_asked.set(true);
            let button =
                view! { <Button label=text::moderators_read icon="users" on_press=read /> }.into_any();
            return empty_state(
                "shield",
                text::moderators_ask_title(),
                text::moderators_ask_body(),
                Some(button),
            );
        }
        // Without the roles, moderators cannot be identified, which differs from there being none.
        if let Read::Failed(failed) = Reading::get(roles) {
            let again = Callback::new(move |()| roles.again());
            return ui::failed(pickers::failure(&connection, &failed), Some(again));
        }
        let found = Reading::get(people);
        list(&connection, people, found, moderates)
    };
    view! { <div>{view}</div> }.into_any()
}

/// For vendors with scopes: the admins and moderators of one group.
fn by_scope(connection: Arc<Connection>, group: RwSignal<Option<String>>) -> AnyView {
    let session = use_session();
    // The group is part of the URL, so that the list can be linked and navigated back to.
    let (_, set_group) = query::choice("group");
    effect_after(move |before: Option<Option<String>>| {
        let now = group.get();
        if before.is_some_and(|before| before != now) {
            set_group.set(now.clone());
        }
        now
    });
    let of = connection.clone();
    let groups = vendors::capabilities(connection.vendor).groups;
    let has_bans = groups.is_some_and(|groups| groups.scopes.contains(&Scope::Banned));
    let people = reading(move || {
        let (id, group) = (of.id.clone(), group.get().map(GroupId::new));
        async move {
            let mut people: Vec<Member> = Vec::new();
            if let Some(group) = group {
                let scopes = vec![Scope::Admin, Scope::Moderator];
                let query = Query::GroupMembers { group: group.clone(), scopes };
                read_all(session, &id, &query, MAX_PAGES, |page| people.extend(page.into_members())).await?;
                if has_bans && !people.is_empty() {
                    // A vendor may include banned people in the list of members.
                    let query = Query::Banned { group };
                    read_all(session, &id, &query, MAX_PAGES, |page| {
                        let banned: Vec<_> = page.into_members().into_iter().map(|one| one.id).collect();
                        people.retain(|person| !banned.contains(&person.id));
                    })
                    .await?;
                }
            }
            Ok(people)
        }
    });
    let picker = pickers::group_picker(&connection, group, GroupKind::Group, Signal::stored(None));
    let view = move || {
        let Some(group) = group.get() else {
            return empty_state("shield", text::moderators_pick_title(), text::moderators_pick_body(), None);
        };
        let found = Reading::get(people);
        let matrix = paths::group(connection.id.as_str(), &group);
        view! {
            {list(&connection, people, found, |_| true)}
            <div class="cluster">
                {link_button(matrix, text::moderators_change_scopes, Variant::Plain, true, "shield")}
            </div>
        }
        .into_any()
    };
    view! {
        <div class="stack-3 narrow-field">{picker}</div>
        <div class="stack-3">{view}</div>
    }
    .into_any()
}

fn list(
    connection: &Connection,
    reading: Reading<Vec<Member>>,
    found: Read<Vec<Member>>,
    moderates: impl Fn(&Member) -> bool,
) -> AnyView {
    match found {
        Read::Loading => skeleton(),
        Read::Failed(failed) => {
            ui::failed(pickers::failure(connection, &failed), Some(Callback::new(move |()| reading.again())))
        }
        Read::Ready(members) => {
            let members: Vec<Member> = members.into_iter().filter(|member| moderates(member)).collect();
            if members.is_empty() {
                empty_state("shield", text::moderators_nobody_title(), text::moderators_nobody_body(), None)
            } else {
                view! { <div class="card">{member_table(connection.vendor, Signal::stored(members))}</div> }
                    .into_any()
            }
        }
    }
}
