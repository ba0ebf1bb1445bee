//! The changes of a request, compared with what is true now.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::capabilities::Directory;
use domain::{Approval, ChangeId, Connection, GroupId, Member, Operation, PersonKey, Query, Snapshot, order};
use leptos::prelude::*;
use review::{
    Decision, Lacking, Observed, Occasion, ReviewFile, ReviewPlace, ReviewRequest, ReviewedChange, Ruling,
    Signed, sort_by_danger,
};

use super::request::OpenedRequest;
use super::rows::Rows;
use super::{decision_panel, powers, running};
use crate::features::approval::policy::page_policy;
use crate::features::error_words;
use crate::features::reading::group_state::{GroupStates, read_group_states};
use crate::state::reads::{Failure as ReadFailure, Read, reading};
use crate::state::session::Session;
use crate::state::whole::{ListReading, ReadEvent};
use i18n::{format_time, text};
use ui::{Button, Failure, Variant, failed, skeleton};

/// Largest community whose people are read to know who is a member. A larger one is not, and the vendor's responses
/// then tell what was already so.
const MAX_PEOPLE: u64 = 20_000;

/// A request beside what is true at its place. Copies share the same signals.
#[derive(Clone, Copy)]
pub(super) struct Compared {
    pub(super) review: OpenedRequest,
    pub(super) connection: StoredValue<Arc<Connection>>,
    pub(super) snapshot: StoredValue<Arc<Snapshot>>,
    /// The changes, the most dangerous first.
    pub(super) changes: StoredValue<Arc<Vec<ReviewedChange>>>,
    /// What the request and its changes lack to be sent.
    pub(super) lacking: Memo<Arc<Lacking>>,
}

/// What was read.
#[derive(Clone, Debug)]
struct Seen {
    states: GroupStates,
    people: BTreeSet<PersonKey>,
}

/// Reads the groups and people of the request once the user says so, and shows what has become of it.
pub(super) fn compared(review: OpenedRequest, connection: Arc<Connection>, place: ReviewPlace) -> AnyView {
    let is_started = RwSignal::new(false);
    let groups = review.with_request(groups_of);
    let reads_people = review.with_request(|request| reads_people(request, &connection));
    let view = move || {
        if is_started.get() {
            return reading_now(review, connection.clone(), place.clone(), groups.clone(), reads_people);
        }
        let cost = match (groups.len(), reads_people) {
            (0, false) => text::review_read_nothing(connection.vendor.name()),
            (0, true) => text::review_read_people(),
            (n, _) => text::review_read_groups(n),
        };
        view! {
            <div class="card">
                <div class="card-body row">
                    <p class="grow">{cost}</p>
                    <Button
                        label=text::review_compare
                        variant=Variant::Primary
                        on_press=move || is_started.set(true)
                    />
                </div>
            </div>
        }
        .into_any()
    };
    view.into_any()
}

/// The groups of a request whose members can be read.
fn groups_of(request: &ReviewRequest) -> Vec<GroupId> {
    let can = vendors::capabilities(request.place.vendor());
    let can_read = can.groups.is_some_and(|groups| groups.can_list_members);
    let groups = request.operations.iter().filter_map(Operation::group);
    if can_read { order::distinct(groups).into_iter().cloned().collect() } else { Vec::new() }
}

/// Whether the people of the community have to be read.
fn reads_people(request: &ReviewRequest, connection: &Connection) -> bool {
    let is_of_people =
        |operation: &Operation| matches!(operation, Operation::Register { .. } | Operation::Invite { .. });
    let can = vendors::capabilities(connection.vendor);
    matches!(can.directory, Directory::Remote { .. }) && request.operations.iter().any(is_of_people)
}

fn reading_now(
    review: OpenedRequest,
    connection: Arc<Connection>,
    place: ReviewPlace,
    groups: Vec<GroupId>,
    reads_people: bool,
) -> AnyView {
    let (session, of) = (review.session, connection.clone());
    let seen = reading(move || {
        let (connection, groups) = (of.clone(), groups.clone());
        async move {
            let states = read_group_states(session, &connection, &groups).await?;
            let people = if reads_people { people(session, &connection).await? } else { BTreeSet::new() };
            Ok(Seen { states, people })
        }
    });
    let vendor = connection.vendor;
    let body = move || match seen.get() {
        Read::Loading => view! {
            <p class="small muted" role="status">
                {text::review_reading}
            </p>
            {skeleton()}
        }
        .into_any(),
        Read::Failed(failure) => {
            let (title, detail) = error_words::read_error(vendor, &failure.error);
            failed(Failure { title, detail }, Some(Callback::new(move |()| seen.again())))
        }
        Read::Ready(found) => {
            let again = Callback::new(move |()| seen.again());
            Compared::new(review, connection.clone(), place.clone(), found).view(again)
        }
    };
    body.into_any()
}

