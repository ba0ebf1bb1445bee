//! Serves the console and its sandbox on this machine, as a production host would.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::build::Profile;
use crate::site::Site;
use crate::watch::{self, Live, Work, Worker};
use crate::{Options, build, files, sandbox, setup};

/// How often to look whether the sandbox still runs.
const LOOK: Duration = Duration::from_millis(500);
/// How long sources stay unchanged before the work for their changes begins: editors write in several steps.
const QUIET: Duration = Duration::from_millis(50);

enum Event {
    Interrupted,
    Changed(Work),
    /// The sandbox server was built again.
    SandboxBuilt,
}

/// Sets up, builds, and serves until Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    if options.watch && options.release {
        bail!("--watch serves development builds only; please leave out --release");
    }
    sandbox::require_free(options.port, "--port")?;
    sandbox::require_free(options.sandbox_port, "--sandbox-port")?;
    let hosted = options.hosted()?;
    let toolchain = setup::for_builds()?;
    sandbox::build()?;
    let built = build::ensure(toolchain, Profile::of(options))?;

    // Sending fails on a second Ctrl-C, when the receiver is gone.
    let (events, received) = channel();
    let interrupt = events.clone();
    ctrlc::set_handler(move || {
        interrupt.send(Event::Interrupted).ok();
    })?;
    let origin = format!("http://127.0.0.1:{}", options.port);
    let database = files::target().join("sandbox.db");
    let start_sandbox = || sandbox::start(options.sandbox_port, &database, &origin, &[]);
    let mut sandbox = start_sandbox()?;
    let live = options.watch.then(|| Live::new(built.files.clone()).map(Arc::new)).transpose()?;
    let site = Site {
        files: built.files,
        compressed: built.compressed,
        hosted: hosted.with_sandbox(&sandbox.address)?,
    };
    let (site, watching) = match live {
        None => (site.start(options.port)?, None),
        Some(live) => {
            let (sandboxes, changes) = (events.clone(), events.clone());
            let worker = Worker::start(Arc::clone(&live), toolchain, move || {
                sandboxes.send(Event::SandboxBuilt).ok();
            });
            let watcher = watch::sources(move |work| {
                changes.send(Event::Changed(work)).ok();
            })?;
            (site.start_live(options.port, live)?, Some((worker, watcher)))
        }
    };
    println!("\nMuster   {}\nSandbox  {}\n\nCtrl-C stops both.", site.address, sandbox.address);
    if watching.is_some() {
        println!("Open pages follow changes of the sources.");
    }
    let mut works = BTreeSet::new();
    loop {
        match received.recv_timeout(if works.is_empty() { LOOK } else { QUIET }) {
            Ok(Event::Interrupted) | Err(RecvTimeoutError::Disconnected) => break,
            Ok(Event::Changed(work)) => {
                works.insert(work);
            }
            Ok(Event::SandboxBuilt) => {
                drop(sandbox);
                sandbox = start_sandbox()?;
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = sandbox.ended()? {
                    bail!("the sandbox ended, with {status}");
                }
                for work in std::mem::take(&mut works) {
                    if let Some((worker, _)) = &watching {
                        worker.handle(work);
                    }
                }
            }
        }
    }
    drop(site);
    drop(sandbox);
    println!("Both have stopped.");
    Ok(())
}
