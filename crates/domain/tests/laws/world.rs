//! What the laws are tried on: commands, snapshots, and a connection with latency.

use std::collections::BTreeMap;

use domain::api_error::Origin;
use domain::capabilities::{
    AddForm, AddTarget, Directory, GroupForm, Groups, IdShape, Identity, Invites, Moderation, SearchMatch,
};
use domain::snapshot::GroupSnapshot;
use domain::{
    ApiError, BatchFailure, Capabilities, Command, ConnectionId, Effect, ErrorClass, Flow, GroupId, Limits,
    Millis, Outcome, Person, Plan, PlanId, Reply, RoleId, Scope, Snapshot, Vendor, Window,
};
use proptest::prelude::*;

pub const CAPABILITIES: Capabilities = Capabilities {
    identity: Identity {
        takes_ids: true,
        takes_phones: true,
        takes_emails: true,
        id_shape: IdShape::Slug { max: 100 },
        needs_name: false,
        takes_scopes: true,
    },
    directory: Directory::Remote { search: SearchMatch::StartsWith },
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
        belongs_to_community: false,
        form: GroupForm::LEAST,
    }),
    silence_is_unknown: false,
    can_remove_added: true,
    has_community_details: false,
};

pub fn group(idx: usize) -> GroupId {
    GroupId::new(format!("group-{idx}"))
}

pub fn planned(command: &Command, snapshot: &Snapshot) -> Plan {
    let (id, connection) = (PlanId::new("plan"), ConnectionId::new("fans"));
    domain::plan::plan(id, connection, Vendor::CometChat, command, snapshot, &CAPABILITIES)
}

/// A snapshot of one group, read completely.
pub fn snapshot_of(group: GroupId, scopes: &[(&str, Scope)]) -> Snapshot {
    let scopes = scopes.iter().map(|(uid, scope)| ((*uid).into(), *scope)).collect();
    let known = GroupSnapshot { scopes, is_complete: true, ..GroupSnapshot::default() };
    Snapshot { groups: BTreeMap::from([(group, known)]), ..Snapshot::default() }
}

pub fn scope() -> impl Strategy<Value = Scope> {
    prop::sample::select(Scope::ALL.to_vec())
}

fn effect() -> impl Strategy<Value = Effect> {
    let role = || RoleId::new("editor");
    prop_oneof![
        4 => (0usize..2, scope()).prop_map(|(idx, scope)| Effect::AddToGroup { group: group(idx), scope }),
        1 => (0usize..2, prop::sample::select(Scope::ALL[..3].to_vec()))
            .prop_map(|(idx, scope)| Effect::SetScope { group: group(idx), scope }),
        1 => (0usize..2).prop_map(|idx| Effect::Kick { group: group(idx) }),
        1 => (0usize..2).prop_map(|idx| Effect::Ban { group: group(idx) }),
        1 => (0usize..2).prop_map(|idx| Effect::Unban { group: group(idx) }),
        1 => Just(Effect::Register { flow: Flow::Direct, role: role(), price: None, password: None }),
        1 => Just(Effect::Invite { role: role(), note: None, prices: Vec::new() }),
    ]
}

/// Any command for few people, so that they meet twice.
pub fn command() -> impl Strategy<Value = Command> {
    prop::collection::vec((0usize..12, effect()), 0..40).prop_map(|wishes| {
        let mut command = Command::new();
        for (idx, effect) in wishes {
            let person = match effect {
                Effect::Register { .. } | Effect::Invite { .. } => {
                    Person::by_email(format!("u{idx}@example.org"))
                }
                _ => Person::by_id(format!("u{idx}")),
            };
            command.wish(person, effect);
        }
        command
    })
}

/// Any state of two groups that were read completely.
pub fn snapshot() -> impl Strategy<Value = Snapshot> {
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

pub fn limits(windows: Vec<Window>, max_in_flight: usize) -> Limits {
    let batch_size = |effect: &Effect| match effect {
        Effect::AddToGroup { .. } => 5,
        Effect::Invite { .. } => 3,
        _ => 1,
    };
    Limits { windows, batch_size, max_in_flight }
}

/// What a call comes back with.
#[derive(Clone, Debug)]
pub enum Fate {
    /// Everybody is done.
    Done,
    /// Those whose place is in the mask are named, and people of other calls as well.
    Gaps(u32),
    /// The call as a whole failed.
    Fails(ErrorClass),
    /// Too fast, with the wait that was asked for.
    TooFast(Option<Millis>),
}

/// A fate, the way there, and the way back.
pub type Trip = (Fate, Millis, Millis);

pub fn trip(fate: impl Strategy<Value = Fate>) -> impl Strategy<Value = Trip> {
    (fate, 0u64..3_000, 0u64..3_000)
}

pub fn any_fate() -> impl Strategy<Value = Fate> {
    use ErrorClass::{AlreadyDone, Auth, Limit, NotFound, Refused, Server, Unknown};
    let classes = vec![AlreadyDone, Refused, NotFound, Limit, Server, Unknown, Auth];
    prop_oneof![
        4 => Just(Fate::Done),
        2 => any::<u32>().prop_map(Fate::Gaps),
        2 => prop::sample::select(classes).prop_map(Fate::Fails),
        2 => too_fast(),
    ]
}

pub fn too_fast() -> impl Strategy<Value = Fate> {
    prop_oneof![Just(Fate::TooFast(None)), (0u64..100_000).prop_map(|wait| Fate::TooFast(Some(wait))),]
}

impl Fate {
    pub fn answer(&self, batch: &domain::Batch) -> Result<Reply, BatchFailure> {
        let items = || batch.items.iter().map(|item| item.change);
        match self {
            Fate::Done => {
                Ok(Reply { outcomes: items().map(|id| (id, Outcome::Applied)).collect(), ..Reply::default() })
            }
            Fate::Gaps(mask) => {
                let named =
                    items().enumerate().filter(|(idx, _)| mask >> (idx % 32) & 1 == 1).map(|(_, id)| id);
                let strangers = (0..3).map(|n| domain::ChangeId(mask.wrapping_add(n)));
                let outcomes = strangers.chain(named).map(|id| (id, Outcome::Applied)).collect();
                Ok(Reply { outcomes, ..Reply::default() })
            }
            Fate::Fails(class) => Err(BatchFailure::sent(ApiError::new(*class, Origin::Vendor, "x"))),
            Fate::TooFast(wait) => {
                let mut error =
                    ApiError::new(ErrorClass::RateLimited, Origin::Vendor, "429").with_status(429);
                error.retry_after_ms = *wait;
                Err(BatchFailure::sent(error))
            }
        }
    }
}
