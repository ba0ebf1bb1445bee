//! Names the site's files by their final bytes, and knows the checksum of each.
//!
//! What is named here is the only place that tells a browser which bytes to accept: the page names the scripts and
//! the style sheet with their checksums, the page and the scripts name the Wasm with its own.

use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::files;

/// The folder of everything that may be kept for ever.
pub const FOLDER: &str = "assets";

/// A file under its final name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its address from the site's root, as `assets/muster-0123456789abcdef.js`.
    pub address: String,
    /// What a browser compares with its bytes before it uses them.
    pub integrity: String,
}

impl Asset {
    /// Writes bytes into the site under a name that changes with them.
    pub fn write(site: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<Self> {
        Self::write_as(site, &named(stem, extension, bytes), bytes)
    }

    /// Writes bytes into the site under a name that was made for them.
    pub fn write_as(site: &Path, name: &str, bytes: &[u8]) -> Result<Self> {
        let address = format!("{FOLDER}/{name}");
        files::write(&site.join(&address), bytes)?;
        Ok(Self { address, integrity: integrity(bytes) })
    }

    /// Gives a file of the site its final name.
    pub fn rename(site: &Path, path: &Path) -> Result<Self> {
        let (stem, extension) = (part(path.file_stem())?, part(path.extension())?);
        let bytes = files::read(path)?;
        std::fs::remove_file(path).with_context(|| format!("could not rename {}", path.display()))?;
        Self::write(site, &stem, &extension, &bytes)
    }

    /// Its name without the folder, as other files of the folder call it.
    pub fn name(&self) -> &str {
        self.address.rsplit('/').next().unwrap_or_default()
    }
}

/// A name that changes with the bytes, as `muster-0123456789abcdef.js`.
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
