//! `/connections/new`: a new connection, examined before it is saved.

use leptos::prelude::*;

use crate::features::connecting::connection_form::{ConnectionForm, connection_fields};
use crate::features::connecting::doctor::Doctor;
use crate::routing::paths;
use crate::routing::use_go;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::config::use_config;
use i18n::text;
use ui::{Button, Variant};

/// Adds a connection.
#[component]
pub fn NewConnectionPage() -> impl IntoView {
    use_title(text::connections_new_title);
    let go = use_go();
    let form = ConnectionForm::new(None);
    let crumbs =
        vec![(text::shell_connections(), Some(paths::connections())), (text::connections_new_crumb(), None)];
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let go = go.clone();
        form.save(move |id| go(&paths::members(id.as_str())));
    };
    let is_busy = Signal::derive(move || form.is_busy());
    let subject = Callback::new(move |()| form.subject());
    view! {
        {page_head(
            None,
            crumbs,
            Signal::derive(text::connections_new_title),
            Signal::derive(text::connections_new_sub),
            None,
        )}
        <div class="split">
            <form class="stack-6 conn-form" on:submit=submit>
                {connection_fields(form, sandbox_address())}
                <div class="cluster form-end">
                    <Button label=text::connections_add variant=Variant::Primary submit=true busy=is_busy />
                </div>
            </form>
            <Doctor
                subject=subject
                tracks=Callback::new(move |()| form.track())
                on_small_plan=Callback::new(move |()| form.choose_small_plan())
            />
        </div>
    }
    .into_any()
}

/// The address of a sandbox server, if this host has one.
pub(super) fn sandbox_address() -> Signal<Option<String>> {
    Signal::stored(use_config().sandbox.as_ref().map(ToString::to_string))
}
