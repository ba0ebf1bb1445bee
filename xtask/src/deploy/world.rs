//! The environment of a recipe: a site, a sandbox that accepts only these keys, and three vendors.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::certificates::Certificates;
use super::once::Once;
use super::vendor::Vendor;
use crate::build::{self, Built};
use crate::dist::{self, Settings};
use crate::{files, process, sandbox};

/// Keys that only the vendors may ever see.
pub const COMETCHAT_KEY: &str = "marked-cometchat-7c1e55a0";
pub const NETWORKED_KEY: &str = "marked-networked-3b9f20d4";
pub const GENUIN_KEY: &str = "marked-genuin-key-58d1";
pub const GENUIN_SECRET: &str = "marked-genuin-secret-e04b";

/// A server that the recipes are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Nginx,
    Caddy,
}

impl Kind {
    /// The display name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "Caddy",
        }
    }

    /// The name in folders and commands.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
        }
    }

    /// The extension of its configuration files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Nginx => "conf",
            Self::Caddy => "caddy",
        }
    }
}

/// Everything behind a recipe; dropping it stops all of it.
pub struct World {
    /// A temporary folder, removed on drop.
    pub folder: PathBuf,
    /// The output of `cargo xtask dist`.
    pub dist: PathBuf,
    /// The web root.
    pub site: PathBuf,
    /// The site's files, relative to the root.
    pub names: Vec<String>,
    /// The headers that every file must have.
    pub security: Vec<(&'static str, String)>,
    pub certificates: Certificates,
    pub cometchat: Vendor,
    pub networked: Vendor,
    pub genuin: Vendor,
    pub sandbox: sandbox::Running,
    /// The store of call numbers, for Caddy.
    pub once: Once,
}

impl World {
    /// Starts the sandbox and the vendors, and writes the site.
    pub fn start(built: &Built) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("muster-deploy-{}", std::process::id()));
        files::remove_all(&folder)?;
        let settings = Settings::read(&files::root().join("deploy/config.json"), &[])?;
        let security = hosting::headers::security(&settings.hosted.config);
        let dist = folder.join("dist");
        let request =
            dist::Request { settings, out: dist.clone(), last: None, base: dist::BasePath::default() };
        dist::write(&request, || Ok(built.clone()))?;
        let site = dist.join(dist::SITE);
        let names = build::names(&site)?;
        let keys = [
            ("SANDBOX_COMETCHAT_KEY", COMETCHAT_KEY),
            ("SANDBOX_NETWORKED_KEY", NETWORKED_KEY),
            ("SANDBOX_GENUIN_KEY", GENUIN_KEY),
            ("SANDBOX_GENUIN_SECRET", GENUIN_SECRET),
        ];
        let sandbox = sandbox::start_with_keys(
            sandbox::free_port()?,
            &folder.join("sandbox.db"),
            "http://127.0.0.1:1",
            &["--no-latency", "--no-rate-limits", "--exact-keys"],
            &keys,
        )?;
        Ok(Self {
            certificates: Certificates::make(&folder.join("certificates"))?,
            cometchat: Vendor::start(&sandbox.address, "/cometchat")?,
            networked: Vendor::start(&sandbox.address, "/networked")?,
            genuin: Vendor::start(&sandbox.address, "/genuin")?,
            once: Once::start(&folder.join("once"))?,
            sandbox,
            security,
            dist,
            names,
            site,
            folder,
        })
    }

    /// Writes the files that a recipe includes but does not contain: the site's headers, the users, the keys.
    pub fn write_parts(&self, kind: Kind, folder: &Path, people: &str) -> Result<()> {
        files::copy_all(&self.dist.join(kind.slug()).join("muster"), folder)?;
        let header = if kind == Kind::Nginx { "proxy_set_header" } else { "header_up" };
        let end = if kind == Kind::Nginx { ";\n" } else { "\n" };
        let keys = folder.join("keys");
        let key = |name: &str| keys.join(format!("{name}.{}", kind.ending()));
        files::write(&folder.join("people"), people)?;
        files::write(&key("cometchat-superhero-fans"), format!("{header} apikey \"{COMETCHAT_KEY}\"{end}"))?;
        files::write(
            &key("networked-founders-guild"),
            format!("{header} x-api-key \"{NETWORKED_KEY}\"{end}"),
        )?;
        let credentials = keys.join("genuin-loop-studio.credentials");
        let url = &self.genuin.address;
        files::write(&credentials, format!("url={url}\napi_key={GENUIN_KEY}\napi_secret={GENUIN_SECRET}\n"))?;
        process::run(self.token_script(kind).arg(&credentials).arg(key("genuin-loop-studio")))
            .context("deploy/genuin-token.sh")
    }

    /// The script that gets a Genuin token, with this server's argument.
    pub fn token_script(&self, kind: Kind) -> std::process::Command {
        let script = files::root().join("deploy/genuin-token.sh");
        let mut command = process::command(&script.to_string_lossy());
        command.arg(kind.slug());
        command
    }
}

impl Drop for World {
    fn drop(&mut self) {
        files::remove_all(&self.folder).ok();
    }
}
