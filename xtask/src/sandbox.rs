//! Runs the sandbox server in the background.

use std::net::TcpListener;
use std::path::Path;

use anyhow::{Result, bail};

pub use crate::listening::{Listening as Running, free_port};
use crate::{files, process};

pub fn build() -> Result<()> {
    process::run(process::command("cargo").args(["build", "--quiet", "--package", "sandbox-server"]))
}

/// Starts the sandbox and waits until it listens. `switches` are those of `sandbox-server --help`.
pub fn start(port: u16, database: &Path, origin: &str, switches: &[&str]) -> Result<Running> {
    start_with_keys(port, database, origin, switches, &[])
}

/// Like [`start`], with the keys that `--exact-keys` reads from the environment.
pub fn start_with_keys(
    port: u16,
    database: &Path,
    origin: &str,
    switches: &[&str],
    keys: &[(&str, &str)],
) -> Result<Running> {
    let mut command = process::command(&files::target().join("debug/sandbox-server").to_string_lossy());
    command.args(["--port", &port.to_string(), "--origin", origin, "--db"]).arg(database).args(switches);
    Running::start(command.envs(keys.iter().copied()), "the sandbox", port)
}

/// Fails with a suggestion if the port is in use.
pub fn require_free(port: u16, option: &str) -> Result<()> {
    if TcpListener::bind(("127.0.0.1", port)).is_err() {
        bail!(
            "port {port} is taken; please choose another: cargo xtask serve {option} {}",
            port.wrapping_add(10)
        );
    }
    Ok(())
}
