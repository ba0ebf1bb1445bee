//! Pieces that know the console: what pages are made of.

pub mod before_sending;
pub mod call_details;
pub mod compose;
pub mod connection_form;
pub mod connection_guard;
pub mod crash;
pub mod debounce;
pub mod doctor;
pub mod group_state;
pub mod keeping;
pub mod key_fields;
pub mod key_power;
pub mod navigation;
pub mod new_version;
pub mod page_head;
pub mod passphrase;
pub mod people_box;
pub mod pickers;
pub mod preferences;
pub mod results;
pub mod run_pace;
pub mod run_words;
pub mod scope_badge;
pub mod shell;
pub mod unlock;
pub mod words;
