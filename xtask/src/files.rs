//! Paths of the project, and file operations.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::process;

/// Environment variables that name another copy of the project to work on, and the tools to use there.
pub const ROOT: &str = "MUSTER_ROOT";
pub const TOOLS: &str = "MUSTER_TOOLS";

pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::env::var_os(ROOT).map_or_else(|| here.parent().unwrap_or(here).to_owned(), PathBuf::from)
}

pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// State that these commands keep between runs.
pub fn memory() -> PathBuf {
    target().join("xtask")
}

/// Tools that are installed for this project only.
pub fn tools() -> PathBuf {
    std::env::var_os(TOOLS).map_or_else(|| target().join("tools"), PathBuf::from)
}

/// Programs built for this project. They are shared by all copies of the project on a machine, so they are
/// next to Cargo's own programs rather than in a target folder.
pub fn installed() -> PathBuf {
    process::cargo_home().map_or_else(|| tools().join("installed"), |home| home.join("muster"))
}

/// All files below a folder, sorted, so that the order does not depend on the machine. Skips `node_modules`;
/// a missing folder has no files.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        if !folder.is_dir() {
            continue;
        }
        let entries =
            fs::read_dir(&folder).with_context(|| format!("could not list {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if !path.is_dir() {
                found.push(path);
            } else if path.file_name().is_some_and(|name| name != "node_modules") {
                open.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Reads a file; errors name it.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("could not read {}", path.display()))
}

/// Reads a text file; errors name it.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))
}

/// Writes a file and creates its parent folders.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("could not write {}", path.display()))
}

/// Copies all files below one folder to another.
pub fn copy_all(from: &Path, to: &Path) -> Result<()> {
    for file in below(from)? {
        write(&to.join(file.strip_prefix(from)?), read(&file)?)?;
    }
    Ok(())
}

/// Removes a folder recursively; a missing folder is fine.
pub fn remove_all(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("could not remove {}", folder.display()))?;
    }
    Ok(())
}

/// The first 16 hexadecimal digits of a SHA-256 digest.
pub fn digest(bytes: &[u8]) -> String {
    hexadecimal(&sha256(bytes)[..8])
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Hexadecimal digits in lower case.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Formats a size in kilobytes with one decimal.
pub fn kilobytes(n_bytes: usize) -> String {
    format!("{}.{} KB", n_bytes / 1000, n_bytes % 1000 / 100)
}
