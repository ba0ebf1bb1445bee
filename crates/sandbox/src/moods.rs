//! Keys with moods: what a key does over time, which no single call can show.

use std::collections::BTreeMap;

use domain::Vendor;

use crate::{call::Call, faults::Fault};

/// A key that begins so is let in for [`N_GOOD_CHANGES`] changing calls, and refused ever after.
pub(crate) const FADING: &str = "fading-key";
/// Of three changing calls with a key that begins so, two are answered 429 without `Retry-After`.
pub(crate) const STORMY: &str = "stormy-key";

/// Changing calls that a fading key is good for.
const N_GOOD_CHANGES: u32 = 4;
/// Of so many changing calls with a stormy key one goes through.
const STORM_PERIOD: u32 = 3;

/// How often each key with a mood was used. Never journalled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moods {
    by_key: BTreeMap<String, u32>,
}

impl Moods {
    /// The fault of the key's mood, if it has one. Genuin's keys travel only in its sign-in, so there the mood
    /// is that of a pasted token.
    pub(crate) fn next(&mut self, vendor: Vendor, call: &Call<'_>) -> Option<Fault> {
        let (header, refusal) = match vendor {
            Vendor::Genuin => ("authorization", "5159"),
            Vendor::Networked => ("x-api-key", "401"),
            Vendor::CometChat => ("apikey", "AUTH_ERR_APIKEY_NOT_FOUND"),
        };
        let text = call.header(header)?;
        let key = text.strip_prefix("Bearer ").unwrap_or(text).trim();
        let (is_fading, is_stormy) = (key.starts_with(FADING), key.starts_with(STORMY));
        if !is_fading && !is_stormy {
            return None;
        }
        let n_before = self.by_key.entry(format!("{} {key}", vendor.slug())).or_default();
        if is_fading && *n_before >= N_GOOD_CHANGES {
            return Some(Fault::Code(refusal));
        }
        if call.method == "GET" {
            return None;
        }
        *n_before += 1;
        let is_let_in = is_fading || n_before.is_multiple_of(STORM_PERIOD);
        (!is_let_in).then_some(Fault::RateLimited { retry_after: false })
    }
}
