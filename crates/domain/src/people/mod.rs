//! People and groups, and the keys by which vendors know them.

pub mod finder;
pub mod group;
pub mod group_field;
pub mod key;
pub mod person;
pub mod phone;
pub mod picture;
pub mod scope;
pub mod search;
