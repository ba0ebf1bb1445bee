//! A form whose content becomes a plan: its fields, what is to be known before sending, the button, and
//! afterwards what came of it.

use std::sync::Arc;

use domain::{Connection, Plan, PlanId};
use leptos::prelude::*;

use crate::features::results::RunResults;
use crate::features::reviewing::{Confirmed, Draft, SendFoot, checks_card};
use crate::features::words;
use crate::routing::query;
use crate::state::runs::{RunView, use_runs};

/// What a form needs around it.
#[derive(Debug)]
pub struct Sending {
    /// Where it goes.
    pub connection: Arc<Connection>,
    /// What it holds, as a plan.
    pub plan: Draft,
    /// What the button says, as verb and object.
    pub label: Signal<String>,
    /// Why it cannot be sent yet, apart from what the plan says.
    pub reason: Signal<Option<String>>,
    /// Pieces of its lists that cannot be used.
    pub n_unusable: Signal<usize>,
    /// Runs once when what was sent has ended.
    pub on_end: Callback<(RunView,)>,
    /// Under which name the run stands in the address, so that it is found again when the page is drawn anew.
    pub run_key: &'static str,
}

/// True while what was sent under this name in the address goes on.
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
    // Whether a run goes on changes twice; its progress changes with every answer.
    let is_busy = Memo::new(move |_| run().is_some_and(|run| !run.is_over()));
    let ended = StoredValue::new(None);
    Effect::new(move |_| {
        let Some(run) = run().filter(|run| run.is_over()) else { return };
        if ended.get_value().as_ref() != Some(run.id()) {
            ended.set_value(Some(run.id().clone()));
            untrack(|| on_end.run((run,)));
        }
    });
    let of = connection.clone();
    let send = move |(plan,): (Arc<Plan>,)| {
        if let Some(run) = runs.start(Plan::clone(&plan), &words::what(&plan, &of)) {
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
    let results = move || shown.get().map(|run| view! { <RunResults run=run /> });
    checked(form, Callback::new(send), fields, results.into_any())
}

/// A form that is checked as it is filled in.
#[derive(Debug)]
pub struct Checked {
    /// Where it goes.
    pub connection: Arc<Connection>,
    /// What it holds, as a plan.
    pub plan: Draft,
    /// What the button says, as verb and object.
    pub label: Signal<String>,
    /// Why it cannot be sent yet, apart from what the plan says.
    pub reason: Signal<Option<String>>,
    /// Pieces of its lists that cannot be used.
    pub n_unusable: Signal<usize>,
    /// Whether what was sent before goes on still.
    pub busy: Signal<bool>,
}

/// The card of a form with its button, what is to be known before sending beside it, and `below` beneath it.
pub fn checked(form: Checked, on_send: Callback<(Arc<Plan>,)>, fields: AnyView, below: AnyView) -> AnyView {
    let Checked { connection, plan, label, reason, n_unusable, busy } = form;
    let (vendor, confirmed) = (connection.vendor, Confirmed::default());
    view! {
        <div class="split">
            <div class="stack">
                <div class="card compose">
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
                </div>
                {below}
            </div>
            <div class="aside">{checks_card(plan, vendor, confirmed, n_unusable)}</div>
        </div>
    }
    .into_any()
}
