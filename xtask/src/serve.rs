//! Serves the console and its sandbox on this machine, as a production host would.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::build::Profile;
use crate::site::Site;
use crate::{Options, build, files, sandbox, setup};

/// Sets up, builds, and serves until Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    sandbox::require_free(options.port, "--port")?;
    sandbox::require_free(options.sandbox_port, "--sandbox-port")?;
    let hosted = options.hosted()?;
    let toolchain = setup::for_builds()?;
    sandbox::build()?;
    let built = build::ensure(toolchain, Profile::of(options))?;

    let (interrupt, interrupted) = channel();
    ctrlc::set_handler(move || {
        // Fails on a second Ctrl-C, when the receiver is gone.
        interrupt.send(()).ok();
    })?;
    let origin = format!("http://127.0.0.1:{}", options.port);
    let mut sandbox =
        sandbox::start(options.sandbox_port, &files::target().join("sandbox.db"), &origin, &[])?;
    let site = Site {
        files: built.files,
        compressed: built.compressed,
        hosted: hosted.with_sandbox(&sandbox.address)?,
    };
    let site = site.start(options.port)?;
    println!("\nMuster   {}\nSandbox  {}\n\nCtrl-C stops both.", site.address, sandbox.address);
    loop {
        match interrupted.recv_timeout(Duration::from_millis(500)) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = sandbox.ended()? {
                    bail!("the sandbox ended, with {status}");
                }
            }
        }
    }
    drop(site);
    drop(sandbox);
    println!("Both have stopped.");
    Ok(())
}
