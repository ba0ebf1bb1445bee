//! Files of requests and decisions: read, verified, kept on this device, and passed on.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use browser::compression::{self, CompressionError};
use browser::identity::{SignatureError, verify};
use browser::storage::StorageError;
use leptos::prelude::window;
use review::{
    Digest, Document, FragmentError, MAX_BYTES, ParseJsonError, ReadDocumentError, ReviewFile, Signed,
    UnverifiedFile, VerifyError, from_fragment, to_fragment,
};

use crate::routing::paths;
use crate::state::session::Session;

thread_local! {
    /// What could not be kept on the device lasts as long as the page.
    static IN_MEMORY: RefCell<BTreeMap<Digest, Rc<str>>> = RefCell::default();
}

/// Why a file was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// It is no link of a review, or a part of it is missing.
    Link(FragmentError),
    /// It was not expanded.
    Compression(CompressionError),
    /// It is larger than any request.
    TooLarge,
    /// It is something else than a request, or was changed.
    Document(ReadDocumentError),
    /// A signature in it is not valid.
    Signature(VerifyError),
    /// The browser cannot verify the signatures.
    Browser(SignatureError),
    /// It could not be kept or found on this device.
    Storage(StorageError),
}

/// A file that was opened, and its text.
#[derive(Clone, Debug)]
pub struct OpenedFile {
    /// The file.
    pub file: ReviewFile,
    /// What it was read from.
    pub text: Rc<str>,
}

/// Reads and verifies the file in the fragment of a link.
///
/// # Errors
/// If it is not a whole request whose signatures are valid.
pub async fn open_fragment(fragment: &str) -> Result<OpenedFile, OpenError> {
    let small = from_fragment(fragment).map_err(OpenError::Link)?;
    let bytes = compression::inflate(&small, MAX_BYTES).await.map_err(OpenError::Compression)?;
    open_bytes(&bytes).await
}

/// Reads and verifies a file.
///
/// # Errors
/// If it is not a whole request whose signatures are valid.
pub async fn open_bytes(bytes: &[u8]) -> Result<OpenedFile, OpenError> {
    let text = str::from_utf8(bytes).map_err(|_| OpenError::Document(ParseJsonError::NotJson.into()))?;
    open_text(text).await
}

/// Like [`open_bytes`], for a text.
///
/// # Errors
/// If it is not a whole request whose signatures are valid.
pub async fn open_text(text: &str) -> Result<OpenedFile, OpenError> {
    let file = UnverifiedFile::read(text.as_bytes()).map_err(OpenError::Document)?;
    let answers = verify(file.checks()).await.map_err(OpenError::Browser)?;
    let file = file.verified(&answers).map_err(OpenError::Signature)?;
    Ok(OpenedFile { file, text: text.into() })
}

/// Every request on this device but one, the newest first, and how many could not be read.
///
/// # Errors
/// If the browser refuses.
pub async fn kept_files(
    session: Session,
    except: Option<Digest>,
) -> Result<(Vec<ReviewFile>, usize), StorageError> {
    let mut texts: Vec<(Digest, Rc<str>)> =
        IN_MEMORY.with_borrow(|files| files.iter().map(|(hash, text)| (*hash, text.clone())).collect());
    if let Some(storage) = session.storage().await {
        texts.extend(storage.review_files().await?.into_iter().map(|(hash, text)| (hash, text.into())));
    }
    texts.retain(|(hash, _)| Some(*hash) != except);
    let (mut files, n_all) = (Vec::new(), texts.len());
    for (_, text) in texts {
        if let Ok(opened) = open_text(&text).await {
            files.push(opened.file);
        }
    }
    let n_unreadable = n_all - files.len();
    domain::order::sort_by(&mut files, |a, b| b.request.body().made_at.cmp(&a.request.body().made_at));
    Ok((files, n_unreadable))
}

