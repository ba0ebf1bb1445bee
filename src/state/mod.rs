//! What outlives a page: connections, keys, budgets, runs, and the settings of the host.

pub mod access_review;
pub mod activity;
pub mod busy;
pub mod caller;
pub mod code;
pub mod config;
pub mod directory;
pub mod group_list;
pub mod group_read;
pub mod identity;
pub mod keeping;
pub mod kept_directory;
pub mod launched;
pub mod ledger;
mod reading_task;
pub mod reads;
pub mod runs;
pub mod session;
pub mod undoing;
pub mod whole;
