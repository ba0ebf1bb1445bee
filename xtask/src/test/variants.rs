//! Serves the same site with each `config.json` in `e2e/configs`, like other hosts would.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::build::Built;
use crate::hosted::Hosted;
use crate::site::{Running, Site};
use crate::{files, sandbox};

/// The placeholder for the sandbox, whose port is only known when the tests run.
const SANDBOX: &str = "http://127.0.0.1:8081";
/// Prefix of the names of invalid files.
const BROKEN: &str = "broken";

/// One configuration of the site.
pub struct Variant {
    name: String,
    text: String,
    port: u16,
}

impl Variant {
    /// All variants, each with its own port.
    pub fn all() -> Result<Vec<Self>> {
        let read = |path: &PathBuf| -> Result<Self> {
            let name = path.file_stem().context("a file has a name")?.to_string_lossy().into_owned();
            Ok(Self { name, text: files::read_text(path)?, port: sandbox::free_port()? })
        };
        let all = files::below(&folder())?;
        all.iter().filter(|path| path.extension().is_some_and(|it| it == "json")).map(read).collect()
    }

    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn start(&self, built: &Built, sandbox: &str) -> Result<Running> {
        let text = self.text.replace(SANDBOX, sandbox);
        let hosted = if self.name.starts_with(BROKEN) {
            Hosted::unreadable(&text)
        } else {
            let hosted = Hosted::parse(&text).with_context(|| format!("e2e/configs/{}.json", self.name))?;
            hosted.in_folder(&folder())
        };
        let site = Site { files: built.files.clone(), compressed: built.compressed.clone(), hosted };
        site.start(self.port)
    }
}

fn folder() -> PathBuf {
    files::root().join("e2e/configs")
}

/// The origins by name, as JSON for the tests.
pub fn by_name(variants: &[Variant]) -> String {
    let origins: serde_json::Map<_, _> =
        variants.iter().map(|variant| (variant.name.clone(), variant.origin().into())).collect();
    serde_json::Value::Object(origins).to_string()
}
