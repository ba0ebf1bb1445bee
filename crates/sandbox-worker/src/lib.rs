#![doc = include_str!("../README.md")]

pub mod message;
pub mod server;

#[cfg(target_arch = "wasm32")]
pub mod journal;
#[cfg(target_arch = "wasm32")]
pub mod scope;
