//! The drawer with the details of one person, and what can be done with them.

use domain::capabilities::{AddTarget, Invites, Moderation};
use domain::{Connection, Member, Scope};
use hosting::Feature;
use leptos::prelude::*;

use crate::features::adding::handover::hand_over_people;
use crate::features::directory::selection_bar::SelectedPeople;
use crate::features::reading::person_details::person_details;
use crate::routing::{paths, use_go};
use crate::state::config::use_config;
use i18n::text;
use ui::{Button, Drawer, Variant, copy_text};

/// A form that can be opened with the person in it.
#[derive(Clone)]
struct PersonAction {
    label: fn() -> String,
    icon: &'static str,
    href: String,
}

/// What the vendor lets be done with a person it lists.
fn actions(connection: &Connection, has_invites: bool) -> Vec<PersonAction> {
    let can = vendors::capabilities(connection.vendor);
    let id = connection.id.as_str();
    let mut actions = Vec::new();
    let mut add = |label, icon, href| actions.push(PersonAction { label, icon, href });
    match can.add.target {
        AddTarget::Group => {
            add(text::members_add_to_group as fn() -> String, "user-plus", paths::add_members(id))
        }
        AddTarget::Communities => add(text::members_add_to_community, "user-plus", paths::add_members(id)),
        // They are in the only community already.
        AddTarget::Whole => {}
    }
    if can.moderation == Moderation::ByCall {
        add(text::members_make_moderator, "shield", paths::moderators(id));
    }
    if can.add.scopes.contains(&Scope::Banned) {
        add(text::members_ban, "ban", paths::ban_members(id, None));
    }
    if can.invites != Invites::None && has_invites {
        add(text::members_invite_again, "mail", paths::invites(id));
    }
    actions
}

/// What can be done with all selected people.
pub fn actions_for(connection: &Connection, people: impl Into<SelectedPeople>) -> AnyView {
    let (id, vendor, go, people) = (connection.id.clone(), connection.vendor, use_go(), people.into());
    let is_reading = RwSignal::new(false);
    let open = |action: PersonAction| {
        let (go, people, id) = (go.clone(), people.clone(), id.clone());
        let press = move || {
            let (go, href, id) = (go.clone(), action.href.clone(), id.clone());
            people.with_all(is_reading, move |people| {
                hand_over_people(&id, vendor, &people);
                go(&href);
            });
        };
        view! { <Button label=action.label icon=action.icon small=true busy=is_reading on_press=press /> }
    };
    actions(connection, use_config().has(Feature::Invites)).into_iter().map(open).collect_view().into_any()
}

/// Everything the vendor tells about a person, as text, and what can be done with them.
pub fn person_drawer(connection: &Connection, person: Member, on_close: Callback<()>) -> AnyView {
    let (vendor, title) = (connection.vendor, person.label().to_owned());
    let (go, of) = (use_go(), connection.id.clone());
    let actions = actions(connection, use_config().has(Feature::Invites));
    let shown = person.clone();
    let foot = move || {
        let open = |action: PersonAction| {
            let (person, go, of) = (person.clone(), go.clone(), of.clone());
            let press = move || {
                hand_over_people(&of, vendor, std::slice::from_ref(&person));
                go(&action.href);
            };
            view! { <Button label=action.label icon=action.icon small=true on_press=press /> }
        };
        let id = person.id.to_string();
        let copy = (!id.is_empty()).then(|| {
            let copy = move || copy_text(id.clone());
            view! { <Button label=text::members_copy_id icon="copy" small=true variant=Variant::Quiet on_press=copy /> }
        });
        view! {
            {actions.iter().cloned().map(open).collect_view()}
            {copy}
        }
    };
    view! {
        <Drawer title=title on_close=on_close foot=foot>
            {person_details(vendor, shown)}
        </Drawer>
    }
    .into_any()
}
