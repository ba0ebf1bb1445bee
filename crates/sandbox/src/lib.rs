//! The three vendors imitated by one pure state machine: no clock, no randomness, no network.
//!
//! [`World::handle`] takes a request as the vendor would see it and gives the answer and the [`Event`]s
//! that happened; [`World::replay`] builds the same state from those events again.

mod answer;
mod event;
mod sentinels;
mod settings;
mod world;

pub use answer::{Answer, Handled, Request, Response};
pub use event::Event;
pub use sentinels::{Sentinel, sentinels};
pub use settings::{EmptyScopes, FailedEntry, KeyPolicy, Keys, PlansForm, Settings};
pub use world::World;
