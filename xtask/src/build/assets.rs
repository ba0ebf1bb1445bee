//! Names the site's files by their content, and computes their integrity digests.
//!
//! These digests are what browsers check: the page contains those of scripts and the style sheet, and the
//! page and the scripts contain those of the Wasm.

use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::files;

/// The folder of files that can be cached forever.
pub const FOLDER: &str = "assets";

/// A file under its final name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Path relative to the site's root, as `assets/muster-0123456789abcdef.js`.
    pub address: String,
    /// Subresource Integrity digest.
    pub integrity: String,
}

impl Asset {
    /// Writes a file with a content hash in its name.
    pub fn write(site: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<Self> {
        Self::write_as(site, &named(stem, extension, bytes), bytes)
    }

    /// Writes a file under a name that already contains a hash.
    pub fn write_as(site: &Path, name: &str, bytes: &[u8]) -> Result<Self> {
        let address = format!("{FOLDER}/{name}");
        files::write(&site.join(&address), bytes)?;
        Ok(Self::unwritten(&address, bytes))
    }

    /// A file that is served without being on disk.
    pub fn unwritten(address: &str, bytes: &[u8]) -> Self {
        Self { address: address.to_owned(), integrity: integrity(bytes) }
    }

    /// Moves a file of the site to its hashed name.
    pub fn rename(site: &Path, path: &Path) -> Result<Self> {
        let (stem, extension) = (part(path.file_stem())?, part(path.extension())?);
        let bytes = files::read(path)?;
        std::fs::remove_file(path).with_context(|| format!("could not rename {}", path.display()))?;
        Self::write(site, &stem, &extension, &bytes)
    }

    /// The file name without the folder, for references within the folder.
    pub fn name(&self) -> &str {
        self.address.rsplit('/').next().unwrap_or_default()
    }
}

/// A name with a content hash, as `muster-0123456789abcdef.js`.
pub fn named(stem: &str, extension: &str, bytes: &[u8]) -> String {
    format!("{stem}-{}.{extension}", files::digest(bytes))
}

fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(files::sha256(bytes)))
}

fn part(part: Option<&std::ffi::OsStr>) -> Result<String> {
    Ok(part.context("a file of the site has no name")?.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_and_the_checksum_change_with_the_bytes() {
        let site = files::memory().join("asset-tests");
        let of = |bytes: &[u8]| Asset::write(&site, "a", "js", bytes).expect("the target folder is writable");
        assert_eq!(of(b"one"), of(b"one"));
        let (one, two) = (of(b"one"), of(b"two"));
        assert_ne!(one.address, two.address);
        assert_ne!(one.integrity, two.integrity);
        assert_eq!(files::read(&site.join(&one.address)).expect("it was written"), b"one");
    }

    #[test]
    fn the_checksum_is_what_browsers_compute() {
        // The example of the Subresource Integrity specification, section 3.2.1, with SHA-256.
        let of = integrity(b"alert('Hello, world.');");
        assert_eq!(of, "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }
}
