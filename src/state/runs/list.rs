//! The list of runs, kept up to date by this tab and by messages from others.

use std::sync::Arc;

use domain::driver::{Event, Message, is_left};
use domain::order;
use domain::{ConnectionId, PlanId, Title, TitleKind, TitlePlace};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::Runs;
use super::channel::{self, RunMessage, RunProgress};
use super::summary::{DrivenBy, RunSummary};
use crate::state::activity::ActivityEntry;
use crate::state::code::NotFetched;
use crate::state::ledger;
use crate::state::session::StoredList;
use browser::locks::{self, Ask};
use browser::storage::StorageError;
use i18n::text;
use ui::{effect_after, toast};

/// The name of the lock held by the tab that drives a run.
pub(super) fn lock_name(run: &PlanId) -> String {
    ["muster-run-", run.as_str()].concat()
}

/// Says of a run whether it is meant.
type IsMeant = dyn Fn(&RunSummary) -> bool + Send + Sync;

/// Fetches what reads the runs of this device.
#[wasm_split(past, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn list_reader() -> Result<fn(Runs), SplitLoaderError> {
    Ok(Runs::load)
}

impl Runs {
    /// Reads the runs of this device as soon as it is known that something was persisted.
    pub(super) fn load_when_stored(self) {
        let session = self.session;
        effect_after(move |was_read: Option<bool>| {
            let is_read = session.stored_list() == StoredList::Read;
            if is_read && was_read != Some(true) {
                spawn_local(async move {
                    // Pages that show the list try again.
                    let _ = self.fetch_list().await;
                });
            }
            is_read
        });
    }

    /// False while runs of this device may be missing from the list.
    pub fn is_listed(self) -> bool {
        self.session.stored_list_now() == StoredList::Nothing || self.inner().is_read.get()
    }

    /// Reads the list of runs, unless it has been read.
    ///
    /// # Errors
    /// If the code for it could not be fetched.
    pub async fn fetch_list(self) -> Result<(), NotFetched> {
        // Known once the list of connections has been read.
        let _ = self.session.storage().await;
        if self.is_gone() || self.is_listed() || self.session.stored_list_now() != StoredList::Read {
            return Ok(());
        }
        let read = list_reader().await.map_err(|error| {
            leptos::logging::error!("{error}");
            NotFetched
        })?;
        read(self);
        Ok(())
    }

    /// Resumes runs left by a closed page once their keys are in memory: opening one is enough, its driver
    /// decides. Also tells open runs when a connection was edited or its key was set or locked.
    pub(super) fn follow_keys(self) {
        let session = self.session;
        effect_after(move |before: Option<Vec<_>>| {
            let now: Vec<_> = session
                .connections()
                .iter()
                .map(|connection| (connection.id.clone(), connection.target(), session.needs_key(connection)))
                .collect();
            let is_ready =
                |id: &ConnectionId| now.iter().any(|(known, _, needs_key)| known == id && !needs_key);
            let left: Vec<PlanId> = self.list.with(|list| {
                let is_left = |run: &&RunSummary| {
                    let is_free = run.driver == DrivenBy::Nobody;
                    is_free && is_left(&run.status, &run.tally) && is_ready(&run.connection)
                };
                list.iter().filter(is_left).map(|run| run.id.clone()).collect()
            });
            for run in left {
                if !self.inner().tasks.borrow().contains_key(&run)
                    && self.inner().opening.borrow_mut().insert(run.clone(), ()).is_none()
                {
                    self.open_left(run);
                }
            }
            if before.is_some_and(|before| before != now) {
                self.tell_tasks(|| Event::Changed);
            }
            now
        });
    }

    /// Drops the runs of a connection that was removed.
    pub(super) fn follow_connections(self) {
        let session = self.session;
        effect_after(move |before: Option<Vec<_>>| {
            let now: Vec<_> = session.connections().iter().map(|connection| connection.id.clone()).collect();
            let gone: Vec<_> = before.into_iter().flatten().filter(|id| !now.contains(id)).collect();
            if !gone.is_empty() {
                let runs = self.list.with_untracked(|list| {
                    let of_them = list.iter().filter(|summary| gone.contains(&summary.connection));
                    of_them.map(|summary| summary.id.clone()).collect::<Vec<_>>()
                });
                self.drop_from_list(&runs);
            }
            now
        });
    }

