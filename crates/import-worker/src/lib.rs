#![doc = include_str!("../README.md")]

mod doubles;
mod import;
pub mod message;
mod pieces;
mod plain;
mod separators;
mod sheet;

#[cfg(target_arch = "wasm32")]
pub mod scope;

pub use pieces::Reading;

pub use import::{
    ColumnSource, ColumnWord, Import, ImportChange, ImportColumn, ImportError, ImportPerson, ImportRow,
    ImportSummary, RowFilter, Standing,
};
