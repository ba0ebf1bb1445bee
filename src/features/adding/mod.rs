//! Forms that people and groups are typed into.

pub mod compose;
pub mod group_fields;
pub mod handover;
pub mod import_link;
mod lines;
pub mod people;
pub mod people_box;
mod people_questions;
pub mod people_reader;
pub mod people_table;
pub mod remembered;
pub mod row_states;
pub mod sending;
pub mod unsent;
