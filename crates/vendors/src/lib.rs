//! Each vendor's API contract: encoders and decoders without I/O.
//!
//! Each vendor has a folder. [`protocol`] returns its [`Protocol`], which encodes requests as
//! `http::Request<Vec<u8>>` without host and credentials and decodes `http::Response<Vec<u8>>`. A decoder
//! never panics, whatever the response.

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

/// The [`Protocol`] of a vendor.
pub fn protocol(vendor: Vendor) -> &'static dyn Protocol {
    match vendor {
        Vendor::Genuin => &genuin::Genuin,
        Vendor::Networked => &networked::Networked,
        Vendor::CometChat => &cometchat::CometChat,
    }
}

/// What a vendor's API can do. Unlike [`protocol`], this does not link the encoders and decoders.
pub fn capabilities(vendor: Vendor) -> Capabilities {
    match vendor {
        Vendor::Genuin => genuin::Genuin.capabilities(),
        Vendor::Networked => networked::Networked.capabilities(),
        Vendor::CometChat => cometchat::CometChat.capabilities(),
    }
}

/// The range of calls per minute that the user may choose; `None` if the vendor documents its rate limits.
pub fn pace_range(vendor: Vendor) -> Option<std::ops::RangeInclusive<u32>> {
    match vendor {
        Vendor::Genuin => Some(genuin::CALLS_PER_MINUTE),
        Vendor::Networked | Vendor::CometChat => None,
    }
}

/// Rate limits and batch sizes at a connection's pace. Links as little as [`capabilities`].
pub fn limits(vendor: Vendor, pace: impl Into<Pace>) -> Limits {
    let pace = pace.into();
    match vendor {
        Vendor::Genuin => genuin::Genuin.limits(pace),
        Vendor::Networked => networked::Networked.limits(pace),
        Vendor::CometChat => cometchat::CometChat.limits(pace),
    }
}
