//! Builds the site: Trunk compiles and bundles, `assemble` makes the result ready to serve.

mod assemble;
mod assets;
mod bundle;
mod fetches;
mod join;
mod kept;
mod optimise;
mod page;
mod paths;
mod shared;
mod shorten;
mod split;
mod squeeze;
mod stamp;

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::toolchain::Toolchain;
use crate::{Options, files, process, setup};
use shared::Shared;

pub use assemble::{compress, names};
pub use assets::{Asset, FOLDER as ASSETS};
pub use fetches::pages;
pub use page::Page;
pub use split::{fetched_by_part, transform as split};
pub use stamp::{FOLDERS, sources};

/// If this environment variable is set, a release is compiled even if this machine has one of the same sources.
pub const ANEW: &str = "MUSTER_ANEW";

/// A development or a release build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Release,
}

impl Profile {
    pub fn of(options: &Options) -> Self {
        if options.release { Self::Release } else { Self::Dev }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    fn cargo_folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// What wasm-opt and wasm-merge must accept: they reject modules that use Rust's default features otherwise.
fn wasm_features() -> [&'static str; 6] {
    [
        "--enable-bulk-memory",
        "--enable-nontrapping-float-to-int",
        "--enable-sign-ext",
        "--enable-mutable-globals",
        "--enable-reference-types",
        "--enable-multivalue",
    ]
}

/// The location of a finished build.
#[derive(Debug, Clone)]
pub struct Built {
    /// The folder of the site.
    pub files: PathBuf,
    /// The folder of the brotli-compressed files; empty for a development build.
    pub compressed: PathBuf,
}

impl Built {
    fn of(profile: Profile) -> Self {
        let files = files::target().join("site").join(profile.name());
        Self { files, compressed: files::memory().join(profile.name()).join("brotli") }
    }
}

/// Sets up the machine and builds.
pub fn run(options: &Options) -> Result<()> {
    let toolchain = setup::for_builds()?;
    let built = ensure(toolchain, Profile::of(options))?;
    println!("build: the site is in {}", built.files.display());
    Ok(())
}

/// Builds unless the sources are unchanged since the last build, or another copy of the project has built their
/// release.
pub fn ensure(toolchain: Toolchain, profile: Profile) -> Result<Built> {
    make(toolchain, profile, false)
}

/// As [`ensure`], and compiles unless the linker's output in the target folder is of these sources.
pub fn ensure_linked(toolchain: Toolchain, profile: Profile) -> Result<Built> {
    let is_linked = is_of(&linked_stamp(profile), &sources_of(toolchain, profile)?)?;
    make(toolchain, profile, !is_linked)
}

/// The digest of everything that a build depends on.
fn sources_of(toolchain: Toolchain, profile: Profile) -> Result<String> {
    let compiler = process::capture(toolchain.command("rustc").arg("-vV"))?;
    let has_wasm_opt = setup::wasm_opt().is_some();
    stamp::of_sources(&format!("{toolchain:?} {compiler} {profile:?} wasm-opt: {has_wasm_opt}"))
}

/// The file with the digest of the sources that were linked last.
fn linked_stamp(profile: Profile) -> PathBuf {
    files::memory().join(profile.name()).join("linked")
}

fn is_of(stamp: &Path, sources: &str) -> Result<bool> {
    Ok(stamp.is_file() && files::read_text(stamp)? == sources)
}

fn make(toolchain: Toolchain, profile: Profile, has_to_link: bool) -> Result<Built> {
    let built = Built::of(profile);
    let stamp = files::memory().join(profile.name()).join("stamp");
    // Taken before the build, so that a change made during the build triggers the next one.
    let sources = sources_of(toolchain, profile)?;
    if !has_to_link && built.files.join("index.html").is_file() && is_of(&stamp, &sources)? {
        println!("build: nothing changed since the last {} build", profile.name());
        return Ok(built);
    }
    let is_shared = profile == Profile::Release && !has_to_link && std::env::var_os(ANEW).is_none();
    let shared = is_shared.then(|| Shared::of(&sources));
    if let Some(shared) = &shared
        && shared.take(&built)?
    {
        println!("build: the release of these sources was built before, and is taken from there");
        files::write(&stamp, sources)?;
        return Ok(built);
    }
    println!("build: compiling the {} build", profile.name());
    // Trunk runs offline, so the dependencies in Cargo.lock are fetched first.
    process::run(toolchain.command("cargo").args(["fetch", "--quiet", "--locked"]))?;
    let bound = files::target().join("trunk").join(profile.name());
    let mut trunk = toolchain.command("trunk");
    trunk
        .env_remove("NO_COLOR")
        // Trunk's own backtrace would hide the compiler's errors.
        .env("RUST_BACKTRACE", "0")
        .args(["build", "--offline", "--locked", "--skip-version-check", "--dist"])
        .arg(&bound);
    if profile == Profile::Release {
        trunk.arg("--release").env("CARGO_ENCODED_RUSTFLAGS", paths::forgotten(toolchain)?);
    }
    process::run(&mut trunk)?;
    assemble::run(profile, &bound, &built)?;
    if let Some(shared) = shared {
        shared.keep(&built)?;
    }
    files::write(&linked_stamp(profile), &sources)?;
    files::write(&stamp, sources)?;
    Ok(built)
}
