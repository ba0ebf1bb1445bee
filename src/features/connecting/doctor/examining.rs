//! Examines a connection and words the findings: fetched when a user asks for it.

use std::rc::Rc;

use domain::Credentials;
use domain::examination::{CheckStatus, Examination, ExaminationSetting, ResultCounts};
use futures::future::abortable;
use leptos::prelude::*;
use leptos::task::spawn_local;
use vendors::examine;

use super::ask::Examiner;
use super::report::Report;
use super::{Blank, Card, Subject, operator_message, rows, words};
use browser::{clock, transport};
use i18n::{format_time, text};

/// What examines a connection.
#[derive(Clone, Copy, Debug)]
pub struct DoctorCode {
    pub(super) examine: fn(Card, Subject),
    /// What was found, in short; the second flag is whether the examination is under way.
    pub(super) summary: fn(&Report, bool) -> (String, String),
    pub(super) effort: fn(&Report) -> String,
    /// The list of checks; it follows the report.
    pub(super) checks: fn(RwSignal<Option<Report>>, Option<Callback<()>>) -> AnyView,
    /// The text for the operator of the other side.
    pub(super) message: fn(&Report) -> String,
}

impl DoctorCode {
    /// The code itself; what names it contains it.
    pub fn new() -> Self {
        Self { examine, summary, effort, checks: rows::checks, message: operator_message::operator_message }
    }
}

impl Default for DoctorCode {
    fn default() -> Self {
        Self::new()
    }
}

fn examine(card: Card, subject: Subject) {
    let Some((connection, credentials)) = subject.run(()) else {
        card.report.set(None);
        card.blank.set(Blank::FormFirst);
        return;
    };
    let has_key = credentials != Credentials::None || !untrack(|| card.session.needs_key(&connection));
    let is_token = matches!(credentials, Credentials::Token(_));
    let is_private = transport::is_private(&connection.base_url);
    // Only the page knows which host it came from.
    let is_own_site = transport::is_own(&connection.base_url);
    let setting =
        ExaminationSetting { is_own_site, ..examine::setting(&connection, has_key, is_token, is_private) };
    let headers = setting.headers.clone();
    card.report.set(Some(Report::new(connection.clone(), Examination::new(setting), clock::now())));
    card.is_running.set(true);
    let (task, handle) = abortable(async move {
        let mut examiner =
            Examiner { session: card.session, connection: &connection, credentials, headers, group: None };
        // The page may be left meanwhile.
        while let Some(step) =
            card.report.try_with_untracked(|report| report.as_ref()?.examination.next()).flatten()
        {
            let (seen, call) = examiner.take(step).await;
            card.report.try_update(|report| {
                if let Some(report) = report {
                    report.note(step, seen, call, clock::now());
                }
            });
        }
        if let Some(Some(report)) = card.report.try_get_untracked() {
            card.session.remember_finding(&connection.id, Rc::new(report));
        }
    });
    card.under_way.set_value(Some(handle));
    spawn_local(async move {
        // An aborted examination has already reset this in `end`.
        if task.await.is_ok() {
            card.is_running.try_set(false);
        }
    });
}

fn summary(report: &Report, is_running: bool) -> (String, String) {
    let rows = report.examination.rows();
    if is_running {
        // The latest finding, for screen readers.
        let last = rows.iter().rev().find(|row| row.standing != CheckStatus::Waiting && row.step.is_some());
        let found = last.map(|row| words::said(row, &report.connection).title).unwrap_or_default();
        return (text::doctor_under_way(&found), String::new());
    }
    words::summary(ResultCounts::of(&rows))
}

fn effort(report: &Report) -> String {
    let calls = text::doctor_n_calls(report.examination.n_calls());
    let seconds = words::seconds(report.took_ms);
    if report.examination.next().is_some() {
        return text::doctor_effort(text::DoctorEffort { calls: &calls, seconds: &seconds });
    }
    let time = format_time(report.began as f64);
    text::doctor_effort_at(text::DoctorEffortAt { calls: &calls, seconds: &seconds, time: &time })
}
