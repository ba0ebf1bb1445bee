//! The Rust toolchain that builds for Wasm: the default one, or Debian's.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::{files, process};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// A toolchain with a standard library for Wasm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The one that runs this program.
    Usual,
    /// Debian's packages, linked into rustup as `debian`.
    DebianLinked,
    /// Debian's packages, on a machine without rustup.
    DebianPlain,
}

impl Toolchain {
    /// Finds a toolchain that can build for Wasm.
    pub fn detect() -> Option<Self> {
        [Self::Usual, Self::DebianLinked, Self::DebianPlain].into_iter().find(|toolchain| toolchain.has_std())
    }

    /// A command that uses this toolchain for everything it starts.
    pub fn command(self, program: &str) -> Command {
        let mut command = process::command(program);
        match self {
            Self::Usual => {}
            Self::DebianLinked => {
                command.env("RUSTUP_TOOLCHAIN", "debian");
            }
            Self::DebianPlain => {
                command.env_remove("RUSTUP_TOOLCHAIN").env("PATH", debian_first());
            }
        }
        command
    }

    fn has_std(self) -> bool {
        if self == Self::DebianPlain && process::exists("rustup") {
            return false; // rustup's proxies would take precedence, so it has to be linked first
        }
        let mut rustc = self.command("rustc");
        rustc.args(["--print", "target-libdir", "--target", TARGET]);
        process::capture(&mut rustc).is_ok_and(|folder| has_std(Path::new(folder.trim())).unwrap_or(false))
    }
}

fn has_std(folder: &Path) -> Result<bool> {
    let files = files::below(folder)?;
    Ok(files.iter().any(|file| {
        let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    }))
}

fn debian_first() -> String {
    format!("/usr/bin:{}", process::search_path().to_string_lossy())
}
