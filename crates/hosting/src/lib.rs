//! What whoever hosts the console says in `config.json`, and the headers that follow from it.
//!
//! [`Config::parse`] reads the file and returns all problems at once; `public/config.schema.json` says the same
//! to editors. [`headers`] makes the policy of it, for the local server, for static hosts and for the recipes.
//! Pure: no file, no network, no page.

pub mod brand;
pub mod color;
pub mod config;
pub mod headers;
pub mod limits;
mod named;
pub mod origin;
pub mod problem;
mod read;

pub use brand::{Accent, Brand, LogoPath};
pub use color::Rgb;
pub use config::{Config, Feature};
pub use limits::Limits;
pub use named::{NAMED_PREFIX, is_named};
pub use origin::{Origin, ParseOriginError};
pub use problem::{ConfigProblem, Kind, Reason};
