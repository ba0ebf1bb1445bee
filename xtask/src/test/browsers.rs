//! Smoke tests of the main features in browsers other than Chromium, as packaged by Debian.
//!
//! Playwright cannot drive these, so its runner runs tests that speak WebDriver: `e2e/browsers`.

use anyhow::Result;

use super::suite::{counted, playwright};
use super::summary::Count;
use crate::build::Built;
use crate::hosted::Hosted;
use crate::site::Site;
use crate::{files, sandbox, setup};

/// Serves the release with its sandbox, and runs the smoke tests in each browser.
pub fn run(built: Built, arguments: &[String]) -> Result<Count> {
    sandbox::build()?;
    let folder = std::env::temp_dir().join(format!("muster-browsers-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let port = sandbox::free_port()?;
    let origin = format!("http://127.0.0.1:{port}");
    let sandbox =
        sandbox::start(sandbox::free_port()?, &folder.join("sandbox.db"), &origin, &["--no-latency"])?;
    let hosted = Hosted::load(None, &[])?.with_sandbox(&sandbox.address)?;
    let site = Site { files: built.files, compressed: built.compressed, hosted }.start(port)?;
    let count = counted(
        playwright()?
            .env("MUSTER_URL", &site.address)
            .env("SANDBOX_URL", &sandbox.address)
            // No server listens there, but shared helpers need a value.
            .env("SPARE_URL", "http://127.0.0.1:9")
            .envs(setup::browser_environment())
            .args(["test", "--config", "browsers.config.ts"])
            .args(arguments),
    );
    drop(site);
    drop(sandbox);
    files::remove_all(&folder)?;
    count
}
