//! Debian packages, always at the latest version in the archive.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Result, bail};

use super::notes;
use crate::process;

/// Refreshes the package lists and installs packages. Needs root; asks no questions.
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

/// Refreshes the package lists and downloads a package into a folder.
pub fn download(package: &str, folder: &Path) -> Result<()> {
    refresh()?;
    process::run(apt().current_dir(folder).args(["download", package]))
}

/// The name of the note about outdated lists.
const LISTS: &str = "apt-lists";
const STALE: &str =
    "apt-get could not refresh all of its lists: what was installed since, browsers included, may be old";

/// Refreshes the package lists, once per run. Lists of a machine's image are as old as the image: installing
/// from them succeeds with a browser that is months old. Offline they are better than nothing, and every
/// summary mentions it until a refresh succeeds.
fn refresh() -> Result<()> {
    static REFRESHED: OnceLock<()> = OnceLock::new();
    if REFRESHED.get().is_some() {
        return Ok(());
    }
    if process::status(&mut update())?.success() {
        notes::forget(LISTS)?;
    } else {
        notes::keep(LISTS, STALE)?;
        println!("setup: {STALE}");
    }
    REFRESHED.get_or_init(|| ());
    Ok(())
}

/// Fails if any list cannot be fetched. By default, apt-get warns, uses the old list and exits with success.
fn update() -> Command {
    let mut update = apt();
    update.args(["-o", "APT::Update::Error-Mode=any", "update"]);
    update
}

fn apt() -> Command {
    let mut apt = process::command("apt-get");
    apt.args(["-q", "-y"]).env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_list_that_could_not_be_fetched_is_noticed() {
        if !process::exists("apt-get") {
            return;
        }
        let folder = std::env::temp_dir().join(format!("muster-apt-{}", std::process::id()));
        for part in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(folder.join(part)).expect("a folder");
        }
        let sources = folder.join("sources.list");
        // No server listens on port 1.
        fs::write(&sources, "deb http://127.0.0.1:1 none main\n").expect("a file");
        let options = [
            "Acquire::Retries=0".to_owned(),
            "Dir::Etc::sourceparts=/dev/null".to_owned(),
            format!("Dir::Etc::sourcelist={}", sources.display()),
            format!("Dir::State::lists={}", folder.join("lists").display()),
            format!("Dir::Cache={}", folder.join("cache").display()),
        ];
        let run = |mut command: Command| {
            for option in &options {
                command.args(["-o", option]);
            }
            command.output().expect("apt-get starts").status.success()
        };
        let mut plain = apt();
        plain.arg("update");
        assert!(run(plain), "apt-get only warns by itself");
        assert!(!run(update()));
        fs::remove_dir_all(&folder).expect("the folder is there");
    }
}
