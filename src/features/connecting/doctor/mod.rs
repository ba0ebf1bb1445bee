//! The connection doctor: examines a connection step by step, reports findings and fixes, and writes a text
//! for the operator of the other side. It only reads.

mod ask;
mod operator_message;
mod report;
mod rows;
mod words;

use std::rc::Rc;

use domain::examination::{CheckStatus, Examination, ExaminationSetting, ResultCounts};
use domain::{Connection, ConnectionId, Credentials};
use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;
use vendors::examine;

use crate::state::session::{Session, use_session};
use ask::Examiner;
use browser::clock;
use browser::transport;
use i18n::{format_time, text};
use report::Report;
use ui::{Button, CodeBlock, Dialog, icon_sm};

/// What the card shows without a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blank {
    NotTried,
    FormFirst,
    Changed,
}

/// One card. Copies share the same signals.
#[derive(Clone, Copy)]
struct Card {
    session: Session,
    report: RwSignal<Option<Report>>,
    blank: RwSignal<Blank>,
    is_running: RwSignal<bool>,
    under_way: StoredValue<Option<AbortHandle>, LocalStorage>,
}

/// The card beside the form. `subject` returns what to examine, or `None` if the form is invalid.
/// Leaving the page aborts an examination; its findings stay with the connection until something changes.
#[component]
pub fn Doctor(
    subject: Callback<(), Option<(Connection, Credentials)>>,
    /// The connection being edited; not set for a new one.
    #[prop(optional)]
    of: Option<ConnectionId>,
    /// Tracks the fields of the form, so that a change discards the report.
    #[prop(optional, into)]
    tracks: Option<Callback<()>>,
    /// Applies the limits of the small plan to the form.
    #[prop(optional, into)]
    on_small_plan: Option<Callback<()>>,
) -> impl IntoView {
    let session = use_session();
    let card = Card {
        session,
        report: RwSignal::new(of.and_then(|id| stored_report(session, &id))),
        blank: RwSignal::new(Blank::NotTried),
        is_running: RwSignal::new(false),
        under_way: StoredValue::new_local(None),
    };
    Effect::new(move |before: Option<()>| {
        if let Some(tracks) = tracks {
            tracks.run(());
        }
        if before.is_some() {
            untrack(|| card.forget());
        }
    });
    on_cleanup(move || card.end());
    let effort = move || card.report.with(|report| report.as_ref().map(effort));
    let list =
        move || card.report.with(|report| report.as_ref().map(|report| rows::checks(report, on_small_plan)));
    view! {
        <section class="aside card" aria-label=text::connections_doctor>
            <div class="card-head">
                <h2>{text::connections_doctor}</h2>
                <span class="push tiny muted">{effort}</span>
            </div>
            <div class="doc-sum" role="status">
                {move || card.summary()}
            </div>
            {list}
            {foot(card, subject)}
        </section>
    }
    .into_any()
}

