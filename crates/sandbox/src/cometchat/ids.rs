//! The ids of the seeded app. They never change.

/// A group of 43 members with an owner, admins and moderators, and three banned users.
pub const SUPERHERO_FANS: &str = "superhero-fans";
/// A group of 5 members.
pub const BOOK_CIRCLE: &str = "book-circle";
/// A group of 40 members.
pub const TRAIL_RUNNERS: &str = "trail-runners";
/// A group of 320 members, above the size at which CometChat stops unread counts.
pub const OPEN_KITCHEN: &str = "open-kitchen";
/// A group of 30,000 members.
pub const METROPOLIS: &str = "metropolis";
/// A private group.
pub const COUNCIL: &str = "council";
/// A group with a password.
pub const VAULT: &str = "vault";
/// A group that is full.
pub const FULL_HOUSE: &str = "full-house";
/// A group with the sentinels as members, so that each can be changed, removed and banned.
pub const TROUBLE: &str = "trouble";

/// The owner of every seeded group.
pub const CAP_ADMIN: &str = "cap-admin";
/// An admin of [`SUPERHERO_FANS`] who owns nothing.
pub const STORM_ADMIN: &str = "storm-admin";
/// A moderator of [`SUPERHERO_FANS`].
pub const NIGHT_MOD: &str = "night-mod";
/// A user with the app-wide role `guest`, which allows no changes.
pub const GUEST: &str = "guest-greta";
/// A deactivated user.
pub const DORMANT: &str = "dormant-dora";
/// A user who is in no group.
pub const NEWCOMER: &str = "newcomer-nia";

/// The number of ordinary users in CometChat's app: `fan-001` to `fan-330`.
pub const FANS: usize = 330;

/// The id of the ordinary user with this number, from 1.
pub fn fan(number: usize) -> String {
    format!("fan-{number:03}")
}

/// The id of the member of [`METROPOLIS`] with this number, from 1 to 30,000.
pub fn citizen(number: usize) -> String {
    format!("citizen-{number:05}")
}