    /// Reads the runs of this device, and listens to other tabs.
    pub fn load(self) {
        if self.inner().is_read.replace(true) {
            return;
        }
        self.listen();
        self.inner().is_listing.set(true);
        spawn_local(async move {
            self.read_until_current().await;
            self.is_loaded.try_set(true);
            ledger::delete_old_when_quiet(self);
        });
    }

    /// Opens the channel to the other tabs, once.
    pub(super) fn listen(self) {
        let inner = self.inner();
        if inner.channel.borrow().is_some() {
            return;
        }
        *inner.channel.borrow_mut() = channel::open(move |told| self.hear(told));
        // The listeners live as long as the page.
        let hear = |name: &'static str, event: fn() -> Event| {
            drop(window_event_listener_untyped(name, move |_| self.tell_tasks(event)));
        };
        hear("online", || Event::Online);
        // Leaving a page loses its pending responses; from the back/forward cache it may come back.
        hear("pagehide", || Event::Hidden);
        hear("pageshow", || Event::Shown);
    }

    /// Sends an event to every run open in this tab.
    fn tell_tasks(self, event: fn() -> Event) {
        if let Some(inner) = self.inner.try_get_value() {
            for task in inner.tasks.borrow().values() {
                // A task lives as long as the page.
                let _ = task.unbounded_send(event());
            }
        }
    }

    async fn read_list(self) {
        let Some(storage) = self.session.storage().await else {
            self.problem.try_set(Some(StorageError::Unavailable));
            return;
        };
        let records = match storage.headings().await {
            Ok(records) => records,
            Err(error) => {
                self.problem.try_set(Some(error));
                return;
            }
        };
        let held = locks::held().await;
        let Some(inner) = self.inner.try_get_value() else { return };
        let mut fresh = Vec::new();
        for record in records {
            let run = record.heading.plan.clone();
            if self.has_task(&run) {
                continue; // this tab has newer state
            }
            let is_held = held.contains(&lock_name(&run));
            let driver = if is_held { DrivenBy::Elsewhere } else { DrivenBy::Nobody };
            fresh.push(RunSummary::of_record(record, driver));
        }
        let driven: Vec<PlanId> =
            fresh.iter().filter(|run| run.driver == DrivenBy::Elsewhere).map(|run| run.id.clone()).collect();
        self.list.update(|list| {
            list.retain(|known| inner.tasks.borrow().contains_key(&known.id));
            list.retain(|known| fresh.iter().all(|other| other.id != known.id));
            list.append(&mut fresh);
            sort(list);
        });
        for run in driven {
            self.watch(run);
        }
        self.note_activity();
    }

    /// True if this tab has a task for the run and lists it.
    fn has_task(self, run: &PlanId) -> bool {
        let is_listed = self.list.try_with_untracked(|list| list.iter().any(|known| known.id == *run));
        self.inner().tasks.borrow().contains_key(run) && is_listed == Some(true)
    }

    /// Adds a run to the list, or replaces it.
    pub(super) fn put(self, summary: RunSummary) {
        self.list.try_update(|list| {
            list.retain(|known| known.id != summary.id);
            list.push(summary);
            sort(list);
        });
        self.note_activity();
    }

    /// Takes in the progress of a run; true if the run is in the list.
    pub(super) fn note(self, standing: &RunProgress) -> bool {
        let is_known = |list: &Vec<RunSummary>| list.iter().any(|summary| summary.id == standing.run);
        if !self.list.try_with_untracked(is_known).unwrap_or(true) {
            return false;
        }
        let mut joined = None;
        let is_end = self.change(&standing.run, |summary| {
            let (was_over, n_done) = (summary.is_over(), summary.tally.n_done);
            let is_news = summary.note(standing);
            if summary.tally.n_done != n_done && changes_community(&summary.title) {
                joined = Some(summary.connection.clone());
            }
            (is_news, was_over != summary.is_over())
        });
        if let Some(connection) = joined {
            self.session.forget_total(&connection);
        }
        if is_end {
            self.note_activity();
            spawn_local(ledger::append_ended(self));
        }
        true
    }

    pub(super) fn set_driver(self, run: &PlanId, driver: DrivenBy) {
        self.change(run, |summary| {
            let is_news = summary.driver != driver;
            summary.driver = driver;
            (is_news, false)
        });
    }

    /// Changes one entry and notifies subscribers if `change` reports a difference. Returns its second flag.
    fn change(self, run: &PlanId, change: impl FnOnce(&mut RunSummary) -> (bool, bool)) -> bool {
        let mut is_second = false;
        self.list.try_maybe_update(|list| {
            let Some(summary) = list.iter_mut().find(|summary| summary.id == *run) else {
                return (false, ());
            };
            let (is_news, second) = change(summary);
            is_second = second;
            (is_news, ())
        });
        is_second
    }

    /// Updates the activity log from the finished runs.
    fn note_activity(self) {
        let entries = self.list.try_with_untracked(|list| {
            list.iter().filter(|run| run.is_over()).map(entry_of).collect::<Vec<_>>()
        });
        if let Some(entries) = entries {
            let has_ended = !entries.is_empty();
            self.activity.set(entries);
            if has_ended {
                ledger::append_when_quiet(self);
            }
        }
    }

    fn hear(self, told: RunMessage) {
        let Some(inner) = self.inner.try_get_value() else { return };
        // The list that is being read may be from before this message, and would replace what it says.
        inner.is_list_outdated.set(true);
        let task = |run: &PlanId| inner.tasks.borrow().get(run).cloned();
        let pass = |run: &PlanId, message: Message| {
            if let Some(task) = task(run) {
                let _ = task.unbounded_send(Event::Told(message));
            }
        };
        let note = |standing: &RunProgress| {
            if task(&standing.run).is_none() && !self.note(standing) {
                self.read_again();
            }
        };
        match told {
            RunMessage::Wrote(standing) => {
                pass(&standing.run, Message::Wrote { next_seq: standing.next_seq });
                note(&standing);
                self.watch(standing.run);
            }
            RunMessage::Driven(run) => {
                pass(&run, Message::Driven);
                if task(&run).is_none() {
                    self.set_driver(&run, DrivenBy::Elsewhere);
                }
                self.watch(run);
            }
            RunMessage::Left(standing) => note(&standing),
            RunMessage::Freed(run) => {
                if task(&run).is_none() {
                    self.set_driver(&run, DrivenBy::Nobody);
                }
            }
            // The driver ignores it unless it drives the run or is about to.
            RunMessage::Asked(run, intent) => pass(&run, Message::Asked(intent)),
            RunMessage::Forgot(runs) => self.drop_from_list(&runs),
        }
    }

    /// Reads the list, unless it is being read: then [`Self::read_until_current`] reads it once more.
    fn read_again(self) {
        if !self.inner().is_listing.replace(true) {
            spawn_local(self.read_until_current());
        }
    }

    /// Reads the list until no message arrives meanwhile.
    async fn read_until_current(self) {
        let inner = self.inner();
        loop {
            inner.is_list_outdated.set(false);
            self.read_list().await;
            if self.is_gone() || !inner.is_list_outdated.get() {
                break;
            }
        }
        inner.is_listing.set(false);
    }

    /// Notices when the tab that drives a run goes away.
    fn watch(self, run: PlanId) {
        let inner = self.inner();
        if inner.tasks.borrow().contains_key(&run)
            || inner.watched.borrow_mut().insert(run.clone(), ()).is_some()
        {
            return;
        }
        spawn_local(async move {
            drop(locks::ask(&lock_name(&run), Ask::Watch).await);
            // Another tab may also have been waiting, and drive it now.
            let is_held = locks::held().await.contains(&lock_name(&run));
            inner.watched.borrow_mut().remove(&run);
            if inner.tasks.borrow().contains_key(&run) {
                return;
            }
            self.set_driver(&run, if is_held { DrivenBy::Elsewhere } else { DrivenBy::Nobody });
            if is_held {
                self.watch(run);
            }
        });
    }

    /// Removes a run, unless a tab drives it. Asks once more if it cannot be appended to the ledger.
    pub fn remove(self, id: &PlanId) {
        let id = id.clone();
        let is_it: Arc<IsMeant> = Arc::new(move |run: &RunSummary| run.id == id && !run.is_active());
        spawn_local(async move {
            if self.forget(is_it.clone()).await == 0 {
                return;
            }
            let anyway = move |()| {
                let runs = self.summaries_of(&*is_it).into_iter().map(|run| run.id).collect();
                spawn_local(self.forget_now(runs));
            };
            toast(text::ledger_missing_title(), Some((text::runs_remove(), Callback::new(anyway))));
        });
    }

    /// Removes every finished run, such as to free space. Waits until it is free.
    pub async fn remove_finished(self) {
        if self.forget(Arc::new(RunSummary::is_over)).await > 0 {
            toast(text::ledger_missing_title(), None);
        }
    }

    fn summaries_of(self, is_meant: &IsMeant) -> Vec<RunSummary> {
        let meant = |list: &Vec<RunSummary>| list.iter().filter(|run| is_meant(run)).cloned().collect();
        self.list.try_with_untracked(meant).unwrap_or_default()
    }

    /// Removes runs, but for those that ended and cannot be appended to the ledger. Returns how many those are.
    async fn forget(self, is_meant: Arc<IsMeant>) -> usize {
        let before = self.summaries_of(&*is_meant);
        let ended: Vec<RunSummary> = before.iter().filter(|run| run.is_over()).cloned().collect();
        let n_ended = ended.len();
        let appended = ledger::deletable(self, ended).await;
        // Appending takes time: some may have been tried again meanwhile, or have ended only now.
        let is_left = |run: &RunSummary| {
            let is_same = |other: &RunSummary| other.id == run.id && other.last_at == run.last_at;
            if run.is_over() {
                appended.iter().any(is_same)
            } else {
                before.iter().any(|own| own.id == run.id)
            }
        };
        let runs = self.summaries_of(&*is_meant).into_iter().filter(is_left).map(|run| run.id).collect();
        self.forget_now(runs).await;
        n_ended - appended.len()
    }

    async fn forget_now(self, runs: Vec<PlanId>) {
        if runs.is_empty() {
            return;
        }
        self.drop_from_list(&runs);
        if let Some(storage) = self.session.storage().await
            && let Err(error) = storage.forget_runs(&runs).await
        {
            self.problem.try_set(Some(error));
        }
        self.tell(&RunMessage::Forgot(runs));
    }

    fn drop_from_list(self, runs: &[PlanId]) {
        let inner = self.inner();
        for run in runs {
            // Dropping the sender ends the task.
            inner.tasks.borrow_mut().remove(run);
            inner.views.borrow_mut().remove(run);
        }
        self.list.update(|list| list.retain(|summary| !runs.contains(&summary.id)));
        self.opened.update(|n| *n += 1);
        self.note_activity();
    }
}

/// Whether a run may change how many members the whole community has.
fn changes_community(title: &Title) -> bool {
    title.place == TitlePlace::Community || title.kind == TitleKind::Mixed
}

fn sort(list: &mut Vec<RunSummary>) {
    order::sort_by(list, |a, b| (b.started_at, &b.id).cmp(&(a.started_at, &a.id)));
}

fn entry_of(run: &RunSummary) -> ActivityEntry {
    ActivityEntry {
        plan: run.id.clone(),
        at: run.last_at,
        vendor: run.vendor,
        title: run.title.clone(),
        tally: run.tally,
    }
}
