//! Scopes of people in a group.

pub mod scope_badge;
