//! Measures a first visit on a slow phone.

use anyhow::Result;

use crate::build::{self, Profile};
use crate::hosted::Hosted;
use crate::site::Site;
use crate::{process, sandbox, setup, size};

/// Measures the size of the release, then its loading time in Chromium.
pub fn run() -> Result<()> {
    let toolchain = setup::for_tests()?;
    let hosted = Hosted::load(None, &[])?;
    let built = build::ensure(toolchain, Profile::Release)?;
    size::weigh(&built)?;
    let site = Site { files: built.files, compressed: built.compressed, hosted };
    let site = site.start(sandbox::free_port()?)?;
    let mut node = process::command("node");
    node.current_dir(crate::files::root().join("e2e")).env("MUSTER_URL", &site.address);
    if let Some(browser) = setup::chromium() {
        node.env("CHROMIUM", browser);
    }
    process::run(node.arg("bench/first-load.mjs"))
}
