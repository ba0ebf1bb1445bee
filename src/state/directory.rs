//! The people of a group or of a whole community: read whole, and kept in a web worker that finds, sorts and selects
//! them. Kept until the connection is locked or changed; at most `MAX_KEPT` lists at once.
//!
//! What a plan needs to know of a group, everyone's scope, is here as well, because plans are made at once.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use browser::clock;
use browser::directory::{DirectoryWorker, WorkerEnded};
use browser::search::composed;
use directory_worker::ListCounts;
use directory_worker::message::{ListAnswer, ListQuestion, TakenPage, read_taken};
use domain::whole::{WholeList, needs_consent};
use domain::{Connection, ConnectionId, Cursor, GroupId, Items, Member, Millis, Page, Query, Window};
use leptos::prelude::*;
use leptos::task::spawn_local;
use vendors::Response;

use super::caller::{DecodePage, FreshPage};
use super::group_read::GroupRead;
use super::keeping::{KeepMoment, Keeping};
use super::reading_task::{ReadingTask, enter};
use super::reads::read_page;
use super::runs::Runs;
use super::session::{Failure, NotKept, Session};
use super::whole::{ListReading, ReadEvent};

/// Most lists that are kept at once.
const MAX_KEPT: usize = 3;
/// How often people who arrive are counted and shown.
const COUNT_EVERY_MS: Millis = 1_000;

/// Whose people they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryOf {
    /// Everyone the connection can list.
    Everyone,
    /// The members of a group, and those banned from it.
    Group(GroupId),
}

impl DirectoryOf {
    pub(super) fn lists(&self) -> Vec<Query> {
        match self {
            DirectoryOf::Everyone => vec![Query::People { search: "".into() }],
            DirectoryOf::Group(group) => GroupRead::lists(group).into(),
        }
    }
}

/// What the reading does.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ReadingStage {
    #[default]
    Reading,
    /// It goes on then, because of the vendor's limits; or when the runs of the connection have ended.
    Waiting(Option<Millis>),
    /// It would take this many of the calls that a window of the limits allows.
    Asking(u64, Window),
    Paused,
    Failed(Failure),
    /// The worker could not be started, or ended: its memory is not enough.
    Ended,
    Done,
}

/// How far the reading is, and what was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadingStatus {
    pub stage: ReadingStage,
    /// Number of calls of this reading.
    pub n_calls: usize,
    /// Number of people in the list that is being read, as the vendor says, and number of those that were read.
    pub total: Option<u64>,
    pub n_read: u64,
    /// When it was last read whole; 0 before.
    pub read_at: Millis,
    /// Whether the list changed while it was read, and whether anyone may be missing therefore.
    pub has_moved: bool,
    pub is_unsure: bool,
    /// How many people of each kind there are.
    pub counts: ListCounts,
    /// Whether it was not read by this page, but kept on this device.
    pub is_kept: bool,
    /// Why it could not be kept there.
    pub not_kept: Option<NotKept>,
    /// Changes whenever people change.
    pub version: u64,
}

impl ReadingStatus {
    /// True before anything can be shown.
    pub fn is_blank(&self) -> bool {
        self.version == 0 && self.read_at == 0
    }

    /// When the list was last read whole, and the number of calls of the last reading; `None` before.
    pub fn loaded(&self) -> Option<(Millis, usize)> {
        (self.read_at > 0).then_some((self.read_at, self.n_calls))
    }

    /// True unless it stopped, for whatever reason.
    pub fn is_under_way(&self) -> bool {
        matches!(self.stage, ReadingStage::Reading | ReadingStage::Waiting(_))
    }

    /// Takes in how far the reading of a list is, after this many calls for others.
    pub(super) fn note(&mut self, list: &WholeList<u64>, n_calls_before: usize) {
        let progress = list.progress();
        // A reading that was paused gets the answers that were under way, and stays paused.
        if self.is_under_way() {
            self.stage = ReadingStage::Reading;
        }
        self.n_calls = n_calls_before + progress.n_calls;
        (self.total, self.n_read) = (progress.total, progress.n_read);
        self.has_moved |= progress.has_moved;
        self.is_unsure |= list.is_over() && !progress.is_sure;
    }
}

/// The people of a group or of a whole community. Copies share state.
#[derive(Clone)]
pub struct PeopleDirectory(pub(super) Rc<Inner>);

