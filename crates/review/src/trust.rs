//! Which keys belong to whom, as far as this device knows.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use domain::search::Decompose;
use domain::{Millis, plain};
use hosting::ReviewRules;

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

/// A key that the operator names in `config.json`, and nobody on this device has compared.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NamedKey {
    fingerprint: Fingerprint,
    name: Box<str>,
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
    /// The operator names the key in `config.json`. It counts as long as the file does; nobody has compared it here.
    Named {
        /// The name in the file.
        name: Box<str>,
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
    /// Another key is trusted under a name that looks like this one, or the operator names one so.
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
    /// Another key is trusted under this name, or one that looks like it, or the operator names one so. Withdraw it
    /// first, or ask for another name.
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

/// The keys that this device knows. Nothing is added to those that are stored but by [`trust`](Self::trust), after a
/// person has compared the words, and by [`vouch`](Self::vouch).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrustStore {
    keys: Vec<KnownKey>,
    /// Never stored: a key that the operator takes out of the file is not trusted any more.
    #[serde(skip)]
    named: Vec<NamedKey>,
}

impl TrustStore {
    /// Every stored key, in the order in which they became known.
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
        if let Some(named) = self.find_named(signer.key.fingerprint()) {
            return KeyStanding::Named { name: named.name.clone() };
        }
        match self.of_name(&signer.name, decompose) {
            Some(known) if known.name == signer.name => {
                KeyStanding::Changed { known: known.fingerprint, since: known.since }
            }
            Some(known) => KeyStanding::LooksLike { name: known.name.clone() },
            None => match self.named_like(&signer.name, decompose) {
                Some(named) => KeyStanding::LooksLike { name: named.name.clone() },
                None => KeyStanding::Unknown,
            },
        }
    }

    /// Takes over the keys that `config.json` names, in place of those it named before. They are not stored, vouch for no
    /// other key, and never replace what a person on this device has decided. Returns the names whose keys do not count,
    /// because they were withdrawn here, or another key goes by a name that looks like theirs.
    pub fn take_named(&mut self, rules: &ReviewRules, decompose: Decompose) -> Vec<(Box<str>, TrustError)> {
        self.named.clear();
        let mut refused = Vec::new();
        for approver in &rules.approvers {
            let fingerprint = Fingerprint::new(approver.key);
            let name: Box<str> = plain::name(&approver.name).into();
            match self.check_named(fingerprint, &name, decompose) {
                Ok(()) => self.named.push(NamedKey { fingerprint, name }),
                Err(error) => refused.push((name, error)),
            }
        }
        refused
    }

    fn check_named(&self, key: Fingerprint, name: &str, decompose: Decompose) -> Result<(), TrustError> {
        match self.find(key) {
            Some(known) if known.withdrawn_at.is_some() => return Err(TrustError::Withdrawn),
            // Under the name that was compared.
            Some(_) => return Ok(()),
            None => {}
        }
        let taken = self.of_name(name, decompose).map(|known| &known.name);
        let taken = taken.or_else(|| self.named_like(name, decompose).map(|named| &named.name));
        taken.map_or(Ok(()), |taken| Err(TrustError::NameTaken(taken.clone())))
    }

    /// Trusts a key from now on, after a person has compared its words, or because it is the device's own. A key that
    /// the operator names keeps that name.
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
        let named = self.find_named(fingerprint);
        let name = named.map_or(&signer.name, |named| &named.name).clone();
        if let Some(known) = self.of_name(&name, decompose) {
            return Err(TrustError::NameTaken(known.name.clone()));
        }
        let other = self.named_like(&name, decompose).filter(|other| other.fingerprint != fingerprint);
        if let Some(other) = other {
            return Err(TrustError::NameTaken(other.name.clone()));
        }
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
        // Of those whom someone has compared: a key in `config.json` says nothing of others.
        let known = self.find(first).filter(|known| known.withdrawn_at.is_none());
        let name = known.ok_or(TrustError::NotTrusted)?.name.clone();
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
    /// On this device, that also ends what `config.json` says of it.
    pub fn withdraw(&mut self, fingerprint: Fingerprint, at: Millis) {
        if self.find(fingerprint).is_none()
            && let Some(named) = self.find_named(fingerprint)
        {
            let name = named.name.clone();
            self.keys.push(KnownKey { fingerprint, name, since: at, vouched_by: None, withdrawn_at: None });
        }
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
        let Self { keys, named } = self;
        let is_withdrawn = |key| keys.iter().any(|it| it.fingerprint == key && it.withdrawn_at.is_some());
        named.retain(|named| !is_withdrawn(named.fingerprint));
    }

    /// The first key of the owner of a trusted key: that of all their devices. `None` if the key is not trusted.
    pub fn owner_of(&self, fingerprint: Fingerprint) -> Option<Fingerprint> {
        let Some(known) = self.find(fingerprint) else {
            return self.find_named(fingerprint).map(|named| named.fingerprint);
        };
        let mut known = Some(known).filter(|known| known.withdrawn_at.is_none())?;
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
        match self.find(fingerprint) {
            Some(known) => known.withdrawn_at.is_none().then_some(&*known.name),
            None => self.find_named(fingerprint).map(|named| &*named.name),
        }
    }

    pub(crate) fn is_withdrawn(&self, fingerprint: Fingerprint) -> bool {
        self.find(fingerprint).is_some_and(|known| known.withdrawn_at.is_some())
    }

    fn find(&self, fingerprint: Fingerprint) -> Option<&KnownKey> {
        self.keys.iter().find(|known| known.fingerprint == fingerprint)
    }

    fn find_named(&self, fingerprint: Fingerprint) -> Option<&NamedKey> {
        self.named.iter().find(|named| named.fingerprint == fingerprint)
    }

    /// The key of `config.json` whose name looks like this one.
    fn named_like(&self, name: &str, decompose: Decompose) -> Option<&NamedKey> {
        let wanted = look(name, decompose);
        self.named.iter().find(|named| look(&named.name, decompose) == wanted)
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
