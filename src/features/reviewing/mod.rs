//! What is shown before anything is sent: the checks of a plan, the sentence beside the button, the button.
//!
//! Only `preview` reads plans. It is fetched with the engine, without which there is no plan.

mod preview;
pub mod reversal_words;

use std::sync::Arc;

use domain::{Approval, Connection, Plan, PlanId, ProblemCode, Status, Vendor};
use hosting::Feature;
use leptos::prelude::*;

use crate::features::approval::ask_button;
use crate::features::words;
use crate::state::code::Stage;
use crate::state::config::use_config;
use crate::state::runs::{
    Engine, PlanInput, RunSummary, RunView, Runs, engine_stage, fetch_engine, fetched_engine, needed_engine,
    use_runs,
};
use crate::state::session::use_session;
use i18n::text;
use ui::{Button, Tone, Variant};

pub use preview::install_preview;
use preview::preview;

/// A plan to send.
#[derive(Clone, Debug)]
pub struct ToSend {
    plan: Arc<Plan>,
    engine: Engine,
    /// The run that has to end first.
    ahead: Option<PlanId>,
}

impl ToSend {
    /// Applies the plan under its id; `None` if its connection is gone or it is not applicable.
    pub fn start(&self, runs: Runs) -> Option<RunView> {
        self.start_as(runs, self.plan.id.clone())
    }

    /// Applies the plan under a new id, for a form that makes several.
    pub fn start_anew(&self, runs: Runs) -> Option<RunView> {
        self.start_as(runs, runs.next_plan_id())
    }

    /// The same plan with the approval of a review: its run compares each change once more before it sends it.
    #[must_use]
    pub fn approved(self, approval: Approval) -> Self {
        let plan = Plan { approval: Some(approval), ..Plan::clone(&self.plan) };
        Self { plan: Arc::new(plan), ..self }
    }

    fn start_as(&self, runs: Runs, id: PlanId) -> Option<RunView> {
        let run = self.engine.start(runs, Plan { id, ..Plan::clone(&self.plan) })?;
        if let Some(ahead) = &self.ahead {
            runs.queue(run.id(), ahead.clone());
        }
        Some(run)
    }
}

/// Called with the plan to send.
pub type OnSend = Callback<(ToSend,)>;

/// A plan recomputed whenever the form changes; `None` while the form has no list to plan with, or the engine is
/// not here.
pub type Draft = Memo<Option<Arc<Plan>>>;

/// Makes a draft from the contents of a form, as soon as the engine is here. It is fetched once there is
/// something to plan.
pub fn draft(make: impl Fn() -> Option<PlanInput> + Send + Sync + 'static) -> Draft {
    let most = use_config().limits.people_in_plan;
    let plan = move || {
        let input = make()?;
        Some(Arc::new(needed_engine()?.plan(&input).limited_to(most)))
    };
    // Plans are never compared: any recomputation is reason enough to redraw.
    Memo::new_with_compare(move |_| plan(), |_, _| true)
}

/// Confirmed warnings, by code and content. A confirmation lapses when the plan says something else.
#[derive(Clone, Copy, Debug)]
pub struct Confirmed(RwSignal<Vec<(ProblemCode, Box<str>)>>);

impl Default for Confirmed {
    fn default() -> Self {
        Self(RwSignal::new(Vec::new()))
    }
}

/// The number of people that a draft shares with active runs in memory: they are no longer "to be sent", but a new
/// plan does not find them yet. A paused run may go on at any time, but never once its connection leads elsewhere.
fn under_way(plan: Draft) -> Memo<usize> {
    let (session, runs) = (use_session(), use_runs());
    let sending = Memo::new(move |_| {
        let summaries = runs.summaries().into_iter();
        let can_go_on = |run: &RunSummary| {
            session.connection_now(&run.connection).is_some_and(|now| now.target() == run.target)
        };
        let is_sending = |run: &RunSummary| {
            run.is_active() && (!matches!(run.status, Status::Paused(_)) || can_go_on(run))
        };
        summaries.filter(is_sending).map(|run| (run.id, run.connection)).collect::<Vec<_>>()
    });
    Memo::new(move |_| {
        let (plan, sending) = (plan.get(), sending.get());
        plan.zip(preview()).map_or(0, |(plan, preview)| (preview.n_under_way)(&plan, runs, &sending))
    })
}

/// The checks beside a form or in a drawer: what is new, what is already so, problems and warnings.
pub fn checks(plan: Draft, vendor: Vendor, confirmed: Confirmed, n_refused_here: Signal<usize>) -> AnyView {
    let under_way = under_way(plan);
    let view = move || {
        let n_refused = n_refused_here.get();
        match plan.get().zip(preview()) {
            Some((plan, preview)) => (preview.checks)(&plan, vendor, confirmed, n_refused, under_way.get()),
            None => refused(n_refused).into_any(),
        }
    };
    view! { <ul class="checks">{view}</ul> }.into_any()
}

fn refused(n: usize) -> Option<AnyView> {
    (n > 0).then(|| line(Tone::Refused, text::plan_refused_here(n)))
}

fn line(tone: Tone, sentence: String) -> AnyView {
    view! { <li class=tone.class()>{tone.glyph()}<span>{sentence}</span></li> }.into_any()
}

