//! The sandbox over HTTP: three base paths, one [`World`](sandbox::World), its journal in SQLite.
//!
//! `/genuin`, `/networked` and `/cometchat/v3` stand for the vendors' hosts; what follows them goes to the
//! world as it is. Every event is in the journal before an answer leaves, so that a killed server comes up
//! again with everything that anybody was told.

pub mod cors;
pub mod crooked;
pub mod held;
pub mod journal;
pub mod options;
pub mod routes;
pub mod serve;
pub mod state;
