//! Executes the actions of a run's [driver](domain::driver): locks, transactions, calls, timers, messages to
//! other tabs. It makes no decisions about the run.

use std::cell::Cell;
use std::sync::Arc;

use domain::driver::{Action, Around, Ask, Event, Message, Write};
use domain::{Budget, Connection, Millis};
use futures::FutureExt;
use futures::channel::mpsc::UnboundedReceiver;
use futures::future::{Either, LocalBoxFuture, select};
use futures::stream::{FuturesUnordered, StreamExt};
use leptos::prelude::{untrack, window};
use leptos::task::spawn_local;

use super::Runs;
use super::calls::{self, CallResult};
use super::channel::RunMessage;
use super::list::lock_name;
use super::summary::DrivenBy;
use super::view::RunView;
use crate::state::session::Session;
use browser::clock;
use browser::locks::{self, HeldLock};
use browser::storage::{IndexedDbJournal, LineRecord};
use browser::unload::{self, Warning};

/// Runs with more changes than this are announced at most every [`EVERY_MS`].
const MAX_SMALL: usize = 500;
/// Interval at which pages and other tabs are told about a large run.
const EVERY_MS: Millis = 200;

/// The result of an action.
enum Outcome {
    Event(Box<Event>),
    Answer(Box<CallResult>),
    Lock(Option<HeldLock>),
    Nothing,
}

type Task = LocalBoxFuture<'static, Outcome>;

/// Drives or follows one run for as long as the page lives, or until the run is removed.
pub(super) struct RunTask {
    runs: Runs,
    view: RunView,
    events: UnboundedReceiver<Event>,
    held: Option<HeldLock>,
    tasks: FuturesUnordered<Task>,
    timer: Option<LocalBoxFuture<'static, ()>>,
    /// Asks before the page is left while calls are in flight.
    warning: Option<Warning>,
}

thread_local! {
    static ON_END: Cell<Option<fn(&RunView)>> = const { Cell::new(None) };
}

/// Calls `on_end` with every run that this page has driven to its end.
pub fn when_runs_end(on_end: fn(&RunView)) {
    ON_END.set(Some(on_end));
}

impl RunTask {
    pub(super) fn new(runs: Runs, view: RunView, events: UnboundedReceiver<Event>) -> Self {
        Self { runs, view, events, held: None, tasks: FuturesUnordered::new(), timer: None, warning: None }
    }

    pub(super) async fn run(mut self) {
        loop {
            self.perform();
            let Some(event) = self.next().await else { return };
            if self.runs.is_gone() {
                return;
            }
            if let Some(event) = event {
                let around = around(self.runs.session, &self.view);
                self.view.progress().driver.handle(event, &around);
            }
        }
    }