/// The people of the community, by every key that a request may name them by.
async fn people(session: Session, connection: &Arc<Connection>) -> Result<BTreeSet<PersonKey>, ReadFailure> {
    let mut people = BTreeSet::new();
    let mut list = ListReading::new(connection, Query::People { search: "".into() }).await?;
    list.read_on(session, None, connection, |list, event| {
        if let ReadEvent::Page(page) = event {
            people.extend(page.page.into_members().iter().flat_map(keys));
        }
        list.progress().total.is_none_or(|total| total <= MAX_PEOPLE)
    })
    .await?;
    Ok(people)
}

fn keys(member: &Member) -> impl Iterator<Item = PersonKey> + use<> {
    let id = PersonKey::Id(member.id.clone());
    let email = member.email.clone().map(PersonKey::Email);
    [Some(id), email].into_iter().flatten().map(|key| key.folded())
}

impl Compared {
    fn new(review: OpenedRequest, connection: Arc<Connection>, place: ReviewPlace, seen: Seen) -> Self {
        let gone: BTreeSet<GroupId> = seen.states.missing.iter().cloned().collect();
        let mut snapshot = seen.states.into_snapshot(review.session, &connection);
        snapshot.people.extend(seen.people);
        let observed = Observed {
            snapshot: &snapshot,
            gone: &gone,
            clearance: vendors::profile(connection.vendor).clearance,
        };
        // Decisions may have expired since the page was opened, and keys been withdrawn.
        review.known.read();
        let file = review.file.get_untracked();
        let request = file.request.body();
        let in_order = request.compared_with(observed);
        let mut changes = in_order.clone();
        sort_by_danger(request, &mut changes);
        let policy = page_policy(review.session);
        let lacking = Memo::new_with_compare(
            move |_| {
                let (file, trust) = (review.file.get(), review.known.trust.get());
                let now = review.known.time.get().map_or(0, |time| time.now);
                let occasion = Occasion { now, place: &place, trust: &trust, reviewed: &in_order };
                Arc::new(policy.missing(&file.request, &file.decisions, occasion))
            },
            |_, _| true,
        );
        Self {
            review,
            connection: StoredValue::new(connection),
            snapshot: StoredValue::new(Arc::new(snapshot)),
            changes: StoredValue::new(Arc::new(changes)),
            lacking,
        }
    }

    /// A change by its position on the page.
    pub(super) fn at(self, place: usize) -> ReviewedChange {
        self.changes.with_value(|changes| changes[place])
    }

    /// True for a change that can be sent, and that someone whose decision counts has approved; tracked.
    pub(super) fn is_approved(self, change: ChangeId) -> bool {
        self.lacking.with(|lacking| lacking.can_send(change)) && self.has_approval(change)
    }

    fn has_approval(self, change: ChangeId) -> bool {
        let approves = |decision: &Decision| {
            decision.about(change).is_some_and(|about| about.ruling == Ruling::Approved)
        };
        self.review.file.with(|file| self.counted(file).any(|decision| approves(decision.body())))
    }

    /// The decisions that count; tracked.
    fn counted(self, file: &ReviewFile) -> impl Iterator<Item = &Signed<Decision>> {
        let is_uncounted = move |hash| {
            self.lacking.with(|lacking| lacking.uncounted.iter().any(|(decision, _)| *decision == hash))
        };
        file.decisions.iter().filter(move |decision| !is_uncounted(decision.hash()))
    }

    /// What a run of the approved changes goes by; tracked.
    pub(super) fn approval(self) -> Approval {
        self.review.file.with(|file| Approval {
            request: file.request.hash().to_string().into(),
            decisions: self.counted(file).map(|decision| decision.hash().to_string().into()).collect(),
            why: file.request.body().why.clone(),
        })
    }

    fn view(self, again: Callback<()>) -> AnyView {
        let rows = Rows::new(self);
        let read_at = browser::clock::now() as f64;
        view! {
            <div class="row">
                <p class="small muted grow">{move || text::review_as_of(&format_time(read_at))}</p>
                <Button label=text::review_read_again small=true icon="refresh-cw" on_press=again />
            </div>
            {rows.view()}
            {powers::powers(self)}
            {decision_panel::signing(self, rows)}
            {running::running(self)}
        }
        .into_any()
    }
}
