//! The whole route table.

use crate::config::use_config;
use crate::later::{self, Later};
use crate::pages::{NotFoundPage, OverviewPage, SwitchedOffPage};
use hosting::Feature;
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::hooks::use_navigate;
use leptos_router::{NavigateOptions, PossibleRouteMatch, path};
use std::sync::Arc;

/// The page that the address asks for.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFoundPage>
            <Route path=at(path!("/")) view=overview as View />
            <Route path=at(path!("/connections")) view=(|| page(Later::Connections)) as View />
            <Route path=at(path!("/connections/new")) view=(|| page(Later::NewConnection)) as View />
            <Route path=at(path!("/connections/:id")) view=(|| page(Later::Connection)) as View />
            <Route path=at(path!("/c/:connection/members")) view=(|| page(Later::Members)) as View />
            <Route path=at(path!("/c/:connection/members/add")) view=(|| page(Later::AddMembers)) as View />
            <Route path=at(path!("/c/:connection/moderators")) view=(|| page(Later::Moderators)) as View />
            <Route path=at(path!("/c/:connection/invites")) view=(|| page(Later::Invites)) as View />
            <Route path=at(path!("/c/:connection/groups")) view=(|| page(Later::Groups)) as View />
            <Route path=at(path!("/c/:connection/groups/:group")) view=(|| page(Later::Group)) as View />
            <Route path=at(path!("/activity")) view=(|| page(Later::Activity)) as View />
            <Route path=at(path!("/plans")) view=(|| page(Later::Plans)) as View />
            <Route path=at(path!("/plans/open")) view=(|| page(Later::OpenFile)) as View />
            <Route path=at(path!("/plans/:id")) view=(|| page(Later::Plan)) as View />
            <Route path=at(path!("/settings")) view=(|| page(Later::Settings)) as View />
            <Route path=at(path!("/sandbox")) view=(|| page(Later::Sandbox)) as View />
        </FlatRoutes>
    }
    .into_any()
}

/// A page, unless this host has switched it off.
fn page(page: Later) -> AnyView {
    let is_there = feature(page).is_none_or(|feature| use_config().has(feature));
    if is_there { later::page(page) } else { SwitchedOffPage().into_any() }
}

/// What has to be switched on for a page to be there.
fn feature(page: Later) -> Option<Feature> {
    match page {
        Later::NewConnection => Some(Feature::AddingConnections),
        Later::Invites => Some(Feature::Invites),
        Later::OpenFile => Some(Feature::Import),
        Later::Sandbox => Some(Feature::Sandbox),
        Later::Overview
        | Later::Connections
        | Later::Connection
        | Later::Members
        | Later::AddMembers
        | Later::Moderators
        | Later::Groups
        | Later::Group
        | Later::Activity
        | Later::Plans
        | Later::Plan
        | Later::Settings => None,
    }
}

fn overview() -> AnyView {
    let connected: fn() -> AnyView = || page(Later::Overview);
    view! { <OverviewPage connected=connected /> }.into_any()
}

// One type for all paths and one for all views: each pair of types would be a router of its own.
type Path = Arc<dyn PossibleRouteMatch + Send + Sync>;
type View = fn() -> AnyView;

fn at(path: impl PossibleRouteMatch + Send + Sync + 'static) -> Path {
    Arc::new(path)
}

/// A function that goes to an address made by [`crate::paths`]; call this in a component, not in a
/// callback.
pub fn use_go() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    // The paths carry the base already, so the router must not add it again.
    move |path| navigate(path, NavigateOptions { resolve: false, ..NavigateOptions::default() })
}
