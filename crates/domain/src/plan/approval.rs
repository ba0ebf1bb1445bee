//! The approval that a plan was run with.

use serde::{Deserialize, Serialize};

/// What shows that a plan was approved in a review. The hashes are text, because only the crate that reads reviews
/// knows how they are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The hash of the review request.
    pub request: Box<str>,
    /// The hashes of the decisions that approved it.
    pub decisions: Vec<Box<str>>,
    /// Why the changes are made, in the words of the request.
    pub why: Box<str>,
}
