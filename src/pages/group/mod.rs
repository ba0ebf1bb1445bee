//! The page for the roles of people in one group.

mod bars;
mod blind;
mod board;
mod edit;
mod edit_form;
mod matrix;
mod review;
mod scopes;

use std::sync::Arc;

use domain::{Connection, Group, GroupId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use self::review::Review;
use crate::features::connecting::connection_guard::with_connection;
use crate::features::fetched::with_code;
use crate::routing::paths;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::code::{Code, Fetch};
use i18n::text;
use ui::{Tone, notice};

thread_local! {
    static CHANGING: Code<ChangingForms> = const { Code::new() };
}

/// The form that changes a group, the review of marked changes, and the page of a group whose people cannot be
/// read: the matrix of scopes does not need them.
#[derive(Clone, Copy, Debug)]
pub struct ChangingForms {
    edit: fn(Arc<Connection>, Group, bool, Callback<()>) -> AnyView,
    blind: fn(Arc<Connection>, GroupId) -> AnyView,
    review: fn(Review) -> AnyView,
}

impl Default for ChangingForms {
    fn default() -> Self {
        Self { edit: edit_form::edit_form, blind: blind::blind, review: Review::view }
    }
}

/// Sets how the forms that change a group are fetched.
pub fn provide_changing_forms(fetch: Fetch<ChangingForms>) {
    CHANGING.with(|code| code.provide(fetch));
}

/// The page for the roles of people in one group.
#[component]
pub fn GroupPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| GroupId::new(params.with(|params| params.get("group")).unwrap_or_default()));
    use_title(move || text::scopes_title_of(id.get().as_str()));
    with_connection(move |connection| view! { {move || page(connection.clone(), id.get())} }.into_any())
}

fn page(connection: Arc<Connection>, id: GroupId) -> AnyView {
    let groups = vendors::capabilities(connection.vendor).groups;
    match groups {
        Some(groups) if groups.can_list_members => scopes::scopes(connection, id),
        Some(_) => with_code(&CHANGING, move |forms| (forms.blind)(connection.clone(), id.clone())),
        None => without_groups(&connection, &id),
    }
}

fn without_groups(connection: &Arc<Connection>, id: &GroupId) -> AnyView {
    let vendor = connection.vendor.name();
    let title = id.to_string();
    view! {
        {page_head(
            Some(connection),
            crumbs(connection, id.as_str()),
            Signal::stored(title),
            Signal::stored(String::new()),
            None,
        )}
        {notice(Tone::Info, move || text::groups_none(vendor))}
    }
    .into_any()
}

/// The breadcrumbs: the list of groups, then this group.
fn crumbs(connection: &Connection, name: &str) -> Vec<crate::shell::page_head::Crumb> {
    let list = paths::groups(connection.id.as_str());
    vec![(text::groups_crumb(), Some(list)), (name.to_owned(), None)]
}

/// The URL of the form that adds people to this group.
fn add_people(connection: &Connection, id: &GroupId) -> String {
    paths::add_members_to(connection.id.as_str(), id.as_str())
}
