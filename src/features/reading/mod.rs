//! People and groups read from a vendor.

pub mod debounce;
pub mod group_state;
pub mod known_people;
pub mod not_read;
pub mod person_details;
pub mod pickers;
pub mod portrait;
