//! The ids of the seeded community. They never change.

/// Networked's Admin role.
pub const NETWORKED_ADMIN: &str = "5f0000000000000000000a01";
/// Networked's Moderator role.
pub const NETWORKED_MODERATOR: &str = "5f0000000000000000000a02";
/// Networked's Contributor role.
pub const NETWORKED_CONTRIBUTOR: &str = "5f0000000000000000000a03";
/// Networked's Viewer role.
pub const NETWORKED_VIEWER: &str = "5f0000000000000000000a04";
/// A custom role whose name ends in a space.
pub const NETWORKED_SEASON_TICKET: &str = "5f0000000000000000000a05";
/// Another custom role.
pub const NETWORKED_MENTOR: &str = "5f0000000000000000000a06";

/// Networked's plans: monthly, yearly, founders, students.
pub const NETWORKED_PLANS: [&str; 4] = [
    "5f0000000000000000000f01",
    "5f0000000000000000000f02",
    "5f0000000000000000000f03",
    "5f0000000000000000000f04",
];

/// The owner of Networked's community.
pub const NETWORKED_OWNER_EMAIL: &str = "owner@founders.example";