/// A request on this device; `None` if it is not here.
///
/// # Errors
/// If the browser refuses.
pub async fn kept_file(session: Session, request: Digest) -> Result<Option<ReviewFile>, StorageError> {
    let text = match IN_MEMORY.with_borrow(|files| files.get(&request).cloned()) {
        Some(text) => Some(text),
        None => match session.storage().await {
            Some(storage) => storage.review_file(request).await?.map(Rc::from),
            None => None,
        },
    };
    let Some(text) = text else { return Ok(None) };
    // One that cannot be read counts as none; the list says how many there are.
    Ok(open_text(&text).await.ok().map(|opened| opened.file))
}

/// A file that was opened, together with the decisions that are here already, and whether it was here.
///
/// # Errors
/// If the browser refuses to say what is here.
pub async fn with_kept(session: Session, opened: OpenedFile) -> Result<(OpenedFile, bool), OpenError> {
    match kept_file(session, opened.file.request.hash()).await.map_err(OpenError::Storage)? {
        Some(known) => {
            let file = joined(opened.file, known);
            Ok((OpenedFile { text: text_of(&file)?, file }, true))
        }
        None => Ok((opened, false)),
    }
}

fn text_of(file: &ReviewFile) -> Result<Rc<str>, OpenError> {
    Ok(file.to_text().map_err(OpenError::Document)?.into())
}

/// Keeps the text of a file on this device, in place of what was kept of the same request. What the browser refuses to
/// keep lasts as long as the page.
pub async fn store(session: Session, request: Digest, text: Rc<str>) {
    let kept = match session.opened_storage().await {
        Ok(storage) => storage.keep_review_file(request, &text).await,
        Err(error) => Err(error),
    };
    if kept.is_err() {
        IN_MEMORY.with_borrow_mut(|files| files.insert(request, text));
    }
}

/// Keeps a request with its decisions on this device, together with those that are here already. Returns both.
///
/// # Errors
/// If it is too large, or the browser refuses to say what is here.
pub async fn keep(session: Session, mut file: ReviewFile) -> Result<ReviewFile, OpenError> {
    let hash = file.request.hash();
    if let Some(known) = kept_file(session, hash).await.map_err(OpenError::Storage)? {
        file = joined(file, known);
    }
    store(session, hash, text_of(&file)?).await;
    Ok(file)
}

/// Deletes a request from this device.
///
/// # Errors
/// If the browser refuses.
pub async fn forget(session: Session, request: Digest) -> Result<(), StorageError> {
    IN_MEMORY.with_borrow_mut(|files| drop(files.remove(&request)));
    match session.storage().await {
        Some(storage) => storage.remove_review_file(request).await,
        None => Ok(()),
    }
}

/// The same request with the decisions of both files.
fn joined(mut file: ReviewFile, other: ReviewFile) -> ReviewFile {
    add_new(&mut file.decisions, other.decisions);
    other.results.into_iter().for_each(|results| file.add_results(results));
    add_new(&mut file.claims, other.claims);
    add_new(&mut file.vouches, other.vouches);
    file
}

/// Adds the documents that are not there yet.
fn add_new<T: Document>(known: &mut Vec<Signed<T>>, more: Vec<Signed<T>>) {
    for document in more {
        if known.iter().all(|known| known.hash() != document.hash()) {
            known.push(document);
        }
    }
}

/// A file that can be passed on.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The file.
    pub text: Rc<str>,
    /// A link with the file in its fragment; `None` if it would be too long, or the browser cannot compress.
    pub link: Option<String>,
}

/// The file as text and as a link.
///
/// # Errors
/// If it is larger than a file that is read.
pub async fn passed(file: &ReviewFile) -> Result<Passed, OpenError> {
    let text = text_of(file)?;
    let small = compression::deflate(text.as_bytes()).await.ok();
    let fragment = small.and_then(|small| to_fragment(&small).ok());
    let origin = window().location().origin().unwrap_or_default();
    let link = fragment.map(|fragment| [&origin, &*paths::review(), "#", &fragment].concat());
    Ok(Passed { text, link })
}
