//! The drawer that shows the marked changes before sending, and the results afterwards.

use directory_worker::message::{ListAnswer, ListQuestion};
use domain::outcome::Verdict;
use domain::plan::State;
use domain::{Change, Member, Operation, PlanId, Scope};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board::Board;
use crate::features::error_words;
use crate::features::reading::portrait::portrait;
use crate::features::results::run_results;
use crate::features::reviewing::{Confirmed, Draft, SendFoot, ToSend, checks, draft};
use crate::features::scopes::scope_badge::scope_change;
use crate::features::words;
use crate::state::runs::{PlanInput, RunView, Runs, use_runs};
use domain::staged::Staged;
use i18n::text;
use ui::{Button, Drawer, Variant, avatar, effect};

/// Number of changes drawn at first and added by each "Show more".
const ITEMS_AT_ONCE: usize = 100;

/// The review of the marked changes. Copies share the same signals.
#[derive(Clone, Copy)]
pub struct Review {
    board: Board,
    runs: Runs,
    /// Whether the drawer is open.
    pub is_open: RwSignal<bool>,
    plan: Draft,
    confirmed: Confirmed,
    run: RwSignal<Option<PlanId>>,
}

impl Review {
    /// A closed review. `again` reads the group again after something was sent.
    pub fn new(board: Board, again: Callback<()>) -> Self {
        let runs = use_runs();
        let run = RwSignal::new(None::<PlanId>);
        let settled = StoredValue::new(None::<PlanId>);
        effect(move || {
            let Some(view) = run.get().and_then(|id| runs.get(&id)).filter(|view| view.is_over()) else {
                return;
            };
            if settled.with_value(|settled| settled.as_ref() != Some(view.id())) {
                settled.set_value(Some(view.id().clone()));
                untrack(|| apply_results(board, &view));
                again.run(());
            }
        });
        let plan = draft(move || plan_input(board, runs));
        Self { board, runs, is_open: RwSignal::new(false), plan, confirmed: Confirmed::default(), run }
    }

    /// True while the marked changes are being sent.
    pub fn is_sending(self) -> Signal<bool> {
        let run = move || self.run.get().and_then(|id| self.runs.get(&id));
        Memo::new(move |_| run().is_some_and(|run| !run.is_over())).into()
    }

    /// Opens the drawer with the marked changes, or with the run under way.
    pub fn open(self) {
        let under_way = self.run.get_untracked().and_then(|id| untrack(|| self.runs.get(&id)));
        if under_way.is_none_or(|run| untrack(|| run.is_over())) {
            self.run.set(None);
        }
        self.is_open.set(true);
    }

    /// The drawer.
    pub fn view(self) -> AnyView {
        let run = move || self.run.get().and_then(|id| untrack(|| self.runs.get(&id)));
        view! {
            {move || match run() {
                None => self.before(),
                Some(run) => self.after(run),
            }}
        }
        .into_any()
    }

    fn before(self) -> AnyView {
        let connection = self.board.connection.get_value();
        let vendor = connection.vendor;
        let count = move || self.plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.to_send().count()));
        let close = move || self.is_open.set(false);
        let send = move |(to_send,): (ToSend,)| {
            if let Some(run) = to_send.start(self.runs) {
                self.run.set(Some(run.id().clone()));
            }
        };
        let foot = move || {
            view! {
                <SendFoot
                    connection=connection.clone()
                    plan=self.plan
                    confirmed=self.confirmed
                    label=move || text::scopes_send(count())
                    reason=Signal::stored(None::<String>)
                    n_staying=Signal::stored(0)
                    busy=Signal::stored(false)
                    on_send=Callback::new(send)
                />
            }
        };
        let limit = RwSignal::new(ITEMS_AT_ONCE);
        let items = move || {
            let plan = self.plan.get();
            let changes = plan.iter().flat_map(|plan| plan.to_send());
            changes.take(limit.get()).map(|change| item(self.board, change)).collect_view()
        };
        let n_hidden = Memo::new(move |_| count().saturating_sub(limit.get()));
        let more = move || {
            (n_hidden.get() > 0).then(|| {
                view! {
                    <Button
                        label=move || text::scopes_show_more(n_hidden.get().min(ITEMS_AT_ONCE))
                        variant=Variant::Link
                        small=true
                        on_press=move || limit.update(|limit| *limit += ITEMS_AT_ONCE)
                    />
                }
            })
        };
        view! {
            <Drawer title=move || text::scopes_review_title(count()) on_close=close foot=foot>
                <p class="tiny muted">{text::scopes_nothing_sent}</p>
                <ul class="reviews">{items}</ul>
                {more}
                {checks(self.plan, vendor, self.confirmed, Signal::stored(0))}
            </Drawer>
        }
        .into_any()
    }

    fn after(self, run: RunView) -> AnyView {
        let close = move || self.is_open.set(false);
        let n_left = move || self.board.staged.with(Staged::count);
        let is_over = {
            let run = run.clone();
            Memo::new(move |_| run.is_over())
        };
        let foot = move || {
            view! {
                {move || {
                    (is_over.get() && n_left() > 0)
                        .then(|| {
                            view! {
                                <Button
                                    label=move || text::scopes_review_rest(n_left())
                                    on_press=move || self.run.set(None)
                                />
                            }
                        })
                }}
                <Button label=text::common_close on_press=close />
            }
        };
        view! {
            <Drawer title=text::scopes_results_title on_close=close foot=foot>
                {run_results(run, true)}
            </Drawer>
        }
        .into_any()
    }
}

