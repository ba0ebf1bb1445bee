//! The browser's half of Muster in a real browser: without pages, and without a service.

use wasm_bindgen_test::wasm_bindgen_test_configure;

mod activity;
mod desk;
mod fetch;
mod hosted;
mod journal;
mod keys;
mod reads;
mod runs;
mod sandbox;
mod session;
mod storage;
mod tabs;
mod vault;

wasm_bindgen_test_configure!(run_in_browser);
