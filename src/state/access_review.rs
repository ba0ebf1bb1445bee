//! Who has power in which group: the list of groups, then the admins and moderators of each, several groups at once.
//! Kept until the connection is locked or changed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use browser::clock;
use domain::api_error::ErrorOrigin;
use domain::scope_review::{
    GroupStage, MAX_UNASKED_CALLS, REVIEWED_SCOPES, ReviewProgress, ReviewedGroup, ScopeHolding, ScopeReview,
    calls_per_group,
};
use domain::{Connection, ErrorClass, Group, GroupId, Member, Millis, Query, Scope};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use leptos::prelude::*;

use super::reading_task::{ReadingTask, enter};
use super::runs::Runs;
use super::session::{Failure, Session};
use super::whole::{ListReading, ReadEvent, calls_at_once};

/// How often the rows follow the reading: each time they are sorted and searched again.
const SHOWN_EVERY_MS: Millis = 500;

/// What the review does.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ReviewStage {
    /// The user has not asked for it yet.
    #[default]
    Unasked,
    /// The list of groups is being read.
    Listing,
    /// The groups are being read.
    Reading,
    /// It goes on then, because of the vendor's limits; or when the runs of the connection have ended.
    Waiting(Option<Millis>),
    /// It takes up to this many more calls, which the user has not agreed to yet.
    Asking {
        n_groups: u64,
        n_calls: u64,
    },
    Paused,
    Failed(Failure),
    Done,
}

/// How far the review is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReviewStatus {
    pub stage: ReviewStage,
    pub progress: ReviewProgress,
    /// Number of calls that were answered.
    pub n_calls: usize,
    /// When all groups were read last; 0 before.
    pub read_at: Millis,
    /// Changes whenever what was read changes.
    pub version: u64,
}

/// A group that could not be read, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadGroup {
    pub id: GroupId,
    pub name: String,
    pub failure: Failure,
}

/// The review of a connection. Copies share state.
#[derive(Clone)]
pub struct AccessReview(Rc<Inner>);

struct Inner {
    session: Session,
    runs: Runs,
    connection: Arc<Connection>,
    has_bans: bool,
    status: ArcRwSignal<ReviewStatus>,
    review: RefCell<ScopeReview<Failure>>,
    /// The list of groups while it is being read, and those that were.
    listing: RefCell<Option<(ListReading, Vec<Group>)>>,
    /// Groups whose reading was stopped between two calls.
    partly_read: RefCell<BTreeMap<GroupId, HoldersReading>>,
    is_listed: Cell<bool>,
    task: Rc<ReadingTask>,
    shown_at: Cell<Millis>,
}

/// The reading of one group.
#[derive(Default)]
struct HoldersReading {
    members: Option<ListReading>,
    people: Vec<Member>,
    bans: Option<ListReading>,
    banned: Vec<Member>,
}

impl std::fmt::Debug for AccessReview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("AccessReview").field(&self.0.connection.id).finish()
    }
}

impl AccessReview {
    /// The review as it is kept, or a new one. Its reading pauses when the page is left.
    pub fn open(session: Session, runs: Runs, connection: &Arc<Connection>) -> Self {
        let review = session.kept_review(&connection.id).unwrap_or_else(|| {
            let groups = vendors::capabilities(connection.vendor).groups;
            let review = Self(Rc::new(Inner {
                session,
                runs,
                connection: Arc::clone(connection),
                has_bans: groups.is_some_and(|groups| groups.scopes.contains(&Scope::Banned)),
                status: ArcRwSignal::default(),
                review: RefCell::new(ScopeReview::new(
                    calls_at_once(connection),
                    groups.and_then(|groups| groups.owner_of_ownerless),
                )),
                listing: RefCell::default(),
                partly_read: RefCell::default(),
                is_listed: Cell::new(false),
                task: Rc::default(),
                shown_at: Cell::new(0),
            }));
            session.keep_review(&connection.id, review.clone());
            review
        });
        let leaving = StoredValue::new_local(review.clone());
        on_cleanup(move || leaving.with_value(Self::leave));
        review
    }

    /// How far the review is; tracked.
    pub fn status(&self) -> ArcRwSignal<ReviewStatus> {
        self.0.status.clone()
    }

    /// Most calls that reading a group takes.
    pub fn calls_per_group(&self) -> u64 {
        calls_per_group(self.0.has_bans)
    }

    /// Everyone with power, once for each group, and owners without a scope; untracked.
    pub fn holdings(&self) -> Vec<ScopeHolding> {
        self.0.review.borrow().holdings()
    }

