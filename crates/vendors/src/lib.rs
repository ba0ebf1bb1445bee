//! What each vendor's API says and accepts: encoders and decoders without I/O.
//!
//! A vendor is one folder. [`protocol`] gives its [`Protocol`]: requests go out as
//! `http::Request<Vec<u8>>` without host and without key, answers come in as `http::Response<Vec<u8>>`.
//! A decoder never panics, whatever the answer holds.

pub mod answer;
pub mod catalogue;
pub mod cometchat;
pub mod examine;
#[cfg(test)]
mod fixture;
pub mod genuin;
mod http_date;
#[cfg(test)]
mod laws;
pub mod networked;
pub mod path;
pub mod place;
mod power;
pub mod protocol;
pub mod secrets;

pub use power::{Power, power};
pub use protocol::{Protocol, Request, Response};

use domain::connection::Pace;
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

/// The range in which somebody may choose the calls a minute; `None` where the vendor documents its limits.
pub fn pace_range(vendor: Vendor) -> Option<std::ops::RangeInclusive<u32>> {
    match vendor {
        Vendor::Genuin => Some(genuin::CALLS_PER_MINUTE),
        Vendor::Networked | Vendor::CometChat => None,
    }
}

/// How fast a connection may be used, and how many people in a call; links as little as [`capabilities`].
pub fn limits(vendor: Vendor, pace: impl Into<Pace>) -> Limits {
    let pace = pace.into();
    match vendor {
        Vendor::Genuin => genuin::Genuin.limits(pace),
        Vendor::Networked => networked::Networked.limits(pace),
        Vendor::CometChat => cometchat::CometChat.limits(pace),
    }
}
