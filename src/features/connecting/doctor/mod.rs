//! The connection doctor: examines a connection step by step, reports findings and fixes, and writes a text
//! for the operator of the other side. It only reads.

mod ask;
mod examining;
mod operator_message;
mod report;
mod rows;
mod words;

use domain::{Connection, ConnectionId, Credentials};
use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::code::{self, Code, Fetch, NotFetched};
use crate::state::session::{Session, use_session};
use i18n::text;
use report::Report;
use ui::{Button, CodeBlock, Dialog, effect_after, icon_sm};

pub use examining::DoctorCode;

/// Returns what to examine, or `None` if the form is invalid.
type Subject = Callback<(), Option<(Connection, Credentials)>>;

thread_local! {
    static DOCTOR: Code<DoctorCode> = const { Code::new() };
}

/// Sets how the code that examines is fetched.
pub fn provide_doctor(fetch: Fetch<DoctorCode>) {
    DOCTOR.with(|code| code.provide(fetch));
}

/// Without it there is no report.
fn fetched() -> Option<DoctorCode> {
    DOCTOR.with(Code::fetched)
}

/// What the card shows without a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blank {
    NotTried,
    FormFirst,
    Changed,
    /// The code that examines could not be fetched.
    NotFetched,
}

/// One card. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
struct Card {
    session: Session,
    report: RwSignal<Option<Report>>,
    blank: RwSignal<Blank>,
    is_running: RwSignal<bool>,
    /// Fetching the code, and then the examination.
    under_way: StoredValue<Option<AbortHandle>, LocalStorage>,
}

/// The card beside the form. `subject` returns what to examine, or `None` if the form is invalid.
/// Leaving the page aborts an examination; its findings stay with the connection until something changes.
#[component]
pub fn Doctor(
    subject: Subject,
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
    effect_after(move |before: Option<()>| {
        if let Some(tracks) = tracks {
            tracks.run(());
        }
        if before.is_some() {
            untrack(|| card.forget());
        }
    });
    on_cleanup(move || card.end());
    let effort = move || card.report.with(|report| Some((fetched()?.effort)(report.as_ref()?)));
    // The list itself follows the report, row by row.
    let has_report = Memo::new(move |_| card.report.with(Option::is_some));
    let list = move || has_report.get().then(|| Some((fetched()?.checks)(card.report, on_small_plan)));
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

impl Card {
    /// Examines the connection. The code for it is fetched first.
    fn examine(self, subject: Subject) {
        self.end();
        self.is_running.set(true);
        let (fetching, handle) = abortable(code::fetched(&DOCTOR));
        self.under_way.set_value(Some(handle));
        spawn_local(async move {
            // Stopped meanwhile, or the form has changed, or the page is gone: `end` has done the rest.
            let Ok(doctor) = fetching.await else { return };
            self.is_running.set(false);
            match doctor {
                Ok(doctor) => untrack(|| (doctor.examine)(self, subject)),
                Err(NotFetched) => self.blank.set(Blank::NotFetched),
            }
        });
    }

    /// Aborts the examination, including fetching its code and its pending call.
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
        let said = self.report.with(|report| Some((fetched()?.summary)(report.as_ref()?, is_running)));
        let Some((first, rest)) = said else {
            let sentence = match self.blank.get() {
                Blank::NotTried => text::doctor_not_tried(),
                Blank::FormFirst => text::connections_form_first(),
                Blank::Changed => text::doctor_changed(),
                Blank::NotFetched => {
                    [text::results_not_loaded(), text::results_not_loaded_operator()].join(" ")
                }
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

fn foot(card: Card, subject: Subject) -> AnyView {
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
        let message = card.report.with(|report| Some((fetched()?.message)(report.as_ref()?)));
        message.unwrap_or_default()
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
