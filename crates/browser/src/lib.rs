#![doc = include_str!("../README.md")]

pub mod assets;
pub mod channel;
pub mod clock;
pub mod compression;
pub mod directory;
pub mod identity;
pub mod importer;
pub mod launches;
pub mod ledger;
pub mod locks;
pub mod notify;
pub mod offline;
mod questions;
pub mod random;
pub mod search;
pub mod storage;
mod subtle;
pub mod transport;
pub mod unload;
pub mod vault;
pub mod workbook;
pub mod worker;

use web_sys::{Document, Storage, Window};

#[expect(clippy::expect_used, reason = "the console runs in a page, and only there")]
fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

#[expect(clippy::expect_used, reason = "the console runs in a page, and only there")]
fn document() -> Document {
    window().document().expect("a page has a document")
}

/// The browser's `localStorage`; `None` where it is blocked.
pub fn local_storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
