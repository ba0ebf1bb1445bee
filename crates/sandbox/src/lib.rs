#![doc = include_str!("../README.md")]

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
