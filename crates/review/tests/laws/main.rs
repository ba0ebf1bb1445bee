//! The rules of a review, with real signatures.

mod approving;
mod attacks;
mod chaining;
mod documents;
mod drifting;
mod files;
mod hosted;
mod keeping;
mod requesting;
mod resulting;
mod trusting;
mod world;
