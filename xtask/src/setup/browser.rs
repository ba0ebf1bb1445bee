//! Chromium, ChromeDriver, and the npm packages of the end-to-end tests.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::apt_install;
use crate::{files, process};

/// Where Chromium is: `CHROMIUM` in the environment, or one of the usual places.
pub fn chromium() -> Option<PathBuf> {
    find("CHROMIUM", &["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"])
}

/// Where ChromeDriver is: `CHROMEDRIVER` in the environment, or one of the usual places.
pub fn chromedriver() -> Option<PathBuf> {
    find("CHROMEDRIVER", &["/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver"])
}

/// Whether both browser programs are there.
pub fn has_chromium() -> Result<bool> {
    Ok(chromium().is_some() && chromedriver().is_some())
}

/// Installs both from Debian, with one font so that text is drawn.
pub fn install_chromium() -> Result<()> {
    apt_install(&["chromium", "chromium-driver", "fonts-dejavu-core"])
}

/// Whether the installed packages are those of the lock file.
pub fn has_packages() -> Result<bool> {
    let folder = files::root().join("e2e");
    let installed = folder.join("node_modules/.package-lock.json");
    if !installed.is_file() {
        return Ok(false);
    }
    let stamp = files::memory().join("e2e-packages");
    let lock = files::digest(&files::read(&folder.join("package-lock.json"))?);
    Ok(stamp.is_file() && files::read_text(&stamp)? == lock)
}

/// Installs the packages of the lock file, and no browsers.
pub fn install_packages() -> Result<()> {
    if !process::exists("npm") {
        bail!("this machine has no npm");
    }
    let folder = files::root().join("e2e");
    let mut npm = process::command("npm");
    npm.current_dir(&folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    process::run(npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    let lock = files::digest(&files::read(&folder.join("package-lock.json"))?);
    files::write(&files::memory().join("e2e-packages"), lock)
}

/// A program that the environment names, or else the first that is there.
pub(super) fn find(variable: &str, places: &[&str]) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    named.into_iter().chain(places.iter().map(PathBuf::from)).find(|path| path.is_file())
}
