//! Tests of Muster's browser side in a real browser, without pages and network services.

use wasm_bindgen_test::wasm_bindgen_test_configure;

mod access_review;
mod directories;
mod fetch;
mod harness;
mod hosted;
mod journal;
mod keys;
mod ledger;
mod reads;
mod runs;
mod sandbox;
mod session;
mod storage;
mod tabs;
mod vault;

wasm_bindgen_test_configure!(run_in_browser);
