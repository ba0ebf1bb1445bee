//! Builds the release in parallel with the suites that do not need it.
//!
//! Link-time optimisation keeps one core busy for minutes, while the other cores can run lints and tests.
//! Cargo locks release and debug builds separately, so neither waits for the other.

use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use super::suite::Suite;
use crate::apart::Apart;
use crate::process;

/// The release build in the background, if it was started early.
pub struct Release(Mutex<Option<Apart>>);

impl Release {
    /// Starts the build, unless the first suite needs it anyway or none does.
    pub fn start(chosen: &[&Suite]) -> Result<Self> {
        let is_first = chosen.first().is_none_or(|suite| suite.needs_release);
        if is_first || !chosen.iter().any(|suite| suite.needs_release) {
            return Ok(Self(Mutex::new(None)));
        }
        println!(
            "build: compiling the release beside the other suites; what it says follows when it is asked for"
        );
        let this = std::env::current_exe().context("this program does not know where it is")?;
        let mut build = process::command(&this.to_string_lossy());
        let apart = Apart::start(build.args(["build", "--release"]))?;
        apart.end_with_this_program()?;
        Ok(Self(Mutex::new(Some(apart))))
    }

    /// Waits for the build and prints its output. A failed build is an error.
    pub fn finish(&self) -> Result<()> {
        let Some(apart) = self.0.lock().ok().and_then(|mut apart| apart.take()) else {
            return Ok(());
        };
        let ended = apart.finish()?;
        print!("{}", ended.told);
        println!("build: took {} seconds beside the other suites", ended.took.as_secs());
        if !ended.status.success() {
            bail!("the release build ended with {}: what it said is above", ended.status);
        }
        Ok(())
    }
}