fn plan_input(board: Board, runs: Runs) -> Option<PlanInput> {
    let command = board.group.with_value(|group| board.staged.with(|staged| staged.command(group)));
    if command.items.is_empty() {
        return None;
    }
    let connection = board.connection.get_value();
    Some(PlanInput { connection, id: runs.next_plan_id(), command, snapshot: board.snapshot() })
}

/// Unmarks changes that succeeded; the others stay marked, with a reason. What was marked since they were sent stays.
fn apply_results(board: Board, run: &RunView) {
    let vendor = board.connection.with_value(|connection| connection.vendor);
    for row in run.receipt().rows {
        let id = row.change.person.key.as_str();
        if !board.staged.with(|staged| staged.has(&row.change)) {
            board.reasons.update(|reasons| drop(reasons.remove(id)));
            continue;
        }
        match row.outcome.as_ref().map(|outcome| outcome.verdict()) {
            Some(Verdict::Done | Verdict::Same) => {
                board.staged.update(|staged| staged.take_back(id));
                board.reasons.update(|reasons| drop(reasons.remove(id)));
            }
            Some(verdict @ (Verdict::Refused | Verdict::Unknown | Verdict::NotSent)) => {
                let reason = text::scopes_still_staged(text::ScopesStillStaged {
                    reason: &error_words::reason(vendor, &row),
                    verdict: &words::verdict(verdict),
                });
                board.reasons.update(|reasons| drop(reasons.insert(id.into(), reason)));
            }
            None => {}
        }
    }
}

/// One change: the person, before and after, and what that means.
fn item(board: Board, change: &Change) -> AnyView {
    let label = change.person.label().to_owned();
    let person = RwSignal::new(None::<Member>);
    let found = {
        let id = change.person.key.as_str().into();
        board.directory.with_value(|directory| directory.ask(&ListQuestion::Find(id)))
    };
    spawn_local(async move {
        if let Ok(ListAnswer::People(people)) = found.await {
            person.try_set(people.into_iter().next());
        }
    });
    let initials = label.clone();
    let picture = move || {
        person.with(|person| {
            person.as_ref().map_or_else(|| avatar(&initials, false), |person| portrait(person, false))
        })
    };
    let before = match change.before {
        State::Scope(scope) => Some(scope),
        State::Unread | State::Absent | State::Present => None,
    };
    let after = match change.after() {
        State::Scope(scope) => Some(scope),
        State::Unread | State::Absent | State::Present => None,
    };
    let note = note(board, change, before, after);
    view! {
        <li class="review-item">
            <span class="person">
                {picture}<bdi translate="no" class="person-name">
                    {label}
                </bdi>
            </span>
            {scope_change(before, after)}
            {note.map(|note| view! { <p class="tiny muted">{note}</p> })}
        </li>
    }
    .into_any()
}

fn note(board: Board, change: &Change, before: Option<Scope>, after: Option<Scope>) -> Option<String> {
    let id = change.person.key.as_str();
    let is_own = board.connection.with_value(|connection| connection.acting_as.as_deref() == Some(id));
    let is_less = after.is_none_or(|after| before.is_some_and(|before| after > before));
    if is_own && is_less {
        return Some(text::scopes_note_own());
    }
    match &*change.operation {
        Operation::Kick { .. } => Some(text::scopes_note_removed()),
        Operation::Ban { .. } => Some(text::scopes_note_banned()),
        Operation::Unban { .. } => Some(text::scopes_note_unbanned()),
        _ => None,
    }
}
