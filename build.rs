//! Turns `locales/en.json` into typed functions, and asks the linker for what the split needs.

#[path = "build/messages.rs"]
mod messages;

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let locales = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("locales");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed={}", locales.display());
    // The build splits the program by what the linker tells of it here.
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    match messages::generate(&locales) {
        Ok(code) => {
            let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("text.rs");
            fs::write(out, code).expect("OUT_DIR is writable");
        }
        Err(problems) => problems.iter().for_each(|problem| println!("cargo::error={problem}")),
    }
}
