//! Driving a run: ask it what is next, write that down, do it, tell it what came of it.

use std::sync::Arc;

use domain::journal::Journal;
use domain::{Batch, Budget, Millis, Pause, Reading, Status, Step};
use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, select};
use futures::stream::{FuturesUnordered, StreamExt};
use leptos::prelude::window;

use super::calls::{self, Answer};
use super::channel::Told;
use super::control::Control;
use super::keep::{Keeper, Mode};
use super::locks::Held;
use super::summary::Driver;
use super::view::Progress;
use crate::clock;
use crate::leaving;
use crate::storage::{Record, StorageError};

/// How long to wait for a network that the browser believes to have.
const TRY_AGAIN_MS: Millis = 10_000;

type UnderWay = FuturesUnordered<LocalBoxFuture<'static, Answer>>;

/// What a turn came to.
struct Turn {
    sends: Vec<Batch>,
    reads: Vec<Reading>,
    step: Step,
}

/// Why a run is not driven here any longer.
enum End {
    /// Every change has its outcome.
    Over,
    /// Another tab goes on.
    LetGo,
    /// Somebody else has written what this tab was to write.
    Conflict,
    /// It was forgotten.
    Forgotten,
}

/// What happened while the driver waited.
enum News {
    Answers(Vec<Answer>),
    Wishes(Vec<Control>),
    Time,
    Forgotten,
}

impl Keeper {
    /// Drives the run until it is over, or is not this tab's any longer.
    pub(super) async fn drive(&mut self, held: Held, wishes: Vec<Control>) -> Mode {
        self.set_driver(Driver::Here);
        self.runs.tell(&Told::Driven(self.view.id().clone()));
        if !self.is_own {
            self.view.progress().run.take_over(clock::now());
            self.is_own = true;
        }
        let end = self.go(wishes).await;
        if let End::Over = end {
            self.finish();
        }
        drop(held);
        let next = match end {
            End::Over => Mode::Rest,
            End::LetGo => Mode::Follow(None),
            End::Conflict => match self.read_anew().await {
                Ok(()) => Mode::Follow(None),
                Err(error) => {
                    self.show_problem(error);
                    Mode::Rest
                }
            },
            End::Forgotten => return Mode::End,
        };
        self.runs.tell(&Told::Freed(self.view.id().clone()));
        next
    }

    async fn go(&mut self, wishes: Vec<Control>) -> End {
        let mut under_way = UnderWay::new();
        let mut warning = None;
        let (mut answers, mut wishes) = (Vec::new(), wishes);
        loop {
            let lets_go = wishes.contains(&Control::LetGo);
            let Some(turn) = self.turn(std::mem::take(&mut answers), std::mem::take(&mut wishes)).await
            else {
                return End::Conflict;
            };
            if self.runs.is_gone() {
                return End::Forgotten;
            }
            let session = self.runs.session;
            for batch in turn.sends {
                under_way.push(Box::pin(calls::send(session, Arc::clone(self.view.connection()), batch)));
            }
            for reading in turn.reads {
                under_way.push(Box::pin(calls::read(session, Arc::clone(self.view.connection()), reading)));
            }
            let is_paused = matches!(self.view.progress().run.status(), Status::Paused(_));
            if under_way.is_empty() {
                // Leaving loses nothing but the answers that are under way.
                warning = None;
                if lets_go && is_paused {
                    return End::LetGo;
                }
            } else if warning.is_none() {
                warning = Some(leaving::warn());
            }
            let until = match turn.step {
                Step::Done => return End::Over,
                Step::WaitUntil(at) => Some(at),
                Step::Send(_) | Step::Read(_) | Step::Await | Step::Rest => None,
            };
            self.view.progress().next_at = until.filter(|_| under_way.is_empty());
            self.announce();
            let look_at = until.or_else(|| self.try_again_at());
            match self.news(&mut under_way, look_at).await {
                News::Answers(some) => answers = some,
                News::Wishes(some) => wishes = some,
                News::Time if until.is_none() => wishes.push(Control::Online),
                News::Time => {}
                News::Forgotten => return End::Forgotten,
            }
        }
    }

