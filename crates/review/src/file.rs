//! How a review travels: as a file, or in the fragment of a link.

use domain::order;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::decision::Decision;
use crate::digest::{base64, from_base64};
use crate::json::{check_size, text_of};
use crate::request::ReviewRequest;
use crate::results::ReviewResults;
use crate::signed::{
    CheckedSignature, Document, MAX_BYTES, ReadDocumentError, SignatureCheck, Signed, Unverified,
    VerifyError, Written, check_kind, read_as_document,
};
use crate::trust::{KeyClaim, Vouch};

/// The kind of the file.
const KIND: &str = "review";
const VERSION: u32 = 1;
/// The version of files with results, which earlier releases do not read.
const VERSION_WITH_RESULTS: u32 = 2;
/// Most decisions, results, claims, and vouches in a file.
const MAX_PARTS: usize = 50;
/// What a fragment with a review begins with. Pages that find another beginning leave the fragment alone.
pub const FRAGMENT: &str = "review=";
/// Most characters of a link's fragment. Mail programs and chats cut longer links.
pub const MAX_FRAGMENT: usize = 16_000;

/// A request with the decisions about it, and what the signers' keys vouch for. The file itself is not signed: each of
/// its parts is.
#[derive(Clone, Debug)]
pub struct ReviewFile {
    /// The request.
    pub request: Signed<ReviewRequest>,
    /// The decisions about it, or about earlier requests; which of them count is for the policy to say.
    pub decisions: Vec<Signed<Decision>>,
    /// What became of the request; add them with [`ReviewFile::add_results`].
    pub results: Vec<Signed<ReviewResults>>,
    /// What second keys of the signers claim.
    pub claims: Vec<Signed<KeyClaim>>,
    /// What their first keys say of these claims.
    pub vouches: Vec<Signed<Vouch>>,
}

/// A file whose signatures have not been verified.
#[derive(Clone, Debug)]
pub struct UnverifiedFile {
    request: Unverified<ReviewRequest>,
    decisions: Vec<Unverified<Decision>>,
    results: Vec<Unverified<ReviewResults>>,
    claims: Vec<Unverified<KeyClaim>>,
    vouches: Vec<Unverified<Vouch>>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile<R, D, S, C, V> {
    claims: Vec<Written<C>>,
    decisions: Vec<Written<D>>,
    format: u32,
    muster: Box<str>,
    request: Written<R>,
    #[serde(default = "Vec::new")]
    results: Vec<Written<S>>,
    vouches: Vec<Written<V>>,
}

/// The parts of a file in their canonical form.
struct PartTexts {
    request: String,
    decisions: Vec<String>,
    results: Vec<String>,
    claims: Vec<String>,
    vouches: Vec<String>,
}

impl PartTexts {
    /// The parts of what was read; `None` if one has no canonical form.
    fn of(file: &WrittenFile<ReviewRequest, Decision, ReviewResults, KeyClaim, Vouch>) -> Option<Self> {
        fn each<T: Serialize>(parts: &[Written<T>]) -> Option<Vec<String>> {
            parts.iter().map(|part| text_of(part).ok()).collect()
        }
        Some(Self {
            request: text_of(&file.request).ok()?,
            decisions: each(&file.decisions)?,
            results: each(&file.results)?,
            claims: each(&file.claims)?,
            vouches: each(&file.vouches)?,
        })
    }

    /// The file in its canonical form.
    fn file(&self, format: u32, muster: &str) -> String {
        let list = |parts: &[String]| parts.join(",");
        let (claims, decisions, vouches) = (list(&self.claims), list(&self.decisions), list(&self.vouches));
        let (request, muster) = (&self.request, serde_json::Value::from(muster));
        let results = match &self.results[..] {
            [] => String::new(),
            results => format!(r#","results":[{}]"#, list(results)),
        };
        format!(
            r#"{{"claims":[{claims}],"decisions":[{decisions}],"format":{format},"muster":{muster},"request":{request}{results},"vouches":[{vouches}]}}"#
        )
    }
}

fn unverified<T: Document>(
    parts: Vec<Written<T>>,
    texts: &[String],
) -> Result<Vec<Unverified<T>>, ReadDocumentError> {
    parts.into_iter().zip(texts).map(|(part, text)| Unverified::of(part, text)).collect()
}

/// The version of a file that has this many results.
fn version(n_results: usize) -> u32 {
    if n_results == 0 { VERSION } else { VERSION_WITH_RESULTS }
}

impl UnverifiedFile {
    /// Reads a file.
    ///
    /// # Errors
    /// If it or one of its parts is not exactly what this crate would write.
    pub fn read(text: &[u8]) -> Result<Self, ReadDocumentError> {
        let accept = |written: WrittenFile<ReviewRequest, Decision, ReviewResults, KeyClaim, Vouch>,
                      text: &str| {
            let parts = PartTexts::of(&written)?;
            (parts.file(written.format, &written.muster) == text).then_some((written, parts))
        };
        let (written, texts) = read_as_document(text, KIND, VERSION_WITH_RESULTS, accept)?;
        let WrittenFile { claims, decisions, format, muster, request, results, vouches } = written;
        check_kind(&muster, format.max(VERSION_WITH_RESULTS), KIND, VERSION_WITH_RESULTS)?;
        let n_parts = [decisions.len(), results.len(), claims.len(), vouches.len()];
        if format != version(results.len()) || n_parts.iter().any(|n_parts| *n_parts > MAX_PARTS) {
            return Err(ReadDocumentError::Fields);
        }
        Ok(Self {
            request: Unverified::of(request, &texts.request)?,
            decisions: unverified(decisions, &texts.decisions)?,
            results: unverified(results, &texts.results)?,
            claims: unverified(claims, &texts.claims)?,
            vouches: unverified(vouches, &texts.vouches)?,
        })
    }

