//! Builds the release beside the suites that do not need it.
//!
//! Its last step, the linker optimising the whole program, keeps one core busy for minutes; the other
//! cores have lints and tests to do. Cargo locks a release and a debug build apart, so neither waits.

use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use super::suite::Suite;
use crate::apart::Apart;
use crate::process;

/// The release build, if it was started before it was asked for.
pub struct Release(Mutex<Option<Apart>>);

impl Release {
    /// Starts it if something else is to be done first.
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

    /// Waits for it and shows what it said; a failed build is an error.
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
