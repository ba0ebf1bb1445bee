//! Reads plans: their checks, what sending does, and why it cannot be sent. Fetched with the engine.

use domain::order;
use domain::plan::reversal::ReversalTally;
use domain::{
    Connection, ConnectionId, Effect, Millis, Person, Plan, PlanId, Problem, Rechecks, Scope, Severity,
    Summary, Vendor, overlap,
};
use leptos::prelude::*;

use super::{Confirmed, line, refused, reversal_words};
use crate::features::approval::policy::why_not_alone;
use crate::features::words;
use crate::state::code::Code;
use crate::state::runs::Runs;
use crate::state::session::Session;
use browser::clock;
use i18n::{format_list, text};
use ui::{Tone, glyph};

/// What reads plans.
#[derive(Clone, Copy)]
pub(super) struct Preview {
    /// The number of people that the plan shares with these runs.
    pub n_under_way: fn(&Plan, Runs, &[(PlanId, ConnectionId)]) -> usize,
    pub checks: fn(&Plan, Vendor, Confirmed, usize, usize) -> AnyView,
    pub sentence: fn(&Plan, Session, &Connection, usize) -> String,
    /// What its run does before each request, if it compares anything.
    pub rechecks: fn(&Plan) -> Option<String>,
    pub why_off: fn(&Plan, Vendor, Confirmed, usize) -> Option<String>,
    /// Why a plan that can be sent needs a review first.
    pub why_not_alone: fn(Session, &Plan) -> Option<String>,
}

thread_local! {
    static PREVIEW: Code<Preview> = const { Code::new() };
}

/// Makes plans readable; what names it contains the code.
pub fn install_preview() {
    PREVIEW.with(|code| {
        code.install(Preview { n_under_way, checks, sentence, rechecks, why_off, why_not_alone });
    });
}

