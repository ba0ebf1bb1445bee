//! Measures on a slow phone when a first visit and each page can be used, and how fast files are imported.

use anyhow::{Result, bail};

use crate::build::{self, Profile};
use crate::hosted::Hosted;
use crate::site::Site;
use crate::{Options, process, sandbox, setup, size};

/// Measures the size of the release, then its loading times in Chromium, beside those of the folders after
/// `--rival`; or, with `import`, how fast it reads files, beside the libraries in such a folder.
pub fn run(options: &Options) -> Result<()> {
    let is_import = match options.rest.as_slice() {
        [] => false,
        [what] if what == "import" => true,
        _ => bail!("`bench` measures pages, and `bench import` reading files"),
    };
    let toolchain = setup::for_tests()?;
    let hosted = Hosted::load(None, &[])?;
    let built = build::ensure(toolchain, Profile::Release)?;
    if !is_import {
        size::weigh(&built)?;
    }
    let site = Site { files: built.files, compressed: built.compressed, hosted };
    let site = site.start(sandbox::free_port()?)?;
    let mut node = process::command("node");
    node.current_dir(crate::files::root().join("e2e")).env("MUSTER_URL", &site.address);
    if let Some(browser) = setup::chromium() {
        node.env("CHROMIUM", browser);
    }
    let rivals = options.rivals.iter().map(|folder| {
        let name = folder.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        serde_json::json!({ "name": name, "folder": folder })
    });
    node.env("MUSTER_RIVALS", serde_json::Value::from(rivals.collect::<Vec<_>>()).to_string());
    process::run(node.arg(if is_import { "bench/import.mjs" } else { "bench/first-load.mjs" }))
}