pub(super) struct Inner {
    pub(super) session: Session,
    runs: Runs,
    pub(super) connection: Arc<Connection>,
    pub(super) of: DirectoryOf,
    pub(super) worker: Option<DirectoryWorker>,
    pub(super) status: ArcRwSignal<ReadingStatus>,
    pub(super) group: ArcRwSignal<Option<GroupRead>>,
    /// The group as it is read now.
    pub(super) next_group: RefCell<Option<GroupRead>>,
    /// The lists that are left to read.
    pub(super) left: RefCell<VecDeque<ListReading>>,
    pub(super) n_calls_before: Cell<usize>,
    pub(super) task: Rc<ReadingTask>,
    /// Whether a run has changed people since the reading began.
    pub(super) is_outdated: Cell<bool>,
    /// What is kept of it on the device.
    pub(super) keeping: Keeping,
    /// Whether people will be counted soon, and when they were counted last.
    is_counting: Cell<bool>,
    counted_at: Cell<Millis>,
}

impl std::fmt::Debug for PeopleDirectory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PeopleDirectory").field(&self.0.of).finish()
    }
}

impl PeopleDirectory {
    /// The directory as it is kept, or a new one that is being read. Readings go on while one of them is shown.
    pub fn open(session: Session, runs: Runs, connection: &Arc<Connection>, of: DirectoryOf) -> Self {
        let kept = session.kept_directory(&connection.id, &of);
        let directory = kept.unwrap_or_else(|| {
            let directory = Self(Rc::new(Inner {
                session,
                runs,
                connection: Arc::clone(connection),
                of,
                worker: DirectoryWorker::start().ok(),
                status: ArcRwSignal::default(),
                group: ArcRwSignal::new(None),
                next_group: RefCell::default(),
                left: RefCell::default(),
                n_calls_before: Cell::new(0),
                task: Rc::default(),
                is_outdated: Cell::new(false),
                keeping: Keeping::default(),
                is_counting: Cell::new(false),
                counted_at: Cell::new(0),
            }));
            session.keep_directory(directory.clone(), MAX_KEPT);
            directory
        });
        let (is_under_way, is_done) = directory
            .0
            .status
            .with_untracked(|status| (status.is_under_way(), status.stage == ReadingStage::Done));
        // A reading that was stopped before people changed would go on behind them.
        if directory.0.is_outdated.get() && (is_under_way || is_done) {
            directory.again();
        } else if is_under_way {
            directory.go_on();
        }
        let leaving = StoredValue::new_local(directory.clone());
        on_cleanup(move || leaving.with_value(|directory| directory.0.task.stop()));
        directory
    }

    /// True for the directory of this connection and list.
    pub(super) fn is_of(&self, connection: &ConnectionId, of: Option<&DirectoryOf>) -> bool {
        self.0.connection.id == *connection && of.is_none_or(|of| *of == self.0.of)
    }

    /// How far the reading is; tracked.
    pub fn status(&self) -> ArcRwSignal<ReadingStatus> {
        self.0.status.clone()
    }

    /// The group and everyone's scope in it; `None` before anything of it was read. Tracked.
    pub fn group(&self) -> ArcRwSignal<Option<GroupRead>> {
        self.0.group.clone()
    }

