//! Inputs of the laws: commands, snapshots, and a connection with latency.

use std::collections::BTreeMap;

use domain::api_error::ErrorOrigin;
use domain::capabilities::{
    AddForm, AddTarget, Directory, GroupForm, Groups, IdShape, Identity, Invites, Moderation, SearchMatch,
};
use domain::snapshot::GroupSnapshot;
use domain::{
    ApiError, Batch, BatchFailure, Capabilities, Change, ChangeId, Command, ConnectionId, Cursor, ErrorClass,
    Flow, GroupId, Inverse, Irreversible, Items, Limits, Loss, Member, Millis, Operation, Outcome, Page,
    Person, Plan, PlanId, Planner, Query, Reply, Reversal, RoleId, Scope, Snapshot, State, Vendor, Window,
};
use proptest::prelude::*;

pub(crate) const CAPABILITIES: Capabilities = Capabilities {
    identity: Identity {
        takes_ids: true,
        takes_phones: true,
        phones_only_add: false,
        takes_emails: true,
        id_shape: IdShape::Slug { max: 100 },
        needs_name: false,
        takes_scopes: true,
    },
    directory: Directory::Remote { search: SearchMatch::Anywhere },
    add: AddForm {
        target: AddTarget::Group,
        flows: &[Flow::Direct],
        undocumented_flows: &[],
        scopes: &Scope::ALL,
        has_roles: true,
        has_prices: false,
        has_password: false,
        has_onboarding: false,
    },
    moderation: Moderation::ByScope,
    invites: Invites::None,
    groups: Some(Groups {
        can_list: true,
        can_list_members: true,
        can_create: true,
        can_create_community: false,
        can_edit: true,
        can_delete: true,
        has_blind_membership: false,
        has_subscribers: false,
        scopes: &Scope::ALL,
        soft_limit: Some(300),
        has_acting_person: true,
        owner_of_ownerless: None,
        belongs_to_community: false,
        form: GroupForm { can_clear_picture: true, ..GroupForm::LEAST },
    }),
    silence_is_unknown: false,
    has_community_details: false,
};

pub(crate) fn group(idx: usize) -> GroupId {
    GroupId::new(format!("group-{idx}"))
}

pub(crate) fn planner(vendor: Vendor, capabilities: Capabilities) -> Planner {
    Planner::new(ConnectionId::new("fans"), vendor, capabilities).with_reversals(reversal)
}

/// How the vendor of these laws undoes changes.
fn reversal(change: &Change) -> Reversal {
    match (&*change.operation, change.before) {
        (Operation::AddToGroup { scope: Scope::Banned, .. } | Operation::Ban { .. }, State::Absent) => {
            Reversal::Exact(Inverse::Unban)
        }
        (Operation::AddToGroup { .. }, State::Absent) => Reversal::Exact(Inverse::Kick),
        (Operation::SetScope { .. }, State::Scope(scope)) => Reversal::Exact(Inverse::SetScope(scope)),
        (Operation::AddToGroup { .. } | Operation::Unban { .. }, State::Scope(Scope::Banned)) => {
            Reversal::losing(Inverse::Ban, &[Loss::BanDetails])
        }
        (
            Operation::AddToGroup { .. } | Operation::Ban { .. } | Operation::Kick { .. },
            State::Scope(scope),
        ) => Reversal::losing(Inverse::Add(scope), &[Loss::JoinedAt]),
        (Operation::AddToGroup { .. }, State::Unread) => Reversal::losing(Inverse::Kick, &[Loss::Membership]),
        (Operation::CreateGroup(_), _) => Reversal::losing(Inverse::DeleteGroup, &[Loss::GroupContents]),
        (Operation::EditGroup { .. }, _) => Reversal::of_edit(change, |_, _| false, None),
        (Operation::Invite { .. }, _) => Reversal::Impossible(Irreversible::MessageSent),
        _ => Reversal::Impossible(Irreversible::NoCall),
    }
}

pub(crate) fn planned(command: &Command, snapshot: &Snapshot) -> Plan {
    planner(Vendor::CometChat, CAPABILITIES).plan(PlanId::new("plan"), command, snapshot)
}

/// A complete snapshot of one group.
pub(crate) fn snapshot_of(group: GroupId, scopes: &[(&str, Scope)]) -> Snapshot {
    let scopes = scopes.iter().map(|(uid, scope)| ((*uid).into(), *scope)).collect();
    let known = GroupSnapshot { scopes, is_complete: true, ..GroupSnapshot::default() };
    Snapshot { groups: BTreeMap::from([(group, known)]), ..Snapshot::default() }
}

pub(crate) fn scope() -> impl Strategy<Value = Scope> {
    prop::sample::select(Scope::ALL.to_vec())
}

