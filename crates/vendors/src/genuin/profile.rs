//! Facts about Genuin that need no encoder.

use std::ops::RangeInclusive;

use domain::capabilities::{
    AddForm, AddTarget, Directory, GroupForm, Groups, IdShape, Identity, Invites, Moderation,
};
use domain::connection::Pace;
use domain::picture::PictureKind;
use domain::{Capabilities, Flow, GroupKind, Limits, Operation, Vendor, Window};

use crate::profile::{KeyKind, Profile, Sample};

/// Genuin's documents print no host. "Authentication": key and secret belong to the brand and issue tokens without
/// limit; a token expires.
pub(crate) static PROFILE: Profile = Profile {
    vendor: Vendor::Genuin,
    base_url: None,
    regions: &[],
    api_path: "",
    call_paths: &["/api/thirdparty"],
    is_host: |_| false,
    keys: &[KeyKind::KeyAndSecret, KeyKind::Token],
    pace_range: Some(CALLS_PER_MINUTE),
    has_small_plan: false,
    capabilities,
    // Calls act as nobody.
    clearance: |_, _, _| true,
    limits,
    sample: Sample {
        id: "loop-studio",
        name: "Loop Studio",
        acting_as: None,
        groups: &SAMPLE_GROUPS,
        people: Some(("30000000-0000-4000-8000-000000000001", "30000000-0000-4000-8000-000000000096")),
    },
};

/// What the sandbox has: ID, name and kind.
const SAMPLE_GROUPS: [(&str, &str, GroupKind); 6] = [
    ("10000000-0000-4000-8000-000000000001", "Loop Studio", GroupKind::Community),
    ("10000000-0000-4000-8000-000000000002", "First Loops", GroupKind::Community),
    ("10000000-0000-4000-8000-000000000003", "Studio Crew", GroupKind::Community),
    ("20000000-0000-4000-8000-000000000001", "Morning takes", GroupKind::Group),
    ("20000000-0000-4000-8000-000000000002", "Sound & light", GroupKind::Group),
    ("20000000-0000-4000-8000-000000000003", "Crew room", GroupKind::Group),
];

pub(super) fn capabilities() -> Capabilities {
    Capabilities {
        identity: Identity {
            takes_ids: true,
            takes_phones: true,
            // Moderators come back without a phone, and removals take bare ids (Genuin, Add Moderator
            // API; Add or manage group members).
            phones_only_add: true,
            takes_emails: false,
            id_shape: IdShape::Uuid,
            needs_name: false,
            takes_scopes: false,
        },
        directory: Directory::Ledger,
        add: AddForm {
            target: AddTarget::Communities,
            flows: &[Flow::Direct, Flow::Invite, Flow::SingleTap, Flow::ApproveRequest],
            // The page names the flags of these flows but prints their values as "any".
            undocumented_flows: &[Flow::Invite, Flow::SingleTap, Flow::ApproveRequest],
            scopes: &[],
            has_roles: false,
            has_prices: false,
            has_password: false,
            has_onboarding: true,
        },
        moderation: Moderation::ByCall,
        invites: Invites::ByFlow,
        groups: Some(Groups {
            can_list: false,
            can_list_members: false,
            can_create: true,
            can_create_community: true,
            can_edit: true,
            can_delete: false,
            has_blind_membership: true,
            has_subscribers: true,
            scopes: &[],
            soft_limit: None,
            has_acting_person: false,
            owner_of_ownerless: None,
            belongs_to_community: true,
            form: GroupForm {
                // Requests name files that were uploaded before; how is undocumented (Community API).
                picture: PictureKind::FileName,
                has_topics: true,
                // The response to a creation does not say who was added; that to an addition does.
                ..GroupForm::LEAST
            },
        }),
        silence_is_unknown: true,
        has_community_details: false,
    }
}

pub(super) fn limits(pace: Pace) -> Limits {
    let windows = windows(pace.calls_per_minute.unwrap_or(GENTLE));
    Limits { windows, batch_size, max_in_flight: 1 }
}

/// Assumed: no page limits the people in a call, and a lost response leaves all of them unknown.
const MAX_PEOPLE_PER_CALL: usize = 50;

/// Default calls per minute. Assumed: no page names a rate limit, and this is low enough for any server.
const GENTLE: u32 = 30;

/// The range of calls per minute for users who know what their contract allows.
pub(crate) const CALLS_PER_MINUTE: RangeInclusive<u32> = 1..=600;

/// The limit per minute, and at most a thirtieth of it per second to avoid bursts.
fn windows(per_minute: u32) -> Vec<Window> {
    let per_minute = per_minute.clamp(*CALLS_PER_MINUTE.start(), *CALLS_PER_MINUTE.end());
    vec![Window { span_ms: 1_000, max: per_minute.div_ceil(30) }, Window { span_ms: 60_000, max: per_minute }]
}

/// Maximum people per call.
fn batch_size(operation: &Operation) -> usize {
    match operation {
        Operation::AddToCommunity { .. }
        | Operation::MakeModerator { .. }
        | Operation::AddToGroup { .. }
        | Operation::Kick { .. }
        | Operation::Unsubscribe { .. } => MAX_PEOPLE_PER_CALL,
        Operation::Register { .. }
        | Operation::Invite { .. }
        | Operation::SetScope { .. }
        | Operation::Ban { .. }
        | Operation::Unban { .. }
        | Operation::CreateGroup(_)
        | Operation::EditGroup { .. }
        | Operation::DeleteGroup { .. }
        | Operation::CreateCommunity(_) => 1,
    }
}
