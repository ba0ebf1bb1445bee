//! The whole route table.

use crate::pages::{
    ActivityPage, AddMembersPage, ConnectionPage, ConnectionsPage, GroupPage, GroupsPage, InvitesPage,
    MembersPage, ModeratorsPage, NewConnectionPage, NotFoundPage, OverviewPage, SandboxPage, SettingsPage,
};
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::hooks::use_navigate;
use leptos_router::{NavigateOptions, path};

/// The page that the address asks for.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFoundPage>
            <Route path=path!("/") view=|| OverviewPage().into_any() />
            <Route path=path!("/connections") view=|| ConnectionsPage().into_any() />
            <Route path=path!("/connections/new") view=|| NewConnectionPage().into_any() />
            <Route path=path!("/connections/:id") view=|| ConnectionPage().into_any() />
            <Route path=path!("/c/:connection/members") view=|| MembersPage().into_any() />
            <Route path=path!("/c/:connection/members/add") view=|| AddMembersPage().into_any() />
            <Route path=path!("/c/:connection/moderators") view=|| ModeratorsPage().into_any() />
            <Route path=path!("/c/:connection/invites") view=|| InvitesPage().into_any() />
            <Route path=path!("/c/:connection/groups") view=|| GroupsPage().into_any() />
            <Route path=path!("/c/:connection/groups/:group") view=|| GroupPage().into_any() />
            <Route path=path!("/activity") view=|| ActivityPage().into_any() />
            <Route path=path!("/settings") view=|| SettingsPage().into_any() />
            <Route path=path!("/sandbox") view=|| SandboxPage().into_any() />
        </FlatRoutes>
    }
    .into_any()
}

/// A function that goes to an address made by [`crate::paths`]; call this in a component, not in a
/// callback.
pub fn use_go() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    // The paths carry the base already, so the router must not add it again.
    move |path| navigate(path, NavigateOptions { resolve: false, ..NavigateOptions::default() })
}
