//! Facts about CometChat that need no encoder.

use domain::capabilities::{
    AddForm, AddTarget, Directory, GroupForm, Groups, IdShape, Identity, Invites, Moderation, SearchMatch,
};
use domain::connection::Pace;
use domain::picture::PictureKind;
use domain::{Actor, Capabilities, Flow, Limits, Operation, Scope, State, Vendor, Window};

use super::wire;
use crate::profile::{KeyKind, Profile, Sample};

/// "Chat APIs": app ID and region are in the host, the version is in the path. "Authentication": every call of this
/// console needs a `fullAccess` key and refuses the weaker Auth Key, so a key that works here has full access.
pub(crate) static PROFILE: Profile = Profile {
    vendor: Vendor::CometChat,
    base_url: Some("https://{app_id}.api-{region}.cometchat.io/v3"),
    regions: &["us", "eu", "in"],
    api_path: "/v3",
    call_paths: &["/groups", "/users", "/roles"],
    is_host: |host| host.ends_with(".cometchat.io"),
    keys: &[KeyKind::Key],
    pace_range: None,
    has_small_plan: true,
    capabilities,
    limits,
    clearance,
    // The owner of the sample app is an admin of its groups, so the warning about a change of one's own scope shows.
    sample: Sample {
        id: "superhero-fans",
        name: "Superhero fans",
        acting_as: Some("cap-admin"),
        groups: &[],
        people: Some(("fan-001", "fan-330")),
    },
};

/// "Groups": the system user, who owns groups that are created without an owner and an actor.
pub(super) const SYSTEM_OWNER: &str = "app_system";

pub(super) fn capabilities() -> Capabilities {
    Capabilities {
        identity: Identity {
            takes_ids: true,
            takes_phones: false,
            phones_only_add: false,
            takes_emails: false,
            // "Properties and Constraints": a-z 0-9 - _, at most 100, folded on create.
            id_shape: IdShape::Slug { max: 100 },
            needs_name: false,
            takes_scopes: true,
        },
        // "Users: List": `searchKey` matches the beginning of uid and name.
        directory: Directory::Remote { search: SearchMatch::StartsWith },
        add: AddForm {
            target: AddTarget::Group,
            flows: &[Flow::Direct],
            undocumented_flows: &[],
            scopes: &Scope::ALL,
            has_roles: false,
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
            // "Rate Limits": above this, conversations, unread counts, receipts and typing stop.
            soft_limit: Some(300),
            has_acting_person: true,
            owner_of_ownerless: Some(SYSTEM_OWNER),
            belongs_to_community: false,
            form: GroupForm {
                // "Properties and Constraints": a URL of at most 3,000, `domain::picture`.
                picture: PictureKind::Address,
                can_clear_picture: true,
                has_topics: false,
                has_metadata: true,
                // A call holds 25 changes, one of which is the group itself.
                n_first_members: Some(wire::MAX_PEOPLE - 1),
                max: Some(wire::TEXT_LIMITS),
            },
        }),
        silence_is_unknown: false,
        has_community_details: false,
    }
}

/// "Group members", the table of scopes: admins change, remove and ban, and moderators do so with participants. An
/// admin changes another admin only as the owner ("Change member scope" of the SDKs). Where the pages contradict each
/// other, as about moderators who add people, nothing is known.
fn clearance(actor: Actor, operation: &Operation, before: State) -> bool {
    let is_participant = !matches!(before, State::Scope(Scope::Admin | Scope::Moderator));
    match (actor.scope, operation) {
        _ if actor.is_owner => true,
        (None | Some(Scope::Participant | Scope::Banned), _) => false,
        (Some(Scope::Admin), Operation::SetScope { .. }) => before != State::Scope(Scope::Admin),
        (Some(Scope::Moderator), Operation::SetScope { scope, .. }) => {
            is_participant && *scope != Scope::Admin
        }
        (Some(Scope::Moderator), Operation::Kick { .. } | Operation::Ban { .. }) => is_participant,
        (Some(Scope::Moderator), Operation::DeleteGroup { .. }) => false,
        (Some(Scope::Admin | Scope::Moderator), _) => true,
    }
}

/// "Rate Limits": 10,000 core calls and 20,000 others per minute, 500 in total on the small
/// ("Build") plan. All calls count as core, because the vendor does not classify scopes and bans.
pub(super) fn limits(pace: Pace) -> Limits {
    let max = if pace.is_small_plan { 500 } else { 10_000 };
    Limits {
        windows: vec![Window { span_ms: 60_000, max }],
        batch_size,
        // A run has at most one call in flight per group, because the vendor does not guarantee to
        // process two in order. Order between groups does not matter. Browsers open six connections per
        // host; more calls would only queue in the browser.
        max_in_flight: 6,
    }
}

/// "Properties and Constraints": 25 people in an add, over all four arrays; one in every other call.
fn batch_size(operation: &Operation) -> usize {
    match operation {
        Operation::AddToGroup { .. } => wire::MAX_PEOPLE,
        Operation::AddToCommunity { .. }
        | Operation::MakeModerator { .. }
        | Operation::Register { .. }
        | Operation::Invite { .. }
        | Operation::SetScope { .. }
        | Operation::Kick { .. }
        | Operation::Ban { .. }
        | Operation::Unban { .. }
        | Operation::Unsubscribe { .. }
        | Operation::CreateGroup(_)
        | Operation::EditGroup { .. }
        | Operation::DeleteGroup { .. }
        | Operation::CreateCommunity(_) => 1,
    }
}
