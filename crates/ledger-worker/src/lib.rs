#![doc = include_str!("../README.md")]

mod calendar;
mod counts;
mod filter;
mod joined;
mod keeping;
mod ledger;
pub mod message;

#[cfg(target_arch = "wasm32")]
pub mod scope;
mod summary;

pub use calendar::Period;
pub use counts::{Counted, LedgerCounts};
pub use filter::LedgerFilter;
pub use joined::{JoinError, OpenedLedger, ToVerify};
pub use keeping::{AboutPerson, DeletedEntries, OlderEntries};
pub use ledger::{Coverage, Flaw, LedgerStanding, LedgerStore, Platform};
pub use summary::{AuthorChanges, LedgerSummary, PeriodOutcomes, PlaceScopes};
