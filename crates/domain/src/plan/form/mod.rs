//! The contents of forms, as commands or as the reason why they cannot be sent yet.

pub mod community;
pub mod group;
pub mod group_column;
pub mod group_list;
pub mod people;

/// The trimmed text; `None` if it is empty.
pub fn typed(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