pub fn checks_card(
    plan: Draft,
    vendor: Vendor,
    confirmed: Confirmed,
    n_refused_here: Signal<usize>,
) -> AnyView {
    let is_empty = move || plan.with(Option::is_none) && n_refused_here.get() == 0;
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{text::plan_before}</h2>
                <span class="push tiny muted">{text::plan_as_you_type}</span>
            </div>
            {checks(plan, vendor, confirmed, n_refused_here)}
            {move || {
                is_empty()
                    .then(|| view! { <div class="card-body muted small">{text::plan_nothing_yet}</div> })
            }}
        </section>
    }
    .into_any()
}

/// The button that asks someone else to look at the plan first, while it could be sent. Why it cannot is said beside the
/// button that sends.
fn ask_first(
    asked: (Arc<Connection>, Draft),
    unsendable: Signal<Option<String>>,
    busy: Signal<bool>,
) -> AnyView {
    let has_reviews = use_config().has(Feature::Reviews);
    let can_ask = Memo::new(move |_| has_reviews && unsendable.with(Option::is_none) && !busy.get());
    let button = move || {
        let label = Signal::derive(text::review_ask);
        can_ask.get().then(|| ask_button(label, asked.clone(), Signal::stored(None), None))
    };
    button.into_any()
}

/// Says that the code that makes plans could not be fetched.
fn engine_missing() -> Option<AnyView> {
    (engine_stage() == Stage::Missing).then(|| {
        view! {
            <span>{text::plan_not_loaded}</span>
            " "
            <Button label=text::ui_try_again variant=Variant::Link small=true on_press=fetch_engine />
        }
        .into_any()
    })
}

/// The foot of a form: one sentence about what will happen, and the button that starts it.
#[component]
pub fn SendFoot(
    connection: Arc<Connection>,
    plan: Draft,
    confirmed: Confirmed,
    /// The button's label, a verb and a count.
    #[prop(into)]
    label: Signal<String>,
    /// Why nothing can be sent although the plan allows it, such as an empty field.
    #[prop(into)]
    reason: Signal<Option<String>>,
    /// Number of unusable entries that stay in the list.
    #[prop(into)]
    n_staying: Signal<usize>,
    #[prop(into)] busy: Signal<bool>,
    /// Whether a review has approved the plan: then it is sent whatever the operator's rules, and nobody is asked again.
    #[prop(optional)]
    approved: bool,
    on_send: OnSend,
) -> impl IntoView {
    let (session, vendor, of) = (use_session(), connection.vendor, connection.id.clone());
    let under_way = under_way(plan);
    let sentence = {
        let connection = connection.clone();
        move || {
            let (plan, preview) = (plan.get()?, preview()?);
            let mut said = (preview.sentence)(&plan, session, &connection, under_way.get());
            if approved || plan.is_undo {
                said.extend((preview.rechecks)(&plan).into_iter().flat_map(|more| [" ".to_owned(), more]));
            }
            Some(said)
        }
    };
    let n_left_out = move || plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.n_people_left_out()));
    let stays = move || Some(n_staying.get() + n_left_out()).filter(|n| *n > 0).map(text::plan_stays);
    let why_off = move || {
        let Some((plan, preview)) = plan.get().zip(preview()) else {
            return Some(match engine_stage() {
                Stage::Fetching => text::plan_preparing(),
                Stage::Missing => text::plan_not_loaded_why(),
                Stage::NotNeeded | Stage::Fetched => text::problems_empty_list(),
            });
        };
        (preview.why_off)(&plan, vendor, confirmed, under_way.get())
    };
    let unsendable = Signal::derive(move || reason.get().or_else(&why_off));
    let needs_review = move || {
        let (plan, preview) = (plan.get()?, preview()?);
        (preview.why_not_alone)(session, &plan)
    };
    let off =
        Signal::derive(move || unsendable.get().or_else(|| if approved { None } else { needs_review() }));
    let (runs, is_queued) = (use_runs(), RwSignal::new(false));
    // The run that uses the same rate limit now.
    let ahead = Memo::new(move |_| {
        let is_ahead =
            |run: &RunSummary| run.connection == of && run.is_active() && run.status == Status::Running;
        runs.summaries().into_iter().find(is_ahead)
    });
    let queue = move || {
        let ahead = ahead.get().filter(|_| plan.with(Option::is_some))?;
        let change = move |event| is_queued.set(event_target_checked(&event));
        let label = text::plan_queue(&words::title(&ahead.title));
        Some(view! {
            <label class="check queue">
                <input class="tick" type="checkbox" prop:checked=is_queued on:change=change />
                <span>{label}</span>
            </label>
        })
    };
    let send = move || {
        if let (None, Some(plan), Some(engine)) =
            (off.get_untracked(), plan.get_untracked(), untrack(fetched_engine))
        {
            let ahead = ahead.get_untracked().filter(|_| is_queued.get_untracked()).map(|run| run.id);
            on_send.run((ToSend { plan, engine, ahead },));
        }
    };
    let ask = (!approved).then(|| ask_first((connection, plan), unsendable, busy));
    view! {
        <div class="compose-foot">
            <p class="say" role="status">
                {move || {
                    sentence()
                        .map(|sentence| {
                            view! {
                                <span>{sentence}</span>
                                " "
                            }
                        })
                }}
                {move || stays().map(|stays| view! { <span class="nowrap">{stays}</span> })}
                {engine_missing}
            </p>
            {queue}
            {ask}
            <Button label=label variant=Variant::Primary disabled_reason=off busy=busy on_press=send />
        </div>
    }
    .into_any()
}
