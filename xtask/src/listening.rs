//! A background program that listens on a port.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

const PATIENCE: Duration = Duration::from_secs(20);

/// A running program; dropping it stops it.
pub struct Listening {
    pub address: String,
    child: Child,
}

impl Listening {
    /// Starts a program and waits until it accepts connections on a local port. `what` is its name in
    /// messages.
    pub fn start(command: &mut Command, what: &str, port: u16) -> Result<Self> {
        let child =
            command.stdin(Stdio::null()).spawn().with_context(|| format!("could not start {what}"))?;
        let mut running = Self { address: format!("http://127.0.0.1:{port}"), child };
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let started = Instant::now();
        while TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_err() {
            if let Some(status) = running.ended()? {
                bail!("{what} ended at once, with {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("{what} did not answer at {} within {PATIENCE:?}", running.address);
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(running)
    }

    pub fn port(&self) -> &str {
        self.address.rsplit(':').next().unwrap_or_default()
    }

    /// The exit status, if the program has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // Terminate first, so that the program can clean up.
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

/// A free port that has not been returned before: a program that got it may not listen yet.
pub fn free_port() -> Result<u16> {
    static GIVEN: Mutex<Vec<u16>> = Mutex::new(Vec::new());
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        if !given.contains(&port) {
            given.push(port);
            return Ok(port);
        }
    }
}
