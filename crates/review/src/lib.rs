#![doc = include_str!("../README.md")]

mod alike;
mod blocks;
mod chain;
mod clock;
mod decision;
mod digest;
mod drift;
mod file;
mod json;
mod key;
mod policy;
mod powers;
mod request;
mod results;
mod signed;
mod trust;

pub use alike::has_mixed_scripts;
pub use chain::{
    ChainActor, ChainChange, ChainDeletion, ChainEntry, ChainError, ChainEvent, ChainFile, ChainHead,
    ChainPlace, ChainTip, Fork, MAX_CHAIN_BYTES, MAX_LINE_BYTES, MergedEntry, Misfit, MisfitKind,
    ParseEntryError, PersonalData, ReadChainError, UnverifiedChain, VerifiedChain, Verifier, merged,
    redact_person, to_table,
};
pub use clock::{CLOCK_TOLERANCE_MS, ReviewClock};
pub use decision::{DECISION_MS, DecideError, DecidedChange, Decision, MAX_DECISION_MS, Ruling};
pub use digest::{Digest, ParseDigestError};
pub use drift::{Danger, Drift, Observed, ReviewedChange, sort_by_danger};
pub use file::{
    FRAGMENT, FragmentError, MAX_FRAGMENT, ReviewFile, UnverifiedFile, from_fragment, to_fragment,
};
pub use json::{ParseJsonError, canonical};
pub use key::{
    Algorithm, Fingerprint, KeyPicture, N_WORDS, PICTURE_SIZE, ParsePublicKeyError, PublicKey,
    SIGNATURE_BYTES,
};
pub use policy::{ChangeLack, Lacking, Occasion, Policy, RequestLack, Uncounted};
pub use powers::GroupPowers;
pub use request::{
    AskedChange, MAX_CHANGES, MAX_REQUEST_MS, MakeRequestError, ParsePlaceError, RequestAbout, ReviewPlace,
    ReviewRequest,
};
pub use results::{ResultsAbout, ReviewResults};
pub use signed::{
    BodyError, CheckedSignature, Document, MAX_BYTES, ReadDocumentError, SignatureCheck, Signed, Signer,
    Unsigned, Unverified, VerifyError,
};
pub use trust::{KeyClaim, KeyStanding, KnownKey, TrustError, TrustStore, Vouch};
