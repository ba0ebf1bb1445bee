//! People and groups, and how people are read from text.

pub mod finder;
pub mod group;
pub mod paste;
pub mod person;
pub mod picture;
pub mod scope;
pub mod search;
