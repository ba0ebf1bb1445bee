//! Runs the simulation: plans against the sandbox with injected faults.

use anyhow::Result;

use crate::process;

/// Plays seeds; passes `arguments` on to the simulation.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut cargo = process::command("cargo");
    cargo.args(["run", "--quiet", "--profile", "measure", "-p", "simulation", "--"]).args(arguments);
    process::run(&mut cargo)
}