    /// The next event, or `Some(None)` if an action ended without one. `None` once the run is removed.
    async fn next(&mut self) -> Option<Option<Event>> {
        let Self { tasks, events, timer, .. } = self;
        let task: LocalBoxFuture<'_, Option<Outcome>> =
            if tasks.is_empty() { Box::pin(std::future::pending()) } else { Box::pin(tasks.next()) };
        let time: LocalBoxFuture<'_, ()> = match timer {
            Some(timer) => Box::pin(timer),
            None => Box::pin(std::future::pending()),
        };
        let first = match select(task, select(events.next(), time)).await {
            Either::Left((outcome, _)) => Either::Left(outcome),
            Either::Right((other, _)) => Either::Right(match other {
                Either::Left((event, _)) => Some(event),
                Either::Right(_) => None,
            }),
        };
        let outcome = match first {
            Either::Left(outcome) => outcome?,
            Either::Right(Some(event)) => return event.map(Some),
            Either::Right(None) => {
                self.timer = None;
                return Some(Some(Event::Time));
            }
        };
        Some(match outcome {
            Outcome::Event(event) => Some(*event),
            Outcome::Answer(answer) => Some(answer.record(&mut self.view.progress())),
            Outcome::Lock(Some(mut held)) => {
                let lost = held.lost();
                self.tasks.push(Box::pin(async move {
                    if lost.await { event(Event::LockLost) } else { Outcome::Nothing }
                }));
                self.held = Some(held);
                Some(Event::Granted)
            }
            Outcome::Lock(None) => Some(Event::Denied),
            Outcome::Nothing => None,
        })
    }

    fn perform(&mut self) {
        loop {
            // Not in the loop's head, where the guard would live on: `execute` also locks the progress.
            let action = self.view.progress().driver.next_action();
            let Some(action) = action else { break };
            self.execute(action);
        }
        let is_waited_for = self.view.progress().driver.run().n_under_way() > 0 && self.held.is_some();
        if !is_waited_for {
            // Leaving loses nothing but the responses to calls in flight.
            self.warning = None;
        } else if self.warning.is_none() {
            self.warning = Some(unload::warn());
        }
    }

    fn execute(&mut self, action: Action) {
        let (session, view) = (self.runs.session, self.view.clone());
        let id = view.id().clone();
        let connection = connection(session, &view);
        let task: Task = match action {
            Action::AskLock(how) => {
                let name = lock_name(&id);
                let how = match how {
                    Ask::Now => locks::Ask::Now,
                    Ask::Queue => locks::Ask::Queue,
                };
                Box::pin(async move { Outcome::Lock(locks::ask(&name, how).await) })
            }
            Action::FreeLock => {
                self.held = None;
                return;
            }
            Action::Begin => Box::pin(async move {
                let begun = match session.opened_storage().await {
                    Ok(storage) => {
                        let chunks = domain::entry::chunks(view.progress().driver.run().plan()).collect();
                        IndexedDbJournal::new(storage).begin(view.heading(), chunks).await
                    }
                    Err(error) => Err(error),
                };
                if begun.is_ok() {
                    session.ask_for_persistence(&connection);
                }
                event(Event::Begun(begun))
            }),
            Action::Open { keeps_lines } => {
                Box::pin(async move { turn(session, &view, &connection, keeps_lines).await })
            }
            // Happens only inside a transaction: see `turn`.
            Action::Write(_) => return,
            Action::KeepBudget(budget) => {
                *session.budget(&connection).borrow_mut() = budget;
                return;
            }
            Action::NoteGap { seq } => Box::pin(async move {
                let noted = match session.opened_storage().await {
                    Ok(storage) => IndexedDbJournal::new(storage).note_gap(&id, seq).await,
                    Err(error) => Err(error),
                };
                event(Event::GapNoted(noted))
            }),
            Action::Remove => Box::pin(async move {
                let removed = match session.opened_storage().await {
                    Ok(storage) => IndexedDbJournal::new(storage).remove(&id).await,
                    Err(error) => Err(error),
                };
                event(Event::Removed(removed))
            }),
            Action::Load { from_seq } => Box::pin(async move {
                let loaded = match session.opened_storage().await {
                    Ok(storage) => IndexedDbJournal::new(storage).read(&id, from_seq).await,
                    Err(error) => Err(error),
                };
                event(Event::Loaded(loaded.map(Box::new)))
            }),
            Action::Send(batch) => Box::pin(async move {
                Outcome::Answer(Box::new(calls::send(session, connection, id, batch).await))
            }),
            Action::Read(reading) => {
                Box::pin(
                    async move { Outcome::Answer(Box::new(calls::read(session, connection, reading).await)) },
                )
            }
            Action::SleepUntil(until) => {
                self.timer = until.map(|at| clock::sleep_until(at).boxed_local());
                return;
            }
            Action::Tell(Message::Asked(intent)) => return self.runs.tell(&RunMessage::Asked(id, intent)),
            Action::Tell(Message::Driven) => return self.runs.tell(&RunMessage::Driven(id)),
            Action::Tell(Message::Freed) => {
                // `tell` tells states only while this tab drives, so not the last one.
                self.runs.tell(&RunMessage::Left(view.standing()));
                return self.runs.tell(&RunMessage::Freed(id));
            }
            // Sent with the run's progress: see `announce`.
            Action::Tell(Message::Wrote { .. }) => return,
            Action::RefreshBudget => Box::pin(async move {
                session.refresh_budget(&connection).await;
                view.notify();
                Outcome::Nothing
            }),
            Action::Show => return self.announce(),
            Action::Finish => return self.finish(),
        };
        self.tasks.push(task);
    }

    /// Takes the outcomes of a finished run into the ledger.
    fn finish(&self) {
        let (receipt, members) = {
            let progress = self.view.progress();
            (progress.driver.run().receipt(), progress.members.clone())
        };
        self.runs.session.note_receipt(&self.view.connection().id, &receipt, &members, clock::now());
        if let Some(on_end) = ON_END.get() {
            on_end(&self.view);
        }
    }

    /// Tells pages and other tabs about the run's progress; for a large run at a limited rate.
    fn announce(&self) {
        let wait = {
            let mut progress = self.view.progress();
            progress.note_change();
            let since = clock::now().saturating_sub(progress.announced_at);
            let is_over = progress.driver.run().is_over();
            let is_now = self.view.n_rows() <= MAX_SMALL || since >= EVERY_MS || is_over;
            if !is_now && progress.is_announcing {
                return;
            }
            progress.is_announcing = !is_now;
            (!is_now).then(|| EVERY_MS - since)
        };
        let (runs, view) = (self.runs, self.view.clone());
        match wait {
            None => tell(runs, &view),
            Some(wait) => spawn_local(async move {
                clock::sleep(wait).await;
                view.progress().is_announcing = false;
                tell(runs, &view);
            }),
        }
    }
}

