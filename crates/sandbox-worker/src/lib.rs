//! The sandbox as a web worker: calls come as messages, the journal is in IndexedDB.
//!
//! [`message`] is what page and worker say to each other, [`Desk`](desk::Desk) answers it and can be tested
//! anywhere; only `journal` and `scope` need a browser.

pub mod desk;
pub mod message;

#[cfg(target_arch = "wasm32")]
pub mod journal;
#[cfg(target_arch = "wasm32")]
pub mod scope;
