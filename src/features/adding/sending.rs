//! A form whose contents become a plan: its fields, the checks before sending, the button, and the results
//! afterwards.

use std::sync::Arc;

use domain::{Connection, PlanId};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::features::results::{receipt_card, run_results};
use crate::features::reviewing::{Confirmed, Draft, OnSend, SendFoot, ToSend, checks_card};
use crate::routing::query;
use crate::shell::frame::focus_page;
use crate::state::runs::{RunView, use_runs};
use i18n::text;
use ui::{Button, Variant, effect};

/// What a form needs around it.
#[derive(Debug)]
pub struct Sending {
    /// The connection that the plan is sent through.
    pub connection: Arc<Connection>,
    /// The contents as a plan.
    pub plan: Draft,
    /// The button's label, a verb and an object.
    pub label: Signal<String>,
    /// Why it cannot be sent yet, apart from the plan's problems.
    pub reason: Signal<Option<String>>,
    /// Number of unusable entries in its lists.
    pub n_unusable: Signal<usize>,
    /// Called once when the run is over.
    pub on_end: Callback<(RunView,)>,
    /// The parameter of the run in the URL, so that a redrawn page finds it again.
    pub run_key: &'static str,
}

/// True while the run in this URL parameter is under way.
pub fn is_under_way(run_key: &'static str) -> Signal<bool> {
    let runs = use_runs();
    let (run_id, _) = query::quiet_choice(run_key);
    let run = move || runs.get(&PlanId::new(run_id.get()));
    Memo::new(move |_| run().is_some_and(|run| !run.is_over())).into()
}

/// The form with everything around it.
pub fn sending(form: Sending, fields: AnyView) -> AnyView {
    let Sending { connection, plan, label, reason, n_unusable, on_end, run_key } = form;
    let runs = use_runs();
    let (run_id, set_run) = query::quiet_choice(run_key);
    let run = move || runs.get(&PlanId::new(run_id.get()));
    // This changes only twice per run, whereas progress changes with every answer.
    let is_busy = Memo::new(move |_| run().is_some_and(|run| !run.is_over()));
    // The run whose results were left while it was under way.
    let left = RwSignal::new(None::<PlanId>);
    let is_left = move |run: &RunView| left.with(|left| left.as_ref() == Some(run.id()));
    let ended = move |(run,): (RunView,)| {
        let is_left = is_left(&run);
        on_end.run((run,));
        if is_left {
            set_run.set(None);
        }
    };
    when_over(run, Callback::new(ended));
    let send = move |(to_send,): (ToSend,)| {
        if let Some(run) = to_send.start(runs) {
            set_run.set(Some(run.id().to_string()));
        }
    };
    let form = Checked { connection, plan, label, reason, n_unusable, busy: is_busy.into(), is_main: false };
    let form = checked(form, Callback::new(send), fields);
    let back = Callback::new(move |()| match untrack(run).filter(|run| untrack(|| !run.is_over())) {
        // The form stays busy, and is told of the end.
        Some(run) => left.set(Some(run.id().clone())),
        None => set_run.set(None),
    });
    let shown = move || run().filter(|run| !is_left(run));
    form_or_results(Signal::derive(shown), form, text::results_back_to_form, Signal::stored(0), back)
}

/// Calls `on_end` once for each run when it is over.
pub(super) fn when_over(run: impl Fn() -> Option<RunView> + 'static, on_end: Callback<(RunView,)>) {
    let ended = StoredValue::new(None);
    effect(move || {
        let Some(run) = run().filter(|run| run.is_over()) else { return };
        if ended.get_value().as_ref() != Some(run.id()) {
            ended.set_value(Some(run.id().clone()));
            untrack(|| on_end.run((run,)));
        }
    });
}

/// A form that is checked as it is filled in.
#[derive(Debug)]
pub struct Checked {
    /// The connection that the plan is sent through.
    pub connection: Arc<Connection>,
    /// The contents as a plan.
    pub plan: Draft,
    /// The button's label, a verb and an object.
    pub label: Signal<String>,
    /// Why it cannot be sent yet, apart from the plan's problems.
    pub reason: Signal<Option<String>>,
    /// Number of unusable entries in its lists.
    pub n_unusable: Signal<usize>,
    /// Whether an earlier run is still under way.
    pub busy: Signal<bool>,
    /// Whether it is the main form of its page, whose preview is a landmark.
    pub is_main: bool,
}

/// A form with its fields, the preview beside them, and the button with the sentence that sums it up. On a narrow
/// screen the preview stands between the fields and the button.
pub fn checked(form: Checked, on_send: OnSend, fields: AnyView) -> AnyView {
    let Checked { connection, plan, label, reason, n_unusable, busy, is_main } = form;
    let role = if is_main { "complementary" } else { "group" };
    let confirmed = Confirmed::default();
    let checks = checks_card(plan, connection.vendor, confirmed, n_unusable);
    view! {
        <form class="compose" on:submit=move |event| event.prevent_default()>
            <div class="card compose-fields">
                <div class="card-body stack">{fields}</div>
            </div>
            <div class="aside" role=role aria-label=text::plan_before>
                {checks}
            </div>
            <SendFoot
                connection=connection
                plan=plan
                confirmed=confirmed
                label=label
                reason=reason
                n_staying=n_unusable
                busy=busy
                on_send=on_send
            />
        </form>
    }
    .into_any()
}

fn is_link_to_this_page(event: &ev::MouseEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[aria-current=page]").ok().flatten());
    link.is_some()
}

/// Shows either the form or, once it was sent, the results in its place, with a button that leads back.
pub(super) fn form_or_results(
    run: Signal<Option<RunView>>,
    form: AnyView,
    more: impl Fn() -> String + Copy + Send + Sync + 'static,
    n_left: Signal<usize>,
    back: Callback<()>,
) -> AnyView {
    let is_sent = Memo::new(move |_| run.with(Option::is_some));
    // A link to the page that is shown leads to its form, too.
    let on_click = window_event_listener(ev::click, move |event| {
        if is_sent.get_untracked() && is_link_to_this_page(&event) {
            back.run(());
        }
    });
    on_cleanup(move || on_click.remove());
    // The id alone decides what is drawn: progress changes with every response.
    let id = Memo::new(move |_| run.with(|run| run.as_ref().map(|run| run.id().clone())));
    let results = move || {
        id.get()?;
        let run = run.get_untracked()?;
        let is_over = {
            let run = run.clone();
            Memo::new(move |_| run.is_over())
        };
        let left = move || Some(n_left.get()).filter(|n| is_over.get() && *n > 0).map(text::results_n_left);
        let press = move || {
            back.run(());
            focus_page();
        };
        let again = view! {
            <div class="cluster">
                <Button label=more variant=Variant::Primary on_press=press />
                <span class="small muted">{left}</span>
            </div>
        };
        let receipt = receipt_card(&run);
        Some(view! {
            <div class="split">
                <div class="stack">{run_results(run, false)} {again}</div>
                <div class="aside">{receipt}</div>
            </div>
        })
    };
    view! {
        <div class="stack" hidden=is_sent>
            {form}
        </div>
        {results}
    }
    .into_any()
}