    /// The groups that could not be read; untracked.
    pub fn unread(&self) -> Vec<UnreadGroup> {
        let unread = |group: &ReviewedGroup<Failure>| match &group.stage {
            GroupStage::Failed(failure) => Some(UnreadGroup {
                id: group.id.clone(),
                name: group.name.to_string(),
                failure: failure.clone(),
            }),
            GroupStage::Wanted | GroupStage::Asked | GroupStage::Read => None,
        };
        self.with_groups(|groups| groups.iter().filter_map(unread).collect())
    }

    /// All groups as they are known; untracked.
    pub fn with_groups<T>(&self, see: impl FnOnce(&[ReviewedGroup<Failure>]) -> T) -> T {
        see(self.0.review.borrow().groups())
    }

    /// Pauses the reading; calls that are under way are awaited.
    pub fn pause(&self) {
        self.0.task.stop();
        self.set_stage(ReviewStage::Paused);
    }

    /// Begins, or goes on where the reading was paused, failed or asked.
    pub fn go_on(&self) {
        self.set_stage(if self.0.is_listed.get() { ReviewStage::Reading } else { ReviewStage::Listing });
        let (reading, failing) = (self.clone(), self.clone());
        self.0.task.go_on(Box::pin(async move { reading.read().await }), move |failure| {
            failing.set_stage(ReviewStage::Failed(failure))
        });
    }

    /// Agrees to the calls that the reading takes.
    pub fn agree(&self) {
        self.0.task.agree();
        self.go_on();
    }

    /// Reads the list of groups and every group again. What was read stays until then.
    pub fn again(&self) {
        if !self.0.task.is_under_way() {
            self.0.is_listed.set(false);
            self.0.listing.take();
            self.0.partly_read.take();
            self.0.status.update(|status| status.n_calls = 0);
        }
        self.go_on();
    }

    /// Reads groups again that could not be read.
    pub fn retry(&self, groups: &[GroupId]) {
        for group in groups {
            self.0.review.borrow_mut().retry(group);
        }
        self.show_all();
        self.go_on();
    }

    fn leave(&self) {
        if self.0.task.is_under_way() {
            self.pause();
        }
    }

    fn set_stage(&self, stage: ReviewStage) {
        self.0.status.maybe_update(|status| enter(&mut status.stage, stage));
    }

    async fn read(&self) -> Result<(), Failure> {
        let inner = &self.0;
        while !inner.is_listed.get() {
            // The user may have resumed it while it was being stopped.
            if !self.read_list().await? && (inner.task.is_stopped() || self.is_asking()) {
                return Ok(());
            }
        }
        let n_left = inner.review.borrow().n_left() as u64;
        if self.asks(n_left, n_left * self.calls_per_group()) {
            return Ok(());
        }
        self.set_stage(ReviewStage::Reading);
        let result = self.read_groups().await;
        self.show_all();
        result?;
        if inner.review.borrow().n_left() == 0 {
            inner.status.update(|status| {
                status.stage = ReviewStage::Done;
                status.read_at = clock::now();
            });
        }
        Ok(())
    }

    /// Reads the list of groups. Returns false if it was stopped, or asks first.
    async fn read_list(&self) -> Result<bool, Failure> {
        let inner = &self.0;
        let kept = inner.listing.take();
        let (mut reading, mut groups) = match kept {
            Some(kept) => kept,
            None => {
                let query = Query::Groups { search: "".into() };
                (ListReading::new(&inner.connection, query).await?, Vec::new())
            }
        };
        let (session, runs) = (inner.session, Some(inner.runs));
        let result = reading
            .read_on(session, runs, &inner.connection, |list, event| {
                if let Some(page) = self.note(event, ReviewStage::Listing) {
                    groups.extend(page.into_groups());
                }
                let n_groups = list.progress().total.unwrap_or_default();
                let n_calls = list.n_calls_left().unwrap_or_default() + n_groups * self.calls_per_group();
                !inner.task.is_stopped() && !self.asks(n_groups, n_calls)
            })
            .await;
        let is_over = reading.list.is_over();
        if is_over {
            inner.review.borrow_mut().list(groups);
            inner.is_listed.set(true);
            self.show_all();
        } else {
            inner.listing.replace(Some((reading, groups)));
        }
        result.map(|()| is_over)
    }