    /// What to verify.
    pub fn checks(&self) -> Vec<SignatureCheck> {
        let mut checks = vec![self.request.check()];
        checks.extend(self.decisions.iter().map(Unverified::check));
        checks.extend(self.results.iter().map(Unverified::check));
        checks.extend(self.claims.iter().map(Unverified::check));
        checks.extend(self.vouches.iter().map(Unverified::check));
        checks
    }

    /// The file, if every signature in it is valid.
    ///
    /// # Errors
    /// If one is not, or was not checked, or results are of another request.
    pub fn verified(self, answers: &[CheckedSignature]) -> Result<ReviewFile, VerifyError> {
        let results = self.results.into_iter().map(|part| part.verified(answers));
        let decisions = self.decisions.into_iter().map(|part| part.verified(answers));
        let claims = self.claims.into_iter().map(|part| part.verified(answers));
        let vouches = self.vouches.into_iter().map(|part| part.verified(answers));
        let file = ReviewFile {
            request: self.request.verified(answers)?,
            decisions: decisions.collect::<Result<_, _>>()?,
            results: results.collect::<Result<_, _>>()?,
            claims: claims.collect::<Result<_, _>>()?,
            vouches: vouches.collect::<Result<_, _>>()?,
        };
        if file.results.iter().all(|results| file.are_its(results.body())) {
            Ok(file)
        } else {
            Err(VerifyError::OtherRequest)
        }
    }
}

impl ReviewFile {
    /// Adds results, in place of earlier ones of the same run by the same key. Results of another request, or of decisions
    /// that are not in the file, are left out: no file with them could be read.
    pub fn add_results(&mut self, results: Signed<ReviewResults>) {
        if !self.are_its(results.body()) {
            return;
        }
        let is_same_run = |other: &Signed<ReviewResults>| {
            other.fingerprint() == results.fingerprint() && other.body().run == results.body().run
        };
        match self.results.iter_mut().find(|other| is_same_run(other)) {
            Some(other) if other.body().made_at < results.body().made_at => *other = results,
            Some(_) => {}
            None => self.results.push(results),
        }
    }

    fn are_its(&self, results: &ReviewResults) -> bool {
        let hash = self.request.hash();
        let about_it = self.decisions.iter().filter(|decision| decision.body().request == hash);
        let decisions = order::set(about_it.map(Signed::hash));
        results.are_of(hash, self.request.body(), &decisions)
    }

    /// The file as text.
    ///
    /// # Errors
    /// If it is larger than a file that is read.
    pub fn to_text(&self) -> Result<String, ReadDocumentError> {
        let parts = PartTexts {
            request: self.request.to_text(),
            decisions: self.decisions.iter().map(Signed::to_text).collect(),
            results: self.results.iter().map(Signed::to_text).collect(),
            claims: self.claims.iter().map(Signed::to_text).collect(),
            vouches: self.vouches.iter().map(Signed::to_text).collect(),
        };
        let text = parts.file(version(self.results.len()), KIND);
        check_size(text.as_bytes(), MAX_BYTES)?;
        Ok(text)
    }
}

/// Why a fragment is not a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FragmentError {
    /// It belongs to another page.
    #[error("expected the fragment of a review")]
    Other,
    /// It would be, or is, longer than programs keep a link: use a file.
    #[error("expected at most {MAX_FRAGMENT} characters")]
    TooLong,
    /// It is no Base64: a part of the link is missing.
    #[error("expected a whole link")]
    Damaged,
}

/// The fragment of a link, without `#`, for a file that was compressed. The fragment is the part of a link that
/// browsers do not send to a server.
///
/// # Errors
/// If it is too long.
pub fn to_fragment(compressed: &[u8]) -> Result<String, FragmentError> {
    let fragment = format!("{FRAGMENT}{}", base64(compressed));
    if fragment.len() > MAX_FRAGMENT { Err(FragmentError::TooLong) } else { Ok(fragment) }
}

/// The compressed file in a fragment, with or without `#`. The reader that inflates it stops after [`MAX_BYTES`]: a
/// fragment can become a thousand times as long.
///
/// # Errors
/// If it is no review, too long, or damaged.
pub fn from_fragment(fragment: &str) -> Result<Vec<u8>, FragmentError> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let text = fragment.strip_prefix(FRAGMENT).ok_or(FragmentError::Other)?;
    if fragment.len() > MAX_FRAGMENT {
        return Err(FragmentError::TooLong);
    }
    from_base64(text).filter(|bytes| !bytes.is_empty()).ok_or(FragmentError::Damaged)
}
