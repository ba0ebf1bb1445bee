#![doc = include_str!("../README.md")]

mod counts;
mod filter;
mod joined;
mod ledger;
pub mod message;

#[cfg(target_arch = "wasm32")]
pub mod scope;

pub use counts::{Counted, LedgerCounts};
pub use filter::LedgerFilter;
pub use joined::{JoinError, OpenedLedger, ToVerify};
pub use ledger::{Coverage, Flaw, LedgerStanding, LedgerStore, Platform};
