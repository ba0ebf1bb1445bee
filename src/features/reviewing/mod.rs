//! What is shown before anything is sent: the checks of a plan, the sentence beside the button, the button.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Connection, Plan, Problem, ProblemCode, Severity, Status, Summary, Vendor, overlap};
use leptos::prelude::*;

use crate::features::words;
use crate::state::config::use_config;
use crate::state::runs::{RunSummary, use_runs};
use crate::state::session::use_session;
use browser::clock;
use i18n::text;
use ui::{Button, Tone, Variant, glyph};

/// A plan recomputed whenever the form changes; `None` while the form has no list to plan with.
pub type Draft = Memo<Option<Arc<Plan>>>;

/// Makes a draft from the contents of a form.
pub fn draft(make: impl Fn() -> Option<Plan> + Send + Sync + 'static) -> Draft {
    let most = use_config().limits.people_in_plan;
    // Plans are never compared: any recomputation is reason enough to redraw.
    Memo::new_with_compare(move |_| make().map(|plan| Arc::new(plan.limited_to(most))), |_, _| true)
}

/// Confirmed warnings, by code and content. A confirmation lapses when the plan says something else.
#[derive(Clone, Copy, Debug)]
pub struct Confirmed(RwSignal<Vec<(ProblemCode, Box<str>)>>);

impl Default for Confirmed {
    fn default() -> Self {
        Self(RwSignal::new(Vec::new()))
    }
}

impl Confirmed {
    fn has(self, problem: &Problem) -> bool {
        self.0
            .with(|known| known.iter().any(|(code, found)| *code == problem.code && *found == problem.found))
    }

    fn set(self, problem: &Problem, is_confirmed: bool) {
        let key = (problem.code, problem.found.clone());
        self.0.update(|known| {
            known.retain(|other| *other != key);
            if is_confirmed {
                known.push(key);
            }
        });
    }

    /// The first unconfirmed warning of a plan.
    fn missing(self, plan: &Plan) -> Option<&Problem> {
        plan.warnings().find(|problem| !self.has(problem))
    }
}

/// The number of people that a draft shares with running runs in memory: they are no longer "to be sent", but a new
/// plan does not find them yet.
fn under_way(plan: Draft) -> Memo<usize> {
    let runs = use_runs();
    let sending = Memo::new(move |_| {
        let summaries = runs.summaries().into_iter();
        let is_sending =
            |run: &RunSummary| run.is_active() && matches!(run.status, Status::Running | Status::Stopping);
        summaries.filter(is_sending).map(|run| (run.id, run.connection)).collect::<Vec<_>>()
    });
    Memo::new(move |_| {
        let (plan, sending) = (plan.get(), sending.get());
        let Some(plan) = plan else { return 0 };
        let here = sending.iter().filter(|(_, connection)| *connection == plan.connection);
        let held = here.filter_map(|(id, _)| runs.loaded(id));
        // The plan of a run does not change while it is under way.
        let shared = held.flat_map(|run| untrack(|| run.with_run(|run| overlap::shared(&plan, run.plan()))));
        shared.collect::<BTreeSet<_>>().len()
    })
}

