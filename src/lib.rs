//! The browser half of Muster: the only code that may touch the page.

pub mod activity;
pub mod components;
pub mod config;
mod idle;
mod later;
pub mod pages;
pub mod paths;
pub mod reads;
mod releases;
pub mod routes;
pub mod runs;
pub mod session;

use components::crash;
use components::navigation;
use components::shell::Shell;
use leptos::prelude::*;
use leptos_router::components::Router;

/// Draws the console into the page.
pub fn start() {
    crash::install();
    i18n::init();
    // Nothing is drawn before it is known how: the file comes beside the Wasm, so that it is here already.
    wasm_bindgen_futures::spawn_local(async {
        let hosted = config::load().await;
        // What the page says for as long as nothing has started.
        if let Some(starting) = document().get_element_by_id("starting") {
            starting.remove();
        }
        mount_to_body(move || view! { <App hosted=hosted /> });
        later::fetch_when_idle();
    });
}

/// The whole console: the shell around the page that the address asks for.
#[component]
fn App(
    /// What this host says.
    hosted: config::Hosted,
) -> impl IntoView {
    provide_context(hosted);
    releases::provide_releases();
    session::provide_session();
    activity::provide_activity();
    runs::provide_runs();
    idle::provide_idle();
    let base = Some(paths::base()).filter(|base| !base.is_empty());
    let inside = || {
        let connections = navigation::rail_connections();
        let status = view! { {navigation::run_pill()}{navigation::lock_button()} }.into_any();
        let n_plans = navigation::n_plans();
        view! {
            <Shell connections=connections n_plans=n_plans status=status>{routes::Pages().into_any()}</Shell>
        }
        .into_any()
    };
    match base {
        Some(base) => view! { <Router base=base>{inside()}</Router> }.into_any(),
        None => view! { <Router>{inside()}</Router> }.into_any(),
    }
}
