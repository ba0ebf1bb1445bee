//! Which keys belong to whom, as far as this device knows.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use domain::Millis;
use domain::search::Decompose;

use crate::alike::look;
use crate::digest::Digest;
use crate::key::Fingerprint;
use crate::signed::{BodyError, Document, Signed, Signer};

/// A key whose fingerprint someone has compared, or that such a key vouched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownKey {
    /// The key.
    pub fingerprint: Fingerprint,
    /// The name that was compared. A name that the key declares later does not replace it.
    pub name: Box<str>,
    /// Since when it is trusted.
    pub since: Millis,
    /// The key that vouched for it; `None` if its fingerprint was compared.
    pub vouched_by: Option<Fingerprint>,
    /// Since when it is not trusted any more.
    pub withdrawn_at: Option<Millis>,
}

/// What is known of a signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// The key is trusted.
    Trusted {
        /// The name under which it is.
        name: Box<str>,
        /// Since when.
        since: Millis,
    },
    /// The key was trusted once.
    Withdrawn {
        /// The name under which it was.
        name: Box<str>,
        /// When that ended.
        at: Millis,
    },
    /// Another key is trusted under this name: someone has a new device, or pretends to be them.
    Changed {
        /// That key.
        known: Fingerprint,
        /// Since when it is trusted.
        since: Millis,
    },
    /// Another key is trusted under a name that looks like this one.
    LooksLike {
        /// That name.
        name: Box<str>,
    },
    /// Nothing is known of the key or the name.
    Unknown,
}

/// Why a key cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TrustError {
    /// The key was withdrawn, which is for good.
    #[error("expected a key that was not withdrawn")]
    Withdrawn,
    /// Another key is trusted under this name, or one that looks like it. Withdraw it first, or ask for another name.
    #[error("expected a name that differs from {0}")]
    NameTaken(Box<str>),
    /// The key that vouches for it is not trusted itself.
    #[error("expected a trusted key to vouch for it")]
    NotTrusted,
    /// The second key does not say that it belongs to the owner of the first.
    #[error("expected both keys to say that they belong together")]
    OtherClaim,
}

/// Says that the key that signs belongs to the owner of another one. Without it someone could vouch for the key of
/// someone else, and what that one signs would go under the wrong name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyClaim {
    /// The other key.
    pub owner: Fingerprint,
    /// When.
    pub made_at: Millis,
}

impl Document for KeyClaim {
    const KIND: &'static str = "key-claim";

    fn check(&self) -> Result<(), BodyError> {
        Ok(())
    }
}

/// Says that the claim of a second key is true: it belongs to the owner of the key that signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vouch {
    /// The hash of the claim.
    pub claim: Digest,
    /// When.
    pub made_at: Millis,
}

impl Document for Vouch {
    const KIND: &'static str = "key-vouch";

    fn check(&self) -> Result<(), BodyError> {
        Ok(())
    }
}

/// The keys that this device knows. Nothing is added to it but by [`trust`](Self::trust), after a person has
/// compared the words, and by [`vouch`](Self::vouch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrustStore {
    keys: Vec<KnownKey>,
}

impl TrustStore {
    /// Every key, in the order in which they became known.
    pub fn keys(&self) -> &[KnownKey] {
        &self.keys
    }

    /// What is known of a signer.
    pub fn standing(&self, signer: &Signer, decompose: Decompose) -> KeyStanding {
        if let Some(known) = self.find(signer.key.fingerprint()) {
            let name = known.name.clone();
            return match known.withdrawn_at {
                None => KeyStanding::Trusted { name, since: known.since },
                Some(at) => KeyStanding::Withdrawn { name, at },
            };
        }
        match self.of_name(&signer.name, decompose) {
            Some(known) if known.name == signer.name => {
                KeyStanding::Changed { known: known.fingerprint, since: known.since }
            }
            Some(known) => KeyStanding::LooksLike { name: known.name.clone() },
            None => KeyStanding::Unknown,
        }
    }

