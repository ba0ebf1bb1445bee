//! Facts about Networked that need no encoder.

use domain::capabilities::{
    AddForm, AddTarget, Directory, IdShape, Identity, Invites, Moderation, SearchMatch,
};
use domain::connection::Pace;
use domain::{Capabilities, Flow, Limits, Operation, Vendor, Window};

use crate::profile::{KeyKind, Profile, Sample};

/// "Add New Users to Community": the bare origin, because not every path has the same prefix. "User Authentication":
/// every call counts as the community owner's; there are no weaker keys.
pub(crate) static PROFILE: Profile = Profile {
    vendor: Vendor::Networked,
    base_url: Some("https://backend.networked.co"),
    regions: &[],
    api_path: "",
    call_paths: &["/api/v1", "/stripe/monetization"],
    // The documents name two.
    is_host: |host| matches!(host, "backend.networked.co" | "api.networked.co"),
    keys: &[KeyKind::Key],
    pace_range: None,
    has_small_plan: false,
    capabilities,
    // Calls act as nobody.
    clearance: |_, _, _| true,
    limits,
    sample: Sample {
        id: "founders-guild",
        name: "Founders Guild",
        acting_as: None,
        groups: &[],
        people: None,
    },
};

pub(super) fn capabilities() -> Capabilities {
    Capabilities {
        identity: Identity {
            takes_ids: false,
            takes_phones: false,
            phones_only_add: false,
            takes_emails: true,
            id_shape: IdShape::Hex24,
            needs_name: true,
            takes_scopes: false,
        },
        // `keyword` matches name, email or about (Networked, Users List).
        directory: Directory::Remote { search: SearchMatch::Anywhere },
        add: AddForm {
            target: AddTarget::Whole,
            // The page says of a direct add "Use with caution", so the invite is the default.
            flows: &[Flow::Invite, Flow::Direct],
            undocumented_flows: &[],
            scopes: &[],
            has_roles: true,
            has_prices: true,
            has_password: true,
            has_onboarding: false,
        },
        moderation: Moderation::ByRole,
        invites: Invites::ByEmail,
        groups: None,
        silence_is_unknown: false,
        has_community_details: true,
    }
}

pub(super) fn limits(_: Pace) -> Limits {
    Limits { windows: WINDOWS.to_vec(), batch_size, max_in_flight: 1 }
}

/// All three apply at once, to all calls of a key (Networked, User Authentication). Assumed: sliding windows.
const WINDOWS: [Window; 3] = [
    Window { span_ms: 60_000, max: 10 },
    Window { span_ms: 600_000, max: 50 },
    Window { span_ms: 3_600_000, max: 120 },
];

/// Assumed: no page says how many people fit in a call of invites.
const MAX_INVITES_PER_CALL: usize = 50;

/// Maximum people per call. Adding a user has flat fields, so one (Networked, Add New Users).
fn batch_size(operation: &Operation) -> usize {
    if matches!(operation, Operation::Invite { .. }) { MAX_INVITES_PER_CALL } else { 1 }
}