fn event(event: Event) -> Outcome {
    Outcome::Event(Box::new(event))
}

/// One transaction: takes the shared budget in, and writes it back together with the lines.
async fn turn(session: Session, view: &RunView, connection: &Connection, keeps_lines: bool) -> Outcome {
    let is_done = std::cell::Cell::new(false);
    let mut work = |budget: &mut Budget| {
        is_done.set(true);
        let around = around(session, view);
        let mut progress = view.progress();
        progress.driver.handle(Event::Opened(budget.clone()), &around);
        // IndexedDB fixes durability when a transaction begins, so all transactions with lines are strict.
        let Some(Action::Write(Write { lines, budget: after, is_strict: _ })) = progress.driver.next_action()
        else {
            return Vec::new();
        };
        *budget = after;
        lines.iter().filter_map(|line| LineRecord::of(line).ok()).collect()
    };
    let run = keeps_lines.then(|| view.id());
    let written = match session.turn(connection, run, &mut work).await {
        Ok(_) => Ok(()),
        Err(not_kept) => {
            if !is_done.get() {
                // Without a transaction, the driver still takes in what happened, and sends nothing.
                work(&mut session.budget(connection).borrow().clone());
            }
            Err(not_kept.error)
        }
    };
    event(Event::Written(written))
}

/// The connection as it is now: its rate limit may have been edited.
fn connection(session: Session, view: &RunView) -> Arc<Connection> {
    let now = untrack(|| session.connection_now(&view.connection().id));
    now.unwrap_or_else(|| Arc::clone(view.connection()))
}

/// The environment of the run's driver.
pub(super) fn around(session: Session, view: &RunView) -> Around {
    around_connection(session, &view.connection().id)
}

pub(super) fn around_connection(session: Session, id: &domain::ConnectionId) -> Around {
    let connection = untrack(|| session.connection_now(id));
    let moment = clock::moment();
    Around {
        now: moment.wall,
        steady: moment.steady,
        has_key: connection.as_ref().is_some_and(|now| !untrack(|| session.needs_key(now))),
        has_locks: locks::are_there(),
        is_online: window().navigator().on_line(),
        target: connection.map(|now| now.target()),
    }
}

fn tell(runs: Runs, view: &RunView) {
    let driver = {
        let mut progress = view.progress();
        progress.announced_at = clock::now();
        progress.who()
    };
    runs.set_driver(view.id(), driver);
    let standing = view.standing();
    runs.note(&standing);
    view.notify();
    if driver == DrivenBy::Here {
        runs.tell(&RunMessage::Wrote(standing));
    }
}