    /// Reads groups until none is left, the user stops it, or too much fails.
    async fn read_groups(&self) -> Result<(), Failure> {
        let inner = &self.0;
        let mut under_way = FuturesUnordered::new();
        let mut failure = None;
        inner.review.borrow_mut().resumed();
        loop {
            while failure.is_none() && !inner.task.is_stopped() {
                let Some(group) = inner.review.borrow_mut().ask() else { break };
                under_way.push(self.read_group(group));
            }
            let Some((group, result)) = under_way.next().await else { break };
            let mut review = inner.review.borrow_mut();
            match result {
                Ok(Some(people)) => review.took(&group, people, clock::now()),
                Ok(None) => review.put_back(&group),
                Err(failed) if is_of_connection(&failed) => {
                    review.put_back(&group);
                    failure = Some(failed);
                }
                Err(failed) => {
                    if review.failed(&group, failed.clone()) {
                        failure = Some(failed);
                    }
                }
            }
            drop(review);
            self.show();
        }
        failure.map_or(Ok(()), Err)
    }

    /// The people with power in a group; `None` if the reading was stopped.
    async fn read_group(&self, group: GroupId) -> (GroupId, Result<Option<Vec<Member>>, Failure>) {
        let mut reading = self.0.partly_read.borrow_mut().remove(&group).unwrap_or_default();
        let result = self.read_holders(&group, &mut reading).await;
        if !matches!(result, Ok(true)) {
            self.0.partly_read.borrow_mut().insert(group.clone(), reading);
            return (group, result.map(|_| None));
        }
        let HoldersReading { mut people, banned, .. } = reading;
        people.retain(|person| banned.iter().all(|one| one.id != person.id));
        (group, Ok(Some(people)))
    }

    async fn read_holders(&self, group: &GroupId, reading: &mut HoldersReading) -> Result<bool, Failure> {
        let query = Query::GroupMembers { group: group.clone(), scopes: REVIEWED_SCOPES.into() };
        if !self.read_people(query, &mut reading.members, &mut reading.people).await? {
            return Ok(false);
        }
        if reading.people.is_empty() || !self.0.has_bans {
            return Ok(true);
        }
        // A vendor may include banned people in the list of members.
        let query = Query::Banned { group: group.clone() };
        self.read_people(query, &mut reading.bans, &mut reading.banned).await
    }

    /// Reads a list of people to its end. Returns false if the reading was stopped before.
    async fn read_people(
        &self,
        query: Query,
        list: &mut Option<ListReading>,
        people: &mut Vec<Member>,
    ) -> Result<bool, Failure> {
        let inner = &self.0;
        let reading = match list.take() {
            Some(reading) => reading,
            None => ListReading::page_by_page(&inner.connection, query).await?,
        };
        let reading = list.insert(reading);
        if reading.list.is_over() {
            return Ok(true);
        }
        let (session, runs) = (inner.session, Some(inner.runs));
        let on_event = |_: &_, event| {
            if let Some(page) = self.note(event, ReviewStage::Reading) {
                people.extend(page.into_members());
            }
            !inner.task.is_stopped()
        };
        reading.read_on(session, runs, &inner.connection, on_event).await?;
        Ok(reading.list.is_over())
    }

    /// Notes what happened, and returns the page if one was read.
    fn note(&self, event: ReadEvent, stage: ReviewStage) -> Option<domain::Page> {
        let inner = &self.0;
        let (stage, page) = match event {
            ReadEvent::Waits(until) => (ReviewStage::Waiting(until), None),
            ReadEvent::Page(read) => (stage, Some(read.page)),
        };
        if page.is_some() {
            inner.status.update(|status| status.n_calls += 1);
        }
        if !inner.task.is_stopped() {
            self.set_stage(stage);
        }
        page
    }

    /// Asks whether to go on, if that takes many calls and the user has not agreed to them.
    fn asks(&self, n_groups: u64, n_calls: u64) -> bool {
        let asks = !self.0.task.has_agreed() && n_calls > MAX_UNASKED_CALLS;
        if asks && !self.0.task.is_stopped() {
            self.set_stage(ReviewStage::Asking { n_groups, n_calls });
        }
        asks
    }

    fn is_asking(&self) -> bool {
        self.0.status.with_untracked(|status| matches!(status.stage, ReviewStage::Asking { .. }))
    }

    /// Shows what was read, but not too often.
    fn show(&self) {
        let progress = self.0.review.borrow().progress();
        self.0.status.update(|status| status.progress = progress);
        if clock::now().saturating_sub(self.0.shown_at.get()) >= SHOWN_EVERY_MS {
            self.show_all();
        }
    }

    fn show_all(&self) {
        self.0.shown_at.set(clock::now());
        let progress = self.0.review.borrow().progress();
        self.0.status.update(|status| {
            status.progress = progress;
            status.version += 1;
        });
    }
}

/// Whether other groups would fail as well.
fn is_of_connection(failure: &Failure) -> bool {
    let error = &failure.error;
    error.class == ErrorClass::RateLimited || (!failure.is_sent && error.origin == ErrorOrigin::Network)
}
