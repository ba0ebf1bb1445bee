//! What each vendor's API says and accepts: encoders and decoders without I/O.
//!
//! A vendor is one folder. [`protocol`] gives its [`Protocol`]: requests go out as
//! `http::Request<Vec<u8>>` without host and without key, answers come in as `http::Response<Vec<u8>>`.
//! A decoder never panics, whatever the answer holds.

pub mod answer;
pub mod catalogue;
pub mod cometchat;
#[cfg(test)]
mod fixture;
pub mod genuin;
pub mod networked;
pub mod path;
pub mod protocol;

pub use protocol::{Protocol, Request, Response};

use domain::{Capabilities, Limits, Vendor};

/// The contract of a vendor.
pub fn protocol(vendor: Vendor) -> &'static dyn Protocol {
    match vendor {
        Vendor::Genuin => &genuin::Genuin,
        Vendor::Networked => &networked::Networked,
        Vendor::CometChat => &cometchat::CometChat,
    }
}

/// What a vendor's API can do; unlike [`protocol`] this links no encoder and no decoder.
pub fn capabilities(vendor: Vendor) -> Capabilities {
    match vendor {
        Vendor::Genuin => genuin::Genuin.capabilities(),
        Vendor::Networked => networked::Networked.capabilities(),
        Vendor::CometChat => cometchat::CometChat.capabilities(),
    }
}

/// How fast a vendor may be called, and how many people in a call; links as little as [`capabilities`].
pub fn limits(vendor: Vendor, is_small_plan: bool) -> Limits {
    match vendor {
        Vendor::Genuin => genuin::Genuin.limits(is_small_plan),
        Vendor::Networked => networked::Networked.limits(is_small_plan),
        Vendor::CometChat => cometchat::CometChat.limits(is_small_plan),
    }
}
