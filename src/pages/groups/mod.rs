//! The page for the groups of a connection: the list, and the forms that create groups and communities.

mod found;
mod from_list;
mod known;
mod list;
mod listed_rows;
mod new_community;
mod new_group;

use std::sync::Arc;

use domain::Connection;
use domain::capabilities::Groups;
use leptos::prelude::*;

use crate::features::connecting::connection_guard::with_connection;
use crate::features::fetched::with_code;
use crate::routing::paths;
use crate::routing::query;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::code::{Code, Fetch};
use i18n::text;
use ui::{Tone, Variant, link_button, notice};

thread_local! {
    static CREATING: Code<CreatingForms> = const { Code::new() };
}

/// The forms that create a group or a community: the list does not need them.
#[derive(Clone, Copy, Debug)]
pub struct CreatingForms {
    group: fn(Arc<Connection>, Groups) -> AnyView,
    community: fn(Arc<Connection>) -> AnyView,
    list: fn(Arc<Connection>, Groups) -> AnyView,
}

impl Default for CreatingForms {
    fn default() -> Self {
        Self {
            group: new_group::new_group,
            community: new_community::new_community,
            list: from_list::from_list,
        }
    }
}

/// Sets how the forms that create groups are fetched.
pub fn provide_creating_forms(fetch: Fetch<CreatingForms>) {
    CREATING.with(|code| code.provide(fetch));
}

/// The page for the groups of a connection.
#[component]
pub fn GroupsPage() -> impl IntoView {
    use_title(text::groups_title);
    with_connection(page)
}

fn page(connection: Arc<Connection>) -> AnyView {
    let Some(groups) = vendors::capabilities(connection.vendor).groups else {
        let vendor = connection.vendor.name();
        return view! {
            {head(&connection, None, None)}
            {notice(Tone::Info, move || text::groups_none(vendor))}
        }
        .into_any();
    };
    let (form, _) = query::choice("new");
    view! {
        {move || match form.get().as_str() {
            "group" if groups.can_create => {
                form_page(
                    &connection,
                    groups,
                    text::groups_new_group,
                    |forms, of, can| (forms.group)(of, can),
                )
            }
            "list" if groups.can_create => {
                form_page(
                    &connection,
                    groups,
                    text::groups_list_title,
                    |forms, of, can| (forms.list)(of, can),
                )
            }
            "community" if groups.can_create_community => {
                form_page(
                    &connection,
                    groups,
                    text::groups_new_community,
                    |forms, of, _| (forms.community)(of),
                )
            }
            _ => overview(connection.clone(), groups),
        }}
    }
    .into_any()
}

/// A form that creates groups or communities, below its heading.
fn form_page(
    connection: &Arc<Connection>,
    groups: Groups,
    title: fn() -> String,
    form: fn(CreatingForms, Arc<Connection>, Groups) -> AnyView,
) -> AnyView {
    let form_head = head(connection, Some(title), None);
    let connection = Arc::clone(connection);
    view! {
        {form_head}
        {with_code(&CREATING, move |forms| form(forms, connection.clone(), groups))}
    }
    .into_any()
}

fn overview(connection: Arc<Connection>, groups: Groups) -> AnyView {
    let here = paths::groups(connection.id.as_str());
    let new_community = groups.can_create_community.then(|| {
        let href = [here.as_str(), "?new=community"].concat();
        link_button(href, text::groups_new_community, Variant::Plain, false, "plus")
    });
    let from_list = groups.can_create.then(|| {
        let href = [here.as_str(), "?new=list"].concat();
        link_button(href, text::groups_from_list, Variant::Plain, false, "file-up")
    });
    let new_group = groups.can_create.then(|| {
        let href = [here.as_str(), "?new=group"].concat();
        link_button(href, text::groups_new_group, Variant::Primary, false, "plus")
    });
    let actions = view! {
        {new_community}
        {from_list}
        {new_group}
    }
    .into_any();
    view! {
        {head(&connection, None, Some(actions))}
        {if groups.can_list { list::list(&connection) } else { known::known(connection) }}
    }
    .into_any()
}

/// The head of the list, or of a form below it.
fn head(connection: &Connection, form: Option<fn() -> String>, actions: Option<AnyView>) -> AnyView {
    let list = (text::groups_crumb(), form.map(|_| paths::groups(connection.id.as_str())));
    let own = form.map(|title| (title(), None));
    page_head(
        Some(connection),
        std::iter::once(list).chain(own).collect(),
        Signal::derive(form.unwrap_or(text::groups_title)),
        Signal::stored(String::new()),
        actions,
    )
}
