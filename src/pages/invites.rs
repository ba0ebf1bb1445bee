//! `/c/:connection/invites`: composes an invite, and shows the invites sent in this session.

use domain::capabilities::Invites;
use domain::form::people::Purpose;
use domain::{Connection, Flow, Operation};
use leptos::prelude::*;
use std::sync::Arc;

use crate::features::adding::compose::Compose;
use crate::features::adding::import_link::import_link;
use crate::features::connecting::connection_guard::with_connection;
use crate::features::error_words;
use crate::features::results::{sentence, tone};
use crate::features::words;
use crate::routing::paths;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::runs::{RunView, use_runs};
use i18n::{format_time, text};
use ui::{Variant, empty_state, link_button, person_cell};

/// Invites people, where the connection's vendor supports it.
#[component]
pub fn InvitesPage() -> impl IntoView {
    use_title(text::invites_title);
    with_connection(page)
}

fn page(connection: Arc<Connection>) -> AnyView {
    let vendor = connection.vendor.name();
    let head = |sub: Signal<String>, actions| {
        let crumbs = vec![(text::invites_title(), None)];
        page_head(Some(&connection), crumbs, Signal::derive(text::invites_title), sub, actions)
    };
    match vendors::capabilities(connection.vendor).invites {
        Invites::None => {
            let add = link_button(
                paths::add_members(connection.id.as_str()),
                text::invites_add_instead,
                Variant::Primary,
                false,
                "user-plus",
            );
            view! {
                {head(Signal::stored(String::new()), None)}
                {empty_state(
                    "mail",
                    text::invites_none_title(vendor),
                    text::invites_none_body(vendor),
                    Some(add),
                )}
            }
            .into_any()
        }
        Invites::ByEmail | Invites::ByFlow => {
            let import = import_link(&connection, Purpose::Invite, None);
            let head = head(Signal::derive(move || text::invites_sub(vendor)), import);
            let sent = sent(connection.clone());
            view! {
                {head}
                <Compose connection=connection purpose=Purpose::Invite group=RwSignal::new(None) />
                {sent}
            }
            .into_any()
        }
    }
}

fn is_invite(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::Invite { .. }
            | Operation::Register { flow: Flow::Invite, .. }
            | Operation::AddToCommunity { flow: Flow::Invite, .. }
    )
}

/// The invites of this session, newest first: the vendor has no call that lists them.
fn sent(connection: Arc<Connection>) -> AnyView {
    let runs = use_runs();
    let id = connection.id.clone();
    let list = move || {
        let of_invites = |run: &RunView| {
            run.connection().id == id && run.row_at(0).is_some_and(|row| is_invite(&row.change.operation))
        };
        let runs: Vec<_> = runs.opened().into_iter().rev().filter(of_invites).collect();
        if runs.is_empty() {
            return view! { <p class="card-body muted small">{text::invites_none_sent}</p> }.into_any();
        }
        runs.into_iter().map(|run| one_run(&run)).collect_view().into_any()
    };
    view! {
        <section class="stack-3 section" aria-labelledby="sent-invites">
            <h2 id="sent-invites">{text::invites_sent}</h2>
            <div class="card">{list}</div>
        </section>
    }
    .into_any()
}

fn one_run(run: &RunView) -> AnyView {
    let vendor = run.connection().vendor;
    let rows = run
        .receipt()
        .rows
        .into_iter()
        .map(|row| {
            let verdict = row.outcome.as_ref().map(domain::Outcome::verdict);
            let tone = tone(verdict);
            let word = verdict.map_or_else(text::results_waiting_word, words::verdict);
            let why = error_words::reason(vendor, &row);
            let key = row.change.person.key.as_str().to_owned();
            view! {
                <tr>
                    <th scope="row">{person_cell(row.change.person.label().to_owned(), Some(key))}</th>
                    <td>
                        <span class=format!("outcome {}", tone.class())>{tone.glyph()}{word}</span>
                    </td>
                    <td class="lo">{why}</td>
                </tr>
            }
        })
        .collect_view();
    let at = format_time(run.started_at() as f64);
    view! {
        <div class="card-head">
            <h3>{sentence(run)}</h3>
            <span class="push tiny muted">{at}</span>
        </div>
        <div class="grid-scroll" tabindex="0" role="region" aria-label=text::invites_sent>
            <table class="grid">
                <thead>
                    <tr>
                        <th scope="col">{text::results_col_name}</th>
                        <th scope="col">{text::invites_col_outcome}</th>
                        <th scope="col" class="lo">
                            {text::invites_col_reason}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
