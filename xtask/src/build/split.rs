//! Splits the console's Wasm into what a first load needs and what later pages need.
//!
//! Trunk binds the program as a whole. Here the linker's output is split at the functions marked
//! `#[wasm_split]` (`src/later.rs`), and what a first load needs is bound in the place of trunk's. The files
//! know each other by name: Wasm is fetched by the loader, which the script imports and which imports the script.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use super::page::Page;
use super::{Profile, shorten};
use crate::{files, process, toolchain};

const STEM: &str = "muster";
const SCRIPT: &str = "muster.js";
const WASM: &str = "muster_bg.wasm";
const LOADER: &str = "split.js";

/// The files that are fetched when a page needs them.
#[derive(Debug)]
pub struct Split(Vec<PathBuf>);

/// Puts the split program in the place of the one that trunk left in `site`.
pub fn run(profile: Profile, site: &Path, page: &mut Page) -> Result<Split> {
    let folder = files::target().join(toolchain::TARGET).join(profile.cargo_folder());
    let program = files::read(&folder.join(format!("{STEM}.wasm")))?;
    let first = files::memory().join(profile.name()).join(format!("{STEM}.wasm"));
    let (script, loader) = (format!("./{SCRIPT}"), format!("./{LOADER}"));
    let mut options = wasm_split_cli_support::Options::new(&program);
    options.output_dir = site;
    options.main_out_path = &first;
    options.main_module = &script;
    options.link_name = &loader;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the program could not be split: {error:#}"))?;
    for (attribute, name) in [("data-js", SCRIPT), ("data-wasm", WASM)] {
        let whole = page.attribute(attribute).with_context(|| format!("index.html has no {attribute}"))?;
        std::fs::remove_file(site.join(&whole)).with_context(|| format!("there is no {whole}"))?;
        page.rename(&whole, name);
    }
    let mut bindgen = process::command("wasm-bindgen");
    bindgen.args(["--target", "web", "--keep-lld-exports", "--no-demangle", "--no-typescript"]);
    if profile == Profile::Dev {
        bindgen.arg("--debug");
    }
    process::run(bindgen.args(["--out-name", STEM, "--out-dir"]).arg(site).arg(&first))?;
    if profile == Profile::Release {
        let (wasm, script) = (site.join(WASM), site.join(SCRIPT));
        let (short_wasm, short_script) = shorten::shorten(&files::read(&wasm)?, &files::read_text(&script)?)?;
        files::write(&wasm, short_wasm)?;
        files::write(&script, short_script)?;
    }
    Ok(Split(split.split_modules))
}

impl Split {
    /// Names every file by its bytes, in the files that name it too.
    pub fn name_by_bytes(&self, site: &Path, page: &mut Page) -> Result<()> {
        let wasm = format!("{STEM}-{}.wasm", files::digest(&files::read(&site.join(WASM))?));
        rename(site, WASM, &wasm)?;
        page.rename(WASM, &wasm);
        let mut loader = files::read_text(&site.join(LOADER))?;
        for path in &self.0 {
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            let stem = name.trim_start_matches("split_").trim_end_matches(".wasm");
            let named = format!("{stem}-{}.wasm", files::digest(&files::read(path)?));
            rename(site, &name, &named)?;
            replace(&mut loader, &format!("\"./{name}\""), &format!("\"./{named}\""))?;
        }
        let mut script = files::read_text(&site.join(SCRIPT))?;
        // Each names the other, so both carry the digest of both.
        let digest = files::digest([script.as_str(), loader.as_str()].concat().as_bytes());
        let (script_named, loader_named) = (format!("{STEM}-{digest}.js"), format!("split-{digest}.js"));
        // Only where it is imported: the Wasm knows the loader's functions by its plain name.
        replace(&mut script, &format!("from \"./{LOADER}\""), &format!("from \"./{loader_named}\""))?;
        replace(&mut loader, &format!("from \"./{SCRIPT}\""), &format!("from \"./{script_named}\""))?;
        for (old, new, text) in [(SCRIPT, &script_named, script), (LOADER, &loader_named, loader)] {
            std::fs::remove_file(site.join(old))?;
            files::write(&site.join(new), text)?;
        }
        page.rename(SCRIPT, &script_named);
        page.preload_module_beside(&script_named, &loader_named)
    }
}

fn rename(site: &Path, old: &str, new: &str) -> Result<()> {
    std::fs::rename(site.join(old), site.join(new)).with_context(|| format!("could not rename {old}"))
}

fn replace(text: &mut String, old: &str, new: &str) -> Result<()> {
    if !text.contains(old) {
        bail!("expected {old} in a script of the split program, found none");
    }
    *text = text.replace(old, new);
    Ok(())
}
