//! How much of a connection's limits is used, by this page and all other tabs.
//!
//! The budget in the database is authoritative; the one in memory is its state when this page last drew on
//! it. Without a database the one in memory is used.

use std::cell::RefCell;
use std::rc::Rc;

use domain::budget::RateHint;
use domain::read::{PageRead, ReadStep};
use domain::{ApiError, BatchFailure, Budget, Connection, Millis, PlanId};
use leptos::prelude::GetValue;
use leptos::task::spawn_local;

use super::Session;
use browser::clock;
use browser::storage::{LineRecord, TurnFailure};

/// Draws on a budget and returns the journal lines that result.
pub(crate) type Work<'a> = &'a mut dyn FnMut(&mut Budget) -> Vec<LineRecord>;

/// A change of a budget that others need not know at once.
pub(super) type Note = Box<dyn Fn(&mut Budget)>;

/// How long a note waits for a read that draws on the same budget, and writes both at once.
const NOTE_AFTER_MS: Millis = 30;

impl Session {
    /// The connection's budget as this page last saw it, with the vendor's current windows.
    pub fn budget(self, connection: &Connection) -> Rc<RefCell<Budget>> {
        let windows = vendors::limits(connection.vendor, connection).windows;
        let windows = self.capped(connection.vendor, windows);
        let inner = self.inner();
        let mut budgets = inner.budgets.borrow_mut();
        let Some(known) = budgets.get(&connection.id) else {
            let fresh = Rc::new(RefCell::new(Budget::new(windows)));
            budgets.insert(connection.id.clone(), Rc::clone(&fresh));
            return fresh;
        };
        // The rate limit of a connection can be edited.
        if known.borrow().windows() != windows {
            known.replace_with(|budget| budget.clone().with_windows(windows));
        }
        Rc::clone(known)
    }

    /// Lets `work` draw on the budget that all tabs share, and writes the journal lines it returns if a run
    /// is given. Returns the lines.
    ///
    /// # Errors
    /// If the lines could not be written. Without a run this never fails: it falls back to the budget in
    /// memory.
    pub(crate) async fn turn(
        self,
        connection: &Connection,
        run: Option<&PlanId>,
        work: Work<'_>,
    ) -> Result<Vec<LineRecord>, TurnFailure> {
        let own = self.budget(connection);
        let notes = if run.is_some() { Vec::new() } else { self.take_notes(connection) };
        let work: Work<'_> = &mut |budget: &mut Budget| {
            notes.iter().for_each(|note| note(budget));
            work(budget)
        };
        let storage = match run {
            Some(_) => self.opened_storage().await.map_err(TurnFailure::before)?,
            None => match self.storage().await {
                Some(storage) => storage,
                None => return Ok(work(&mut own.borrow_mut())),
            },
        };
        let begin = |kept: Option<Budget>| Budget::latest(own.borrow().clone(), kept, clock::now());
        match storage.turn(&connection.id, run, begin, &mut *work).await {
            Ok((budget, records)) => {
                *own.borrow_mut() = budget;
                Ok(records)
            }
            Err(not_kept) if run.is_some() => Err(not_kept),
            Err(TurnFailure { budget: Some(budget), records, .. }) => {
                *own.borrow_mut() = *budget;
                Ok(records)
            }
            Err(_) => Ok(work(&mut own.borrow_mut())),
        }
    }

    /// Draws one call for a read, as soon as the budget has room.
    ///
    /// # Errors
    /// If the rate limit does not allow it soon.
    pub(crate) async fn draw(self, connection: &Connection, read: &mut PageRead) -> Result<Slot, ApiError> {
        loop {
            let mut next = (clock::now(), ReadStep::WaitUntil(0));
            let mut work = |budget: &mut Budget| {
                let now = clock::now();
                next = (now, read.poll(now, budget));
                Vec::new()
            };
            // Without lines, an error loses nothing.
            let _ = self.turn(connection, None, &mut work).await;
            match next {
                (sent_at, ReadStep::Send) => {
                    return Ok(Slot::drawn(self, connection, sent_at));
                }
                (_, ReadStep::WaitUntil(at)) => clock::sleep_until(at).await,
                (_, ReadStep::GiveUp(error)) => return Err(error),
            }
        }
    }

    /// Notes why a read failed; true if it should draw again and retry.
    pub(crate) async fn retries(
        self,
        connection: &Connection,
        read: &mut PageRead,
        failure: &BatchFailure,
    ) -> bool {
        let mut retries = false;
        let mut work = |budget: &mut Budget| {
            retries = read.retries(failure, clock::now(), budget);
            Vec::new()
        };
        let _ = self.turn(connection, None, &mut work).await;
        retries
    }

    /// Draws one call that must go out immediately, such as a sign-in within another call.
    pub(crate) async fn draw_now(self, connection: &Connection) -> Slot {
        let sent_at = clock::now();
        let mut work = |budget: &mut Budget| {
            budget.note_sent(sent_at);
            Vec::new()
        };
        let _ = self.turn(connection, None, &mut work).await;
        Slot::drawn(self, connection, sent_at)
    }

    /// Changes the budget that all tabs share, in the background: with the next read, or soon.
    pub(crate) fn note_pace(self, connection: &Connection, note: impl Fn(&mut Budget) + 'static) {
        let connection = connection.clone();
        let Some(inner) = self.inner.try_get_value() else { return }; // the page is gone
        inner.notes.borrow_mut().push((connection.id.clone(), Box::new(note)));
        spawn_local(async move {
            clock::sleep(NOTE_AFTER_MS).await;
            let Some(inner) = self.inner.try_get_value() else { return };
            if inner.notes.borrow().iter().any(|(id, _)| *id == connection.id) {
                let _ = self.turn(&connection, None, &mut |_| Vec::new()).await;
            }
        });
    }

    fn take_notes(self, connection: &Connection) -> Vec<Note> {
        let inner = self.inner();
        let mut notes = inner.notes.borrow_mut();
        let (taken, left) = notes.drain(..).partition::<Vec<_>, _>(|(id, _)| *id == connection.id);
        *notes = left;
        taken.into_iter().map(|(_, note)| note).collect()
    }

    /// Reads what other tabs have drawn meanwhile.
    pub(crate) async fn refresh_budget(self, connection: &Connection) {
        let Some(storage) = self.storage_now() else { return };
        if let Ok(Some(kept)) = storage.budget(&connection.id).await {
            let own = self.budget(connection);
            own.replace_with(|own| kept.with_windows(own.windows().into()));
        }
    }
}

/// One call drawn from a budget. Dropping it notes the call as answered, even if it was cancelled.
#[derive(Debug)]
pub(crate) struct Slot {
    session: Session,
    connection: Connection,
    sent_at: Millis,
    hint: Option<RateHint>,
    is_success: bool,
}

impl Slot {
    fn drawn(session: Session, connection: &Connection, sent_at: Millis) -> Self {
        Self { session, connection: connection.clone(), sent_at, hint: None, is_success: false }
    }

    /// Notes that the response was a page.
    pub(crate) fn succeed(&mut self) {
        self.is_success = true;
    }

    /// Notes the rate limit from the response's headers.
    pub(crate) fn note(&mut self, hint: Option<RateHint>) {
        self.hint = hint;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let (sent_at, hint, is_success, now) = (self.sent_at, self.hint, self.is_success, clock::now());
        self.session.note_pace(&self.connection, move |budget| {
            budget.note_answered(sent_at, now);
            if is_success {
                PageRead::succeeded(budget);
            }
            if let Some(hint) = hint {
                budget.note_rate(hint, now);
            }
        });
    }
}
