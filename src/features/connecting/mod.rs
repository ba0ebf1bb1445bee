//! Connections: their form, their keys, and the examination.

pub mod adding;
pub mod connection_form;
pub mod connection_guard;
pub mod directory_choice;
pub mod doctor;
pub mod export;
pub mod key_fields;
pub mod key_panel;
pub mod key_power;
pub mod key_storage;
pub mod named;
pub mod passphrase;
pub mod unlock;
