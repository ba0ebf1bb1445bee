//! Splits the console's Wasm into a part for the first load and parts for later pages.
//!
//! Splits the linker's output at the functions marked `#[wasm_split]` (`src/lazy.rs`), and replaces Trunk's
//! bundle of the whole program by the first part. The loader fetches the parts; the script imports the loader
//! and vice versa.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use super::assets::{Asset, named};
use super::page::Page;
use super::{Profile, bundle, shorten, squeeze};
use crate::{files, process, setup, toolchain};

const STEM: &str = "muster";
const SCRIPT: &str = "muster.js";
const WASM: &str = "muster_bg.wasm";
const LOADER: &str = "split.js";

/// The loader's function that fetches a file.
const FETCH_FUNCTION: &str = "part";

/// Appended to the loader. The browser checks the integrity of each file. After a failed fetch it bypasses
/// the cache, which may hold the bad response.
const FETCH: &str = "
const outside = (imports) => ({ ...imports, outside: imports.__wasm_split });
let cache = 'default';
function part(name, integrity) {
    const fetched = fetch(new URL(name, import.meta.url), { integrity, cache });
    fetched.catch(() => { cache = 'reload'; });
    return fetched;
}
";

/// The files that are fetched when a page needs them.
#[derive(Debug)]
pub struct Split {
    paths: Vec<PathBuf>,
    is_release: bool,
}

/// Where the splitter's list of its files begins in the loader.
const FIRST_FILE: [&str; 2] = ["\n/* ", "\nexport const __wasm_split_load_"];

/// Joins the splitter's files, and lists them in the loader: a constant for each file, an exported function for
/// each part with the files that it needs.
fn bundle(profile: Profile, site: &Path, needed: &Needed) -> Result<Split> {
    let joins = profile == Profile::Release && setup::wasm_merge().is_some();
    let bundles = bundle::plan(needed, bundle::size_in(site), joins)?;
    let mut loader = files::read_text(&site.join(LOADER))?;
    let own = FIRST_FILE.iter().filter_map(|first| loader.find(first)).min();
    loader.truncate(own.context("the loader lists no files")? + 1);
    let mut paths = Vec::new();
    for (at, bundle) in bundles.iter().enumerate() {
        let name = bundle.name(at);
        bundle::write(bundle, &name, site)?;
        paths.push(site.join(format!("{name}.wasm")));
        writeln!(
            loader,
            "const file{at} = makeLoad(() => {{
    const src = {FETCH_FUNCTION}(\"./{name}.wasm\");
    src.catch(() => {{}});
    return async (imports) => (WebAssembly.instantiateStreaming(src, outside(imports)));
}}, []);"
        )?;
    }
    for part in needed.keys() {
        let of_part =
            |(at, bundle): (usize, &bundle::Bundle)| bundle.parts.contains(part).then(|| format!("file{at}"));
        let fetched: Vec<_> = bundles.iter().enumerate().filter_map(of_part).collect();
        let fetched = fetched.join(", ");
        writeln!(
            loader,
            "export const __wasm_split_load_{part} = wrapAsyncCb(makeLoad(() => async () => ({{}}), [{fetched}]));"
        )?;
    }
    files::write(&site.join(LOADER), loader)?;
    Ok(Split { paths, is_release: profile == Profile::Release })
}

/// The stems of the splitter's files that each part needs.
pub type Needed = BTreeMap<String, Vec<String>>;

/// Splits the linker's output into `folder`, and its first load into the file `first`.
pub fn transform(profile: Profile, folder: &Path, first: &Path) -> Result<Needed> {
    let linked = files::target().join(toolchain::TARGET).join(profile.cargo_folder());
    let program = files::read(&linked.join(format!("{STEM}.wasm")))?;
    let (script, loader) = (format!("./{SCRIPT}"), format!("./{LOADER}"));
    let mut options = wasm_split_cli_support::Options::new(&program);
    options.output_dir = folder;
    options.main_out_path = first;
    options.main_module = &script;
    options.link_name = &loader;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the program could not be split: {error:#}"))?;
    Ok(split.prefetch_map.into_iter().collect())
}

/// Replaces Trunk's program in `site` by the split one.
pub fn run(profile: Profile, site: &Path, page: &Page) -> Result<Split> {
    let first = files::memory().join(profile.name()).join(format!("{STEM}.wasm"));
    let needed = transform(profile, site, &first)?;
    for attribute in ["data-js", "data-wasm"] {
        let whole = page.attribute(attribute).with_context(|| format!("index.html has no {attribute}"))?;
        std::fs::remove_file(site.join(&whole)).with_context(|| format!("there is no {whole}"))?;
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
    bundle(profile, site, &needed)
}

/// The program under its final names: the script with its imports, and the Wasm of the first load.
#[derive(Debug)]
pub struct Named {
    pub modules: Vec<Asset>,
    pub wasm: Asset,
}

impl Split {
    /// Gives all files hashed names, updates the references, and adds integrity digests to the fetches.
    pub fn name_by_bytes(&self, site: &Path) -> Result<Named> {
        let wasm = Asset::rename(site, &bound_wasm(site)?)?;
        let mut loader = take(site, LOADER)?;
        for path in &self.paths {
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default().into_owned();
            let stem = name.trim_end_matches(".wasm");
            let part = Asset::write(site, stem, "wasm", &files::read(path)?)?;
            std::fs::remove_file(path)?;
            let fetched = format!("{FETCH_FUNCTION}(\"./{name}\")");
            let checked = format!("{FETCH_FUNCTION}(\"./{}\", \"{}\")", part.name(), part.integrity);
            replace(&mut loader, &fetched, &checked)?;
        }
        if loader.contains("fetch(") {
            bail!("the script of the split program fetches something without a checksum");
        }
        loader += FETCH;
        let mut script = take(site, SCRIPT)?;
        // The two scripts import each other, so both names contain the hash of both.
        let both = [script.as_str(), loader.as_str()].concat();
        let (script_name, loader_name) =
            (named(STEM, "js", both.as_bytes()), named("split", "js", both.as_bytes()));
        // Only in `import` statements: the Wasm imports functions of the loader by its plain name.
        replace(&mut script, &format!("from \"./{LOADER}\""), &format!("from \"./{loader_name}\""))?;
        replace(&mut loader, &format!("from \"./{SCRIPT}\""), &format!("from \"./{script_name}\""))?;
        if self.is_release {
            (script, loader) = (squeeze::script(&script), squeeze::script(&loader));
        }
        let script = Asset::write_as(site, &script_name, script.as_bytes())?;
        let loader = Asset::write_as(site, &loader_name, loader.as_bytes())?;
        Ok(Named { modules: vec![script, loader], wasm })
    }
}

/// Renames the Wasm of the first load to the stem of its final name.
fn bound_wasm(site: &Path) -> Result<PathBuf> {
    let plain = site.join(format!("{STEM}.wasm"));
    std::fs::rename(site.join(WASM), &plain).with_context(|| format!("could not rename {WASM}"))?;
    Ok(plain)
}

/// Removes a script from the site and returns its text.
fn take(site: &Path, name: &str) -> Result<String> {
    let text = files::read_text(&site.join(name))?;
    std::fs::remove_file(site.join(name)).with_context(|| format!("could not rename {name}"))?;
    Ok(text)
}

fn replace(text: &mut String, old: &str, new: &str) -> Result<()> {
    if !text.contains(old) {
        bail!("expected {old} in a script of the split program, found none");
    }
    *text = text.replace(old, new);
    Ok(())
}
