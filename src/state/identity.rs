//! The key with which this device signs, the keys of others that it trusts, and its clock for reviews. Where nothing can be
//! kept, all of it lasts as long as the page.
//!
//! Only code that is fetched when needed uses this module: it brings `review` along.

use std::cell::RefCell;
use std::rc::Rc;

use browser::clock;
use browser::identity::{DeviceIdentity, IdentityError};
use browser::search::decomposed;
use browser::storage::StorageError;
use domain::Millis;
use review::{KeyStanding, ReviewClock, Signer, TrustError, TrustStore};

use crate::state::session::Session;

/// How often a change is tried again that another tab got ahead of.
const TRIES: usize = 5;

/// What lasts as long as the page where nothing can be kept.
#[derive(Default)]
struct InMemory {
    identity: Option<Rc<DeviceIdentity>>,
    trust: TrustStore,
    clock: ReviewClock,
}

thread_local! {
    static IN_MEMORY: RefCell<InMemory> = RefCell::default();
}

/// The key of this device; `None` if it has none yet.
///
/// # Errors
/// If what is kept is damaged, or the browser refuses.
pub async fn known_identity(session: Session) -> Result<Option<Rc<DeviceIdentity>>, IdentityError> {
    if let Some(identity) = IN_MEMORY.with_borrow(|memory| memory.identity.clone()) {
        return Ok(Some(identity));
    }
    match session.storage().await {
        Some(storage) => Ok(DeviceIdentity::load(&storage).await?.map(Rc::new)),
        None => Ok(None),
    }
}

/// The key of this device, which is made without a name if there is none.
///
/// # Errors
/// If what is kept is damaged, or the browser has no signatures.
pub async fn device_identity(session: Session) -> Result<Rc<DeviceIdentity>, IdentityError> {
    for _ in 0..TRIES {
        if let Some(identity) = known_identity(session).await? {
            return Ok(identity);
        }
        let storage = session.opened_storage().await;
        match DeviceIdentity::create(storage.as_ref().map_err(|error| *error), "").await {
            // Another tab has made one at the same moment.
            Err(IdentityError::Exists) => {}
            Err(error) => return Err(error),
            Ok(made) => return Ok(remembered(made)),
        }
    }
    Err(IdentityError::Exists)
}

/// Declares a name for the key of this device, which is made if there is none, and trusts it.
///
/// # Errors
/// If nothing in the name is visible, a trusted person has one that looks like it, or the browser refuses.
pub async fn declare_name(session: Session, name: &str) -> Result<Rc<DeviceIdentity>, NameError> {
    let identity = device_identity(session).await?;
    let storage = session.opened_storage().await;
    let named = identity.rename(storage.as_ref().map_err(|error| *error), name).await?;
    trust_key(session, named.signer()).await?;
    Ok(remembered(named))
}

/// Why a name was not declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    Identity(IdentityError),
    Trust(ChangeTrustError),
}

impl From<IdentityError> for NameError {
    fn from(error: IdentityError) -> Self {
        Self::Identity(error)
    }
}

impl From<ChangeTrustError> for NameError {
    fn from(error: ChangeTrustError) -> Self {
        Self::Trust(error)
    }
}

/// Remembers a key that could not be kept.
fn remembered(identity: DeviceIdentity) -> Rc<DeviceIdentity> {
    let identity = Rc::new(identity);
    if identity.kept().is_err() {
        IN_MEMORY.with_borrow_mut(|memory| memory.identity = Some(Rc::clone(&identity)));
    }
    identity
}

/// The keys that this device knows, with those that the operator names.
///
/// # Errors
/// If they cannot be read, which is not the same as none.
pub async fn known_keys(session: Session) -> Result<TrustStore, StorageError> {
    let mut trust = match session.storage().await {
        Some(storage) => storage.trust().await?,
        None => IN_MEMORY.with_borrow(|memory| memory.trust.clone()),
    };
    // A named key that does not count is one that this device has withdrawn, or that looks like another's; its signatures
    // say so where they are shown.
    let _ = trust.take_named(&session.review_rules(), decomposed);
    Ok(trust)
}

/// What is known of a signer.
pub fn standing(trust: &TrustStore, signer: &Signer) -> KeyStanding {
    trust.standing(signer, decomposed)
}

/// Why the known keys were not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeTrustError {
    Trust(TrustError),
    Storage(StorageError),
}

impl From<StorageError> for ChangeTrustError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// Changes the keys that this device knows, also if another tab does so at the same moment. `change` gets the time.
///
/// # Errors
/// What `change` returns, or if the browser refuses.
pub async fn change_trust(
    session: Session,
    change: impl Fn(&mut TrustStore, Millis) -> Result<(), TrustError>,
) -> Result<TrustStore, ChangeTrustError> {
    for _ in 0..TRIES {
        let before = known_keys(session).await?;
        let mut after = before.clone();
        change(&mut after, review_time(session).await?.now).map_err(ChangeTrustError::Trust)?;
        let kept = match session.opened_storage().await {
            Ok(storage) => storage.replace_trust(&before, &after).await,
            Err(_) => {
                IN_MEMORY.with_borrow_mut(|memory| memory.trust = after.clone());
                Ok(())
            }
        };
        match kept {
            Err(StorageError::Conflict) => {}
            Err(error) => return Err(error.into()),
            Ok(()) => return Ok(after),
        }
    }
    Err(StorageError::Conflict.into())
}

/// Trusts a key from now on, after a person has compared its words, or because it is the device's own.
///
/// # Errors
/// If it was withdrawn, another key has such a name, or it cannot be stored.
pub async fn trust_key(session: Session, signer: &Signer) -> Result<TrustStore, ChangeTrustError> {
    change_trust(session, |trust, now| trust.trust(signer, now, decomposed)).await
}

/// The time by which documents count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewTime {
    pub now: Millis,
    /// By how much the device's clock was set back since, if that matters.
    pub is_behind: Option<Millis>,
}

/// The time, which never goes back on this device.
///
/// # Errors
/// If the newest time cannot be read.
pub async fn review_time(session: Session) -> Result<ReviewTime, StorageError> {
    let told = clock::now();
    let seen = IN_MEMORY.with_borrow_mut(|memory| memory.clock.now(told));
    let mut clock = match session.storage().await {
        // There may be storage only since a moment ago.
        Some(storage) => {
            let clock = storage.review_clock(seen).await?;
            IN_MEMORY.with_borrow_mut(|memory| memory.clock = ReviewClock::default());
            clock
        }
        None => IN_MEMORY.with_borrow(|memory| memory.clock),
    };
    Ok(ReviewTime { is_behind: clock.is_behind(told), now: clock.now(told) })
}

/// Starts the clock again at the device's time, after the user has said that it was wrong before.
///
/// # Errors
/// If the browser refuses.
pub async fn reset_time(session: Session) -> Result<(), StorageError> {
    match session.storage().await {
        Some(storage) => storage.reset_review_time(clock::now()).await,
        None => {
            IN_MEMORY.with_borrow_mut(|memory| memory.clock.reset(clock::now()));
            Ok(())
        }
    }
}
