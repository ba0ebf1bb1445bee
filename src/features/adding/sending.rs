//! A form whose contents become a plan: its fields, the checks before sending, the button, and the results
//! afterwards.

use std::sync::Arc;

use domain::{Connection, Plan, PlanId};
use leptos::prelude::*;

use crate::features::results::run_results;
use crate::features::reviewing::{Confirmed, Draft, OnSend, SendFoot, checks_card};
use crate::routing::query;
use crate::state::runs::{Engine, RunView, use_runs};
use ui::effect;

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
    when_over(run, on_end);
    let send = move |(plan, engine): (Arc<Plan>, Engine)| {
        if let Some(run) = engine.start(runs, Plan::clone(&plan)) {
            set_run.set(Some(run.id().to_string()));
        }
    };
    let shown = Memo::new_with_compare(
        move |_| run(),
        |before, after| {
            before.map(|run| run.as_ref().map(RunView::id)) != after.map(|run| run.as_ref().map(RunView::id))
        },
    );
    let form = Checked { connection, plan, label, reason, n_unusable, busy: is_busy.into() };
    let results = move || shown.get().map(|run| run_results(run, false));
    checked(form, Callback::new(send), fields, results.into_any())
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
}

/// The card of a form with its button, the checks beside it, and `below` beneath it.
pub fn checked(form: Checked, on_send: OnSend, fields: AnyView, below: AnyView) -> AnyView {
    let confirmed = Confirmed::default();
    let checks = checks_card(form.plan, form.connection.vendor, confirmed, form.n_unusable);
    view! {
        <div class="split">
            <div class="stack">{form_card(form, confirmed, on_send, fields)} {below}</div>
            <div class="aside">{checks}</div>
        </div>
    }
    .into_any()
}

/// The card of a form: its fields, and the button with the sentence beside it.
pub(super) fn form_card(form: Checked, confirmed: Confirmed, on_send: OnSend, fields: AnyView) -> AnyView {
    let Checked { connection, plan, label, reason, n_unusable, busy } = form;
    view! {
        <form class="card compose" on:submit=move |event| event.prevent_default()>
            <div class="card-body stack">{fields}</div>
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
