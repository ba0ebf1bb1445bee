//! The list of checks.

use std::sync::Arc;

use domain::examination::{CheckResult, CheckStatus, ExaminationStep, Finding};
use domain::{Connection, ConnectionKind};
use leptos::prelude::*;

use super::report::Report;
use super::words::{self, Said};
use crate::features::results::call_details::exchange;
use crate::state::session::{CallRecord, curl};
use i18n::text;
use ui::{Button, Disclosure, Tone, glyph};

/// Every check with its standing; `on_small_plan` applies the limits of the small plan to the form.
pub(super) fn checks(report: &Report, on_small_plan: Option<Callback<()>>) -> AnyView {
    let rows = report.examination.rows();
    let items = rows.iter().map(|row| check(row, report, on_small_plan)).collect_view();
    view! { <ul class="checks">{items}</ul> }.into_any()
}

fn check(row: &CheckResult, report: &Report, on_small_plan: Option<Callback<()>>) -> AnyView {
    let Said { title, measure, body } = words::said(row, &report.connection);
    let (class, shape) = match row.standing {
        CheckStatus::Passed => (Tone::Done.class(), Tone::Done.glyph_name()),
        CheckStatus::ToKnow => (Tone::Unknown.class(), "o-warn"),
        CheckStatus::Failed => (Tone::Refused.class(), Tone::Refused.glyph_name()),
        CheckStatus::NotTried | CheckStatus::Waiting => (Tone::Same.class(), Tone::Waiting.glyph_name()),
    };
    let sentence = (!body.is_empty()).then(|| {
        view! {
            <p>
                <bdi translate="yes">{body}</bdi>
            </p>
        }
    });
    let values = rates(row);
    let is_said = matches!(row.standing, CheckStatus::Failed | CheckStatus::ToKnow);
    let call = row.step.filter(|_| is_said).and_then(|step| Some((step, report.record(step)?)));
    let code = row.error.as_ref().filter(|_| is_said).map(|error| error.code.to_string());
    let behind = (call.is_some() || code.is_some()).then(|| details(call, code, &report.connection));
    let offer = on_small_plan.filter(|_| matches!(row.finding, Finding::RatesSmall(_))).map(|take| {
        view! {
            <div>
                <Button label=text::doctor_rates_small_use small=true icon="timer" on_press=take />
            </div>
        }
    });
    let is_plain = sentence.is_none() && values.is_none() && behind.is_none() && offer.is_none();
    let more =
        (!is_plain).then(|| view! { <div class="more stack-2">{sentence}{values}{offer}{behind}</div> });
    view! {
        <li class=class>
            {glyph(shape)} <span class="medium">
                <bdi translate="yes">{title}</bdi>
            </span> <span class="tiny faint">{measure}</span> {more}
        </li>
    }
    .into_any()
}

/// The rate limit headers, one per line.
fn rates(row: &CheckResult) -> Option<AnyView> {
    let Finding::RatesRead(rates) = &row.finding else { return None };
    let lines = rates
        .iter()
        .map(|(name, value)| {
            let line = text::doctor_rate_line(text::DoctorRateLine { name, value });
            view! {
                <li>
                    <code translate="no">
                        <bdi translate="no">{line}</bdi>
                    </code>
                </li>
            }
        })
        .collect_view();
    Some(view! { <ul>{lines}</ul> }.into_any())
}

fn details(
    call: Option<(ExaminationStep, Arc<CallRecord>)>,
    code: Option<String>,
    connection: &Arc<Connection>,
) -> AnyView {
    let code = code.map(|code| {
        view! {
            <p>
                <code translate="no">
                    <bdi translate="no">{code}</bdi>
                </code>
            </p>
        }
    });
    let connection = Arc::clone(connection);
    let opened = call.map(|(step, call)| {
        let command = command(step, &call, &connection);
        view! { <Disclosure label=text::results_details>{exchange(&call, &command)}</Disclosure> }
    });
    view! {
        {code}
        {opened}
    }
    .into_any()
}

/// The call as a shell command, with the key's variable only if a key was sent.
fn command(step: ExaminationStep, call: &CallRecord, connection: &Connection) -> String {
    match step {
        ExaminationStep::SignIn | ExaminationStep::Look(_) => curl(call, connection),
        ExaminationStep::ProbeKeyless
        | ExaminationStep::ProbeOpaque
        | ExaminationStep::ProbeHeader(_)
        | ExaminationStep::Anonymous
        | ExaminationStep::Unlisted => {
            curl(call, &Connection { kind: ConnectionKind::Relay, ..connection.clone() })
        }
    }
}
