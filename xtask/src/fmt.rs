//! Formats Rust: rustfmt the code, leptosfmt the views, which rustfmt leaves as they are.

use anyhow::Result;

use crate::{process, setup};

/// The folders with views.
const VIEWS: [&str; 2] = ["src", "crates/ui/src"];

/// Formats all sources.
pub fn run() -> Result<()> {
    setup::for_formatting()?;
    process::run(process::command("leptosfmt").arg("--quiet").args(VIEWS))?;
    // Last, because a shorter or longer view can change the code around it.
    process::run(process::command("cargo").args(["fmt", "--all"]))
}

/// Fails if [`run`] would change a source, and prints the differences.
pub fn check() -> Result<()> {
    process::run(process::command("cargo").args(["fmt", "--all", "--check"]))?;
    process::run(process::command("leptosfmt").args(["--quiet", "--check"]).args(VIEWS))
}
