//! Documents with a signature.
//!
//! Browsers sign and verify asynchronously, outside of this crate. So a document that was read is [`Unverified`], and
//! shows nothing of its body. It says what to verify, a [`SignatureCheck`], and becomes [`Signed`] with the answer to
//! that check and no other.

use std::cmp::Ordering;
use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use domain::key::is_hidden;
use domain::plain;

use crate::blocks::are_printed;
use crate::digest::{Digest, base64, from_base64};
use crate::json::{Json, ParseJsonError, check_size, is_form_of, read_as, text_of};
use crate::key::{Algorithm, Fingerprint, PublicKey, SIGNATURE_BYTES};

/// Largest file in bytes; callers check the size before they read one.
pub const MAX_BYTES: usize = 8_000_000;
/// Most bytes of one text.
const MAX_TEXT: usize = 50_000;

/// What a document says, without its signature.
pub trait Document: Serialize + DeserializeOwned + Clone + Debug {
    /// The kind of document. Signatures of different kinds never stand for each other.
    const KIND: &'static str;
    /// The version that is written and read.
    const VERSION: u32 = 1;

    /// Checks what types do not.
    ///
    /// # Errors
    /// What is wrong.
    fn check(&self) -> Result<(), BodyError>;
}

/// What is wrong with the body of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BodyError {
    /// A name or text has characters that hide, reorder or flood, or is too long, or blank where it may not be.
    #[error("expected plain text, found characters that hide or reorder, or too many")]
    Text,
    /// An id has such characters, or is empty.
    #[error("expected ids, found one that no vendor issues")]
    Id,
    /// The times do not follow each other, or are further apart than is allowed.
    #[error("expected times in order, found others")]
    Times,
    /// There are no changes, or too many.
    #[error("expected changes, found none or too many")]
    Count,
    /// A change refers to an operation that is missing, or an operation or name belongs to no change.
    #[error("expected changes and operations that refer to each other")]
    Reference,
    /// A person is changed twice in one place.
    #[error("expected one change for each person and group")]
    Twice,
    /// An operation needs a password, which never travels.
    #[error("expected operations without passwords")]
    Password,
    /// A change is declined without a reason.
    #[error("expected a reason for each declined change")]
    Reason,
}

/// Why a document cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReadDocumentError {
    /// It is no JSON with one form.
    #[error(transparent)]
    Json(#[from] ParseJsonError),
    /// It is another kind of file or document.
    #[error("expected a document of another kind")]
    OtherKind,
    /// A later version of the console wrote it.
    #[error("expected a version of this console or one before it, found {0}")]
    Newer(u32),
    /// A field is missing, is not known, or has a value that it cannot have.
    #[error("expected exactly the fields of this kind of document")]
    Fields,
    /// What it says is not what its hash was made of.
    #[error("expected another hash: the document was changed")]
    Hash,
    /// What it says is not valid.
    #[error(transparent)]
    Body(#[from] BodyError),
}

/// Why a document that was read is not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// The signature is not of this key, or not of this document.
    #[error("expected a valid signature")]
    Invalid,
    /// There is no answer to the check of this document.
    #[error("expected the answer to this document's check")]
    NotChecked,
    /// Results in a file are of another request than the file's, or cite decisions that are not in it.
    #[error("expected results of the request that they came with")]
    OtherRequest,
}

/// Who signs: a key, and the name that its owner declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// The name. Anyone can declare any name: only the key says who it is.
    pub name: Box<str>,
    /// The key.
    pub key: PublicKey,
}

impl Signer {
    fn check(&self) -> Result<(), BodyError> {
        if is_name(&self.name) { Ok(()) } else { Err(BodyError::Text) }
    }
}

/// True for a name that is shown as it is.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && plain::name(text) == text
}

/// True for a text that is shown as it is; it may be empty.
pub(crate) fn is_prose(text: &str) -> bool {
    plain::prose(text) == text
}

/// True if no text in some JSON hides or reorders anything. Texts may have lines, and be long: such as the custom JSON
/// of a group.
pub(crate) fn are_plain(json: &str) -> bool {
    // Nearly all lines of a ledger.
    if json.len() <= MAX_TEXT && are_printed(json.as_bytes()) {
        return true;
    }
    let is_layout = |c: char| matches!(c, '\n' | '\r' | '\u{200C}' | '\u{200D}');
    let is_printed = |text: &str| are_printed(text.as_bytes());
    let has_hidden = |text: &str| text.chars().any(|c| is_hidden(c) && !is_layout(c));
    let is_plain = |text: &str| text.len() <= MAX_TEXT && (is_printed(text) || !has_hidden(text));
    // Nearly all texts have nothing to escape, and then end at the quotes.
    if !json.contains('\\') {
        return json.split('"').all(is_plain);
    }
    let mut are_plain = true;
    let parsed = Json::parse(json.as_bytes(), MAX_BYTES);
    parsed.is_ok_and(|json| {
        json.each_text(&mut |text| are_plain &= is_plain(text));
        are_plain
    })
}

