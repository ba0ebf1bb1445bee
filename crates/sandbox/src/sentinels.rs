//! Values that provoke a particular error, for manual and automated tests.

use domain::Vendor;

use crate::{faults::NAMED, hostile, key_behaviors, registry::facts};

/// A value that makes the sandbox fail in one particular way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentinel {
    /// The vendor that reacts to it; `None` for all.
    pub vendor: Option<Vendor>,
    /// The kind of field: "uid", "group id", "acting uid", "e-mail", "user id", "phone", "community id",
    /// "chat id", "api key", "api secret", or "key prefix" (the prefix of a key or pasted token).
    pub place: &'static str,
    /// The value to enter; for an e-mail, the host of the address.
    pub value: &'static str,
    /// What it provokes: a vendor code, a status, or the name of a fault.
    pub provokes: &'static str,
    /// The key of the message that explains it.
    pub key: &'static str,
}

/// The list that vendors add theirs to.
pub(crate) struct Sentinels {
    all: Vec<Sentinel>,
    vendor: Option<Vendor>,
}

impl Sentinels {
    /// Adds a sentinel of the current vendor.
    pub(crate) fn add(
        &mut self,
        place: &'static str,
        value: &'static str,
        provokes: &'static str,
        key: &'static str,
    ) {
        self.all.push(Sentinel { vendor: self.vendor, place, value, provokes, key });
    }

    /// Adds a sentinel that provokes a code of the vendor.
    pub(crate) fn add_code(&mut self, place: &'static str, value: &'static str, code: &'static str) {
        self.add(place, value, code, "sandbox.provokes.code");
    }
}

/// Every sentinel, in display order.
pub fn sentinels() -> Vec<Sentinel> {
    let mut sentinels = Sentinels { all: Vec::new(), vendor: None };
    for named in &NAMED {
        sentinels.add("api key", named.key, named.provokes, named.text);
    }
    sentinels.add("key prefix", key_behaviors::FADING, "401", "sandbox.provokes.fading");
    sentinels.add("key prefix", key_behaviors::STORMY, "429", "sandbox.provokes.stormy");
    for key in &hostile::KEYS {
        sentinels.add("key prefix", key.begins, key.provokes, key.text);
    }
    for vendor in Vendor::ALL {
        sentinels.vendor = Some(vendor);
        (facts(vendor).sentinels)(&mut sentinels);
    }
    sentinels.all
}
