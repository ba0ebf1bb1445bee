//! A digest of everything that a build depends on, to skip unnecessary builds.

use std::path::PathBuf;

use anyhow::Result;

use crate::files;

/// The folders with sources.
pub const FOLDERS: [&str; 8] =
    ["src", "crates", "contracts", "style", "public", "locales", "xtask/src", "xtask/npm"];
const FILES: [&str; 8] = [
    ".cargo/config.toml",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "index.html",
    "build.rs",
    "rust-toolchain.toml",
    "xtask/Cargo.toml",
];

/// The sources of a build.
pub fn sources() -> Result<Vec<PathBuf>> {
    let root = files::root();
    let mut paths: Vec<_> = FILES.iter().map(|name| root.join(name)).filter(|path| path.is_file()).collect();
    for folder in FOLDERS {
        paths.extend(files::below(&root.join(folder))?);
    }
    Ok(paths)
}

/// The digest of all sources and of the build settings. It does not depend on the folder of the project.
pub fn of_sources(settings: &str) -> Result<String> {
    let mut all = settings.to_owned();
    for path in sources()? {
        let name = path.strip_prefix(files::root())?.display();
        all += &format!("\n{name} {}", files::digest(&files::read(&path)?));
    }
    Ok(files::digest(all.as_bytes()))
}