/// A document to be signed.
#[derive(Clone, Debug)]
pub struct Unsigned<T> {
    body: T,
    by: Signer,
    hash: Digest,
}

/// A document whose signature has not been verified.
#[derive(Clone, Debug)]
pub struct Unverified<T> {
    body: T,
    by: Signer,
    hash: Digest,
    signature: [u8; SIGNATURE_BYTES],
}

/// A document with a valid signature. Whether its key is trusted is another question: ask
/// [`TrustStore`](crate::TrustStore).
#[derive(Clone, Debug)]
pub struct Signed<T>(Unverified<T>);

/// What the browser has to verify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureCheck {
    /// The key, with its algorithm.
    pub key: PublicKey,
    /// The signed bytes.
    pub message: Vec<u8>,
    /// The signature.
    pub signature: [u8; SIGNATURE_BYTES],
}

/// A check with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedSignature {
    check: SignatureCheck,
    is_valid: bool,
}

impl SignatureCheck {
    /// The check with the browser's answer.
    pub fn answered(self, is_valid: bool) -> CheckedSignature {
        CheckedSignature { check: self, is_valid }
    }
}

/// The signed bytes: a fixed first line, then the kind, the version and the hash. No kind has a line break, so no two
/// kinds, versions or hashes give the same bytes, and nothing that is signed for another program does.
fn message<T: Document>(hash: &Digest) -> Vec<u8> {
    format!("Muster signed document\n{}\n{}\n{hash}\n", T::KIND, T::VERSION).into_bytes()
}

/// A document as it is written, with its fields in the canonical order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written<T> {
    body: T,
    by: Signer,
    format: u32,
    hash: Digest,
    muster: Box<str>,
    signature: Box<str>,
}

impl<T: Document> Written<T> {
    /// The hash of the content, which is the text without hash and signature: cutting them out takes less time than
    /// writing the body once more. `None` if the text does not end as documents do.
    fn content_hash(&self, text: &str) -> Option<Digest> {
        let Self { hash, signature, .. } = self;
        let muster = format!(",\"muster\":\"{}\"", T::KIND);
        let end = format!(",\"hash\":\"{hash}\"{muster},\"signature\":\"{signature}\"}}");
        let begins = text.strip_suffix(&end)?;
        Some(Digest::of_texts(&[begins, &muster, "}"]))
    }
}

/// What the hash covers: the document without hash and signature.
#[derive(Serialize)]
struct Content<'a, T> {
    body: &'a T,
    by: &'a Signer,
    format: u32,
    muster: &'static str,
}

fn content<T: Document>(body: &T, by: &Signer) -> Result<String, ParseJsonError> {
    text_of(&Content { body, by, format: T::VERSION, muster: T::KIND })
}

impl<T: Document> Unsigned<T> {
    /// A document to be signed by a key.
    ///
    /// # Errors
    /// If it could not be read back: its texts are not plain, or it is too large.
    pub fn new(body: T, by: Signer) -> Result<Self, ReadDocumentError> {
        by.check()?;
        body.check()?;
        let text = content(&body, &by)?;
        // Room for hash and signature.
        check_size(text.as_bytes(), MAX_BYTES - 1_000)?;
        Ok(Self { body, by, hash: Digest::of_text(&text) })
    }

    /// The bytes to sign, and the algorithm to sign them with.
    pub fn to_sign(&self) -> (Algorithm, Vec<u8>) {
        (self.by.key.algorithm(), message::<T>(&self.hash))
    }

    /// The document with a signature, which is verified like any other: a browser that signs wrongly is noticed.
    pub fn signed(self, signature: [u8; SIGNATURE_BYTES]) -> Unverified<T> {
        Unverified { body: self.body, by: self.by, hash: self.hash, signature }
    }
}

impl<T: Document> Unverified<T> {
    /// Reads a document. White space around it is no part of it, as files may end with a line break.
    ///
    /// # Errors
    /// If it is not exactly what this crate would write.
    pub fn read(text: &[u8]) -> Result<Self, ReadDocumentError> {
        read_as_document(text, T::KIND, T::VERSION, |written: Written<T>, text| {
            is_form_of(text, &written).then(|| Self::of(written, text))
        })?
    }

