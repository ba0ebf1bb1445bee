//! Tools from crates.io and npm, in versions known to work together.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::notes;
use crate::{files, process};

const TRUNK: &str = "0.21.14";
const CARGO_DENY: &str = "0.20.2";
const LEPTOSFMT: &str = "0.1.33";
const GECKODRIVER: &str = "0.37.1";
/// Lock files of this project for tools whose published lock file names a release that a registry lacks.
const LOCKS: &str = "xtask/locks";
/// What reads and writes Wasm in wasm-bindgen. The Wasm of the tests is large: without optimisation, each takes more
/// than a minute.
const READERS: [&str; 3] = ["walrus", "wasmparser", "wasm-bindgen-cli-support"];
/// The lock file of npm tools. They affect the site's content, so their versions are pinned with digests.
const NPM: &str = "xtask/npm";

/// Returns true if the installed Trunk has the pinned version.
pub fn has_trunk() -> Result<bool> {
    Ok(version_of("trunk").as_deref() == Some(TRUNK))
}

pub fn install_trunk() -> Result<()> {
    // The default features fetch tools and look for updates over TLS. Here, Trunk builds offline.
    install("trunk", "trunk", TRUNK, &["--no-default-features"])
}

/// The manual instructions for Trunk.
pub fn trunk_by_hand() -> String {
    by_hand("trunk", TRUNK)
}

/// Returns true if the installed wasm-bindgen matches Cargo.lock.
pub fn has_wasm_bindgen() -> Result<bool> {
    let version = locked_wasm_bindgen()?;
    Ok(version_of("wasm-bindgen").as_deref() == Some(version.as_str())
        && process::exists("wasm-bindgen-test-runner"))
}

/// Builds and installs wasm-bindgen and its test runner.
pub fn install_wasm_bindgen() -> Result<()> {
    let optimised = READERS.map(|package| format!("profile.release.package.{package}.opt-level=2"));
    let options: Vec<_> = optimised.iter().flat_map(|setting| ["--config", setting.as_str()]).collect();
    install("wasm-bindgen-cli", "wasm-bindgen", &locked_wasm_bindgen()?, &options)
}

/// Returns true if the pinned cargo-deny is installed, and git, which it fetches with.
pub fn has_cargo_deny() -> Result<bool> {
    Ok(version_of("cargo-deny").as_deref() == Some(CARGO_DENY) && process::exists("git"))
}

/// Builds and installs cargo-deny, and git from Debian if it is missing.
pub fn install_cargo_deny() -> Result<()> {
    if !process::exists("git") {
        super::apt_install(&["git"])?;
    }
    install("cargo-deny", "cargo-deny", CARGO_DENY, &[])
}

/// The manual instructions for cargo-deny.
pub fn cargo_deny_by_hand() -> String {
    by_hand("cargo-deny", CARGO_DENY)
}

/// Returns true if the installed leptosfmt has the pinned version.
pub fn has_leptosfmt() -> Result<bool> {
    Ok(version_of("leptosfmt").as_deref() == Some(LEPTOSFMT))
}

/// Builds and installs leptosfmt.
pub fn install_leptosfmt() -> Result<()> {
    install("leptosfmt", "leptosfmt", LEPTOSFMT, &[])
}

/// The manual instructions for leptosfmt.
pub fn leptosfmt_by_hand() -> String {
    by_hand("leptosfmt", LEPTOSFMT)
}

/// Returns true if the installed geckodriver has the pinned version.
pub fn has_geckodriver() -> bool {
    version_of("geckodriver").as_deref() == Some(GECKODRIVER)
}

/// Builds and installs geckodriver, which Debian does not package.
pub fn install_geckodriver() -> Result<()> {
    install("geckodriver", "geckodriver", GECKODRIVER, &[])
}

/// The manual instructions for geckodriver.
pub fn geckodriver_by_hand() -> String {
    by_hand("geckodriver", GECKODRIVER)
}

/// Removes intermediate build files of the tools, which take gigabytes. The tools themselves are elsewhere.
pub fn sweep() -> Result<()> {
    files::remove_all(&build_folder())
}

fn build_folder() -> PathBuf {
    files::tools().join("build")
}

/// The manual instructions for wasm-bindgen.
pub fn wasm_bindgen_by_hand() -> String {
    let version = locked_wasm_bindgen().unwrap_or_else(|error| format!("VERSION ({error:#})"));
    by_hand("wasm-bindgen-cli", &version)
}

pub fn has_nextest() -> bool {
    process::capture(process::command("cargo").args(["nextest", "--version"])).is_ok()
}

/// Prints whether cargo-nextest is used. It is never installed: compiling it takes longer than it saves.
pub fn mention_nextest() {
    if has_nextest() {
        println!("setup: cargo-nextest: ready");
    } else {
        println!("setup: cargo-nextest: left out, as cargo test runs the native tests as well");
    }
}

/// A command for this project's wasm-opt, if it is installed.
pub fn wasm_opt() -> Option<Command> {
    binaryen("wasm-opt")
}

