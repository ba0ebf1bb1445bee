//! The operator's `config.json`, and the HTTP headers that follow from it.
//!
//! [`Config::parse`] reads the file and returns all problems at once; `public/config.schema.json` describes
//! the same format to editors. [`headers`] derives the security policy for the local server, static hosts and
//! recipes. No I/O.

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
