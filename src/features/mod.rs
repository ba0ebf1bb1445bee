//! What pages are made of, by what a person does with it.

pub mod adding;
pub mod approval;
pub mod confirm;
pub mod connecting;
pub mod directory;
pub mod error_words;
pub mod fetched;
pub mod palette;
pub mod reading;
pub mod results;
pub mod reviewing;
pub mod scopes;
pub mod words;
