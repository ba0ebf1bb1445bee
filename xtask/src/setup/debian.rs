//! An alternative for machines that reach Debian's servers but not those of rustup.
//!
//! Debian packages a current Rust without a standard library for Wasm, so it is built here, once. A standard
//! library only works with the compiler that built it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::apt_install;
use crate::toolchain::{TARGET, Toolchain};
use crate::{files, process};

const RUSTC: &str = "/usr/bin/rustc";
const SEED: &str = "wasm-std-seed";

/// Installs Debian's Rust, builds its standard library for Wasm, and links it into rustup.
pub fn install() -> Result<()> {
    apt_install(&["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "rustfmt-web", "lld-22"])?;
    let library = sysroot()?.join("lib/rustlib").join(TARGET).join("lib");
    if files::below(&library)?.is_empty() {
        build_std(&library)?;
    }
    link_linker()?;
    if process::exists("rustup") {
        process::run(process::command("rustup").args(["toolchain", "link", "debian", "/usr"]))?;
    }
    Ok(())
}

/// Returns true if the Wasm toolchain has a linker. Only Debian's needs to be given one.
pub fn has_linker() -> Result<bool> {
    match Toolchain::detect() {
        Some(Toolchain::DebianLinked | Toolchain::DebianPlain) => Ok(linker()?.exists()),
        Some(Toolchain::Usual) | None => Ok(true),
    }
}

/// Links Debian's lld to where rustc looks for its own, so that no linker needs to be configured.
pub fn link_linker() -> Result<()> {
    let link = linker()?;
    if link.exists() {
        return Ok(());
    }
    if !Path::new("/usr/bin/lld-22").exists() {
        apt_install(&["lld-22"])?;
    }
    if let Some(folder) = link.parent() {
        std::fs::create_dir_all(folder)?;
    }
    process::run(process::command("ln").args(["-s", "/usr/bin/lld-22"]).arg(&link))
}

fn linker() -> Result<PathBuf> {
    let told = process::capture(process::command(RUSTC).env_remove("RUSTUP_TOOLCHAIN").arg("-vV"))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc named no host")?;
    Ok(sysroot()?.join("lib/rustlib").join(host).join("bin/rust-lld"))
}

fn sysroot() -> Result<PathBuf> {
    let mut rustc = process::command(RUSTC);
    let folder = process::capture(rustc.env_remove("RUSTUP_TOOLCHAIN").args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(folder.trim()))
}

fn build_std(library: &Path) -> Result<()> {
    let seed = std::env::temp_dir().join(format!("{SEED}-{}", std::process::id()));
    let manifest =
        format!("[package]\nname = \"{SEED}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n");
    files::write(&seed.join("Cargo.toml"), manifest)?;
    files::write(&seed.join("src/lib.rs"), "")?;
    let mut cargo = process::command("/usr/bin/cargo");
    cargo
        .current_dir(&seed)
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO_TARGET_DIR")
        .env("PATH", format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()))
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // Without it, `lto = "fat"` fails with "failed to get bitcode".
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .args(["build", "--release", "--target", TARGET])
        .args(["-Z", "build-std=std,panic_abort,panic_unwind,test"]);
    process::run(&mut cargo)?;
    let built = seed.join("target").join(TARGET).join("release/deps");
    let own = format!("lib{}-", SEED.replace('-', "_"));
    let mut n_copied = 0;
    for file in files::below(&built)? {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.ends_with(".rlib") && !name.starts_with(&own) {
            files::write(&library.join(&name), files::read(&file)?)?;
            n_copied += 1;
        }
    }
    if n_copied == 0 {
        bail!("the build of the standard library left nothing in {}", built.display());
    }
    files::remove_all(&seed)
}