    /// A network may be missing only on the way to the vendor: then no event tells that it is back.
    fn try_again_at(&self) -> Option<Millis> {
        let is_waiting = *self.view.progress().run.status() == Status::Paused(Pause::Offline);
        (is_waiting && window().navigator().on_line()).then(|| clock::now() + TRY_AGAIN_MS)
    }

    /// The next answers, wishes, or the time. What is ready together is taken together, and written together.
    async fn news(&mut self, under_way: &mut UnderWay, until: Option<Millis>) -> News {
        let timer: LocalBoxFuture<'static, ()> = match until {
            Some(at) => Box::pin(clock::sleep_until(at)),
            None => Box::pin(std::future::pending()),
        };
        let answer: LocalBoxFuture<'_, Option<Answer>> =
            if under_way.is_empty() { Box::pin(std::future::pending()) } else { Box::pin(under_way.next()) };
        let first = match select(answer, select(self.wishes.next(), timer)).await {
            Either::Left((answer, _)) => Either::Left(answer),
            Either::Right((Either::Left((wish, _)), _)) => Either::Right(wish),
            Either::Right((Either::Right(_), _)) => return News::Time,
        };
        match first {
            Either::Left(first) => {
                let mut answers: Vec<Answer> = first.into_iter().collect();
                while let Some(Some(answer)) = under_way.next().now_or_never() {
                    answers.push(answer);
                }
                News::Answers(answers)
            }
            Either::Right(Some(first)) => {
                let mut wishes = vec![first];
                while let Some(Some(wish)) = self.wishes.next().now_or_never() {
                    wishes.push(wish);
                }
                News::Wishes(wishes)
            }
            Either::Right(None) => News::Forgotten,
        }
    }

    /// One turn: the run takes in what happened and says what is next, and its lines and the budget are
    /// written before anything of that is done. `None` if somebody else has written them.
    async fn turn(&mut self, mut answers: Vec<Answer>, mut wishes: Vec<Control>) -> Option<Turn> {
        if wishes.contains(&Control::WithoutJournal) {
            self.go_without_journal().await;
        }
        let begun = self.begin().await;
        let mut turn = Turn { sends: Vec::new(), reads: Vec::new(), step: Step::Rest };
        let view = self.view.clone();
        let mut unwritten = std::mem::take(&mut self.unwritten);
        let is_kept = begun.is_ok() && !self.is_off;
        let mut work = |budget: &mut Budget| {
            let mut progress = view.progress();
            let now = clock::now();
            for answer in answers.drain(..) {
                answer.record(&mut progress, now, budget);
            }
            for wish in wishes.drain(..) {
                obey(wish, &mut progress, now);
            }
            if begun.is_err() {
                progress.run.pause(Pause::Journal, now);
            }
            turn.step = loop {
                match progress.run.poll(now, budget) {
                    Step::Send(batch) => turn.sends.push(batch),
                    Step::Read(reading) => turn.reads.push(reading),
                    step @ (Step::WaitUntil(_) | Step::Await | Step::Rest | Step::Done) => break step,
                }
            };
            unwritten.append(&mut lines(&mut progress));
            std::mem::take(&mut unwritten)
        };
        let (connection, run) = (view.connection(), is_kept.then_some(view.id()));
        let not_kept = match self.runs.session.turn(connection, run, &mut work).await {
            // Without a journal the lines are gone here, which is what was wanted.
            Ok(records) if begun.is_err() => {
                self.unwritten = records;
                return Some(turn);
            }
            Ok(_) => {
                let mut progress = view.progress();
                if is_kept {
                    progress.problem =
                        self.runs.session.storage_now().is_none().then_some(StorageError::Unavailable);
                }
                return Some(turn);
            }
            Err(not_kept) => not_kept,
        };
        self.unwritten = if not_kept.budget.is_some() {
            not_kept.records
        } else {
            work(&mut self.runs.session.budget(connection).borrow_mut())
        };
        if not_kept.error == StorageError::Conflict {
            return None;
        }
        self.take_back(&mut turn, not_kept.error);
        Some(turn)
    }

    /// Nothing goes out that could not be written down first.
    fn take_back(&mut self, turn: &mut Turn, error: StorageError) {
        let now = clock::now();
        let mut progress = self.view.progress();
        progress.problem = Some(error);
        progress.run.pause(Pause::Journal, now);
        let budget = self.runs.session.budget(self.view.connection());
        let mut budget = budget.borrow_mut();
        let batches = turn.sends.drain(..).map(|batch| Answer::not_sent(batch.id));
        for answer in batches.chain(turn.reads.drain(..).map(|reading| Answer::not_read(reading.id))) {
            answer.record(&mut progress, now, &mut budget);
        }
        self.unwritten.append(&mut lines(&mut progress));
        turn.step = if progress.run.n_under_way() == 0 { Step::Rest } else { Step::Await };
    }

    /// Writes the plan down, once, before anything of it is done.
    async fn begin(&mut self) -> Result<(), StorageError> {
        if self.is_begun || self.is_off {
            return Ok(());
        }
        let Some(journal) = self.journal().await else {
            self.is_begun = true;
            self.view.progress().problem = Some(StorageError::Unavailable);
            return Ok(());
        };
        let chunks = domain::entry::chunks(self.view.progress().run.plan()).collect();
        let begun = journal.begin(self.view.heading(), chunks).await;
        self.is_begun = begun.is_ok();
        if let Err(error) = begun {
            self.view.progress().problem = Some(error);
        }
        begun
    }

    /// Leaves a gap in the journal, so that whoever reads it later sends nothing twice.
    async fn go_without_journal(&mut self) {
        if self.is_off {
            return;
        }
        self.is_off = true;
        let seq = self.unwritten.first().map_or_else(|| self.view.progress().run.seq(), |record| record.seq);
        self.unwritten.clear();
        if let Some(journal) = self.journal().await.filter(|_| self.is_begun)
            && journal.note_gap(self.view.id(), seq).await.is_err()
        {
            // Not even that: then the run is better not found again. Its outcomes are on this page.
            if let Err(error) = journal.remove(self.view.id()).await {
                leptos::logging::error!(
                    "a run that is not written down stays in the journal: {}",
                    error.slug()
                );
            }
        }
    }

    /// What follows from a run that is over.
    fn finish(&self) {
        let (receipt, members) = {
            let mut progress = self.view.progress();
            progress.next_at = None;
            (progress.run.receipt(), progress.members.clone())
        };
        self.runs.session.note_receipt(&self.view.connection().id, &receipt, &members, clock::now());
        self.announce();
    }
}

/// The lines that are new, ready to be written.
fn lines(progress: &mut Progress) -> Vec<Record> {
    progress.note_change();
    let lines = progress.run.drain();
    if let Some(last) = lines.last() {
        progress.last_at = last.entry.at();
    }
    lines.iter().filter_map(|line| Record::of(line).ok()).collect()
}

fn obey(wish: Control, progress: &mut Progress, now: Millis) {
    let run = &mut progress.run;
    match wish {
        Control::Pause => run.pause(Pause::Person, now),
        Control::Resume | Control::WithoutJournal => run.resume(now),
        Control::Stop => run.stop(now),
        Control::Retry(changes) => run.retry(&changes, now),
        Control::Skip(changes) => run.skip(&changes, now),
        Control::Check(changes) => run.check(&changes, now),
        Control::Password(password) => {
            run.give_password(&password);
            if *run.status() == Status::Paused(Pause::Password) {
                run.resume(now);
            }
        }
        Control::Online => {
            // Answers are lost too when the network goes; what is in doubt is read back before it is sent again.
            if matches!(run.status(), Status::Paused(Pause::Offline | Pause::Lost(_))) {
                run.resume(now);
            }
        }
        Control::LetGo | Control::Wrote { .. } | Control::Driven => {}
    }
}
