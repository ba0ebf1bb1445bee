//! The browser part of Muster: the only crate that may touch the page.

#![expect(
    missing_docs,
    unreachable_pub,
    reason = "only the program and the browser tests use this crate, and Leptos repeats the visibility of components"
)]

pub mod features;
mod lazy;
pub mod pages;
pub mod routes;
pub mod routing;
pub mod shell;
pub mod state;

use routing::paths;
use shell::frame::Shell;
use shell::{crash, idle, navigation, releases};
use state::{activity, config, runs, session};

use hosting::Feature;
use leptos::prelude::*;
use leptos_router::components::Router;

/// Mounts the console in the page.
pub fn start() {
    crash::install();
    // Nothing is drawn before the settings are read. The file is preloaded, so it is usually here already.
    wasm_bindgen_futures::spawn_local(async {
        let (hosted, ()) = futures::join!(config::load(), i18n::init());
        // The placeholder in the static page.
        if let Some(starting) = document().get_element_by_id("starting") {
            starting.remove();
        }
        mount_to_body(move || view! { <App hosted=hosted /> });
    });
}

/// The whole console: the shell around the current page.
#[component]
fn App(
    /// The host's settings.
    hosted: config::Hosted,
) -> impl IntoView {
    let is_offline_on = hosted.config.has(Feature::Offline);
    provide_context(hosted);
    releases::provide_releases();
    session::provide_session();
    activity::provide_activity();
    runs::provide_runs();
    lazy::provide_code();
    idle::provide_idle();
    lazy::fetch_when_idle(shell::app::App { releases: releases::use_releases(), is_offline_on });
    let base = Some(paths::base()).filter(|base| !base.is_empty());
    let inside = || {
        let connections = navigation::rail_connections();
        let status = view! {
            {navigation::run_pill()}
            {navigation::lock_button()}
        }
        .into_any();
        let n_runs = navigation::n_runs();
        view! {
            <Shell connections=connections n_runs=n_runs status=status>
                {routes::Pages().into_any()}
            </Shell>
        }
        .into_any()
    };
    match base {
        Some(base) => view! { <Router base=base>{inside()}</Router> }.into_any(),
        None => view! { <Router>{inside()}</Router> }.into_any(),
    }
}

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
