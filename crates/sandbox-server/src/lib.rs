//! The sandbox over HTTP: three base paths, one [`World`](sandbox::World), its journal in SQLite.
//!
//! `/genuin`, `/networked` and `/cometchat/v3` stand for the vendors' hosts; the rest of the path goes to the
//! world unchanged. Every event is journaled before its response is sent, so that a killed server restarts
//! with every acknowledged change.

pub mod cors;
pub mod crooked;
pub mod held;
pub mod journal;
pub mod options;
pub mod routes;
pub mod serve;
pub mod state;
