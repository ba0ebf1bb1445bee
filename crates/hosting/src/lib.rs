#![doc = include_str!("../README.md")]

pub mod brand;
pub mod color;
pub mod config;
pub mod headers;
pub mod limits;
mod named;
pub mod origin;
mod picture;
pub mod problem;
mod read;
pub mod reviews;

pub use brand::{Accent, Brand, LogoPath};
pub use color::Rgb;
pub use config::{Config, Feature};
pub use limits::HostLimits;
pub use named::{NAMED_PREFIX, is_named};
pub use origin::{Origin, ParseOriginError};
pub use problem::{ConfigProblem, ProblemKind, Reason};
pub use reviews::{Approver, ReviewRules};
