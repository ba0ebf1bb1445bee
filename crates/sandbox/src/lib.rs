//! The three vendors imitated by one pure state machine: no clock, no randomness, no network.
//!
//! [`World::handle`] takes a request as the vendor would see it and gives the answer and the [`Event`]s
//! that happened; [`World::replay`] builds the same state from those events again.
//! The emulators read the vendors' documents on their own: they share no code with the clients.
//! Where the documents are silent a comment says `Assumed:`; all of these are collected in
//! `docs/sandbox-differences.md`.

mod answer;
mod call;
pub mod cometchat;
mod digest;
mod emulator;
mod event;
mod faults;
pub mod genuin;
mod hostile;
pub mod ids;
mod moods;
mod names;
pub mod networked;
mod reply;
mod sentinels;
mod settings;
mod windows;
mod world;

pub use answer::{Answer, Handled, Request, Response};
pub use event::Event;
pub use sentinels::{Sentinel, sentinels};
pub use settings::{EmptyScopes, FailedEntry, KeyPolicy, Keys, PlansForm, Settings};
pub use world::World;
