//! Starts runs, and opens existing ones.

use std::rc::Rc;

use domain::driver::Setting;
use domain::order;
use domain::{Approval, Connection, Heading, Plan, PlanId, Receipt, Run};
use futures::StreamExt;
use futures::channel::mpsc::unbounded;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Runs;
use super::engine::engine;
use super::list::lock_name;
use super::summary::{DrivenBy, RunSummary};
use super::task::around_connection;
use super::view::RunView;
use crate::state::code::NotFetched;
use browser::clock;
use browser::storage::{IndexedDbJournal, StorageError};
use browser::{locks, random};
use i18n::text;
use ui::toast;

/// The result of opening a run.
#[derive(Clone, Debug, PartialEq)]
pub enum OpenedRun {
    Reading,
    /// This device has no run of this id.
    NotFound,
    /// The run exists but cannot be read.
    Failed(StorageError),
    /// The code that opens runs could not be fetched.
    NotLoaded,
    Found(RunView),
}

impl Runs {
    /// Applies a plan; see [`Engine::start`](super::Engine::start).
    pub(super) fn start_here(self, plan: Plan) -> Option<RunView> {
        if let Some(known) = self.loaded(&plan.id) {
            return Some(known);
        }
        let connection = self.session.connection_now(&plan.connection)?;
        if !plan.is_applicable() {
            return None;
        }
        let place = window().location().pathname().unwrap_or_default();
        let heading = Heading::new(&plan, &connection, &place, clock::now());
        let setting = setting(&connection);
        let run = Run::new(plan, &setting.limits, &setting.capabilities, setting.seed);
        self.put(RunSummary::new(&heading, DrivenBy::Here));
        let driver = domain::Driver::start(run, heading.clone(), setting);
        let view = RunView::new(heading, connection, self.session, driver);
        self.start_task(&view);
        Some(view)
    }

    /// Opens a run; see [`Runs::open`].
    pub(super) fn open_here(self, id: &PlanId) -> OpenedRun {
        self.opened.track();
        let inner = self.inner();
        let known = inner.views.borrow().get(id).and_then(|view| view.downcast_ref::<OpenedRun>().cloned());
        known.unwrap_or_else(|| {
            self.set_opened(id, OpenedRun::Reading);
            let id = id.clone();
            spawn_local(async move {
                let found = self.read(&id).await;
                match found {
                    Ok(view) => self.start_task(&view),
                    Err(StorageError::Missing) => self.set_opened(&id, OpenedRun::NotFound),
                    Err(error) => self.set_opened(&id, OpenedRun::Failed(error)),
                }
                self.opened.try_update(|n| *n += 1);
            });
            OpenedRun::Reading
        })
    }

    /// As [`open`](Runs::open), but `None` unless the run is found; tracked.
    pub fn get(self, id: &PlanId) -> Option<RunView> {
        if id.is_empty() {
            return None;
        }
        match self.open(id) {
            OpenedRun::Found(view) => Some(view),
            OpenedRun::Reading | OpenedRun::NotFound | OpenedRun::Failed(_) | OpenedRun::NotLoaded => None,
        }
    }

    /// A run that this page has in memory; untracked, reads nothing.
    pub fn loaded(self, id: &PlanId) -> Option<RunView> {
        match self.inner().views.borrow().get(id)?.downcast_ref()? {
            OpenedRun::Found(view) => Some(view.clone()),
            OpenedRun::Reading | OpenedRun::NotFound | OpenedRun::Failed(_) | OpenedRun::NotLoaded => None,
        }
    }

    /// The results of a run, and the approval that it has, from memory or from the journal.
    ///
    /// # Errors
    /// If this device has no such run, or cannot read it.
    pub async fn results(self, id: &PlanId) -> Result<(Receipt, Option<Approval>), StorageError> {
        if let Some(view) = self.loaded(id) {
            return Ok((untrack(|| view.receipt()), view.heading().approval.clone()));
        }
        let storage = self.session.storage().await.ok_or(StorageError::Missing)?;
        let stored = IndexedDbJournal::new(storage).read(id, 0).await?;
        let connection = self.session.connection_now(&stored.heading.connection);
        let connection = connection.ok_or(StorageError::Missing)?;
        let approval = stored.heading.approval.clone();
        Ok((domain::Driver::restore(stored, &setting(&connection))?.receipt(), approval))
    }

    /// The runs that this page has in memory, oldest first; tracked.
    pub fn opened(self) -> Vec<RunView> {
        self.opened.track();
        let inner = self.inner();
        let views = inner.views.borrow();
        let found = |view: &Rc<dyn std::any::Any>| match view.downcast_ref()? {
            OpenedRun::Found(view) => Some(RunView::clone(view)),
            OpenedRun::Reading | OpenedRun::NotFound | OpenedRun::Failed(_) | OpenedRun::NotLoaded => None,
        };
        let mut views: Vec<RunView> = views.values().filter_map(found).collect();
        order::sort_by(&mut views, |a, b| (a.started_at(), a.id()).cmp(&(b.started_at(), b.id())));
        views
    }

    fn set_opened(self, id: &PlanId, opened: OpenedRun) {
        self.inner().views.borrow_mut().insert(id.clone(), Rc::new(opened));
    }

    /// Starts a task for a run. Fetches the engine first if it is not here.
    fn start_task(self, view: &RunView) {
        self.listen();
        let (sender, mut events) = unbounded();
        let id = view.id();
        self.inner().tasks.borrow_mut().insert(id.clone(), sender.clone());
        self.set_opened(id, OpenedRun::Found(view.clone()));
        self.opened.try_update(|n| *n += 1);
        let view = view.clone();
        spawn_local(async move {
            let mut asked = Vec::new();
            let engine = loop {
                match engine().await {
                    Ok(engine) => break engine,
                    Err(NotFetched) => toast(text::plan_not_loaded(), None),
                }
                // Retried with the next thing that is asked of the run.
                match events.next().await {
                    Some(event) if !self.is_gone() => asked.push(event),
                    _ => return,
                }
            };
            for event in asked {
                // The receiver is here.
                let _ = sender.unbounded_send(event);
            }
            drop(sender);
            engine.drive(self, view, events);
        });
    }

    async fn read(self, id: &PlanId) -> Result<RunView, StorageError> {
        let storage = self.session.storage().await.ok_or(StorageError::Missing)?;
        let stored = IndexedDbJournal::new(storage).read(id, 0).await?;
        let connection = self.session.connection_now(&stored.heading.connection);
        let connection = connection.ok_or(StorageError::Missing)?;
        let heading = stored.heading.clone();
        let setting = setting(&connection);
        let run = domain::Driver::restore(stored, &setting)?;
        let is_locked = locks::held().await.contains(&lock_name(id));
        let around = around_connection(self.session, &connection.id);
        let driver = domain::Driver::find(run, heading.clone(), setting, is_locked, &around);
        Ok(RunView::new(heading, connection, self.session, driver))
    }
}

/// What a run needs besides its plan.
fn setting(connection: &Connection) -> Setting {
    Setting {
        limits: vendors::limits(connection.vendor, connection),
        capabilities: vendors::capabilities(connection.vendor),
        seed: seed(),
    }
}

/// A random seed for backoff jitter, so that tabs refused together do not retry together.
fn seed() -> u64 {
    random::bits()
}
