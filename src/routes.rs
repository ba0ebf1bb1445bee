//! The route table.

use crate::lazy::{self, LazyPage};
use crate::pages::{NotFoundPage, OverviewPage, SwitchedOffPage};
use crate::state::config::use_config;
use hosting::Feature;
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::{PossibleRouteMatch, path};
use std::sync::Arc;

/// The page for the current address.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFoundPage>
            <Route path=at(path!("/")) view=overview as View />
            <Route path=at(path!("/connections")) view=(|| page(LazyPage::Connections)) as View />
            <Route path=at(path!("/connections/new")) view=(|| page(LazyPage::NewConnection)) as View />
            <Route path=at(path!("/connections/:id")) view=(|| page(LazyPage::Connection)) as View />
            <Route path=at(path!("/c/:connection/members")) view=(|| page(LazyPage::Members)) as View />
            <Route
                path=at(path!("/c/:connection/members/add"))
                view=(|| page(LazyPage::AddMembers)) as View
            />
            <Route path=at(path!("/c/:connection/moderators")) view=(|| page(LazyPage::Moderators)) as View />
            <Route path=at(path!("/c/:connection/invites")) view=(|| page(LazyPage::Invites)) as View />
            <Route path=at(path!("/c/:connection/groups")) view=(|| page(LazyPage::Groups)) as View />
            <Route path=at(path!("/c/:connection/groups/:group")) view=(|| page(LazyPage::Group)) as View />
            <Route path=at(path!("/activity")) view=(|| page(LazyPage::Activity)) as View />
            <Route path=at(path!("/plans")) view=(|| page(LazyPage::Plans)) as View />
            <Route path=at(path!("/plans/open")) view=(|| page(LazyPage::OpenFile)) as View />
            <Route path=at(path!("/plans/:id")) view=(|| page(LazyPage::Plan)) as View />
            <Route path=at(path!("/settings")) view=(|| page(LazyPage::Settings)) as View />
            <Route path=at(path!("/sandbox")) view=(|| page(LazyPage::Sandbox)) as View />
        </FlatRoutes>
    }
    .into_any()
}

/// A page, unless the host has switched it off.
fn page(page: LazyPage) -> AnyView {
    let is_there = feature(page).is_none_or(|feature| use_config().has(feature));
    if is_there { lazy::page(page) } else { SwitchedOffPage().into_any() }
}

/// The feature that a page belongs to.
fn feature(page: LazyPage) -> Option<Feature> {
    match page {
        LazyPage::NewConnection => Some(Feature::AddingConnections),
        LazyPage::Invites => Some(Feature::Invites),
        LazyPage::OpenFile => Some(Feature::Import),
        LazyPage::Sandbox => Some(Feature::Sandbox),
        LazyPage::Overview
        | LazyPage::Connections
        | LazyPage::Connection
        | LazyPage::Members
        | LazyPage::AddMembers
        | LazyPage::Moderators
        | LazyPage::Groups
        | LazyPage::Group
        | LazyPage::Activity
        | LazyPage::Plans
        | LazyPage::Plan
        | LazyPage::Settings => None,
    }
}

fn overview() -> AnyView {
    let connected: fn() -> AnyView = || page(LazyPage::Overview);
    view! { <OverviewPage connected=connected /> }.into_any()
}

// One type for all paths and one for all views: otherwise the router is instantiated for each pair of types.
type Path = Arc<dyn PossibleRouteMatch + Send + Sync>;
type View = fn() -> AnyView;

fn at(path: impl PossibleRouteMatch + Send + Sync + 'static) -> Path {
    Arc::new(path)
}
