//! Where things are, and the few file operations that every command needs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::process;

/// Name a copy of the project to work on instead of the project itself, and the tools to use there.
pub const ROOT: &str = "MUSTER_ROOT";
pub const TOOLS: &str = "MUSTER_TOOLS";

/// The project's root folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::env::var_os(ROOT).map_or_else(|| here.parent().unwrap_or(here).to_owned(), PathBuf::from)
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// What these commands remember between runs.
pub fn memory() -> PathBuf {
    target().join("xtask")
}

/// Tools from npm that belong to this project alone.
pub fn tools() -> PathBuf {
    std::env::var_os(TOOLS).map_or_else(|| target().join("tools"), PathBuf::from)
}

/// Programs that this project had built for itself. They serve every copy of it on a machine, so they are
/// beside Cargo's own and not in one target folder.
pub fn installed() -> PathBuf {
    process::cargo_home().map_or_else(|| tools().join("installed"), |home| home.join("muster"))
}

/// Every file below a folder, sorted, so that the order is the same on every machine.
/// A folder that does not exist has no files; `node_modules` is left out.
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

/// Reads a whole file; the error names it.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("could not read {}", path.display()))
}

/// Reads a whole text file; the error names it.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))
}

/// Writes a whole file and makes its folders.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("could not write {}", path.display()))
}

/// Copies everything below one folder into another.
pub fn copy_all(from: &Path, to: &Path) -> Result<()> {
    for file in below(from)? {
        write(&to.join(file.strip_prefix(from)?), read(&file)?)?;
    }
    Ok(())
}

/// Removes a folder with all it holds; a missing folder is fine.
pub fn remove_all(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("could not remove {}", folder.display()))?;
    }
    Ok(())
}

/// Sixteen hexadecimal digits that change with the bytes.
pub fn digest(bytes: &[u8]) -> String {
    hexadecimal(&sha256(bytes)[..8])
}

/// The SHA-256 checksum of bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes as hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A size as people write it.
pub fn kilobytes(n_bytes: usize) -> String {
    format!("{}.{} KB", n_bytes / 1000, n_bytes % 1000 / 100)
}
