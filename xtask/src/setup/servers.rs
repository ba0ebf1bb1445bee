//! nginx and Caddy, which the tests of the recipes in `deploy/` run.
//!
//! Debian's packages would start both as services of the machine when they are installed. So they are only
//! downloaded and unpacked beside the project's other tools: nothing is installed, and nothing starts.

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

/// Where nginx is: `NGINX` in the environment, one of the usual places, or unpacked here.
pub fn nginx() -> Option<PathBuf> {
    find("NGINX", &["/usr/sbin/nginx", "/usr/local/sbin/nginx", &unpacked("usr/sbin/nginx")])
}

/// Where Caddy is: `CADDY` in the environment, one of the usual places, or unpacked here.
pub fn caddy() -> Option<PathBuf> {
    find("CADDY", &["/usr/bin/caddy", "/usr/local/bin/caddy", &unpacked("usr/bin/caddy")])
}

/// What makes certificates for the tests, and what Genuin's token is got with.
const BESIDES: [&str; 2] = ["openssl", "curl"];

/// Whether both run, as an unpacked program may lack a library, and whether what the tests need besides is there.
pub fn has_servers() -> Result<bool> {
    let runs = |program: Option<PathBuf>, argument: &str| {
        let mut command = process::command(&program?.to_string_lossy());
        process::capture(command.arg(argument)).ok()
    };
    let has_besides = BESIDES.into_iter().all(process::exists);
    Ok(has_besides && runs(nginx(), "-v").is_some() && runs(caddy(), "version").is_some())
}

/// Downloads and unpacks what is missing.
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
