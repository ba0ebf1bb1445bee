//! The health of a connection in one line: the state of its key, and the result of a check on demand.

use std::sync::Arc;

use domain::api_error::ErrorOrigin;
use domain::{Connection, ConnectionKind, ErrorClass, Millis, Vendor};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::features::error_words;
use crate::features::results::call_details::exchange;
use crate::routing::paths;
use crate::state::caller::{caller, shell_command};
use crate::state::code::{self, Code, Fetch};
use crate::state::session::{Failure, Session};
use browser::clock;
use i18n::text;
use ui::{Disclosure, Tone, Variant, icon_sm, link_button, next_id};

/// The result of the check.
#[derive(Clone, Default)]
enum Finding {
    #[default]
    NotChecked,
    Checking,
    Works(Millis),
    Fails(Failure, Millis, Explain),
    /// The code that checks could not be fetched.
    NotFetched,
}

/// Draws why a check failed.
pub type Explain = fn(&Arc<Connection>, &Failure) -> AnyView;

thread_local! {
    static EXPLAIN: Code<Explain> = const { Code::new() };
}

/// Sets how the code that explains a failure is fetched: the overview is complete without it.
pub fn provide_explainer(fetch: Fetch<Explain>) {
    EXPLAIN.with(|code| code.provide(fetch));
}

/// The result, with the button that checks again.
pub fn check(session: Session, connection: Arc<Connection>) -> AnyView {
    let finding = RwSignal::new(Finding::default());
    let look = {
        let connection = connection.clone();
        move |_| {
            if matches!(finding.get_untracked(), Finding::Checking) || session.needs_key(&connection) {
                return;
            }
            finding.set(Finding::Checking);
            let connection = connection.clone();
            spawn_local(async move {
                let (Ok(explain), Ok(caller)) = (code::fetched(&EXPLAIN).await, caller().await) else {
                    finding.try_set(Finding::NotFetched);
                    return;
                };
                let began = clock::now();
                let result = caller.probe(session, connection).await;
                let took = clock::now().saturating_sub(began);
                // The page may be gone by now.
                finding.try_set(match result {
                    Ok(()) => Finding::Works(took),
                    Err(failure) => Finding::Fails(failure, took, explain),
                });
            });
        }
    };
    let is_locked = {
        let connection = connection.clone();
        Memo::new(move |_| session.needs_key(&connection))
    };
    let why = next_id("why");
    let described_by = why.clone();
    let (name, vendor, kind) = (connection.name.to_string(), connection.vendor, connection.kind);
    let settings = paths::connection(connection.id.as_str());
    let label = move || {
        finding.with(|finding| match finding {
            Finding::NotChecked | Finding::Checking => text::overview_check(),
            Finding::Works(_) | Finding::Fails(..) | Finding::NotFetched => text::overview_check_again(),
        })
    };
    let is_busy = move || finding.with(|finding| matches!(finding, Finding::Checking));
    let said = move || {
        let (tone, mark, words) = if is_locked.get() {
            (Tone::Waiting, icon_sm("lock"), text::overview_key_missing())
        } else {
            let (tone, words) = said(vendor, kind, &finding.get());
            (tone, tone.glyph(), words)
        };
        view! { <p class=["conn-health ", tone.class()].concat()>{mark}<span>{words}</span></p> }
    };
    // Giving the key takes the place of a check that would need it.
    let action = move || {
        if is_locked.get() {
            let give = text::overview_give_key;
            return link_button(settings.clone(), give, Variant::Plain, true, "key-round");
        }
        let (name, described_by) = (name.clone(), described_by.clone());
        view! {
            <button
                class="btn btn-sm"
                type="button"
                aria-disabled=move || is_busy().then_some("true")
                aria-busy=move || is_busy().then_some("true")
                aria-describedby=described_by
                on:click=look.clone()
            >
                {icon_sm("refresh-cw")}
                {label}
                <span class="sr-only">{move || text::overview_check_of(&name)}</span>
            </button>
        }
        .into_any()
    };
    let more = move || match finding.get() {
        Finding::Fails(failure, _, explain) => (!is_locked.get()).then(|| explain(&connection, &failure)),
        Finding::NotChecked | Finding::Checking | Finding::Works(_) | Finding::NotFetched => None,
    };
    view! {
        <div class="conn-more">
            <div class="conn-check">
                <div class="grow" id=why role="status">
                    {said}
                </div>
                {action}
            </div>
            {more}
        </div>
    }
    .into_any()
}

/// The state of the key until there is a result.
fn said(vendor: Vendor, kind: ConnectionKind, finding: &Finding) -> (Tone, String) {
    let key = match kind {
        ConnectionKind::Sandbox => text::overview_key_none,
        ConnectionKind::Relay => text::overview_key_relay,
        ConnectionKind::Direct => text::overview_key_here,
    };
    match finding {
        Finding::NotChecked => (Tone::Waiting, text::overview_health_untested(&key())),
        Finding::Checking => (Tone::Waiting, text::overview_checking()),
        Finding::Works(took) => (Tone::Done, answered(&text::overview_key_accepted(), *took)),
        Finding::NotFetched => (Tone::Refused, text::overview_check_not_fetched()),
        Finding::Fails(failure, took, _) => (Tone::Refused, broke_at(vendor, failure, *took)),
    }
}

fn answered(finding: &str, took: Millis) -> String {
    text::overview_health_took(text::OverviewHealthTook { finding, ms: &took.to_string() })
}

/// A single call tells only where it broke.
fn broke_at(vendor: Vendor, failure: &Failure, took: Millis) -> String {
    let broken = match (failure.error.origin, failure.error.class) {
        (ErrorOrigin::Network | ErrorOrigin::Console, _) => return text::overview_no_answer(),
        (ErrorOrigin::Decoding, _) => text::overview_answer_other(vendor.name()),
        (ErrorOrigin::Vendor, ErrorClass::Auth) => text::overview_key_refused(),
        (ErrorOrigin::Vendor, _) => text::overview_call_refused(),
    };
    answered(&broken, took)
}

/// Draws why a check failed: what it means, and the call.
pub fn explained(connection: &Arc<Connection>, failure: &Failure) -> AnyView {
    let (meaning, operator) = error_words::read_error(connection.vendor, &failure.error);
    let code = failure.error.code.to_string();
    let call = failure.call.clone();
    let connection = connection.clone();
    let details = move || {
        let shown = call.as_ref().map(|call| exchange(call, &shell_command(call, &connection)));
        view! {
            <p class="small">
                <code translate="no">{code.clone()}</code>
            </p>
            {shown}
        }
        .into_any()
    };
    view! {
        <p class="small muted">{meaning}" "{operator}</p>
        <div>
            <Disclosure label=text::common_details>{details()}</Disclosure>
        </div>
    }
    .into_any()
}