    /// Asks the worker.
    ///
    /// # Errors
    /// If it ended.
    pub fn ask(
        &self,
        question: &ListQuestion,
    ) -> impl Future<Output = Result<ListAnswer, WorkerEnded>> + use<> {
        let asked = self.0.worker.as_ref().map(|worker| worker.ask(question));
        let status = self.0.status.clone();
        async move {
            let answer = match asked {
                Some(asked) => asked.await,
                None => Err(WorkerEnded),
            };
            if answer.is_err() {
                status.update(|status| status.stage = ReadingStage::Ended);
            }
            answer
        }
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

    /// Reads everyone again. People stay until it is known that they are gone.
    pub fn again(&self) {
        if !self.0.task.is_under_way() {
            self.0.left.borrow_mut().clear();
        }
        self.go_on();
    }

    /// Adds the people the vendor finds, while not everyone was read. A failure leaves the list as it is.
    pub fn look_up(&self, search: &str) {
        let directory = self.clone();
        let query = Query::People { search: composed(search) };
        spawn_local(async move {
            let inner = &directory.0;
            if let Ok(page) = read_page(inner.session, &inner.connection.id, &query, None).await {
                directory.add(page.into_members());
            }
        });
    }

    /// Notes that a run has changed people: they are read again when the directory is opened again.
    pub(super) fn note_changed(&self) {
        self.0.is_outdated.set(true);
    }

    fn set_stage(&self, stage: ReadingStage) {
        self.0.status.maybe_update(|status| enter(&mut status.stage, stage));
    }

    async fn read(&self) -> Result<(), Failure> {
        let inner = &self.0;
        if let Some(restored) = self.restored()
            && restored.await
        {
            return Ok(());
        }
        if inner.left.borrow().is_empty() {
            self.begin().await?;
        }
        loop {
            let Some(mut list) = inner.left.borrow_mut().pop_front() else { break };
            let query = list.query.clone();
            let runs = Some(inner.runs);
            let result = list
                .read_on(inner.session, runs, &inner.connection, |list, event| self.take(&query, list, event))
                .await;
            if !list.list.is_over() {
                inner.left.borrow_mut().push_front(list);
                let is_resumed = result.is_ok() && inner.status.with_untracked(ReadingStatus::is_under_way);
                if is_resumed && !inner.task.is_stopped() {
                    continue;
                }
                self.keep(KeepMoment::Stopped, None);
                return result;
            }
            inner.n_calls_before.set(inner.n_calls_before.get() + list.list.progress().n_calls);
            result?;
        }
        self.finish().await;
        Ok(())
    }

    async fn begin(&self) -> Result<(), Failure> {
        let inner = &self.0;
        inner.n_calls_before.set(0);
        inner.is_outdated.set(false);
        let begun_at = clock::now();
        let mut lists = VecDeque::new();
        for query in inner.of.lists() {
            let reading = ListReading::new(&inner.connection, query).await?;
            lists.push_back(ListReading { decode: Some(self.decode_in_worker()), ..reading });
        }
        if let DirectoryOf::Group(group) = &inner.of {
            let query = Query::Group { group: group.clone() };
            let mut read = GroupRead::new(group.clone());
            read.take_group(read_page(inner.session, &inner.connection.id, &query, None).await?);
            inner.n_calls_before.set(1);
            // What was read before stays until everyone was read again.
            if inner.group.with_untracked(|group| group.as_ref().is_some_and(|group| group.read_at > 0)) {
                *inner.next_group.borrow_mut() = Some(read);
            } else {
                inner.group.set(Some(read));
            }
        }
        // The worker answers in order.
        drop(self.ask(&ListQuestion::Begin));
        inner.status.update(|status| (status.has_moved, status.is_unsure) = (false, false));
        *inner.left.borrow_mut() = lists;
        inner.keeping.begun_at.set(begun_at);
        Ok(())
    }

    /// Takes in what was read. Returns false if the reading has to stop.
    fn take(&self, query: &Query, list: &WholeList<u64>, event: ReadEvent) -> bool {
        let inner = &self.0;
        match event {
            ReadEvent::Waits(until) if !inner.task.is_stopped() => {
                self.keep(KeepMoment::Waiting, Some((query, list)));
                self.set_stage(ReadingStage::Waiting(until));
            }
            ReadEvent::Waits(_) => {}
            ReadEvent::Page(read) => self.take_page(query, list, read),
        }
        if inner.task.is_stopped() {
            return false;
        }
        if let Some((n_calls, window)) = asks(&inner.connection, list, inner.task.has_agreed()) {
            self.set_stage(ReadingStage::Asking(n_calls, window));
            return false;
        }
        true
    }

    fn take_page(&self, query: &Query, list: &WholeList<u64>, FreshPage { page, is_taken }: FreshPage) {
        let inner = &self.0;
        let progress = list.progress();
        // The first page of each list is enough for the palette.
        if progress.n_calls <= 1 {
            inner.session.note_seen(&inner.connection, &page);
        }
        inner.session.note_total(&inner.connection, query, &page);
        let Items::Members(mut people) = page.items else { return };
        let take = |read: &mut GroupRead| {
            read.take(query, &people);
            read.note_end(query, list.is_over() && progress.is_sure);
        };
        // Counting says that both have changed: drawing after each page would keep the page busy.
        match &mut *inner.next_group.borrow_mut() {
            Some(read) => take(read),
            None => inner.group.update_untracked(|read| read.as_mut().map_or((), take)),
        }
        inner.status.update_untracked(|status| status.note(list, inner.n_calls_before.get()));
        if is_taken {
            self.count_soon();
        } else {
            if matches!(query, Query::Banned { .. }) {
                people.iter_mut().for_each(|person| person.scope = Some(domain::Scope::Banned));
            }
            self.add(people);
        }
        self.keep(KeepMoment::Page, Some((query, list)));
    }

    /// Has the pages of a list decoded by the worker, which takes their people.
    pub(super) fn decode_in_worker(&self) -> DecodePage {
        let vendor = self.0.connection.vendor;
        // The directory has the lists, and must not keep itself alive.
        let inner = Rc::downgrade(&self.0);
        Rc::new(move |query: &Query, cursor: Cursor, response: &Response| {
            let question = ListQuestion::Take { vendor, query: query.clone(), cursor };
            let asked = inner
                .upgrade()
                .and_then(|inner| Some(inner.worker.as_ref()?.ask_with(&question, response.body())));
            Box::pin(async move {
                let (ListAnswer::Taken(page), bytes) = asked?.await.ok()? else { return None };
                let TakenPage { next, total, page_size } = page?;
                let people = read_taken(&bytes?.to_vec())?;
                Some(Page { items: Items::Members(people), next, total, page_size })
            })
        })
    }

    fn add(&self, people: Vec<Member>) {
        // The worker answers in order.
        drop(self.ask(&ListQuestion::Add(people)));
        self.count_soon();
    }

    /// Counts and shows people: at once, or with those who arrive soon.
    fn count_soon(&self) {
        if self.0.is_counting.replace(true) {
            return;
        }
        let directory = self.clone();
        spawn_local(async move {
            let inner = &directory.0;
            let since = clock::now().saturating_sub(inner.counted_at.get());
            if since < COUNT_EVERY_MS {
                clock::sleep(COUNT_EVERY_MS - since).await;
            }
            inner.is_counting.set(false);
            directory.count().await;
        });
    }

    pub(super) async fn count(&self) {
        if let Ok(ListAnswer::Counted(counts)) = self.ask(&ListQuestion::Count).await {
            self.0.counted_at.set(clock::now());
            self.0.group.notify();
            self.0.status.update(|status| {
                status.version += 1;
                status.counts = counts;
            });
        }
    }

    async fn finish(&self) {
        let inner = &self.0;
        if let Some(read) = inner.next_group.borrow_mut().take() {
            inner.group.set(Some(read));
        }
        let has_everyone = inner.status.with_untracked(|status| !status.is_unsure);
        drop(self.ask(&ListQuestion::End { has_everyone }));
        self.count().await;
        inner.status.update(|status| {
            if status.stage != ReadingStage::Ended {
                status.stage = ReadingStage::Done;
                status.read_at = clock::now();
                status.is_kept = false;
            }
        });
        self.keep(KeepMoment::Stopped, None);
    }
}

/// The calls that are left, and the window that they are a large share of, unless the user has agreed to them.
pub(super) fn asks(
    connection: &Connection,
    list: &WholeList<u64>,
    has_agreed: bool,
) -> Option<(u64, Window)> {
    let n_calls = list.n_calls_left().filter(|_| !has_agreed)?;
    let limits = vendors::limits(connection.vendor, connection);
    needs_consent(n_calls, &limits.windows).map(|window| (n_calls, window))
}

#[cfg(test)]
mod tests {
    use domain::Paging;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::{ReadingStage, ReadingStatus, WholeList};

    #[wasm_bindgen_test]
    fn answers_that_were_under_way_do_not_resume_a_paused_reading() {
        let list = WholeList::new(Paging::Pages(10), 1);
        let after = |stage| {
            let mut status = ReadingStatus { stage, ..ReadingStatus::default() };
            status.note(&list, 3);
            (status.stage, status.n_calls)
        };
        assert_eq!(after(ReadingStage::Paused), (ReadingStage::Paused, 3));
        assert_eq!(after(ReadingStage::Waiting(None)), (ReadingStage::Reading, 3), "it goes on");
    }
}
