//! Tools from crates.io and npm, in the versions that are known to work together.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::notes;
use crate::{files, process};

const TRUNK: &str = "0.21.14";
const CARGO_DENY: &str = "0.20.2";
const GECKODRIVER: &str = "0.37.1";
/// Lock files of our own, for tools whose published one names a release that a registry does not have.
const LOCKS: &str = "xtask/locks";
/// Where the tools from npm are listed with their digests: what shapes the site must not change by itself.
const NPM: &str = "xtask/npm";

/// Whether the installed trunk is the one that this project was tried with.
pub fn has_trunk() -> Result<bool> {
    Ok(version_of("trunk").as_deref() == Some(TRUNK))
}

/// Builds and installs trunk.
pub fn install_trunk() -> Result<()> {
    install("trunk", "trunk", TRUNK)
}

/// What to type where trunk could not be installed.
pub fn trunk_by_hand() -> String {
    by_hand("trunk", TRUNK)
}

/// Whether the installed wasm-bindgen equals the one in Cargo.lock.
pub fn has_wasm_bindgen() -> Result<bool> {
    let version = locked_wasm_bindgen()?;
    Ok(version_of("wasm-bindgen").as_deref() == Some(version.as_str())
        && process::exists("wasm-bindgen-test-runner"))
}

/// Builds and installs wasm-bindgen.
pub fn install_wasm_bindgen() -> Result<()> {
    install("wasm-bindgen-cli", "wasm-bindgen", &locked_wasm_bindgen()?)
}

/// Whether the cargo-deny that reads our `deny.toml` is there, and git, with which it fetches.
pub fn has_cargo_deny() -> Result<bool> {
    Ok(version_of("cargo-deny").as_deref() == Some(CARGO_DENY) && process::exists("git"))
}

/// Builds and installs cargo-deny, and git from Debian where there is none.
pub fn install_cargo_deny() -> Result<()> {
    if !process::exists("git") {
        super::apt_install(&["git"])?;
    }
    install("cargo-deny", "cargo-deny", CARGO_DENY)
}

/// What to type where cargo-deny could not be installed.
pub fn cargo_deny_by_hand() -> String {
    by_hand("cargo-deny", CARGO_DENY)
}

/// Whether the geckodriver that the tests in Firefox were written for is there.
pub fn has_geckodriver() -> bool {
    version_of("geckodriver").as_deref() == Some(GECKODRIVER)
}

/// Builds and installs geckodriver, which Debian does not have.
pub fn install_geckodriver() -> Result<()> {
    install("geckodriver", "geckodriver", GECKODRIVER)
}

/// What to type where geckodriver could not be installed.
pub fn geckodriver_by_hand() -> String {
    by_hand("geckodriver", GECKODRIVER)
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
    by_hand("wasm-bindgen-cli", &version)
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

/// Builds a tool with exactly the dependencies that were tried with it. A tool of the same name and another
/// version stays where it is: ours goes into a folder of its own, which is looked in first.
fn install(package: &str, program: &str, version: &str) -> Result<()> {
    if let Some(other) = version_of(program).filter(|other| other != version) {
        println!(
            "setup: {program} {other} is installed, and this project needs {version}: it gets one of its own in {}",
            files::installed().display()
        );
    }
    let words = [package, "--version", version, "--force"];
    let (status, told) = process::watch(cargo_install(&words).arg("--locked"))?;
    if status.success() {
        return notes::forget(package);
    }
    let why = reason(&told);
    if let Some(lock) = own_lock(package, version) {
        println!("setup: {package} cannot be built with its own lock file ({why}); taking the project's");
        if build_with(package, version, &lock)? {
            return notes::forget(package);
        }
    }
    println!(
        "setup: {package} is built WITHOUT --locked ({why}): its dependencies are not those it was tried with"
    );
    process::run(&mut cargo_install(&words))?;
    notes::keep(package, &format!("{package} {version} was built without --locked: {why}"))
}

/// What cargo gave as the reason, on one line.
fn reason(told: &str) -> String {
    let error = told.lines().find_map(|line| line.trim().strip_prefix("error: "));
    error.unwrap_or("cargo gave no reason").to_owned()
}

/// Our lock file for a release of a tool.
fn own_lock(package: &str, version: &str) -> Option<PathBuf> {
    let lock = files::root().join(LOCKS).join(format!("{package}-{version}.lock"));
    lock.is_file().then_some(lock)
}

/// Builds what cargo has just downloaded with another lock file; `false` if that cannot be done here either.
fn build_with(package: &str, version: &str, lock: &Path) -> Result<bool> {
    let name = format!("{package}-{version}");
    let Some(source) = downloaded(&name)? else { return Ok(false) };
    let copy = build_folder().join("sources").join(&name);
    files::remove_all(&copy)?;
    files::copy_all(&source, &copy)?;
    files::write(&copy.join("Cargo.lock"), files::read(lock)?)?;
    let mut cargo = cargo_install(&["--force", "--locked"]);
    Ok(process::status(cargo.arg("--path").arg(&copy))?.success())
}

/// Where cargo unpacked a package.
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

/// A tool need not be fast: without optimisation it is ready in half the time.
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
            ("geckodriver", GECKODRIVER),
        ];
        let known: Vec<_> = tools.iter().map(|(name, version)| format!("{name}-{version}.lock")).collect();
        for path in files::below(&files::root().join(LOCKS)).expect("the folder can be listed") {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            assert!(known.contains(&name), "{name} is for another version: {known:?}");
        }
    }
}
