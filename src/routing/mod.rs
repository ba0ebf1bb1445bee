//! Addresses inside the console: what they are, how they are read, and how to go to one. Knows no page.

pub mod paths;
pub mod query;

use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// A function that navigates to an address made by [`paths`]. Call this in a component, not in a callback.
pub fn use_go() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    // The paths already contain the base, so the router must not prepend it.
    move |path| navigate(path, NavigateOptions { resolve: false, ..NavigateOptions::default() })
}