/// What reads plans, if it is here.
pub(super) fn preview() -> Option<Preview> {
    PREVIEW.with(Code::fetched)
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

fn n_under_way(plan: &Plan, runs: Runs, sending: &[(PlanId, ConnectionId)]) -> usize {
    let here = sending.iter().filter(|(_, connection)| *connection == plan.connection);
    let held = here.filter_map(|(id, _)| runs.loaded(id));
    // The plan of a run does not change while it is under way.
    let shared = held.flat_map(|run| untrack(|| run.with_run(|run| overlap::shared(plan, run.plan()))));
    order::distinct(shared).len()
}

fn checks(
    plan: &Plan,
    vendor: Vendor,
    confirmed: Confirmed,
    n_refused_here: usize,
    n_under_way: usize,
) -> AnyView {
    let refused = refused(n_refused_here + plan.n_people_left_out());
    let effects = effects(plan);
    let (n_send, n_same) = (plan.n_people_to_send(), plan.n_people_so_already());
    let going = (n_under_way > 0).then(|| line(Tone::Info, text::plan_under_way(n_under_way)));
    let n_new = n_send.saturating_sub(n_under_way);
    let new = (n_new > 0).then(|| line(Tone::Done, text::plan_to_send(n_new)));
    // Changes to a group itself concern no people, so they are counted as changes.
    let new = new.or_else(|| {
        let n_changes = plan.to_send().count();
        (n_changes > 0 && n_under_way == 0).then(|| line(Tone::Done, text::plan_changes(n_changes)))
    });
    let same = (n_same > 0)
        .then(|| people_line(Tone::Same, text::plan_same_already(n_same), &plan.people_up_to_date()));
    let n_there = plan.n_groups_so_already();
    let there = (n_there > 0).then(|| line(Tone::Same, text::plan_groups_exist(n_there)));
    let problems = grouped(&plan.problems);
    let problems =
        problems.into_iter().map(|problem| problem_line(problem, vendor, confirmed)).collect_view();
    view! {
        {going}
        {new}
        {effects}
        {same}
        {there}
        {refused}
        {problems}
        {undoing(plan, vendor)}
    }
    .into_any()
}

/// What of the plan can be undone, and what is in the way of the rest.
fn undoing(plan: &Plan, vendor: Vendor) -> Option<AnyView> {
    let reversal = vendors::reversals(vendor);
    let tally = ReversalTally::of(plan.to_send().map(reversal));
    let n_all = plan.to_send().count();
    if n_all == 0 {
        return None;
    }
    if tally.n_exact == n_all {
        return Some(line(Tone::Info, text::undo_plan_exactly()));
    }
    let lossy = (tally.n_best_effort > 0).then(|| {
        let lost: Vec<String> = tally.lost.iter().map(|(lost, _)| reversal_words::loss(*lost)).collect();
        line(Tone::Info, text::undo_plan_lossy(tally.n_best_effort, &format_list(&lost)))
    });
    let never = tally.impossible.iter().map(|(why, n)| {
        line(Tone::Info, text::undo_plan_never(*n, &reversal_words::why_irreversible(*why, vendor)))
    });
    Some(
        view! {
            {lossy}
            {never.collect_view()}
        }
        .into_any(),
    )
}

/// A run that takes longer is explained by the vendor's rate limit.
const SLOW_MS: Millis = 60_000;

/// A line for each thing that happens to people, with their names; none if the title says it all.
fn effects(plan: &Plan) -> Option<AnyView> {
    let effects = plan.effects();
    let says_more = effects.len() > 1
        || matches!(
            effects.as_slice(),
            [(Effect::Ban | Effect::Remove | Effect::Promote(_) | Effect::Demote(_), _)]
        )
        || matches!(effects.as_slice(), [(Effect::JoinAs(scope), _)] if *scope != Scope::Participant);
    let one = |(effect, people): &(Effect, Vec<&Person>)| {
        people_line(effect_tone(*effect), words::effect(*effect, people.len()), people)
    };
    says_more.then(|| effects.iter().map(one).collect_view().into_any())
}

fn effect_tone(effect: Effect) -> Tone {
    match effect {
        Effect::Join | Effect::JoinAs(Scope::Participant) | Effect::Invite | Effect::Unban => Tone::Done,
        Effect::Ban
        | Effect::Remove
        | Effect::Unsubscribe
        | Effect::Promote(_)
        | Effect::Demote(_)
        | Effect::JoinAs(_)
        | Effect::Moderate => Tone::Info,
    }
}

/// Maximum number of people named for one line.
const MAX_NAMED: usize = 100;

/// A line with a count that opens to the people behind it.
fn people_line(tone: Tone, sentence: String, people: &[&Person]) -> AnyView {
    let name = |person: &&Person| {
        let key = person.key.as_str();
        let id = (key != person.label()).then(|| {
            view! {
                " "
                <bdi translate="no" class="id">
                    {key.to_owned()}
                </bdi>
            }
        });
        view! {
            <li>
                <bdi translate="no">{person.label().to_owned()}</bdi>
                {id}
            </li>
        }
    };
    let rest = people.len().saturating_sub(MAX_NAMED);
    let more = (rest > 0).then(|| view! { <li class="muted">{text::add_more_people(rest)}</li> });
    let named = people.iter().take(MAX_NAMED).map(name).collect_view();
    view! {
        <li class=tone
            .class()>
            {tone.glyph()} <details class="who">
                <summary>{sentence}</summary>
                <ul>{named} {more}</ul>
            </details>
        </li>
    }
    .into_any()
}

fn sentence(plan: &Plan, session: Session, connection: &Connection, n_under_way: usize) -> String {
    if n_under_way > 0 {
        return [&text::plan_under_way(n_under_way), "."].concat();
    }
    if plan.to_send().next().is_none() {
        return text::plan_nothing();
    }
    let limits = vendors::limits(connection.vendor, connection);
    let summary = Summary::of(plan, &limits, &session.budget(connection).borrow(), clock::now());
    let said = text::plan_sentence(text::PlanSentence {
        cost: &words::cost(plan, &summary),
        what: &words::title(&plan.title(connection)),
    });
    if summary.duration_ms < SLOW_MS || limits.windows.is_empty() {
        return said;
    }
    let rates: Vec<String> = limits.windows.iter().map(words::rate).collect();
    let slow = text::PlanSlow { limits: &format_list(&rates), vendor: connection.vendor.name() };
    [said, text::plan_slow(slow)].join(" ")
}

fn rechecks(plan: &Plan) -> Option<String> {
    match Rechecks::of(plan, &vendors::capabilities(plan.vendor)) {
        Rechecks::NotAsked | Rechecks::Nothing => None,
        Rechecks::Some | Rechecks::All => Some(text::plan_rechecks()),
    }
}

fn why_off(plan: &Plan, vendor: Vendor, confirmed: Confirmed, n_under_way: usize) -> Option<String> {
    if let Some(blocking) = plan.problems.iter().find(|problem| problem.severity == Severity::Blocking) {
        return Some(words::problem(blocking, vendor));
    }
    if plan.to_send().next().is_none() {
        let left_out = plan.problems.iter().find(|problem| problem.severity == Severity::Refused);
        return Some(left_out.map_or_else(text::plan_nothing, |problem| words::problem(problem, vendor)));
    }
    if n_under_way > 0 {
        return Some(text::plan_under_way_wait());
    }
    confirmed.missing(plan).map(|_| text::plan_confirm_first())
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
