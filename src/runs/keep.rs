//! Whoever keeps a run that was opened in this tab: drives it, follows the tab that does, or rests.

use std::pin::Pin;

use domain::journal::Journal;
use domain::{Millis, Pause, Status};
use futures::channel::mpsc::UnboundedReceiver;
use futures::future::{Either, select};
use futures::stream::StreamExt;
use leptos::task::spawn_local;

use super::Runs;
use super::channel::Told;
use super::control::Control;
use super::list::lock_name;
use super::locks::{self, Ask, Held};
use super::open::restore;
use super::summary::Driver;
use super::view::RunView;
use crate::clock;
use crate::storage::{IndexedDbJournal, Record, StorageError};

/// Runs with more changes than this are told about at most every [`EVERY_MS`].
const MAX_SMALL: usize = 500;
/// How often pages and other tabs are told about a large run.
const EVERY_MS: Millis = 200;

/// How the run came here.
#[derive(Clone, Copy, Debug)]
pub(super) enum Begin {
    /// Somebody started it here.
    New,
    /// It was found in the journal.
    Found,
}

/// What its keeper does.
pub(super) enum Mode {
    /// Nobody drives it, or it is over.
    Rest,
    /// Another tab drives it; a wish that came before that was known goes to it.
    Follow(Option<Control>),
    /// This tab drives it.
    Drive(Held, Vec<Control>),
    /// It was forgotten.
    End,
}

/// Keeps one run for as long as the page lives, or until the run is forgotten.
pub(super) struct Keeper {
    pub(super) runs: Runs,
    pub(super) view: RunView,
    pub(super) wishes: UnboundedReceiver<Control>,
    /// True once its plan is in the journal.
    pub(super) is_begun: bool,
    /// True while nobody else has driven it since this tab did.
    pub(super) is_own: bool,
    /// True if it goes on without being written down.
    pub(super) is_off: bool,
    /// Lines that could not be written down.
    pub(super) unwritten: Vec<Record>,
}

impl Keeper {
    pub(super) fn new(runs: Runs, view: RunView, wishes: UnboundedReceiver<Control>) -> Self {
        Self { runs, view, wishes, is_begun: false, is_own: false, is_off: false, unwritten: Vec::new() }
    }

    pub(super) async fn keep(mut self, begin: Begin) {
        let name = lock_name(self.view.id());
        let mut mode = match begin {
            Begin::New => {
                self.is_own = true;
                match locks::ask(&name, Ask::Now).await {
                    Some(held) => Mode::Drive(held, Vec::new()),
                    None => Mode::Follow(None),
                }
            }
            Begin::Found => {
                self.is_begun = true;
                let is_held = locks::held().await.contains(&name);
                if is_held { Mode::Follow(None) } else { Mode::Rest }
            }
        };
        loop {
            mode = match mode {
                Mode::Rest => self.rest().await,
                Mode::Follow(wish) => self.follow(wish).await,
                Mode::Drive(held, wishes) => self.drive(held, wishes).await,
                Mode::End => break,
            };
        }
    }

    /// Waits until somebody wants something, here or in another tab.
    async fn rest(&mut self) -> Mode {
        self.set_driver(Driver::Nobody);
        loop {
            let Some(control) = self.wishes.next().await else { return Mode::End };
            match control {
                Control::Driven => return Mode::Follow(None),
                Control::Wrote { next_seq } => {
                    if next_seq > self.view.progress().run.seq() {
                        return Mode::Follow(None);
                    }
                }
                Control::Password(password) => self.take_password(&password),
                Control::Pause | Control::LetGo | Control::Online => {}
                wish => match locks::ask(&lock_name(self.view.id()), Ask::Now).await {
                    Some(held) => match self.catch_up().await {
                        Ok(()) => return Mode::Drive(held, self.before(wish)),
                        Err(error) => self.show_problem(error),
                    },
                    None => return Mode::Follow(Some(wish)),
                },
            }
        }
    }

    /// What has to come before a wish: nothing is sent of an interrupted run only because something of it was
    /// taken out or looked up.
    fn before(&self, wish: Control) -> Vec<Control> {
        let is_running = *self.view.progress().run.status() == Status::Running;
        let is_quiet = matches!(wish, Control::Skip(_) | Control::Check(_) | Control::Retry(_));
        if is_running && is_quiet { vec![Control::Pause, wish] } else { vec![wish] }
    }

