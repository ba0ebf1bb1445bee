//! That two keys belong to one person: the second claims so, and the first vouches for it. Files that the second key signs
//! carry both, so that colleagues who trust the first one trust the second.

use std::cell::RefCell;

use browser::identity::verify;
use browser::storage::StorageError;
use review::{Document, KeyClaim, ReadDocumentError, ReviewFile, Signed, Unverified, Vouch};

use super::files::OpenError;
use crate::state::identity::change_trust;
use crate::state::session::Session;

thread_local! {
    /// Lasts as long as the page where nothing can be kept.
    static IN_MEMORY: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What the second key claims, and what the first says of it, if it did.
#[derive(Clone, Debug)]
pub struct SecondKey {
    pub claim: Signed<KeyClaim>,
    pub vouch: Option<Signed<Vouch>>,
}

impl SecondKey {
    /// The documents, one on each line.
    pub fn to_text(&self) -> String {
        let vouch = self.vouch.as_ref().map(Signed::to_text);
        [Some(self.claim.to_text()), vouch].into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    /// Reads and verifies what [`to_text`](Self::to_text) wrote.
    ///
    /// # Errors
    /// If it is something else, or a signature is not valid.
    pub async fn read(text: &str) -> Result<Self, OpenError> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let claim = lines.next().ok_or(OpenError::Document(ReadDocumentError::OtherKind))?;
        let vouch = lines.next();
        if lines.next().is_some() {
            return Err(OpenError::Document(ReadDocumentError::OtherKind));
        }
        let claim = signed(claim).await?;
        Ok(match vouch {
            Some(vouch) => Self { claim, vouch: Some(signed(vouch).await?) },
            None => Self { claim, vouch: None },
        })
    }
}

async fn signed<T: Document>(line: &str) -> Result<Signed<T>, OpenError> {
    let document = Unverified::<T>::read(line.as_bytes()).map_err(OpenError::Document)?;
    let answers = verify(vec![document.check()]).await.map_err(OpenError::Browser)?;
    document.verified(&answers).map_err(OpenError::Signature)
}

/// Keeps that this device's key is the second one of a person.
///
/// # Errors
/// If the browser refuses.
pub async fn keep(session: Session, second: &SecondKey) -> Result<(), StorageError> {
    match session.opened_storage().await {
        Ok(storage) => storage.keep_second_key(&second.to_text()).await,
        Err(_) => {
            IN_MEMORY.set(Some(second.to_text()));
            Ok(())
        }
    }
}

/// Adds what was kept to a file that this device's key has signed.
///
/// # Errors
/// If the browser refuses.
pub async fn add_to(session: Session, mut file: ReviewFile) -> Result<ReviewFile, OpenError> {
    let text = match session.storage().await {
        Some(storage) => storage.second_key().await.map_err(OpenError::Storage)?,
        None => IN_MEMORY.with_borrow(Clone::clone),
    };
    let Some(text) = text else { return Ok(file) };
    let SecondKey { claim, vouch } = SecondKey::read(&text).await?;
    if let Some(vouch) = vouch
        && file.claims.iter().all(|known| known.hash() != claim.hash())
    {
        file.claims.push(claim);
        file.vouches.push(vouch);
    }
    Ok(file)
}

/// Trusts the second keys in a file whose first keys are trusted here. Does nothing about others.
///
/// # Errors
/// If the browser refuses.
pub async fn accept(session: Session, file: &ReviewFile) -> Result<(), StorageError> {
    for claim in &file.claims {
        for vouch in file.vouches.iter().filter(|vouch| vouch.body().claim == claim.hash()) {
            let trusted = change_trust(session, |trust, now| trust.vouch(claim, vouch, now)).await;
            if let Err(crate::state::identity::ChangeTrustError::Storage(error)) = trusted {
                return Err(error);
            }
        }
    }
    Ok(())
}
