//! Measures on a slow phone when a first visit and each page can be used, how fast files are imported, how long lists
//! behave, and what large reviews cost.

use anyhow::{Result, bail};
use hosting::Origin;

use crate::build::{self, Profile};
use crate::hosted::Hosted;
use crate::site::Site;
use crate::{Options, process, sandbox, setup, size};

/// Measures the size of the release, then its loading times in Chromium, beside those of the folders after
/// `--rival`; or, with `import` or `grid`, how fast it reads files, or how a list of many people behaves, beside the
/// libraries in such a folder; or, with `review`, what a large request and a long chain cost, and how fast both are opened.
pub fn run(options: &Options) -> Result<()> {
    if options.rest == ["review"] {
        let mut cargo = process::command("cargo");
        process::run(cargo.args(["bench", "--quiet", "--profile", "measure", "-p", "review"]))?;
    }
    let script = match options.rest.as_slice() {
        [] => "bench/first-load.mjs",
        [what] if what == "import" => "bench/import.mjs",
        [what] if what == "grid" => "bench/grid.mjs",
        [what] if what == "review" => "bench/review.mjs",
        _ => bail!(
            "`bench` measures pages, `bench import` reading files, `bench grid` long lists, and `bench review` reviews"
        ),
    };
    let toolchain = setup::for_tests()?;
    let vendor = sandbox::free_port()?;
    let origin = Origin::parse(&format!("http://127.0.0.1:{vendor}"))?;
    let hosted = Hosted::load(None, &[origin])?;
    let built = build::ensure(toolchain, Profile::Release)?;
    if options.rest.is_empty() {
        size::weigh(&built)?;
    }
    let site = Site { files: built.files, compressed: built.compressed, hosted };
    let site = site.start(sandbox::free_port()?)?;
    let mut node = process::command("node");
    node.current_dir(crate::files::root().join("e2e")).env("MUSTER_URL", &site.address);
    node.env("MUSTER_VENDOR_PORT", vendor.to_string());
    if let Some(browser) = setup::chromium() {
        node.env("CHROMIUM", browser);
    }
    let rivals = options.rivals.iter().map(|folder| {
        let name = folder.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        serde_json::json!({ "name": name, "folder": folder })
    });
    node.env("MUSTER_RIVALS", serde_json::Value::from(rivals.collect::<Vec<_>>()).to_string());
    process::run(node.arg(script))
}
