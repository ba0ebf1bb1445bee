//! The sandbox as a web worker: calls arrive as messages, the journal is in IndexedDB.
//!
//! [`message`] defines the messages between page and worker. [`Server`](server::Server) answers them and can be
//! tested natively; only `journal` and `scope` need a browser.

pub mod message;
pub mod server;

#[cfg(target_arch = "wasm32")]
pub mod journal;
#[cfg(target_arch = "wasm32")]
pub mod scope;
