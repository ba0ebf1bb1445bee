//! Emulators of the three vendors in one pure state machine: no clock, no randomness, no network.
//!
//! [`World::handle`] takes a request as the vendor sees it and returns the response and the resulting
//! [`Event`]s; [`World::replay`] rebuilds the same state from those events.
//! The emulators implement the vendors' documents independently and share no code with the clients.
//! Comments mark undocumented behavior with `Assumed:`; `docs/sandbox-differences.md` lists these.

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
mod key_behaviors;
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

/// The path of a vendor on a sandbox server: its slug, and the end of its base URLs.
pub fn base_path(vendor: domain::Vendor) -> String {
    ["/", vendor.slug(), emulator::facts(vendor).api_path].concat()
}
