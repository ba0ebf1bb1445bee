//! Lists and people read from a vendor.

pub mod debounce;
pub mod group_state;
pub mod known_people;
pub mod not_read;
pub mod paged_list;
pub mod person_details;
pub mod pickers;
pub mod portrait;
