//! The connection doctor: one harmless call, and what can be told from it.

use domain::api_error::Origin;
use domain::{Connection, Credentials, ErrorClass};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

use super::call_details::exchange;
use super::words;
use crate::clock;
use crate::i18n::text;
use crate::reads::probe;
use crate::session::{Failure, curl, use_session};
use crate::ui::{Button, Disclosure, Tone};

/// What the doctor knows.
#[derive(Clone, Debug, Default)]
enum Finding {
    /// Nothing was tried.
    #[default]
    NotTried,
    /// The call is under way.
    Trying,
    /// The form has to be mended first.
    FormFirst,
    /// It works; how long it took in milliseconds, and what the vendor calls the community.
    Works(u64, Option<String>),
    /// It does not.
    Fails(Arc<Connection>, Failure, u64),
}

/// The card beside the form. `subject` gives what is to be examined, or `None` if the form is not in order.
#[component]
pub fn Doctor(subject: Callback<(), Option<(Connection, Credentials)>>) -> impl IntoView {
    let session = use_session();
    let finding = RwSignal::new(Finding::NotTried);
    let examine = move || {
        let Some((connection, credentials)) = subject.run(()) else {
            finding.set(Finding::FormFirst);
            return;
        };
        finding.set(Finding::Trying);
        spawn_local(async move {
            let began = clock::now();
            let result = probe(session, &connection, credentials).await;
            let took = clock::now().saturating_sub(began);
            // The page may have been left in the meantime.
            finding.try_set(match result {
                Ok(page) => {
                    let community = page.and_then(|page| page.into_groups().into_iter().next());
                    Finding::Works(took, community.map(|group| group.name.to_string()))
                }
                Err(failure) => Finding::Fails(Arc::new(connection), failure, took),
            });
        });
    };
    let busy = Signal::derive(move || matches!(finding.get(), Finding::Trying));
    let list = move || checks(finding.get());
    view! {
        <section class="aside card" aria-label=text::connections_doctor>
            <div class="card-head"><h2>{text::connections_doctor}</h2></div>
            <div role="status">{list}</div>
            <div class="card-foot">
                <Button label=text::connections_examine icon="stethoscope" small=true busy=busy on_press=examine />
                <span class="tiny muted">{text::connections_read_only}</span>
            </div>
        </section>
    }
    .into_any()
}

fn checks(finding: Finding) -> AnyView {
    match finding {
        Finding::NotTried => note(text::connections_not_tried()),
        Finding::Trying => note(text::connections_trying()),
        Finding::FormFirst => note(text::connections_form_first()),
        Finding::Works(took, community) => {
            let community = community
                .map(|name| check(Tone::Done, text::connections_check_community(&name), String::new(), None));
            view! {
                <ul class="checks">
                    {check(Tone::Done, text::connections_check_answers(), text::connections_ms(&took.to_string()), None)}
                    {check(Tone::Done, text::connections_check_readable(), String::new(), None)}
                    {check(Tone::Done, text::connections_check_key(), String::new(), None)}
                    {community}
                </ul>
            }
            .into_any()
        }
        Finding::Fails(connection, failure, took) => failed_checks(&connection, &failure, took),
    }
}

fn note(sentence: String) -> AnyView {
    view! { <p class="card-body small muted">{sentence}</p> }.into_any()
}

fn check(tone: Tone, title: String, meta: String, more: Option<AnyView>) -> AnyView {
    let more = more.map(|more| view! { <div class="more stack-2">{more}</div> });
    view! {
        <li class=tone.class()>
            {tone.glyph()}
            <span class="medium">{title}</span>
            <span class="tiny faint">{meta}</span>
            {more}
        </li>
    }
    .into_any()
}

/// One call tells only where it broke: what comes before worked, what comes after was not tried.
fn failed_checks(connection: &Arc<Connection>, failure: &Failure, took: u64) -> AnyView {
    let error = &failure.error;
    let ms = text::connections_ms(&took.to_string());
    let waiting = |title: String| check(Tone::Waiting, title, text::connections_check_not_tried(), None);
    let passed = |title: String, meta: String| check(Tone::Done, title, meta, None);
    let refused =
        |title: String, meta: String| check(Tone::Refused, title, meta, Some(explain(connection, failure)));
    let status = error.status.map_or_else(String::new, |status| status.to_string());
    let list = match (error.origin, error.class) {
        (Origin::Network | Origin::Console, _) => view! {
            {refused(text::connections_check_no_answer(), ms)}
            {waiting(text::connections_check_readable())}
            {waiting(text::connections_check_key())}
        }
        .into_any(),
        (Origin::Decoding, _) => view! {
            {passed(text::connections_check_answers(), ms)}
            {passed(text::connections_check_readable(), String::new())}
            {refused(text::connections_check_other_service(connection.vendor.name()), status)}
            {waiting(text::connections_check_key())}
        }
        .into_any(),
        (Origin::Vendor, ErrorClass::Auth) => view! {
            {passed(text::connections_check_answers(), ms)}
            {passed(text::connections_check_readable(), String::new())}
            {refused(text::connections_check_key_refused(), status)}
        }
        .into_any(),
        (Origin::Vendor, _) => view! {
            {passed(text::connections_check_answers(), ms)}
            {passed(text::connections_check_readable(), String::new())}
            {refused(text::connections_check_refused(), status)}
        }
        .into_any(),
    };
    view! { <ul class="checks">{list}</ul> }.into_any()
}

fn explain(connection: &Arc<Connection>, failure: &Failure) -> AnyView {
    let (meaning, operator) = words::error(connection.vendor, &failure.error);
    let code = failure.error.code.to_string();
    let connection = connection.clone();
    let details = failure.call.clone().map(|call| {
        view! { <Disclosure label=text::results_details>{exchange(&call, &curl(&call, &connection))}</Disclosure> }
    });
    view! {
        <p>{meaning}" "{operator}</p>
        <p><code>{code}</code></p>
        {details}
    }
    .into_any()
}