/// A command for this project's wasm-merge, which comes with wasm-opt.
pub fn wasm_merge() -> Option<Command> {
    binaryen("wasm-merge")
}

fn binaryen(tool: &str) -> Option<Command> {
    let own = files::tools().join("node_modules/.bin").join(tool);
    own.is_file().then(|| {
        let mut node = process::command("node");
        // The tools are Wasm themselves. Most modules are small: optimising the tools takes V8 longer than it saves.
        node.arg("--liftoff-only").arg(own);
        node
    })
}

/// Installs wasm-opt if npm is available. Without it a release is about a tenth larger.
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

/// Returns true if the installed npm tools match the lock file.
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

/// Builds a tool with its locked dependencies. An installed tool of another version is kept: this one goes
/// into a separate folder, which comes first on the search path.
fn install(package: &str, program: &str, version: &str, options: &[&str]) -> Result<()> {
    if let Some(other) = version_of(program).filter(|other| other != version) {
        println!(
            "setup: {program} {other} is installed, and this project needs {version}: it gets one of its own in {}",
            files::installed().display()
        );
    }
    let words = [&[package, "--version", version, "--force"], options].concat();
    let (status, told) = process::watch(cargo_install(&words).arg("--locked"))?;
    if status.success() {
        return notes::forget(package);
    }
    let why = reason(&told);
    if let Some(lock) = own_lock(package, version) {
        println!("setup: {package} cannot be built with its own lock file ({why}); taking the project's");
        if build_with(package, version, options, &lock)? {
            return notes::forget(package);
        }
    }
    println!(
        "setup: {package} is built WITHOUT --locked ({why}): its dependencies are not those it was tried with"
    );
    process::run(&mut cargo_install(&words))?;
    notes::keep(package, &format!("{package} {version} was built without --locked: {why}"))
}

/// Cargo's first error, on one line.
fn reason(told: &str) -> String {
    let error = told.lines().find_map(|line| line.trim().strip_prefix("error: "));
    error.unwrap_or("cargo gave no reason").to_owned()
}

/// This project's lock file for a release of a tool, if there is one.
fn own_lock(package: &str, version: &str) -> Option<PathBuf> {
    let lock = files::root().join(LOCKS).join(format!("{package}-{version}.lock"));
    lock.is_file().then_some(lock)
}

/// Builds a package that Cargo has downloaded with another lock file. Returns `false` if that fails too.
fn build_with(package: &str, version: &str, options: &[&str], lock: &Path) -> Result<bool> {
    let name = format!("{package}-{version}");
    let Some(source) = downloaded(&name)? else { return Ok(false) };
    let copy = build_folder().join("sources").join(&name);
    files::remove_all(&copy)?;
    files::copy_all(&source, &copy)?;
    files::write(&copy.join("Cargo.lock"), files::read(lock)?)?;
    let mut cargo = cargo_install(&[&["--force", "--locked"], options].concat());
    Ok(process::status(cargo.arg("--path").arg(&copy))?.success())
}

/// The folder where Cargo unpacked a package.
fn downloaded(name: &str) -> Result<Option<PathBuf>> {
    let sources = process::cargo_home().context("there is no home folder")?.join("registry/src");
    if !sources.is_dir() {
        return Ok(None);
    }
    for registry in std::fs::read_dir(&sources)? {
        let found = registry?.path().join(name);
        if found.join("Cargo.toml").is_file() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn by_hand(package: &str, version: &str) -> String {
    format!("cargo install {package} --version {version} --locked")
}

/// Builds tools without optimisation, which takes half the time, unless `words` say otherwise.
fn cargo_install(words: &[&str]) -> Command {
    let mut cargo = process::command("cargo");
    cargo
        .arg("install")
        .args(words)
        .arg("--root")
        .arg(files::installed())
        .env("CARGO_TARGET_DIR", build_folder())
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256");
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_cargos_own() {
        let told = "   Updating crates.io index\nerror: failed to select a version for `a` (locked to 1.0.11)\ncandidates\n";
        assert_eq!(reason(told), "failed to select a version for `a` (locked to 1.0.11)");
        assert_eq!(reason("nothing\n"), "cargo gave no reason");
    }

    #[test]
    fn every_lock_file_of_ours_is_for_a_tool_in_its_present_version() {
        let bindgen = locked_wasm_bindgen().expect("Cargo.lock lists it");
        let tools = [
            ("trunk", TRUNK),
            ("wasm-bindgen-cli", bindgen.as_str()),
            ("cargo-deny", CARGO_DENY),
            ("leptosfmt", LEPTOSFMT),
            ("geckodriver", GECKODRIVER),
        ];
        let known: Vec<_> = tools.iter().map(|(name, version)| format!("{name}-{version}.lock")).collect();
        for path in files::below(&files::root().join(LOCKS)).expect("the folder can be listed") {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            assert!(known.contains(&name), "{name} is for another version: {known:?}");
        }
    }
}