/// The last report on this connection, if the connection has not changed since.
fn stored_report(session: Session, id: &ConnectionId) -> Option<Report> {
    let report = session.finding(id)?.downcast_ref::<Report>()?.clone();
    let is_same = session.connection_now(id).is_some_and(|connection| connection == report.connection);
    is_same.then_some(report)
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

impl Card {
    fn examine(self, subject: Callback<(), Option<(Connection, Credentials)>>) {
        self.end();
        let Some((connection, credentials)) = subject.run(()) else {
            self.report.set(None);
            self.blank.set(Blank::FormFirst);
            return;
        };
        let has_key = credentials != Credentials::None || !untrack(|| self.session.needs_key(&connection));
        let is_token = matches!(credentials, Credentials::Token(_));
        let is_private = transport::is_private(&connection.base_url);
        // Only the page knows which host it came from.
        let is_own_site = transport::is_own(&connection.base_url);
        let setting = ExaminationSetting {
            is_own_site,
            ..examine::setting(&connection, has_key, is_token, is_private)
        };
        let headers = setting.headers.clone();
        self.report.set(Some(Report::new(connection.clone(), Examination::new(setting), clock::now())));
        self.is_running.set(true);
        let (task, handle) = abortable(async move {
            let mut examiner = Examiner {
                session: self.session,
                connection: &connection,
                credentials,
                headers,
                group: None,
            };
            // The page may be left meanwhile.
            while let Some(step) =
                self.report.try_with_untracked(|report| report.as_ref()?.examination.next()).flatten()
            {
                let (seen, call) = examiner.take(step).await;
                self.report.try_update(|report| {
                    if let Some(report) = report {
                        report.note(step, seen, call, clock::now());
                    }
                });
            }
            if let Some(Some(report)) = self.report.try_get_untracked() {
                self.session.remember_finding(&connection.id, Rc::new(report));
            }
        });
        self.under_way.set_value(Some(handle));
        spawn_local(async move {
            // An aborted examination has already reset this in `end`.
            if task.await.is_ok() {
                self.is_running.try_set(false);
            }
        });
    }

    /// Aborts the examination, including its pending call.
    fn end(self) {
        if let Some(handle) = self.under_way.try_update_value(Option::take).flatten() {
            handle.abort();
        }
        self.is_running.try_set(false);
    }

    fn stop(self) {
        self.end();
        self.report.update(|report| {
            if let Some(report) = report {
                report.examination.stop();
            }
        });
    }

    /// Discards the report: the form has changed, so it is about something else.
    fn forget(self) {
        self.end();
        if self.report.with_untracked(Option::is_some) {
            self.report.set(None);
            self.blank.set(Blank::Changed);
        }
    }

    fn summary(self) -> AnyView {
        let is_running = self.is_running.get();
        let said = self.report.with(|report| {
            let report = report.as_ref()?;
            let rows = report.examination.rows();
            if is_running {
                // The latest finding, for screen readers.
                let last =
                    rows.iter().rev().find(|row| row.standing != CheckStatus::Waiting && row.step.is_some());
                let found = last.map(|row| words::said(row, &report.connection).title).unwrap_or_default();
                return Some((text::doctor_under_way(&found), String::new()));
            }
            Some(words::summary(ResultCounts::of(&rows)))
        });
        let Some((first, rest)) = said else {
            let sentence = match self.blank.get() {
                Blank::NotTried => text::doctor_not_tried(),
                Blank::FormFirst => text::connections_form_first(),
                Blank::Changed => text::doctor_changed(),
            };
            return view! { <p class="small muted">{sentence}</p> }.into_any();
        };
        view! {
            <p class="small">
                <b>
                    <bdi translate="yes">{first}</bdi>
                </b>
                " "
                <span class="muted">{rest}</span>
            </p>
        }
        .into_any()
    }
}

fn foot(card: Card, subject: Callback<(), Option<(Connection, Credentials)>>) -> AnyView {
    let is_open = RwSignal::new(false);
    let is_over = move || !card.is_running.get() && card.report.with(Option::is_some);
    let label =
        Signal::derive(move || if is_over() { text::doctor_again() } else { text::connections_examine() });
    let promise = move || if is_over() { text::doctor_read_only() } else { text::doctor_will_read_only() };
    let stop = move || {
        card.is_running
            .get()
            .then(|| view! { <Button label=text::doctor_stop icon="square" small=true on_press=move || card.stop() /> })
    };
    let write = move || {
        is_over().then(|| {
            let open = move || is_open.set(true);
            view! { <Button label=text::doctor_letter_open icon="mail" small=true has_popup="dialog" on_press=open /> }
        })
    };
    let operator_message = Signal::derive(move || {
        card.report.with(|report| report.as_ref().map(operator_message::operator_message).unwrap_or_default())
    });
    view! {
        <div class="card-foot">
            <Button
                label=label
                icon="stethoscope"
                small=true
                busy=card.is_running
                on_press=move || card.examine(subject)
            />
            {stop}
            {write}
            <span class="row">{icon_sm("eye")}<span>{promise}</span></span>
        </div>
        <Dialog
            open=is_open
            title=text::doctor_letter_title
            foot=move || {
                view! { <Button label=text::ui_close on_press=move || is_open.set(false) /> }.into_any()
            }
        >
            <div class="stack-2 letter">
                <p class="help">{text::doctor_letter_help}</p>
                <CodeBlock
                    title=text::doctor_letter_code
                    code=operator_message
                    copy_label=text::doctor_letter_copy
                />
            </div>
        </Dialog>
    }
    .into_any()
}