fn operation() -> impl Strategy<Value = Operation> {
    let role = || RoleId::new("editor");
    prop_oneof![
        4 => (0usize..2, scope()).prop_map(|(idx, scope)| Operation::AddToGroup { group: group(idx), scope }),
        1 => (0usize..2, prop::sample::select(Scope::ALL[..3].to_vec()))
            .prop_map(|(idx, scope)| Operation::SetScope { group: group(idx), scope }),
        1 => (0usize..2).prop_map(|idx| Operation::Kick { group: group(idx) }),
        1 => (0usize..2).prop_map(|idx| Operation::Ban { group: group(idx) }),
        1 => (0usize..2).prop_map(|idx| Operation::Unban { group: group(idx) }),
        1 => Just(Operation::Register { flow: Flow::Direct, role: role(), price: None, password: None }),
        1 => Just(Operation::Invite { role: role(), note: None, prices: Vec::new() }),
    ]
}

/// Any command for few people, so that they occur twice.
pub(crate) fn command() -> impl Strategy<Value = Command> {
    prop::collection::vec((0usize..12, operation()), 0..40).prop_map(|items| {
        let mut command = Command::new();
        for (idx, operation) in items {
            let person = match operation {
                Operation::Register { .. } | Operation::Invite { .. } => {
                    Person::by_email(format!("u{idx}@example.org"))
                }
                _ => Person::by_id(format!("u{idx}")),
            };
            command.intent(person, operation);
        }
        command
    })
}

/// Any complete state of two groups.
pub(crate) fn snapshot() -> impl Strategy<Value = Snapshot> {
    let known = || {
        prop::collection::btree_map(0usize..12, scope(), 0..12).prop_map(|scopes| GroupSnapshot {
            scopes: scopes.into_iter().map(|(idx, scope)| (format!("u{idx}").into(), scope)).collect(),
            is_complete: true,
            ..GroupSnapshot::default()
        })
    };
    (known(), known()).prop_map(|(a, b)| Snapshot {
        groups: BTreeMap::from([(group(0), a), (group(1), b)]),
        acting_as: Some("u0".into()),
        ..Snapshot::default()
    })
}

pub(crate) fn limits(windows: Vec<Window>, max_in_flight: usize) -> Limits {
    let batch_size = |operation: &Operation| match operation {
        Operation::AddToGroup { .. } => 5,
        Operation::Invite { .. } => 3,
        _ => 1,
    };
    Limits { windows, batch_size, max_in_flight }
}

/// The fate of a call at the vendor, and of its response.
#[derive(Clone, Debug)]
pub(crate) enum Fate {
    /// Processed for all.
    Done,
    /// Processed for all; the response names those in the mask, and people of other calls.
    Gaps(u32),
    /// The vendor refused the whole call.
    Refused(ErrorClass),
    /// The response was lost in this way; true if the call was processed.
    Lost(ErrorClass, ErrorOrigin, bool),
    /// Rate limited, with the requested wait.
    TooFast(Option<Millis>),
    /// The key was refused.
    Locked,
    /// Not sent: there is no network.
    Unsent,
}

/// A fate, the latency of the request, and that of the response.
pub(crate) type Trip = (Fate, Millis, Millis);

pub(crate) fn trip(fate: impl Strategy<Value = Fate>) -> impl Strategy<Value = Trip> {
    (fate, 0u64..3_000, 0u64..3_000)
}

pub(crate) fn trips(fate: impl Strategy<Value = Fate>) -> impl Strategy<Value = Vec<Trip>> {
    prop::collection::vec(trip(fate), 1..40)
}

pub(crate) fn any_fate() -> impl Strategy<Value = Fate> {
    use ErrorClass::{AlreadyDone, Limit, NotFound, Refused};
    prop_oneof![
        4 => Just(Fate::Done),
        2 => any::<u32>().prop_map(Fate::Gaps),
        1 => prop::sample::select(vec![AlreadyDone, Refused, NotFound, Limit]).prop_map(Fate::Refused),
        3 => lost(),
        2 => too_fast(),
        1 => Just(Fate::Locked),
        1 => Just(Fate::Unsent),
    ]
}

pub(crate) fn lost() -> impl Strategy<Value = Fate> {
    use ErrorClass::{Server, Unknown};
    let ways = vec![
        (Unknown, ErrorOrigin::Network),
        (Server, ErrorOrigin::Vendor),
        (Unknown, ErrorOrigin::Decoding),
    ];
    (prop::sample::select(ways), any::<bool>())
        .prop_map(|((class, origin), is_done)| Fate::Lost(class, origin, is_done))
}

pub(crate) fn too_fast() -> impl Strategy<Value = Fate> {
    prop_oneof![Just(Fate::TooFast(None)), (0u64..100_000).prop_map(|wait| Fate::TooFast(Some(wait))),]
}

impl Fate {
    /// Whether the vendor carries out the call.
    pub(crate) fn is_processed(&self) -> bool {
        matches!(self, Fate::Done | Fate::Gaps(_) | Fate::Lost(_, _, true))
    }

