//! The route table, and the page for the current address.
//!
//! The router's own `Routes` would be a tenth of the first load: it matches nested and generated routes.

use crate::lazy::{self, LazyPage};
use crate::pages::{NotFoundPage, OverviewPage, SwitchedOffPage};
use crate::routing::paths;
use crate::state::config::use_config;
use hosting::Feature;
use leptos::prelude::*;
use leptos_router::hooks::use_url;
use leptos_router::location::{BrowserUrl, LocationProvider, Url};
use leptos_router::params::ParamsMap;
use ui::effect;

/// The paths of the pages, with a parameter after each colon. The first that matches counts.
const ROUTES: [(&str, Route); 21] = [
    ("/", Route::Overview),
    ("/connections", Route::Lazy(LazyPage::Connections)),
    ("/connections/new", Route::Lazy(LazyPage::NewConnection)),
    ("/connections/:id", Route::Lazy(LazyPage::Connection)),
    ("/c/:connection/members", Route::Lazy(LazyPage::Members)),
    ("/c/:connection/members/add", Route::Lazy(LazyPage::AddMembers)),
    ("/c/:connection/moderators", Route::Lazy(LazyPage::Moderators)),
    ("/c/:connection/invites", Route::Lazy(LazyPage::Invites)),
    ("/c/:connection/groups", Route::Lazy(LazyPage::Groups)),
    ("/c/:connection/groups/:group", Route::Lazy(LazyPage::Group)),
    ("/import", Route::Lazy(LazyPage::Import)),
    ("/import/preview", Route::Lazy(LazyPage::ImportPreview)),
    ("/activity", Route::Lazy(LazyPage::Activity)),
    ("/runs", Route::Lazy(LazyPage::Runs)),
    ("/runs/open", Route::Lazy(LazyPage::OpenFile)),
    ("/runs/:id", Route::Lazy(LazyPage::Run)),
    ("/runs/:id/undo", Route::Lazy(LazyPage::Undo)),
    ("/undo", Route::Lazy(LazyPage::UndoSeveral)),
    ("/review", Route::Lazy(LazyPage::Review)),
    ("/settings", Route::Lazy(LazyPage::Settings)),
    ("/sandbox", Route::Lazy(LazyPage::Sandbox)),
];

/// What an address shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    /// The overview, with or without connections.
    Overview,
    Lazy(LazyPage),
    NotFound,
}

/// The page that is shown. It sees its own address only, and not the next page's while it is being left.
#[derive(Clone)]
struct Shown {
    route: Route,
    url: ArcRwSignal<Url>,
    params: ArcRwSignal<ParamsMap>,
}

impl Shown {
    fn at(url: Url) -> Self {
        let (route, params) = route_of(&paths::base(), url.path());
        Self { route, url: ArcRwSignal::new(url), params: ArcRwSignal::new(params) }
    }

    fn draw(self) -> AnyView {
        provide_context(self.url);
        provide_context(ArcMemo::from(self.params));
        match self.route {
            Route::Overview => overview(),
            Route::Lazy(page) => self::page(page),
            Route::NotFound => NotFoundPage().into_any(),
        }
    }
}

/// The page for the current address.
#[component]
pub fn Pages() -> impl IntoView {
    let address = use_url();
    // The address bar follows only when the page does.
    let complete = use_context::<BrowserUrl>();
    let shown = RwSignal::new(Shown::at(address.get_untracked()));
    effect(move || {
        let url = address.get();
        let now = shown.get_untracked();
        if now.url.with_untracked(|shown| *shown != url) {
            let next = Shown::at(url);
            if now.route == next.route {
                now.params.set(next.params.get_untracked());
                now.url.set(next.url.get_untracked());
            } else {
                shown.set(next);
            }
        }
        if let Some(complete) = &complete {
            complete.ready_to_complete();
        }
    });
    move || shown.get().draw()
}

/// What a path below `base` shows, with the parameters in it.
fn route_of(base: &str, path: &str) -> (Route, ParamsMap) {
    let below = path.strip_prefix(base).filter(|below| below.is_empty() || below.starts_with('/'));
    let found = below
        .and_then(|below| ROUTES.iter().find_map(|(pattern, route)| Some((*route, params(pattern, below)?))));
    found.unwrap_or((Route::NotFound, ParamsMap::new()))
}

/// The parameters of a path that matches a pattern. A slash at the end does not count.
fn params(pattern: &'static str, path: &str) -> Option<ParamsMap> {
    let mut params = ParamsMap::new();
    let (mut expected, mut found) = (segments(pattern), segments(path));
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return Some(params),
            (Some(expected), Some(found)) => match expected.strip_prefix(':') {
                Some(name) => params.insert(name, found.to_owned()),
                None if expected == found => {}
                None => return None,
            },
            _ => return None,
        }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
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
        LazyPage::OpenFile | LazyPage::Import | LazyPage::ImportPreview => Some(Feature::Import),
        LazyPage::Review => Some(Feature::Reviews),
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
        | LazyPage::Runs
        | LazyPage::Run
        | LazyPage::Undo
        | LazyPage::UndoSeveral
        | LazyPage::Settings => None,
    }
}

fn overview() -> AnyView {
    let connected: fn() -> AnyView = || page(LazyPage::Overview);
    view! { <OverviewPage connected=connected /> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn paths_show_their_pages() {
        for (base, path, expected) in [
            ("", "/", Route::Overview),
            ("", "", Route::Overview),
            ("", "/connections", Route::Lazy(LazyPage::Connections)),
            ("", "/connections/", Route::Lazy(LazyPage::Connections)),
            ("", "/connections/new", Route::Lazy(LazyPage::NewConnection)),
            ("", "/runs/open", Route::Lazy(LazyPage::OpenFile)),
            ("", "/import/preview", Route::Lazy(LazyPage::ImportPreview)),
            ("", "/runs/7", Route::Lazy(LazyPage::Run)),
            ("", "/runs/7/undo", Route::Lazy(LazyPage::Undo)),
            ("", "/undo", Route::Lazy(LazyPage::UndoSeveral)),
            ("", "/review", Route::Lazy(LazyPage::Review)),
            ("/muster", "/muster", Route::Overview),
            ("/muster", "/muster/settings", Route::Lazy(LazyPage::Settings)),
            ("/muster", "/mustersettings", Route::NotFound),
            ("/muster", "/settings", Route::NotFound),
            ("", "/settings/x", Route::NotFound),
            ("", "/c/a", Route::NotFound),
            ("", "/Connections", Route::NotFound),
        ] {
            assert_eq!(route_of(base, path).0, expected, "{path} below {base}");
        }
    }

    #[wasm_bindgen_test]
    fn parameters_are_decoded() {
        let (route, params) = route_of("", "/c/a%20b/groups/50%25%2Foff");
        assert_eq!(route, Route::Lazy(LazyPage::Group));
        assert_eq!(params.get("connection").as_deref(), Some("a b"));
        assert_eq!(params.get("group").as_deref(), Some("50%/off"));
    }
}
