#![doc = include_str!("../README.md")]

mod archive;
mod cell;
mod cells;
mod error;
mod limits;
pub mod server;
mod workbook;

#[cfg(target_arch = "wasm32")]
pub mod scope;

pub use error::WorkbookError;
pub use limits::WorkbookLimits;
pub use workbook::Workbook;
