//! The list of checks.

use std::sync::Arc;

use domain::examination::{CheckResult, CheckStatus, ExaminationStep, Finding};
use domain::{Connection, ConnectionKind, Millis};
use leptos::prelude::*;

use super::report::Report;
use super::words::{self, Said};
use crate::features::results::call_details::exchange;
use crate::state::session::{CallRecord, curl};
use i18n::text;
use ui::{Button, Disclosure, KeyedRow, Tone, glyph, keyed};

/// Every check with its standing; `on_small_plan` applies the limits of the small plan to the form.
pub(super) fn checks(report: RwSignal<Option<Report>>, on_small_plan: Option<Callback<()>>) -> AnyView {
    let rows = move || {
        report.with(|report| {
            let of = |report: &Report| {
                let rows = report.examination.rows().into_iter();
                rows.map(|row| Row::new(row, report).keyed(on_small_plan)).collect()
            };
            report.as_ref().map_or_else(Vec::new, of)
        })
    };
    view! { <ul class="checks">{keyed(rows)}</ul> }.into_any()
}

/// A check with the data to display it.
struct Row {
    result: CheckResult,
    said: Said,
    code: Option<String>,
    call: Option<(ExaminationStep, Arc<CallRecord>)>,
    connection: Arc<Connection>,
    /// When the examination began.
    began: Millis,
}

impl Row {
    fn new(result: CheckResult, report: &Report) -> Self {
        let is_said = matches!(result.standing, CheckStatus::Failed | CheckStatus::ToKnow);
        let call = result.step.filter(|_| is_said).and_then(|step| Some((step, report.record(step)?)));
        let code = result.error.as_ref().filter(|_| is_said).map(|error| error.code.to_string());
        let said = words::said(&result, &report.connection);
        Self { result, said, code, call, connection: Arc::clone(&report.connection), began: report.began }
    }

    /// Keeps its elements, and with them opened details and the focus, until it says something else. Which call
    /// shows a finding does not count: the limits are in every response.
    fn keyed(self, on_small_plan: Option<Callback<()>>) -> KeyedRow {
        let Self { result, said, code, call, began, .. } = &self;
        let Said { title, measure, body } = said;
        let (check, standing, rates, has_call) =
            (result.check, result.standing, rates(result), call.is_some());
        let key = format!(
            "{began}\n{check:?}\n{standing:?}\n{title}\n{measure}\n{body}\n{code:?}\n{rates:?}\n{has_call}"
        );
        KeyedRow::new(key, move || self.view(on_small_plan))
    }

    fn view(self, on_small_plan: Option<Callback<()>>) -> AnyView {
        let Self { result, said, code, call, connection, .. } = self;
        let Said { title, measure, body } = said;
        let (class, shape) = match result.standing {
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
        let values = rates(&result).map(rate_lines);
        let behind = (call.is_some() || code.is_some()).then(|| details(call, code, &connection));
        let offer = on_small_plan.filter(|_| matches!(result.finding, Finding::RatesSmall(_))).map(|take| {
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
}

/// The rate limit headers that were read.
fn rates(result: &CheckResult) -> Option<&[(Box<str>, Box<str>)]> {
    let Finding::RatesRead(rates) = &result.finding else { return None };
    Some(rates)
}

/// The rate limit headers, one per line.
fn rate_lines(rates: &[(Box<str>, Box<str>)]) -> AnyView {
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
    view! { <ul>{lines}</ul> }.into_any()
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
