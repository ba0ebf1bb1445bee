//! Debian's packages, always in the newest release that its archive has.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Result, bail};

use crate::process;

/// Installs packages as root and without questions, after the lists were refreshed.
pub fn install(packages: &[&str]) -> Result<()> {
    if !process::exists("apt-get") {
        bail!("this machine has no apt-get");
    }
    if process::capture(process::command("id").arg("-u"))?.trim() != "0" {
        bail!("apt-get needs root");
    }
    refresh()?;
    process::run(apt().args(["install", "--no-install-recommends"]).args(packages))
}

/// Downloads the archive of a package into a folder, after the lists were refreshed.
pub fn download(package: &str, folder: &Path) -> Result<()> {
    refresh()?;
    process::run(apt().current_dir(folder).args(["download", package]))
}

/// Refreshes the lists, once in each run. A machine's image has lists as old as itself: an install by them
/// succeeds, and gives a browser of months ago. Without a network they are better than nothing.
fn refresh() -> Result<()> {
    static REFRESHED: OnceLock<()> = OnceLock::new();
    if REFRESHED.get().is_some() {
        return Ok(());
    }
    if !process::status(apt().arg("update"))?.success() {
        println!("setup: apt-get could not refresh its lists: what it installs now may be old");
    }
    REFRESHED.get_or_init(|| ());
    Ok(())
}

fn apt() -> Command {
    let mut apt = process::command("apt-get");
    apt.args(["-q", "-y"]).env("DEBIAN_FRONTEND", "noninteractive");
    apt
}