    /// Whether the vendor certainly did not process the call.
    pub(crate) fn is_returned(&self) -> bool {
        matches!(self, Fate::TooFast(_) | Fate::Locked | Fate::Unsent)
    }

    fn failure(&self) -> Option<BatchFailure> {
        let vendor = |class| BatchFailure::sent(ApiError::new(class, ErrorOrigin::Vendor, "x"));
        match self {
            Fate::Done | Fate::Gaps(_) => None,
            Fate::Refused(class) => Some(vendor(*class)),
            Fate::Lost(class, origin, _) => Some(BatchFailure::sent(ApiError::new(*class, *origin, "lost"))),
            Fate::TooFast(wait) => {
                let mut failure = vendor(ErrorClass::RateLimited);
                failure.error.retry_after_ms = *wait;
                Some(failure)
            }
            Fate::Locked => Some(vendor(ErrorClass::Auth)),
            Fate::Unsent => {
                let error = ApiError::new(ErrorClass::Unknown, ErrorOrigin::Network, "net.offline");
                Some(BatchFailure::unsent(error))
            }
        }
    }

    pub(crate) fn answer(&self, batch: &Batch) -> Result<Reply, BatchFailure> {
        if let Some(failure) = self.failure() {
            return Err(failure);
        }
        let items = batch.items.iter().map(|item| item.change).enumerate();
        let mask = if let Fate::Gaps(mask) = self { *mask } else { u32::MAX };
        let named = items.filter(|(idx, _)| mask >> (idx % 32) & 1 == 1).map(|(_, id)| id);
        // A response may also name people who were not in the call.
        let anonymous = (0..3).map(|n| domain::ChangeId(mask.wrapping_add(n)));
        let anonymous = anonymous.filter(|_| matches!(self, Fate::Gaps(_)));
        let outcomes = anonymous.chain(named).map(|id| (id, Outcome::Applied)).collect();
        Ok(Reply { outcomes, ..Reply::default() })
    }

    pub(crate) fn page(&self, page: Page) -> Result<Page, BatchFailure> {
        self.failure().map_or(Ok(page), Err)
    }
}

/// The vendor's actual state, and how often each change was processed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Truth {
    pub scopes: BTreeMap<GroupId, BTreeMap<Box<str>, Scope>>,
    pub people: BTreeMap<Box<str>, u32>,
    pub n_processed: BTreeMap<ChangeId, u32>,
}

impl Truth {
    /// The state in a snapshot.
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let groups = snapshot.groups.iter();
        let scopes = groups.map(|(group, known)| (group.clone(), known.scopes.clone())).collect();
        Self { scopes, ..Self::default() }
    }

    pub(crate) fn process(&mut self, batch: &Batch) {
        for item in &batch.items {
            *self.n_processed.entry(item.change).or_default() += 1;
            let key: Box<str> = item.person.key.as_str().into();
            let group = item.operation.group().map(|group| self.scopes.entry(group.clone()).or_default());
            match (&*item.operation, group) {
                (Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. }, Some(group)) => {
                    group.insert(key, *scope);
                }
                (Operation::Ban { .. }, Some(group)) => {
                    group.insert(key, Scope::Banned);
                }
                (Operation::Kick { .. } | Operation::Unban { .. }, Some(group)) => {
                    group.remove(&key);
                }
                _ => *self.people.entry(key).or_default() += 1,
            }
        }
    }

    /// One page of the results: three rows, so that there are several pages.
    pub(crate) fn read(&self, query: &Query, cursor: Option<Cursor>) -> Page {
        let row = |key: &str, scope| match query {
            Query::People { .. } => Member { email: Some(key.into()), ..Member::default() },
            _ => Member { id: key.into(), scope, ..Member::default() },
        };
        let in_group = |group: &GroupId, is_banned: bool| -> Vec<Member> {
            let scopes = self.scopes.get(group).into_iter().flatten();
            let fits = scopes.filter(|(_, scope)| (**scope == Scope::Banned) == is_banned);
            fits.map(|(key, scope)| row(key, Some(*scope))).collect()
        };
        let all = match query {
            Query::GroupMembers { group, .. } => in_group(group, false),
            Query::Banned { group } => in_group(group, true),
            Query::People { search } => {
                let found = self.people.keys().filter(|key| key.contains(&**search));
                found.map(|key| row(key, None)).collect()
            }
            other => panic!("nobody asks for {other:?}"),
        };
        let from = cursor.map_or(0, |cursor| cursor.start as usize);
        let rows: Vec<_> = all.iter().skip(from).take(3).cloned().collect();
        let end = from + rows.len();
        let next = (end < all.len()).then_some(Cursor { start: end as u64, len: 1 });
        Page { next, ..Page::whole(Items::Members(rows)) }
    }
}
