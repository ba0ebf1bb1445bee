//! Why a request was not opened, in words.

use browser::compression::CompressionError;
use review::{FragmentError, ReadDocumentError, VerifyError};

use super::files::OpenError;
use super::name_form::signature_words;
use crate::features::results::run_words;
use i18n::text;
use ui::Failure;

/// What happened, and what to do now.
pub fn open_failure(error: OpenError) -> Failure {
    let (title, detail) = match error {
        OpenError::Link(FragmentError::TooLong) => (text::review_open_cut(), text::review_open_too_long()),
        OpenError::Link(_) | OpenError::Compression(CompressionError::Damaged) => {
            (text::review_open_cut(), text::review_open_cut_body())
        }
        OpenError::Compression(CompressionError::Unsupported) => {
            (text::review_open_unsupported(), text::review_open_unsupported_body())
        }
        OpenError::TooLarge | OpenError::Compression(CompressionError::TooLong) => {
            (text::review_open_large(), text::review_open_large_body())
        }
        OpenError::Document(error) => document(error),
        OpenError::Signature(VerifyError::OtherRequest) => {
            (text::review_open_unrelated(), text::review_open_unrelated_body())
        }
        OpenError::Signature(VerifyError::Invalid | VerifyError::NotChecked) => changed(),
        OpenError::Browser(error) => (text::review_open_unverified(), signature_words(error)),
        OpenError::Storage(error) => (text::review_open_storage(), run_words::storage(error)),
    };
    Failure { title, detail }
}

fn document(error: ReadDocumentError) -> (String, String) {
    match error {
        ReadDocumentError::Newer(_) => (text::review_open_newer(), text::review_open_newer_body()),
        ReadDocumentError::Hash => changed(),
        ReadDocumentError::Json(review::ParseJsonError::TooLarge(_)) => {
            (text::review_open_large(), text::review_open_large_body())
        }
        ReadDocumentError::OtherKind
        | ReadDocumentError::Json(_)
        | ReadDocumentError::Fields
        | ReadDocumentError::Body(_) => (text::review_open_other(), text::review_open_other_body()),
    }
}

fn changed() -> (String, String) {
    (text::review_open_changed(), text::review_open_changed_body())
}
