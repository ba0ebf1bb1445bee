//! A connection provided by the host: what it is, its key, whether it works. It cannot be changed here.

use domain::{Connection, ConnectionKind, Credentials};
use leptos::prelude::*;
use std::sync::Arc;

use crate::features::connecting::doctor::Doctor;
use crate::routing::paths;
use crate::shell::page_head::page_head;
use crate::state::session::Session;
use i18n::text;
use ui::{Tone, Variant, link_button, notice};

/// The page of a connection provided by the host; `key` draws the state of its key, once that was given.
pub fn named(
    session: Session,
    connection: Arc<Connection>,
    key: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let crumbs =
        vec![(text::shell_connections(), Some(paths::connections())), (connection.name.to_string(), None)];
    let of = connection.clone();
    // The session uses its own key, if one was given.
    let subject = Callback::new(move |()| Some(((*of).clone(), Credentials::None)));
    let members = paths::members(connection.id.as_str());
    let of = connection.clone();
    let key = move || {
        if of.kind != ConnectionKind::Direct {
            return None;
        }
        Some(if session.needs_key(&of) {
            let give = link_button(
                members.clone(),
                text::connections_named_give_key,
                Variant::Primary,
                false,
                "lock-open",
            );
            view! { <div class="cluster">{give}</div> }.into_any()
        } else {
            key()
        })
    };
    let is_relay = connection.kind == ConnectionKind::Relay;
    let fixed = move || {
        if is_relay { text::connections_named_relay() } else { text::connections_named_fixed() }
    };
    let title = connection.name.to_string();
    view! {
        {page_head(None, crumbs, Signal::stored(title), Signal::derive(text::connections_named_sub), None)}
        <div class="split">
            <div class="stack-6">
                {notice(Tone::Info, view! { <p>{fixed}</p> })} {facts(&connection)} {key}
            </div>
            <Doctor subject=subject />
        </div>
    }
    .into_any()
}

fn facts(connection: &Connection) -> AnyView {
    let kind = match connection.kind {
        ConnectionKind::Relay => text::connections_relay,
        ConnectionKind::Direct => text::connections_direct,
        ConnectionKind::Sandbox => text::connections_in_browser,
    };
    let acting_as = connection.acting_as.as_deref().map(|id| {
        view! {
            <dt>{text::connections_acting_as}</dt>
            <dd>
                <bdi translate="no" class="id">
                    {id.to_owned()}
                </bdi>
            </dd>
        }
    });
    view! {
        <dl class="kv">
            <dt>{text::connections_vendor}</dt>
            <dd>{connection.vendor.name()}</dd>
            <dt>{text::connections_reach}</dt>
            <dd>{kind}</dd>

            <dt>{text::connections_base_url}</dt>
            <dd>
                <bdi translate="no" class="id">
                    {connection.base_url.as_str().to_owned()}
                </bdi>
            </dd>

            {acting_as}
        </dl>
    }
    .into_any()
}
