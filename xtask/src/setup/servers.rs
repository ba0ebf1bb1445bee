//! nginx and Caddy, for testing the recipes in `deploy/`.
//!
//! Installing Debian's packages would start both as services. They are only downloaded and unpacked next to
//! the project's other tools, so nothing is installed or started.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::browser::find;
use super::{apt, apt_install};
use crate::{files, process};

fn folder() -> PathBuf {
    files::tools().join("servers")
}

fn unpacked(path: &str) -> String {
    folder().join(path).to_string_lossy().into_owned()
}

/// The path of nginx: `NGINX` in the environment, a usual place, or the unpacked package.
pub fn nginx() -> Option<PathBuf> {
    find("NGINX", &["/usr/sbin/nginx", "/usr/local/sbin/nginx", &unpacked("usr/sbin/nginx")])
}

/// The path of Caddy: `CADDY` in the environment, a usual place, or the unpacked package.
pub fn caddy() -> Option<PathBuf> {
    find("CADDY", &["/usr/bin/caddy", "/usr/local/bin/caddy", &unpacked("usr/bin/caddy")])
}

/// Programs that create the tests' certificates and that get a relay's token.
const BESIDES: [&str; 2] = ["openssl", "curl"];

/// Returns true if both servers run, as an unpacked program may lack a library, and the other programs exist.
pub fn has_servers() -> Result<bool> {
    let runs = |program: Option<PathBuf>, argument: &str| {
        let mut command = process::command(&program?.to_string_lossy());
        process::capture(command.arg(argument)).ok()
    };
    let has_besides = BESIDES.into_iter().all(process::exists);
    Ok(has_besides && runs(nginx(), "-v").is_some() && runs(caddy(), "version").is_some())
}

/// Downloads and unpacks missing servers, and installs the other programs.
pub fn unpack_servers() -> Result<()> {
    if !process::exists("apt-get") || !process::exists("dpkg-deb") {
        bail!("this machine has no apt-get");
    }
    let missing: Vec<_> = BESIDES.into_iter().filter(|name| !process::exists(name)).collect();
    if !missing.is_empty() {
        apt_install(&missing)?;
    }
    for (package, is_there) in [("nginx", nginx().is_some()), ("caddy", caddy().is_some())] {
        if !is_there {
            unpack(package)?;
        }
    }
    Ok(())
}

fn unpack(package: &str) -> Result<()> {
    let downloads = folder().join("downloads");
    files::remove_all(&downloads)?;
    std::fs::create_dir_all(&downloads)?;
    apt::download(package, &downloads)?;
    let found = files::below(&downloads)?;
    let archive = found.first().context("apt-get left nothing")?;
    process::run(process::command("dpkg-deb").arg("-x").arg(archive).arg(folder()))?;
    files::remove_all(&downloads)
}
