//! The first visit: explore the sandbox, or add a connection.

use domain::Vendor;
use hosting::{Feature, Origin};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::features::connecting::adding::add_connection;
use crate::state::code::NotFetched;
use crate::state::config::use_config;
use crate::state::session::Session;
use i18n::{format_list, text};
use ui::{Button, Variant, toast, vendor_mark};

/// The ways to begin, and the guarantees of the console.
pub fn welcome(session: Session) -> AnyView {
    let vendors = || {
        let names = Vendor::ALL.map(|vendor| vendor.name().to_owned());
        text::overview_welcome_lead(&format_list(&names))
    };
    let promise = |title: fn() -> String, body: fn() -> String| {
        view! {
            <li>
                <h3>{title}</h3>
                <span>{body}</span>
            </li>
        }
        .into_any()
    };
    let promises = [
        promise(text::overview_promise_shown, text::overview_promise_shown_body),
        promise(text::overview_promise_outcomes, text::overview_promise_outcomes_body),
        promise(text::overview_promise_plan, text::overview_promise_plan_body),
    ];
    let config = use_config();
    let look = config.has(Feature::Sandbox).then(|| look(session));
    let connect = config.has(Feature::AddingConnections).then(connect);
    view! {
        <div class="welcome">
            <div class="welcome-head">
                <h1>{text::overview_welcome_title}</h1>
                <p class="welcome-lead">{vendors}</p>
            </div>
            <div class="ways">{look} {connect}</div>
            <section aria-labelledby="promises" class="stack">
                <h2 id="promises" class="sr-only">
                    {text::overview_promises}
                </h2>
                <ol class="promises">{promises.into_iter().collect_view()}</ol>
            </section>
        </div>
    }
    .into_any()
}

/// The sample connections to explore.
fn look(session: Session) -> AnyView {
    let samples = Session::sample_names()
        .map(|(name, vendor)| {
            view! {
                <li>
                    {vendor_mark(vendor.slug(), false)} <span class="medium">
                        <bdi translate="no">{name}</bdi>
                    </span> <span class="muted tiny push nowrap">{vendor.name()}</span>
                </li>
            }
        })
        .collect_view();
    let is_adding = RwSignal::new(false);
    let server = StoredValue::new(use_config().sandbox.clone());
    let add = move |server: Option<Origin>| {
        is_adding.set(true);
        spawn_local(async move {
            if session.add_samples(server).await == Err(NotFetched) {
                toast([text::results_not_loaded(), text::results_not_loaded_operator()].join(" "), None);
            }
            // Disposed if the overview of the samples has replaced this one.
            is_adding.try_set(false);
        });
    };
    view! {
        <section class="way" aria-labelledby="look">
            <h2 id="look">{text::overview_look_title}</h2>
            <p class="hint">{text::overview_look_body}</p>
            <ul class="sample">{samples}</ul>
            <Button
                label=text::overview_look_try
                variant=Variant::Primary
                icon="flask-conical"
                busy=is_adding
                on_press=move || add(None)
            />
            {server
                .with_value(Option::is_some)
                .then(|| {
                    view! {
                        <Button
                            label=text::overview_look_server
                            variant=Variant::Link
                            small=true
                            busy=is_adding
                            on_press=move || add(server.get_value())
                        />
                    }
                })}
        </section>
    }
    .into_any()
}

/// Adding a connection.
fn connect() -> AnyView {
    view! {
        <section class="way" aria-labelledby="connect">
            <h2 id="connect">{text::overview_connect_title}</h2>
            <p class="hint">{text::overview_connect_body}</p>
            {add_connection(Variant::Plain, false, "plug")}
        </section>
    }
    .into_any()
}
