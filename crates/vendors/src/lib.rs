#![doc = include_str!("../README.md")]

pub mod answer;
pub mod catalogue;
pub mod cometchat;
pub mod endpoint;
pub mod examine;
#[cfg(test)]
mod fixture;
mod genuin;
mod http_date;
#[cfg(test)]
mod laws;
pub mod networked;
pub mod path;
mod profile;
pub mod protocol;
pub mod secrets;

pub use profile::{KeyKind, Power, Profile, Sample, power};
pub use protocol::{Changes, Protocol, Request, Response};

use domain::connection::Pace;
use domain::{ApiError, Capabilities, Connection, Cursor, Limits, Page, Planner, Query, Reversals, Vendor};

/// The [`Protocol`] of a vendor.
pub fn protocol(vendor: Vendor) -> &'static dyn Protocol {
    match vendor {
        Vendor::Genuin => &genuin::Genuin,
        Vendor::Networked => &networked::Networked,
        Vendor::CometChat => &cometchat::CometChat,
    }
}

/// [`Protocol::decode_page`] of a vendor, without linking the rest of its protocol.
///
/// # Errors
/// As [`Protocol::decode_page`].
pub fn decode_page(
    vendor: Vendor,
    query: &Query,
    cursor: Option<Cursor>,
    response: &Response,
) -> Result<Page, ApiError> {
    match vendor {
        Vendor::Genuin => genuin::Genuin.decode_page(query, cursor, response),
        Vendor::Networked => networked::Networked.decode_page(query, cursor, response),
        Vendor::CometChat => cometchat::CometChat.decode_page(query, cursor, response),
    }
}

/// The [`Changes`] of a vendor.
pub fn changes(vendor: Vendor) -> &'static dyn Changes {
    match vendor {
        Vendor::Genuin => &genuin::Genuin,
        Vendor::Networked => &networked::Networked,
        Vendor::CometChat => &cometchat::CometChat,
    }
}

/// A vendor's facts for an examination.
fn examined(vendor: Vendor) -> &'static examine::Examined {
    match vendor {
        Vendor::Genuin => &genuin::examined::EXAMINED,
        Vendor::Networked => &networked::examined::EXAMINED,
        Vendor::CometChat => &cometchat::examined::EXAMINED,
    }
}

/// The [`Profile`] of a vendor. Unlike [`protocol()`], this does not link the encoders and decoders.
pub fn profile(vendor: Vendor) -> &'static Profile {
    match vendor {
        Vendor::Genuin => &genuin::PROFILE,
        Vendor::Networked => &networked::PROFILE,
        Vendor::CometChat => &cometchat::PROFILE,
    }
}

/// A vendor's part of the [`catalogue`].
fn entries(vendor: Vendor) -> &'static [catalogue::ErrorEntry] {
    match vendor {
        Vendor::Genuin => genuin::errors::ENTRIES,
        Vendor::Networked => networked::errors::ENTRIES,
        Vendor::CometChat => cometchat::errors::ENTRIES,
    }
}

#[cfg(test)]
fn endpoints(vendor: Vendor) -> &'static [&'static endpoint::Endpoint] {
    match vendor {
        Vendor::Genuin => genuin::endpoints::ALL,
        Vendor::Networked => networked::endpoints::ALL,
        Vendor::CometChat => cometchat::endpoints::ALL,
    }
}

/// How the changes of a vendor can be undone. Apart from its [`Profile`], so that a program that plans nothing does not
/// link it.
pub fn reversals(vendor: Vendor) -> Reversals {
    match vendor {
        Vendor::Genuin => genuin::reversal::of,
        Vendor::Networked => networked::reversal::of,
        Vendor::CometChat => cometchat::reversal::of,
    }
}

/// What a vendor's API can do.
pub fn capabilities(vendor: Vendor) -> Capabilities {
    (profile(vendor).capabilities)()
}

/// The [`Planner`] of a connection.
pub fn planner(connection: &Connection) -> Planner {
    Planner::new(connection.id.clone(), connection.vendor, capabilities(connection.vendor))
        .with_clearance(profile(connection.vendor).clearance)
        .with_reversals(reversals(connection.vendor))
}

/// Rate limits and batch sizes at a connection's pace.
pub fn limits(vendor: Vendor, pace: impl Into<Pace>) -> Limits {
    (profile(vendor).limits)(pace.into())
}
