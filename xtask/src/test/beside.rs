//! Builds releases in parallel with the suites that do not need them.
//!
//! Link-time optimisation keeps one core busy for minutes, while the other cores can run lints and tests.
//! Cargo locks release and debug builds separately, so neither waits for the other.

use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use super::suite::Suite;
use crate::apart::Apart;
use crate::process;

/// A build in the background, if it was begun.
#[derive(Default)]
pub struct Beside(Mutex<Option<Apart>>);

impl Beside {
    /// Begins the release build, unless the first suite needs it anyway or none does.
    pub fn release(chosen: &[&Suite]) -> Result<Self> {
        let beside = Self::default();
        let is_first = chosen.first().is_none_or(|suite| suite.needs_release);
        if is_first || !chosen.iter().any(|suite| suite.needs_release) {
            return Ok(beside);
        }
        println!(
            "build: compiling the release beside the other suites; what it says follows when it is asked for"
        );
        let this = std::env::current_exe().context("this program does not know where it is")?;
        beside.begin(process::command(&this.to_string_lossy()).args(["build", "--release"]))?;
        Ok(beside)
    }

    /// Begins a build.
    pub fn begin(&self, build: &mut Command) -> Result<()> {
        let apart = Apart::start(build)?;
        apart.end_with_this_program()?;
        if let Ok(mut begun) = self.0.lock() {
            *begun = Some(apart);
        }
        Ok(())
    }

    /// Returns true from the beginning of a build until it is waited for.
    pub fn is_begun(&self) -> bool {
        self.0.lock().is_ok_and(|begun| begun.is_some())
    }

    /// Waits for the build and prints its output. Returns false if none was begun. A failed build is an error.
    pub fn finish(&self) -> Result<bool> {
        let Some(apart) = self.0.lock().ok().and_then(|mut apart| apart.take()) else {
            return Ok(false);
        };
        let ended = apart.finish()?;
        print!("{}", ended.told);
        println!("build: took {} seconds beside the other suites", ended.took.as_secs());
        if !ended.status.success() {
            bail!("the release build ended with {}: what it said is above", ended.status);
        }
        Ok(true)
    }
}
