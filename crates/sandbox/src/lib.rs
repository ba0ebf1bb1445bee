#![doc = include_str!("../README.md")]

mod answer;
mod call;
pub mod cometchat;
mod digest;
mod emulator;
mod faults;
pub mod genuin;
mod hostile;
mod key_behaviors;
mod names;
pub mod networked;
mod registry;
mod reply;
mod sentinels;
mod settings;
mod stored;
mod table;
mod windows;
mod world;

pub use answer::{Answer, Handled, Request, Response};
pub use registry::{Event, Settings};
pub use sentinels::{Sentinel, sentinels};
pub use settings::{KeyPolicy, Keys};
pub use world::{World, is_repeatable};

/// The ids of the sample communities, for tests and documentation. They never change.
pub mod ids {
    pub use crate::cometchat::ids::*;
    pub use crate::genuin::ids::*;
    pub use crate::networked::ids::*;
}

/// True if a secret belongs to a vendor's key.
pub fn has_secret(vendor: domain::Vendor) -> bool {
    registry::facts(vendor).has_secret
}

/// The header with a vendor's key or token.
pub fn key_header(vendor: domain::Vendor) -> &'static str {
    registry::facts(vendor).key_header
}

/// The path of a vendor on a sandbox server: its slug, and the end of its base URLs.
pub fn base_path(vendor: domain::Vendor) -> String {
    ["/", vendor.slug(), registry::facts(vendor).api_path].concat()
}
