//! What a key with full power means at each vendor, shown once for each connection.

use domain::{BaseUrl, Credentials, Vendor};
use leptos::prelude::*;
use vendors::Power;

use crate::features::words;
use i18n::text;
use ui::{Tone, titled_notice};

/// Whether the user has to be told about a key's power before it is used; never on a loopback address, such
/// as a sandbox's.
pub fn needs_notice(url: &BaseUrl, credentials: &Credentials) -> bool {
    !url.is_loopback() && vendors::power(credentials) == Some(Power::Full)
}

/// What the vendor says about such keys, and what to do instead.
pub fn power_notice(vendor: Vendor) -> AnyView {
    let advice = words::of_vendor(vendor, "power");
    titled_notice(
        Tone::Unknown,
        text::keys_power_title(),
        [&advice, " ", &text::keys_power_relay()].concat(),
        None,
    )
}
