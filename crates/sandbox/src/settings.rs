//! The keys that the sandbox accepts.

use std::collections::BTreeMap;

use domain::{Credentials, Vendor};

/// Which keys are accepted; sentinel keys work under every policy.
#[derive(Clone, Debug, Default)]
pub enum KeyPolicy {
    /// Any non-empty key.
    #[default]
    AnyNonEmpty,
    /// Only these keys.
    Exact(Keys),
}

/// The accepted keys of each vendor.
#[derive(Clone, Debug, Default)]
pub struct Keys(BTreeMap<Vendor, Credentials>);

impl Keys {
    /// Keys by vendor. A vendor without any accepts only sentinels.
    pub fn new(keys: impl IntoIterator<Item = (Vendor, Credentials)>) -> Keys {
        Keys(keys.into_iter().collect())
    }

    /// True if this is the key of a vendor.
    pub(crate) fn has_key(&self, vendor: Vendor, text: &str) -> bool {
        match self.0.get(&vendor) {
            Some(Credentials::Key(key) | Credentials::KeyAndSecret { key, .. }) => key.expose() == text,
            Some(Credentials::None | Credentials::Token(_)) | None => false,
        }
    }

    /// True if this is the secret of a vendor's key.
    pub(crate) fn has_secret(&self, vendor: Vendor, text: &str) -> bool {
        matches!(self.0.get(&vendor), Some(Credentials::KeyAndSecret { secret, .. }) if secret.expose() == text)
    }
}
