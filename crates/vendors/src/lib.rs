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

use domain::Vendor;

/// The contract of a vendor.
pub fn protocol(vendor: Vendor) -> &'static dyn Protocol {
    match vendor {
        Vendor::Genuin => &genuin::Genuin,
        Vendor::Networked => &networked::Networked,
        Vendor::CometChat => &cometchat::CometChat,
    }
}
