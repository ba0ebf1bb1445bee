//! The ids of the seeded brand. They never change.

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
pub fn genuin_phone(number: usize) -> String {
    format!("1555010{number:04}")
}
