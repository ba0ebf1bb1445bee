//! Runs the local sandbox as a program beside this one.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{files, process};

const PATIENCE: Duration = Duration::from_secs(20);

/// A sandbox that is running; dropping it stops it.
pub struct Running {
    /// Where it answers.
    pub address: String,
    child: Child,
}

/// Compiles the sandbox.
pub fn build() -> Result<()> {
    process::run(process::command("cargo").args(["build", "--quiet", "--package", "sandbox-server"]))
}

/// Starts the sandbox and waits until it answers. The switches are those of `sandbox-server --help`.
pub fn start(port: u16, database: &Path, origin: &str, switches: &[&str]) -> Result<Running> {
    let mut command = process::command(&files::target().join("debug/sandbox-server").to_string_lossy());
    command.args(["--port", &port.to_string(), "--origin", origin, "--db"]).arg(database).args(switches);
    let child = command.stdin(Stdio::null()).spawn().context("could not start the sandbox")?;
    let mut running = Running { address: format!("http://127.0.0.1:{port}"), child };
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let started = Instant::now();
    while TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_err() {
        if let Some(status) = running.ended()? {
            bail!("the sandbox ended at once, with {status}");
        }
        if started.elapsed() > PATIENCE {
            bail!("the sandbox did not answer at {} within {PATIENCE:?}", running.address);
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(running)
}

/// A port that nobody uses now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Says in one sentence what to type where a port is taken.
pub fn require_free(port: u16, option: &str) -> Result<()> {
    if TcpListener::bind(("127.0.0.1", port)).is_err() {
        bail!(
            "port {port} is taken; please choose another: cargo xtask serve {option} {}",
            port.wrapping_add(10)
        );
    }
    Ok(())
}

impl Running {
    /// How it ended, if it did.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ask first, so that it can close its database; a journal survives either way.
        let asked = Command::new("kill").arg(self.child.id().to_string()).stderr(Stdio::null()).status();
        let started = Instant::now();
        while asked.is_ok() && started.elapsed() < Duration::from_secs(3) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
