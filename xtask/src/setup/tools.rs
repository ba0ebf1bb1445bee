//! Tools from crates.io and npm, in the versions that are known to work together.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{files, process};

const TRUNK: &str = "0.21.14";
const CARGO_DENY: &str = "0.20.2";
/// Where the tools from npm are listed with their digests: what shapes the site must not change by itself.
const NPM: &str = "xtask/npm";

/// Whether an installed trunk fits: any release of the 0.21 line.
pub fn has_trunk() -> Result<bool> {
    Ok(version_of("trunk").is_some_and(|version| version.starts_with("0.21.")))
}

/// Builds and installs trunk.
pub fn install_trunk() -> Result<()> {
    process::run(&mut cargo_install(&["trunk", "--version", TRUNK, "--locked"]))
}

/// Whether the installed wasm-bindgen equals the one in Cargo.lock.
pub fn has_wasm_bindgen() -> Result<bool> {
    Ok(version_of("wasm-bindgen") == Some(locked_wasm_bindgen()?)
        && process::exists("wasm-bindgen-test-runner"))
}

/// Builds and installs wasm-bindgen, with newer dependencies where its locked ones cannot be had.
pub fn install_wasm_bindgen() -> Result<()> {
    let version = locked_wasm_bindgen()?;
    let words = ["wasm-bindgen-cli", "--version", &version, "--force"];
    if process::status(cargo_install(&words).arg("--locked"))?.success() {
        return Ok(());
    }
    println!("setup: not all of its locked dependencies can be had here; taking newer ones");
    process::run(&mut cargo_install(&words))
}

/// Whether cargo-deny is there in a release that reads our `deny.toml`, and git, with which it fetches.
pub fn has_cargo_deny() -> Result<bool> {
    let fits = version_of("cargo-deny").is_some_and(|version| version.starts_with("0.20."));
    Ok(fits && process::exists("git"))
}

/// Builds and installs cargo-deny, and git from Debian where there is none.
pub fn install_cargo_deny() -> Result<()> {
    if !process::exists("git") {
        super::apt_install(&["git"])?;
    }
    process::run(&mut cargo_install(&["cargo-deny", "--version", CARGO_DENY, "--locked"]))
}

/// What to type where cargo-deny could not be installed.
pub fn cargo_deny_by_hand() -> String {
    format!("cargo install cargo-deny --version {CARGO_DENY} --locked")
}

/// Removes what was compiled on the way to the tools, which is some gigabytes; they themselves are elsewhere.
pub fn sweep() -> Result<()> {
    files::remove_all(&build_folder())
}

fn build_folder() -> PathBuf {
    files::tools().join("build")
}

/// What to type where wasm-bindgen could not be installed.
pub fn wasm_bindgen_by_hand() -> String {
    let version = locked_wasm_bindgen().unwrap_or_else(|error| format!("VERSION ({error:#})"));
    format!("cargo install wasm-bindgen-cli --version {version}")
}

/// Whether cargo-nextest is there.
pub fn has_nextest() -> bool {
    process::capture(process::command("cargo").args(["nextest", "--version"])).is_ok()
}

/// Says which of the two runs the native tests. Compiling cargo-nextest takes longer than it ever saves here.
pub fn mention_nextest() {
    if has_nextest() {
        println!("setup: cargo-nextest: ready");
    } else {
        println!("setup: cargo-nextest: left out, as cargo test runs the native tests as well");
    }
}

/// Where wasm-opt is, if it is there: the project's own one first.
pub fn wasm_opt() -> Option<PathBuf> {
    let own = files::tools().join("node_modules/.bin/wasm-opt");
    own.is_file().then_some(own)
}

/// Installs wasm-opt if npm is there; a release is about a tenth larger without it.
pub fn offer_wasm_opt() {
    if wasm_opt().is_some() && is_as_listed().unwrap_or(false) {
        println!("setup: wasm-opt: ready");
        return;
    }
    if !process::exists("npm") {
        println!("setup: wasm-opt: left out, as there is no npm; a release build is larger without it");
        return;
    }
    println!("setup: wasm-opt: installing, it makes a release smaller (seconds)");
    if let Err(error) = install_from_npm() {
        println!("setup: wasm-opt: not to be had ({error:#}); a release build is larger without it");
    }
}

/// Whether what was installed from npm is what is listed now.
fn is_as_listed() -> Result<bool> {
    let name = "package-lock.json";
    let (listed, installed) = (files::root().join(NPM).join(name), files::tools().join(name));
    Ok(installed.is_file() && files::read(&installed)? == files::read(&listed)?)
}

fn install_from_npm() -> Result<()> {
    let folder = files::tools();
    files::copy_all(&files::root().join(NPM), &folder)?;
    let mut npm = process::command("npm");
    npm.current_dir(&folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::run(&mut npm)
}

fn version_of(program: &str) -> Option<String> {
    let told = process::capture(process::command(program).arg("--version")).ok()?;
    told.split_whitespace().nth(1).map(str::to_owned)
}

fn locked_wasm_bindgen() -> Result<String> {
    let lock: toml::Table = files::read_text(&files::root().join("Cargo.lock"))?.parse()?;
    let packages =
        lock.get("package").and_then(toml::Value::as_array).context("Cargo.lock lists no packages")?;
    packages
        .iter()
        .find(|package| package.get("name").and_then(toml::Value::as_str) == Some("wasm-bindgen"))
        .and_then(|package| package.get("version")?.as_str())
        .map(str::to_owned)
        .context("Cargo.lock has no wasm-bindgen")
}

/// A tool need not be fast: without optimisation it is ready in half the time.
fn cargo_install(words: &[&str]) -> Command {
    let mut cargo = process::command("cargo");
    cargo
        .arg("install")
        .args(words)
        .env("CARGO_TARGET_DIR", build_folder())
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256");
    cargo
}
