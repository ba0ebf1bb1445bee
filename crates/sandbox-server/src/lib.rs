#![doc = include_str!("../README.md")]

pub mod cors;
pub mod crooked;
pub mod held;
pub mod journal;
pub mod options;
pub mod routes;
pub mod serve;
pub mod state;
