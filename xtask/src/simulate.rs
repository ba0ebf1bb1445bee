//! Runs against the sandbox with everything that can go wrong, many times.

use anyhow::Result;

use crate::process;

/// Plays seeds; `arguments` are the simulation's own.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut cargo = process::command("cargo");
    cargo.args(["run", "--quiet", "--profile", "measure", "-p", "simulation", "--"]).args(arguments);
    process::run(&mut cargo)
}