    /// Trusts a key from now on, after a person has compared its words, or because it is the device's own.
    ///
    /// # Errors
    /// If the key was withdrawn, or another key is trusted under a name that looks like this one.
    pub fn trust(&mut self, signer: &Signer, at: Millis, decompose: Decompose) -> Result<(), TrustError> {
        let fingerprint = signer.key.fingerprint();
        match self.find(fingerprint) {
            Some(known) if known.withdrawn_at.is_some() => return Err(TrustError::Withdrawn),
            Some(_) => return Ok(()),
            None => {}
        }
        if let Some(known) = self.of_name(&signer.name, decompose) {
            return Err(TrustError::NameTaken(known.name.clone()));
        }
        let name = signer.name.clone();
        self.keys.push(KnownKey { fingerprint, name, since: at, vouched_by: None, withdrawn_at: None });
        Ok(())
    }

    /// Trusts a key that a trusted one vouches for, under the name of that one.
    ///
    /// # Errors
    /// If the key that vouches is not trusted, the second does not claim to belong to it, or was withdrawn.
    pub fn vouch(
        &mut self,
        claim: &Signed<KeyClaim>,
        vouch: &Signed<Vouch>,
        at: Millis,
    ) -> Result<(), TrustError> {
        let first = vouch.fingerprint();
        if vouch.body().claim != claim.hash() || claim.body().owner != first {
            return Err(TrustError::OtherClaim);
        }
        let name = self.name_of(first).ok_or(TrustError::NotTrusted)?.into();
        let fingerprint = claim.fingerprint();
        match self.find(fingerprint) {
            Some(known) if known.withdrawn_at.is_some() => Err(TrustError::Withdrawn),
            Some(_) => Ok(()),
            None => {
                let vouched_by = Some(first);
                self.keys.push(KnownKey { fingerprint, name, since: at, vouched_by, withdrawn_at: None });
                Ok(())
            }
        }
    }

    /// Withdraws a key for good, and all that it vouched for: the holder of a stolen key could have vouched for others.
    pub fn withdraw(&mut self, fingerprint: Fingerprint, at: Millis) {
        let mut withdrawn = vec![fingerprint];
        while let Some(next) = withdrawn.pop() {
            for known in &mut self.keys {
                let is_child = known.vouched_by == Some(next) && known.withdrawn_at.is_none();
                if is_child {
                    withdrawn.push(known.fingerprint);
                }
                if known.fingerprint == next && known.withdrawn_at.is_none() {
                    known.withdrawn_at = Some(at);
                }
            }
        }
    }

    /// The first key of the owner of a trusted key: that of all their devices. `None` if the key is not trusted.
    pub fn owner_of(&self, fingerprint: Fingerprint) -> Option<Fingerprint> {
        let mut known = self.find(fingerprint).filter(|known| known.withdrawn_at.is_none())?;
        // Each key was vouched for by one that was there before, so this ends; a stored list may be damaged.
        for _ in 0..self.keys.len() {
            match known.vouched_by {
                None => return Some(known.fingerprint),
                Some(first) => known = self.find(first)?,
            }
        }
        None
    }

    /// The trusted name of a key.
    pub fn name_of(&self, fingerprint: Fingerprint) -> Option<&str> {
        self.find(fingerprint).filter(|known| known.withdrawn_at.is_none()).map(|known| &*known.name)
    }

    pub(crate) fn is_withdrawn(&self, fingerprint: Fingerprint) -> bool {
        self.find(fingerprint).is_some_and(|known| known.withdrawn_at.is_some())
    }

    fn find(&self, fingerprint: Fingerprint) -> Option<&KnownKey> {
        self.keys.iter().find(|known| known.fingerprint == fingerprint)
    }

    /// The trusted key whose name looks like this one.
    fn of_name(&self, name: &str, decompose: Decompose) -> Option<&KnownKey> {
        let wanted = look(name, decompose);
        let trusted = self.keys.iter().filter(|known| known.withdrawn_at.is_none());
        let alike = trusted.filter(|known| look(&known.name, decompose) == wanted);
        // The same name before one that only looks like it.
        alike.max_by_key(|known| *known.name == *name)
    }
}