    /// Checks what was written. `text` is its canonical form.
    pub(crate) fn of(written: Written<T>, text: &str) -> Result<Self, ReadDocumentError> {
        check_kind(&written.muster, written.format, T::KIND, T::VERSION)?;
        let content_hash = written.content_hash(text);
        let Written { body, by, hash, signature, .. } = written;
        let signature = from_base64(&signature).and_then(|bytes| bytes.try_into().ok());
        let signature = signature.ok_or(ReadDocumentError::Fields)?;
        if content_hash != Some(hash) {
            return Err(ReadDocumentError::Hash);
        }
        by.check()?;
        body.check()?;
        Ok(Self { body, by, hash, signature })
    }

    /// What it says, and who claims to have signed it.
    pub(crate) fn claimed(&self) -> (&T, &Signer) {
        (&self.body, &self.by)
    }

    /// What to verify.
    pub fn check(&self) -> SignatureCheck {
        SignatureCheck {
            key: self.by.key.clone(),
            message: message::<T>(&self.hash),
            signature: self.signature,
        }
    }

    /// The document, if its signature is valid.
    ///
    /// # Errors
    /// If it is not, or none of the answers is to the check of this document.
    pub fn verified(self, answers: &[CheckedSignature]) -> Result<Signed<T>, VerifyError> {
        let check = self.check();
        let answer = answers.iter().find(|answer| answer.check == check).ok_or(VerifyError::NotChecked)?;
        if answer.is_valid { Ok(Signed(self)) } else { Err(VerifyError::Invalid) }
    }
}

/// Reads a text of a kind as what would be written exactly so.
pub(crate) fn read_exactly<T: Serialize + DeserializeOwned>(
    text: &[u8],
    kind: &str,
    version: u32,
) -> Result<T, ReadDocumentError> {
    read_as_document(text, kind, version, |value: T, text| is_form_of(text, &value).then_some(value))
}

/// Like [`read_exactly`], for readers that need parts of what would be written. `accept` gets the value, and the text
/// without white space around it.
pub(crate) fn read_as_document<T: DeserializeOwned, U>(
    text: &[u8],
    kind: &str,
    version: u32,
    accept: impl FnOnce(T, &str) -> Option<U>,
) -> Result<U, ReadDocumentError> {
    // Before looking for white space and UTF-8 in a text of any size.
    check_size(text, MAX_BYTES)?;
    let text = str::from_utf8(text).map_err(|_| ParseJsonError::NotJson)?;
    // The white space of JSON, which is not all that Unicode or ASCII has.
    let text = text.trim_matches([' ', '\t', '\n', '\r']);
    read_as(text, MAX_BYTES, |value| accept(value, text)).map_err(|flaw| match flaw {
        Some(flaw) => flaw.into(),
        None => kind_error(text, kind, version),
    })
}

/// Why a text that has a canonical form is not a document of a kind.
fn kind_error(text: &str, kind: &str, version: u32) -> ReadDocumentError {
    let json = match Json::parse(text.as_bytes(), MAX_BYTES) {
        Ok(json) => json,
        Err(error) => return error.into(),
    };
    let muster = match json.member("muster") {
        Some(Json::Text(muster)) => muster,
        _ => return ReadDocumentError::OtherKind,
    };
    let format = match json.member("format") {
        Some(Json::Integer(format)) => u32::try_from(*format).unwrap_or(0),
        _ => 0,
    };
    check_kind(muster, format, kind, version).err().unwrap_or(ReadDocumentError::Fields)
}

/// Checks kind and version.
pub(crate) fn check_kind(
    muster: &str,
    format: u32,
    kind: &str,
    version: u32,
) -> Result<(), ReadDocumentError> {
    match (muster == kind, format.cmp(&version)) {
        (false, _) => Err(ReadDocumentError::OtherKind),
        (true, Ordering::Greater) => Err(ReadDocumentError::Newer(format)),
        (true, Ordering::Less) => Err(ReadDocumentError::Fields),
        (true, Ordering::Equal) => Ok(()),
    }
}

impl<T: Document> Signed<T> {
    /// What it says.
    pub fn body(&self) -> &T {
        &self.0.body
    }

    /// Who signed it.
    pub fn by(&self) -> &Signer {
        &self.0.by
    }

    /// The fingerprint of the key that signed it.
    pub fn fingerprint(&self) -> Fingerprint {
        self.0.by.key.fingerprint()
    }

    /// The hash of all it says and of who signed it. The signature is not part of it: for ECDSA there are two valid
    /// ones for each message.
    pub fn hash(&self) -> Digest {
        self.0.hash
    }

    /// The whole document, in the one form that can be read back.
    pub fn to_text(&self) -> String {
        text_of(&self.written()).expect("it was read from this form, or written in it")
    }

    fn written(&self) -> Written<&T> {
        let Unverified { body, by, hash, signature } = &self.0;
        Written {
            body,
            by: by.clone(),
            format: T::VERSION,
            hash: *hash,
            muster: T::KIND.into(),
            signature: base64(signature).into(),
        }
    }
}
