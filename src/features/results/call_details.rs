//! The details of one outcome: code, status, raw response, and the call as a shell command.

use domain::receipt::ReceiptRow;
use domain::{Outcome, Vendor, plain};
use js_sys::JSON;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::features::error_words;
use crate::features::fetched::with_code;
use crate::state::code::{Code, Fetch};
use crate::state::runs::RunView;
use crate::state::session::{CallRecord, curl};
use i18n::{format_time, text};
use ui::CodeBlock;

/// Draws the details of a row.
pub type DrawDetails = fn(&RunView, Vendor, &ReceiptRow) -> AnyView;

thread_local! {
    static DRAW_DETAILS: Code<DrawDetails> = const { Code::new() };
}

/// Sets how the code of details is fetched. It needs the vendors' protocols, for the call as a shell command,
/// and the results do not.
pub fn provide_call_details(fetch: Fetch<DrawDetails>) {
    DRAW_DETAILS.with(|code| code.provide(fetch));
}

/// The details of one row of a run.
pub fn call_details(run: &RunView, vendor: Vendor, row: &ReceiptRow) -> AnyView {
    let (run, row) = (run.clone(), row.clone());
    with_code(&DRAW_DETAILS, move |draw| draw(&run, vendor, &row))
}

/// The code of details; what names it contains it.
pub fn draw_details(run: &RunView, vendor: Vendor, row: &ReceiptRow) -> AnyView {
    let error = row.outcome.as_ref().and_then(Outcome::error);
    let call = row.batch.and_then(|batch| run.call(batch));
    let facts = [
        error.map(|error| (text::results_code(), error.code.to_string(), true)),
        error
            .and_then(|error| error.message.as_ref())
            .map(|message| (text::results_says(vendor.name()), message.to_string(), false)),
        call.as_ref().map(|call| {
            (
                text::results_status(),
                call.status.map_or_else(text::results_no_answer, |status| status.to_string()),
                false,
            )
        }),
        call.as_ref().map(|call| {
            let took = text::results_took(text::ResultsTook {
                at: &format_time(call.sent_at as f64),
                ms: &call.took_ms.to_string(),
            });
            (text::results_sent(), took, false)
        }),
        row.outcome.as_ref().zip(error).map(|(outcome, error)| {
            (text::results_asking_again(), error_words::asking_again(vendor, outcome, error), false)
        }),
    ];
    // The reason of the row says what was found.
    let named = error.filter(|error| error.found_state().is_none());
    let named = named.map(|error| error.details.clone()).unwrap_or_default();
    let named = named.into_iter().map(|(field, says)| (field.to_string(), says.to_string(), false));
    let facts = facts
        .into_iter()
        .flatten()
        .chain(named)
        .map(|(name, value, is_code)| {
            let value = if is_code {
                view! { <code translate="no">{value}</code> }.into_any()
            } else {
                view! { <bdi translate="no">{value}</bdi> }.into_any()
            };
            view! {
                <div>
                    <dt>
                        <bdi translate="no">{name}</bdi>
                    </dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect_view();
    // Calls made by another page, or before this page was loaded, are not known here.
    let nothing = match row.batch {
        Some(_) => text::results_call_not_kept,
        None => text::results_nothing_sent,
    };
    let nothing = call.is_none().then(|| view! { <p class="small muted">{nothing}</p> });
    let codes = call.map(|call| exchange(&call, &curl(&call, run.connection())));
    view! {
        <dl class="kv kv-wide">{facts}</dl>
        {nothing}
        {codes}
    }
    .into_any()
}

/// The raw response and the call, each with a copy button.
pub fn exchange(call: &CallRecord, command: &str) -> AnyView {
    let answer = Signal::stored(plain::escaped(&pretty(&call.response_body)).into_owned());
    let command = Signal::stored(command.to_owned());
    let title = move |is_cut: bool| if is_cut { text::results_raw_cut() } else { text::results_raw() };
    let is_cut = call.is_cut;
    view! {
        <div class="two-codes">
            <CodeBlock title=move || title(is_cut) code=answer copy_label=text::results_copy />
            <CodeBlock title=text::results_call code=command copy_label=text::results_copy_curl />
        </div>
    }
    .into_any()
}

/// Indents JSON; returns anything else unchanged.
fn pretty(body: &str) -> String {
    if body.is_empty() {
        return text::results_empty_body();
    }
    let parsed = JSON::parse(body).and_then(|json| {
        JSON::stringify_with_replacer_and_space(&json, &JsValue::NULL, &JsValue::from_f64(2.0))
    });
    parsed.ok().and_then(|text| text.as_string()).unwrap_or_else(|| body.to_owned())
}