    /// Shows what the driving tab writes, and takes its place when it is gone.
    async fn follow(&mut self, mut wish: Option<Control>) -> Mode {
        self.set_driver(Driver::Elsewhere);
        self.is_own = false;
        if let Some(wish) = &wish {
            self.pass_on(wish.clone());
        }
        let name = lock_name(self.view.id());
        let mut lock: Pin<Box<dyn Future<Output = Option<Held>>>> =
            Box::pin(async move { locks::ask(&name, Ask::Queue).await });
        let mut wants_it = false;
        loop {
            let control = match select(lock, self.wishes.next()).await {
                Either::Left((Some(held), _)) => return self.granted(held, wish, wants_it).await,
                Either::Left((None, _)) => return Mode::Rest,
                Either::Right((control, still)) => {
                    lock = still;
                    control
                }
            };
            match control {
                None => return Mode::End,
                Some(Control::Wrote { next_seq }) => {
                    wish = None; // whoever drives is there, and was told
                    let is_news = next_seq > self.view.progress().run.seq();
                    if is_news && self.catch_up().await.is_ok() && !self.runs.is_gone() {
                        self.runs.session.refresh_budget(self.view.connection()).await;
                        self.announce();
                    }
                }
                Some(Control::Driven | Control::Online | Control::LetGo) => {}
                Some(Control::Password(password)) => {
                    self.take_password(&password);
                    wants_it |= self.ask_for_it();
                }
                Some(Control::Resume) if self.ask_for_it() => wants_it = true,
                Some(control) => self.pass_on(control),
            }
        }
    }

    /// The tab that drove it is gone, or let go.
    async fn granted(&mut self, held: Held, wish: Option<Control>, wants_it: bool) -> Mode {
        let caught_up = self.catch_up().await;
        if self.runs.is_gone() {
            return Mode::End;
        }
        if let Err(error) = caught_up {
            self.show_problem(error);
            return Mode::Rest;
        }
        self.announce();
        let (is_over, is_running) = {
            let progress = self.view.progress();
            let status = progress.run.status();
            (status.is_over(), matches!(status, Status::Running | Status::Stopping))
        };
        if wants_it && !is_over {
            return Mode::Drive(held, vec![Control::Resume]);
        }
        if let Some(wish) = wish {
            return Mode::Drive(held, self.before(wish));
        }
        let is_able = leptos::prelude::untrack(|| !self.view.needs_key() && !self.view.needs_password());
        if is_running && is_able { Mode::Drive(held, Vec::new()) } else { Mode::Rest }
    }

    /// Asks the driving tab to let go if this one has what is missing there.
    fn ask_for_it(&self) -> bool {
        let (needs_key, needs_password) =
            leptos::prelude::untrack(|| (self.view.needs_key(), self.view.needs_password()));
        let is_better = match self.view.progress().run.status() {
            Status::Paused(Pause::Key(_)) => !needs_key,
            Status::Paused(Pause::Password) => !needs_password,
            _ => false,
        };
        if is_better {
            self.pass_on(Control::LetGo);
        }
        is_better
    }

    fn pass_on(&self, wish: Control) {
        if wish.is_wish() {
            self.runs.tell(&Told::Asked(self.view.id().clone(), wish));
        }
    }

    fn take_password(&self, password: &domain::Secret) {
        self.view.progress().run.give_password(password);
        self.view.notify();
    }

    pub(super) async fn journal(&self) -> Option<IndexedDbJournal> {
        self.runs.session.storage().await.map(IndexedDbJournal::new)
    }

    /// Takes in what others have written. What cannot be read is damage, which only a whole reading shows.
    pub(super) async fn catch_up(&mut self) -> Result<(), StorageError> {
        let Some(journal) = self.journal().await.filter(|_| self.is_begun && !self.is_off) else {
            return Ok(());
        };
        let from = self.view.progress().run.seq();
        let stored = journal.read(self.view.id(), from).await?;
        if stored.n_damaged > 0 {
            return self.read_anew().await;
        }
        let mut progress = self.view.progress();
        for line in &stored.lines {
            progress.run.follow(line);
            progress.last_at = line.entry.at();
        }
        progress.note_change();
        Ok(())
    }

    /// Reads the whole run again, in place of what this tab knows.
    pub(super) async fn read_anew(&mut self) -> Result<(), StorageError> {
        let Some(journal) = self.journal().await else { return Ok(()) };
        let stored = journal.read(self.view.id(), 0).await?;
        let last_at = stored.lines.last().map(|line| line.entry.at());
        let run = restore(stored, self.view.connection())?;
        let mut progress = self.view.progress();
        progress.run = run;
        progress.last_at = last_at.unwrap_or(progress.last_at);
        progress.note_change();
        Ok(())
    }

    pub(super) fn set_driver(&self, driver: Driver) {
        {
            let mut progress = self.view.progress();
            progress.driver = driver;
            if driver != Driver::Here {
                progress.next_at = None;
            }
        }
        self.runs.set_driver(self.view.id(), driver);
        self.announce();
    }

    pub(super) fn show_problem(&self, error: StorageError) {
        self.view.progress().problem = Some(error);
        self.announce();
    }

    /// Tells pages and other tabs how far the run is; about a large one not more often than they can show.
    pub(super) fn announce(&self) {
        let wait = {
            let mut progress = self.view.progress();
            let since = clock::now().saturating_sub(progress.announced_at);
            let is_now = self.view.n_rows() <= MAX_SMALL || since >= EVERY_MS || progress.run.is_over();
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

fn tell(runs: Runs, view: &RunView) {
    let is_here = {
        let mut progress = view.progress();
        progress.announced_at = clock::now();
        progress.driver == Driver::Here
    };
    let standing = view.standing();
    runs.note(&standing);
    view.notify();
    if is_here {
        runs.tell(&Told::Wrote(standing));
    }
}
