//! The ids of the sample communities, for tests and documentation. They never change.

/// The Genuin community that most tests use, with about 60 members.
pub const GENUIN_COMMUNITY: &str = "10000000-0000-4000-8000-000000000001";
/// A small Genuin community.
pub const GENUIN_SMALL_COMMUNITY: &str = "10000000-0000-4000-8000-000000000002";
/// A private Genuin community with pending join requests.
pub const GENUIN_PRIVATE_COMMUNITY: &str = "10000000-0000-4000-8000-000000000003";
/// A group in [`GENUIN_COMMUNITY`], by its chat id.
pub const GENUIN_GROUP: &str = "20000000-0000-4000-8000-000000000001";
/// Another group in [`GENUIN_COMMUNITY`], by its chat id.
pub const GENUIN_SECOND_GROUP: &str = "20000000-0000-4000-8000-000000000002";
/// A group in [`GENUIN_PRIVATE_COMMUNITY`], by its chat id.
pub const GENUIN_PRIVATE_GROUP: &str = "20000000-0000-4000-8000-000000000003";

/// The number of people in Genuin's brand: user ids `30000000-0000-4000-8000-0000000000NN` with NN from 01 to
/// 96 in decimal, and phones `1555010NNNN`.
pub const GENUIN_PEOPLE: usize = 96;

/// The user id of the person with this number, from 1.
pub fn genuin_user(number: usize) -> String {
    format!("30000000-0000-4000-8000-{number:012}")
}

/// The phone of the person with this number, from 1.
pub(crate) fn genuin_phone(number: usize) -> String {
    format!("1555010{number:04}")
}

/// Networked's Admin role.
pub const NETWORKED_ADMIN: &str = "5f0000000000000000000a01";
/// Networked's Moderator role.
pub const NETWORKED_MODERATOR: &str = "5f0000000000000000000a02";
/// Networked's Contributor role.
pub const NETWORKED_CONTRIBUTOR: &str = "5f0000000000000000000a03";
/// Networked's Viewer role.
pub const NETWORKED_VIEWER: &str = "5f0000000000000000000a04";
/// A custom role whose name ends in a space.
pub(crate) const NETWORKED_SEASON_TICKET: &str = "5f0000000000000000000a05";
/// Another custom role.
pub(crate) const NETWORKED_MENTOR: &str = "5f0000000000000000000a06";

/// Networked's plans: monthly, yearly, founders, students.
pub const NETWORKED_PLANS: [&str; 4] = [
    "5f0000000000000000000f01",
    "5f0000000000000000000f02",
    "5f0000000000000000000f03",
    "5f0000000000000000000f04",
];

/// The owner of Networked's community.
pub const NETWORKED_OWNER_EMAIL: &str = "owner@founders.example";

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
