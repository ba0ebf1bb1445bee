//! Makes Wasm smaller with wasm-opt.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::kept::Kept;
use super::wasm_features;
use crate::{files, parallel, process, setup};

/// Restructures the control flow first, and repeats the passes: both together save about one hundredth.
const PASSES: [&str; 4] = ["--flatten", "--rereloop", "-Oz", "-Oz"];

/// Rust puts the stack at the lowest addresses, so no value is stored near zero. This lets wasm-opt fold
/// offsets into loads.
const LOW_MEMORY: &str = "--low-memory-unused";

/// Optimises every module of a site in place.
pub fn run(site: &Path) -> Result<()> {
    if setup::wasm_opt().is_none() {
        println!("build: wasm-opt is not here, so the Wasm stays as large as the compiler left it");
        return Ok(());
    }
    let is_wasm = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "wasm");
    let paths: Vec<_> = files::below(site)?.into_iter().filter(is_wasm).collect();
    let kept = Kept::of("optimised", settings()?);
    parallel::each(&paths, |path| {
        let smaller = kept.result(&files::read(path)?, || {
            let mut wasm_opt = setup::wasm_opt().context("wasm-opt was removed")?;
            wasm_opt.arg("--quiet").args(PASSES).arg(LOW_MEMORY).args(wasm_features());
            process::run(wasm_opt.arg(path).arg("-o").arg(path))?;
            files::read(path)
        })?;
        files::write(path, smaller)
    })?;
    kept.forget_unused()
}

/// The tools and their options.
fn settings() -> Result<Vec<u8>> {
    let mut settings = files::read(&files::tools().join("package-lock.json"))?;
    for option in PASSES.iter().chain([&LOW_MEMORY]).chain(&wasm_features()) {
        settings.extend(option.as_bytes());
    }
    Ok(settings)
}
