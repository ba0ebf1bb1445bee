//! Limits that the operator sets for users.

use std::collections::BTreeMap;

use domain::Vendor;
use domain::connection::KeyStorage;

use crate::problem::Reason;
use crate::read::{Fields, Reader};

/// Limits that the operator sets for users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostLimits {
    /// Maximum number of people in one plan.
    pub people_in_plan: Option<u32>,
    /// Maximum calls per minute to each vendor, below the vendor's own rate limit.
    pub calls_per_minute: BTreeMap<Vendor, u32>,
    /// Minutes without user input after which keys are forgotten; `None` if not set.
    pub lock_after_minutes: Option<u32>,
    /// Where keys may be stored. Always includes memory, because a key in use is in memory.
    pub keys: Vec<KeyStorage>,
}

/// Values of `keys`. `tab` comes from earlier releases and means the same as `memory`.
const STORES: [&str; 3] = ["memory", "device", "tab"];

impl Default for HostLimits {
    fn default() -> Self {
        Self {
            people_in_plan: None,
            calls_per_minute: BTreeMap::new(),
            lock_after_minutes: None,
            keys: KeyStorage::ALL.into(),
        }
    }
}

impl HostLimits {
    /// Reads the `limits` object.
    pub(crate) fn read(reader: &mut Reader, fields: Fields<'_>) -> Self {
        let mut limits = Self::default();
        let Some(value) = fields.get("limits") else { return limits };
        let path = fields.path_of("limits");
        let known = &["people_in_plan", "calls_per_minute", "lock_after_minutes", "keys"];
        let Some(fields) = reader.object(&path, value, known) else { return limits };
        limits.people_in_plan = reader.number(fields, "people_in_plan", 1, 1_000_000);
        limits.lock_after_minutes = reader.number(fields, "lock_after_minutes", 1, 1440);
        if let Some(value) = fields.get("calls_per_minute") {
            let path = fields.path_of("calls_per_minute");
            if let Some(fields) = reader.object(&path, value, &Vendor::SLUGS) {
                for vendor in Vendor::ALL {
                    let number = reader.number(fields, vendor.slug(), 1, 10_000);
                    limits.calls_per_minute.extend(number.map(|number| (vendor, number)));
                }
            }
        }
        if fields.has("keys") {
            let mut is_allowed = [true, false, false];
            let mut seen: Vec<(usize, String)> = Vec::new();
            for (path, value) in reader.list(fields, "keys", STORES.len()) {
                let Some(at) = reader.word(&path, value, &STORES) else { continue };
                if let Some((_, first)) = seen.iter().find(|(other, _)| *other == at) {
                    reader.note(&path, Reason::Twice { first: first.clone() });
                }
                seen.push((at, path));
                is_allowed[at] = true;
            }
            limits.keys =
                KeyStorage::ALL.into_iter().zip(is_allowed).filter(|(_, is)| *is).map(|(it, _)| it).collect();
        }
        limits
    }

    /// Returns true if keys may be stored there.
    pub fn allows(&self, storage: KeyStorage) -> bool {
        self.keys.contains(&storage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_order_of_what_they_mean() {
        assert_eq!(STORES[..2], KeyStorage::ALL.map(KeyStorage::slug));
    }
}