/// The checks beside a form or in a drawer: what is new, what is already so, problems and warnings.
pub fn checks(plan: Draft, vendor: Vendor, confirmed: Confirmed, n_refused_here: Signal<usize>) -> AnyView {
    let under_way = under_way(plan);
    let view = move || {
        let plan = plan.get();
        let n_refused = n_refused_here.get() + plan.as_ref().map_or(0, |plan| plan.n_people_left_out());
        let refused = (n_refused > 0).then(|| line(Tone::Refused, text::plan_refused_here(n_refused)));
        let Some(plan) = plan else { return view! { {refused} }.into_any() };
        let (n_send, n_same) = (plan.n_people_to_send(), plan.n_people_so_already());
        let n_under_way = under_way.get();
        let going = (n_under_way > 0).then(|| line(Tone::Info, text::plan_under_way(n_under_way)));
        let n_new = n_send.saturating_sub(n_under_way);
        let new = (n_new > 0).then(|| line(Tone::Done, text::plan_to_send(n_new)));
        // Changes to a group itself concern no people, so they are counted as changes.
        let new = new.or_else(|| {
            let n_changes = plan.to_send().count();
            (n_changes > 0 && n_under_way == 0).then(|| line(Tone::Done, text::plan_changes(n_changes)))
        });
        let same = (n_same > 0).then(|| line(Tone::Same, text::plan_same_already(n_same)));
        let problems = grouped(&plan.problems);
        let problems =
            problems.into_iter().map(|problem| problem_line(problem, vendor, confirmed)).collect_view();
        view! {
            {going}
            {new}
            {same}
            {refused}
            {problems}
        }
        .into_any()
    };
    view! { <ul class="checks">{view}</ul> }.into_any()
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

/// Maximum number of people named individually per reason for being left out.
const MAX_LEFT_OUT: usize = 5;

/// Deduplicates problems: notes are shown once per code, refusals for the first `MAX_LEFT_OUT` people.
fn grouped(problems: &[Problem]) -> Vec<Problem> {
    let mut shown: Vec<Problem> = Vec::new();
    for problem in problems {
        let n_said = shown.iter().filter(|other| other.code == problem.code).count();
        let is_said = match problem.severity {
            Severity::Info => n_said > 0,
            Severity::Refused => n_said >= MAX_LEFT_OUT,
            Severity::Warning | Severity::Blocking => false,
        };
        if !is_said {
            shown.push(problem.clone());
        }
    }
    shown
}

fn line(tone: Tone, sentence: String) -> AnyView {
    view! { <li class=tone.class()>{tone.glyph()}<span>{sentence}</span></li> }.into_any()
}

fn problem_line(problem: Problem, vendor: Vendor, confirmed: Confirmed) -> AnyView {
    let sentence = words::problem(&problem, vendor);
    match problem.severity {
        Severity::Info => line(Tone::Info, sentence),
        Severity::Refused | Severity::Blocking => line(Tone::Refused, sentence),
        Severity::Warning => {
            let is_confirmed = {
                let problem = problem.clone();
                move || confirmed.has(&problem)
            };
            view! {
                <li class="is-unknown">
                    {glyph("o-warn")} <span>{sentence}</span> <div class="more">
                        <label class="check">
                            <input
                                class="tick"
                                type="checkbox"
                                prop:checked=is_confirmed
                                on:change=move |event| confirmed.set(&problem, event_target_checked(&event))
                            />
                            <span>{text::plan_confirm}</span>
                        </label>
                    </div>
                </li>
            }
            .into_any()
        }
    }
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
    on_send: Callback<(Arc<Plan>,)>,
) -> impl IntoView {
    let session = use_session();
    let vendor = connection.vendor;
    let under_way = under_way(plan);
    let sentence = move || {
        let plan = plan.get()?;
        if under_way.get() > 0 {
            return Some([&text::plan_under_way(under_way.get()), "."].concat());
        }
        if plan.to_send().next().is_none() {
            return Some(text::plan_nothing());
        }
        let limits = vendors::limits(vendor, &*connection);
        let summary = Summary::of(&plan, &limits, &session.budget(&connection).borrow(), clock::now());
        Some(text::plan_sentence(text::PlanSentence {
            cost: &words::cost(&plan, &summary),
            what: &words::what(&plan, &connection),
        }))
    };
    let n_left_out = move || plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.n_people_left_out()));
    let stays = move || Some(n_staying.get() + n_left_out()).filter(|n| *n > 0).map(text::plan_stays);
    let why_off = move || {
        let Some(plan) = plan.get() else { return Some(text::problems_empty_list()) };
        if let Some(blocking) = plan.problems.iter().find(|problem| problem.severity == Severity::Blocking) {
            return Some(words::problem(blocking, vendor));
        }
        if plan.to_send().next().is_none() {
            let left_out = plan.problems.iter().find(|problem| problem.severity == Severity::Refused);
            return Some(left_out.map_or_else(text::plan_nothing, |problem| words::problem(problem, vendor)));
        }
        if under_way.get() > 0 {
            return Some(text::plan_under_way_wait());
        }
        confirmed.missing(&plan).map(|_| text::plan_confirm_first())
    };
    let off = Signal::derive(move || reason.get().or_else(&why_off));
    let send = move || {
        if let (None, Some(plan)) = (off.get_untracked(), plan.get_untracked()) {
            on_send.run((plan,));
        }
    };
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
            </p>
            <Button label=label variant=Variant::Primary disabled_reason=off busy=busy on_press=send />
        </div>
    }
    .into_any()
}
