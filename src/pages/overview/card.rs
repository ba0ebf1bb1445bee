//! One connection: how it is reached, the state of its key, the use of its rate limit, and its links.

use std::sync::Arc;

use domain::capabilities::Directory;
use domain::{Connection, ConnectionKind, Millis};
use leptos::prelude::*;

use super::{check, pace};
use crate::routing::paths;
use crate::shell::navigation::sections;
use crate::state::session::Session;
use i18n::text;
use ui::{Tone, Variant, icon, icon_sm, link_button, next_id, vendor_mark};

/// The card of a connection.
pub fn card(session: Session, connection: Arc<Connection>, now: Signal<Millis>) -> AnyView {
    let id = connection.id.as_str();
    let name = connection.name.to_string();
    let title_id = next_id("connection");
    let labelled_by = title_id.clone();
    let kind = match connection.kind {
        ConnectionKind::Relay => text::connections_relay,
        ConnectionKind::Direct => text::connections_direct,
        ConnectionKind::Sandbox => text::connections_in_browser,
    };
    let vendor = connection.vendor;
    let sub = move || text::connections_row(text::ConnectionsRow { reach: &kind(), vendor: vendor.name() });
    let links = sections(session, &connection)
        .into_iter()
        .map(|section| {
            view! {
                <li>
                    <a href=section.href>{section.label}</a>
                </li>
            }
        })
        .collect_view();
    let (edited, listed) = (name.clone(), name.clone());
    view! {
        <article class="card conn-card" aria-labelledby=labelled_by>
            <div class="card-head conn-head">
                {vendor_mark(vendor.slug(), true)} <div class="grow">
                    <h3 id=title_id>
                        <a class="plain" href=paths::members(id)>
                            <bdi translate="no">{name}</bdi>
                        </a>
                    </h3>
                    <p class="tiny muted">{sub}</p>
                </div>
                <a
                    class="btn btn-quiet btn-icon btn-sm"
                    href=paths::connection(id)
                    aria-label=move || text::overview_settings_of(&edited)
                >
                    {icon("settings")}
                </a>
            </div>
            <div class="card-body stack-3">
                <ul class="state-list">
                    {key_state(session, connection.clone())} {known_people(session, connection.clone())}
                </ul>
                {check::check(session, connection.clone())}
                {pace::pace(session, connection.clone(), now)}
            </div>
            <nav class="card-foot" aria-label=move || text::overview_sections_of(&listed)>
                <ul class="conn-links">{links}</ul>
            </nav>
        </article>
    }
    .into_any()
}

fn key_state(session: Session, connection: Arc<Connection>) -> AnyView {
    let href = paths::connection(connection.id.as_str());
    let state = move || {
        let (tone, mark, words): (Tone, AnyView, fn() -> String) = match connection.kind {
            ConnectionKind::Sandbox => (Tone::Same, Tone::Same.glyph(), text::overview_key_none),
            ConnectionKind::Relay => (Tone::Same, Tone::Same.glyph(), text::overview_key_relay),
            ConnectionKind::Direct if session.needs_key(&connection) => {
                (Tone::Waiting, icon_sm("lock"), text::overview_key_missing)
            }
            ConnectionKind::Direct => (Tone::Same, icon_sm("lock-open"), text::overview_key_here),
        };
        let give = session
            .needs_key(&connection)
            .then(|| link_button(href.clone(), text::overview_give_key, Variant::Plain, true, "key-round"));
        view! { <li class=tone.class()>{mark}<span class="grow">{words}</span>{give}</li> }
    };
    state.into_any()
}

/// The people known from this session, for a vendor that cannot list them.
fn known_people(session: Session, connection: Arc<Connection>) -> Option<AnyView> {
    let directory = vendors::capabilities(connection.vendor).directory;
    let n_known = move || match session.ledger(&connection.id).len() {
        0 => text::overview_ledger_none(),
        n => text::overview_ledger(n),
    };
    (directory == Directory::Ledger).then(|| {
        view! { <li class=Tone::Same.class()>{Tone::Same.glyph()}<span>{n_known}</span></li> }.into_any()
    })
}
