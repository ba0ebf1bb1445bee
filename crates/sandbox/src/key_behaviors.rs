//! Keys whose behavior changes over several calls.

use domain::Vendor;

use crate::{call::Call, faults::Fault, registry::facts, table::Table};

/// Prefix of a key that is accepted for [`N_GOOD_CHANGES`] changing calls and then refused for good.
pub(crate) const FADING: &str = "fading-key";
/// Prefix of a key with which two of three changing calls get a 429 without `Retry-After`.
pub(crate) const STORMY: &str = "stormy-key";

/// Changing calls that a fading key allows.
const N_GOOD_CHANGES: u32 = 4;
/// With a stormy key, one changing call in this many goes through.
const STORM_PERIOD: u32 = 3;

/// The number of changing calls made with each such key. Not journaled.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyBehaviors {
    by_key: Table<u32>,
}

impl KeyBehaviors {
    /// The fault that the key provokes, if any. Where keys appear only in a sign-in, a pasted
    /// token has the behavior.
    pub(crate) fn next(&mut self, vendor: Vendor, call: &Call<'_>) -> Option<Fault> {
        let facts = facts(vendor);
        let text = call.header(facts.key_header)?;
        let key = text.strip_prefix("Bearer ").unwrap_or(text).trim();
        let (is_fading, is_stormy) = (key.starts_with(FADING), key.starts_with(STORMY));
        if !is_fading && !is_stormy {
            return None;
        }
        let n_before = self.by_key.entry(format!("{} {key}", vendor.slug())).or_default();
        if is_fading && *n_before >= N_GOOD_CHANGES {
            return Some(Fault::Code(facts.refused_key));
        }
        if call.method == "GET" {
            return None;
        }
        *n_before += 1;
        let is_let_in = is_fading || n_before.is_multiple_of(STORM_PERIOD);
        (!is_let_in).then_some(Fault::RateLimited { retry_after: false })
    }
}
