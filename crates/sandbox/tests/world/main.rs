//! Tests of the world's public API.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod ask;
mod cometchat;
mod genuin;
mod networked;
mod rates;
mod replay;
mod sentinels;
mod shapes;
