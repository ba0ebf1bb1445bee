//! The groups of a connection, read whole on each visit of their page. Those that pages have seen are there meanwhile.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use browser::clock;
use browser::search::composed;
use domain::whole::WholeList;
use domain::{Connection, Group, GroupId, GroupKind, Page, Query};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::directory::{ReadingStage, ReadingStatus, asks};
use super::reading_task::{ReadingTask, enter};
use super::reads::read_page;
use super::runs::Runs;
use super::session::{Failure, Session};
use super::whole::{ListReading, ReadEvent};

/// Most groups that are read: a list without an end must not exhaust the page.
const MAX: usize = 50_000;

/// The groups that are known.
pub type GroupsById = BTreeMap<GroupId, Arc<Group>>;

/// The groups of a connection. Copies share state.
#[derive(Clone)]
pub struct GroupList(Rc<Inner>);

struct Inner {
    session: Session,
    runs: Runs,
    connection: Arc<Connection>,
    status: ArcRwSignal<ReadingStatus>,
    groups: ArcRwSignal<GroupsById>,
    /// The reading, unless it is under way or over.
    left: RefCell<Option<ListReading>>,
    /// What this reading has found.
    found: RefCell<BTreeSet<GroupId>>,
    task: Rc<ReadingTask>,
}

impl std::fmt::Debug for GroupList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("GroupList").field(&self.0.connection.id).finish()
    }
}

impl GroupList {
    /// The groups, as far as pages have seen them, while all are read. The reading ends with the page.
    pub fn open(session: Session, runs: Runs, connection: &Arc<Connection>) -> Self {
        let list = Self(Rc::new(Inner {
            session,
            runs,
            connection: Arc::clone(connection),
            status: ArcRwSignal::default(),
            groups: ArcRwSignal::default(),
            left: RefCell::default(),
            found: RefCell::default(),
            task: Rc::default(),
        }));
        let mut seen = session.seen_groups(&connection.id);
        seen.retain(|group| group.kind == GroupKind::Group);
        if !seen.is_empty() {
            list.add(seen);
        }
        list.go_on();
        let leaving = StoredValue::new_local(list.clone());
        on_cleanup(move || leaving.with_value(|list| list.0.task.stop()));
        list
    }

    /// How far the reading is; tracked.
    pub fn status(&self) -> ArcRwSignal<ReadingStatus> {
        self.0.status.clone()
    }

    /// The groups; tracked.
    pub fn groups(&self) -> ArcRwSignal<GroupsById> {
        self.0.groups.clone()
    }

    /// Pauses the reading; calls that are under way are awaited.
    pub fn pause(&self) {
        self.0.task.stop();
        self.set_stage(ReadingStage::Paused);
    }

    /// Goes on where the reading was paused, failed or asked.
    pub fn go_on(&self) {
        self.set_stage(ReadingStage::Reading);
        let (reading, failing) = (self.clone(), self.clone());
        self.0.task.go_on(Box::pin(async move { reading.read().await }), move |failure| {
            failing.set_stage(ReadingStage::Failed(failure))
        });
    }

    /// Agrees to the calls that the reading takes.
    pub fn agree(&self) {
        self.0.task.agree();
        self.go_on();
    }

    /// Reads all groups again. They stay until it is known that they are gone.
    pub fn again(&self) {
        if !self.0.task.is_under_way() {
            *self.0.left.borrow_mut() = None;
        }
        self.go_on();
    }

    /// Adds what the vendor finds: not all groups may be here. A failure leaves the list as it is.
    pub fn look_up(&self, search: &str) {
        let list = self.clone();
        let query = Query::Groups { search: composed(search) };
        spawn_local(async move {
            let inner = &list.0;
            if let Ok(page) = read_page(inner.session, &inner.connection.id, &query, None).await {
                list.add(page.into_groups());
            }
        });
    }

    fn set_stage(&self, stage: ReadingStage) {
        self.0.status.maybe_update(|status| enter(&mut status.stage, stage));
    }

    async fn read(&self) -> Result<(), Failure> {
        let inner = &self.0;
        let left = inner.left.take();
        let mut list = match left {
            Some(list) => list,
            None => self.begin().await?,
        };
        loop {
            let runs = Some(inner.runs);
            let result = list
                .read_on(inner.session, runs, &inner.connection, |list, event| self.take(list, event))
                .await;
            if list.list.is_over() {
                result?;
                self.finish();
                return Ok(());
            }
            let is_resumed = result.is_ok() && inner.status.with_untracked(ReadingStatus::is_under_way);
            if !is_resumed || inner.task.is_stopped() {
                *inner.left.borrow_mut() = Some(list);
                return result;
            }
        }
    }

    async fn begin(&self) -> Result<ListReading, Failure> {
        let list = ListReading::new(&self.0.connection, Query::Groups { search: "".into() }).await?;
        self.0.found.borrow_mut().clear();
        self.0.status.update(|status| (status.has_moved, status.is_unsure) = (false, false));
        Ok(list)
    }

    /// Takes in what was read. Returns false if the reading has to stop.
    fn take(&self, list: &WholeList<u64>, event: ReadEvent) -> bool {
        let inner = &self.0;
        match event {
            ReadEvent::Waits(until) if !inner.task.is_stopped() => {
                self.set_stage(ReadingStage::Waiting(until));
            }
            ReadEvent::Waits(_) => {}
            ReadEvent::Page(read) => self.take_page(list, read.page),
        }
        if inner.task.is_stopped() {
            return false;
        }
        if inner.found.borrow().len() >= MAX {
            inner.status.update(|status| status.is_unsure = true);
            self.finish();
            return false;
        }
        if let Some((n_calls, window)) = asks(&inner.connection, list, inner.task.has_agreed()) {
            self.set_stage(ReadingStage::Asking(n_calls, window));
            return false;
        }
        true
    }

    fn take_page(&self, list: &WholeList<u64>, page: Page) {
        let inner = &self.0;
        if list.progress().n_calls <= 1 {
            inner.session.note_seen(&inner.connection, &page);
        }
        let groups = page.into_groups();
        inner.found.borrow_mut().extend(groups.iter().map(|group| group.id.clone()));
        self.add(groups);
        inner.status.update(|status| status.note(list, 0));
    }

    /// Adds groups, or what is new about them. Those that are as before stay the same in memory.
    fn add(&self, groups: Vec<Group>) {
        self.0.groups.maybe_update(|known| {
            let mut has_news = false;
            for group in groups {
                if known.get(&group.id).is_none_or(|known| **known != group) {
                    known.insert(group.id.clone(), Arc::new(group));
                    has_news = true;
                }
            }
            has_news
        });
        self.0.status.update(|status| status.version += 1);
    }

    fn finish(&self) {
        let inner = &self.0;
        if inner.status.with_untracked(|status| !status.is_unsure) {
            let found = inner.found.borrow();
            inner.groups.maybe_update(|known| {
                let n_before = known.len();
                known.retain(|id, _| found.contains(id));
                known.len() != n_before
            });
        }
        inner.status.update(|status| {
            status.stage = ReadingStage::Done;
            status.read_at = clock::now();
        });
    }
}
