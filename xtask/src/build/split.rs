//! Splits the console's Wasm into a part for the first load and parts for later pages.
//!
//! Splits the linker's output at the functions marked `#[wasm_split]` (`src/lazy.rs`), and replaces Trunk's
//! bundle of the whole program by the first part. The loader fetches the parts; the script imports the loader
//! and vice versa.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::assets::{Asset, named};
use super::page::Page;
use super::{Profile, bundle, shorten, squeeze};
use crate::{files, parallel, process, setup, toolchain};

const STEM: &str = "muster";
const SCRIPT: &str = "muster.js";
const WASM: &str = "muster_bg.wasm";
const LOADER: &str = "split.js";

/// What follows the splitter's own functions in the loader, before and after the lines of [`Line`].
///
/// The browser checks the integrity of each file. After a failed fetch it bypasses the cache, which may hold the bad
/// response.
const FETCH: [&str; 2] = [
    "
const outside = (imports) => ({ ...imports, outside: imports.__wasm_split });
let cache = 'default';
function fetched(stem, digest) {
    const bytes = Array.from(atob(digest).slice(0, 8), (c) => c.charCodeAt(0));
    const hash = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const address = new URL(`./${stem}-${hash}.wasm`, import.meta.url);
    const response = fetch(address, { integrity: `sha256-${digest}`, cache });
    response.catch(() => { cache = 'reload'; });
    return response;
}
const files = [
",
    "].map((line, at) => {
    const [stem, parts, digest] = line.split(' ');
    const load = makeLoad(() => {
        const source = fetched(stem || `shared-${at}`, digest);
        return async (imports) => WebAssembly.instantiateStreaming(source, outside(imports));
    }, []);
    return { parts: parseInt(parts, 36), load };
});
function part(at) {
    const needed = files.filter(({ parts }) => Math.floor(parts / 2 ** at) % 2 === 1);
    return wrapAsyncCb(makeLoad(() => async () => ({}), needed.map(({ load }) => load)));
}
",
];

/// What the loader says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// The stem of the file's name; empty for a shared file, which has its place in the list for a name.
    stem: String,
    /// The parts that need it, a bit for each.
    parts: u64,
    /// Its SHA-256 digest in Base64. Its name ends in the first bytes of that.
    digest: String,
}

impl Line {
    fn write(&self) -> String {
        format!("\"{} {} {}\",\n", self.stem, base36(self.parts), self.digest)
    }

    fn read(line: &str) -> Option<Self> {
        let fields = line.trim().strip_prefix('"')?.strip_suffix("\",")?;
        let [stem, parts, digest] = fields.split(' ').collect::<Vec<_>>().try_into().ok()?;
        let parts = u64::from_str_radix(parts, 36).ok()?;
        Some(Self { stem: stem.to_owned(), parts, digest: digest.to_owned() })
    }

    /// The name of the file at a place in the list.
    fn name(&self, at: usize) -> Result<String> {
        let stem = if self.stem.is_empty() { bundle::shared(at) } else { self.stem.clone() };
        let digest = BASE64_STANDARD.decode(&self.digest).context("a digest in the loader is no Base64")?;
        let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(format!("{stem}-{hash}.wasm"))
    }
}

fn base36(mut n: u64) -> String {
    let mut digits = Vec::new();
    while n > 0 || digits.is_empty() {
        digits.extend(char::from_digit(u32::try_from(n % 36).unwrap_or_default(), 36));
        n /= 36;
    }
    digits.into_iter().rev().collect()
}

/// The export of the loader with which the program fetches a part.
const EXPORT: &str = "export const __wasm_split_load_";

/// The files that a loader fetches for each part.
pub fn fetched_by_part(loader: &str) -> Result<BTreeMap<String, Vec<String>>> {
    let lines: Vec<_> = loader.lines().filter_map(Line::read).collect();
    let parts = loader.lines().filter_map(|line| line.strip_prefix(EXPORT)?.split_once(' '));
    let files_of = |(at, (part, _)): (usize, (&str, &str))| {
        let needed = lines.iter().enumerate().filter(|(_, line)| line.parts >> at & 1 == 1);
        let names: Result<Vec<_>> = needed.map(|(at, line)| line.name(at)).collect();
        Ok((part.to_owned(), names?))
    };
    parts.enumerate().map(files_of).collect()
}

/// The files that are fetched when a page needs them.
#[derive(Debug)]
pub struct Split {
    /// Where each file is, the stem of its name, and the parts that need it, a bit for each.
    files: Vec<(PathBuf, String, u64)>,
    parts: Vec<String>,
    is_release: bool,
}

/// Where the splitter's list of its files begins in the loader.
const FIRST_FILE: [&str; 2] = ["\n/* ", "\nexport const __wasm_split_load_"];

/// Joins the splitter's files, and removes its own list of them from the loader.
fn bundle(profile: Profile, site: &Path, needed: &Needed) -> Result<Split> {
    let joins = profile == Profile::Release && setup::wasm_merge().is_some();
    let bundles = bundle::plan(needed, bundle::size_in(site), joins)?;
    let mut loader = files::read_text(&site.join(LOADER))?;
    let own = FIRST_FILE.iter().filter_map(|first| loader.find(first)).min();
    loader.truncate(own.context("the loader lists no files")? + 1);
    files::write(&site.join(LOADER), loader)?;
    let parts: Vec<_> = needed.keys().cloned().collect();
    let named: Vec<_> = bundles.iter().enumerate().map(|(at, bundle)| (bundle.name(at), bundle)).collect();
    parallel::each(&named, |(name, bundle)| bundle::write(bundle, name, site))?;
    let mut files = Vec::new();
    for (name, bundle) in named {
        let bits = (0..).zip(&parts).filter(|(_, part)| bundle.parts.contains(*part));
        let bits = bits.fold(0, |bits, (at, _): (u32, _)| bits | 1_u64 << at);
        files.push((site.join(format!("{name}.wasm")), name, bits));
    }
    Ok(Split { files, parts, is_release: profile == Profile::Release })
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
        for stem in needed.values().flatten().collect::<BTreeSet<_>>() {
            let part = site.join(format!("{stem}.wasm"));
            files::write(&part, shorten::without_names(&files::read(&part)?)?)?;
        }
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
        if loader.contains("fetch(") {
            bail!("the script of the split program fetches something without a checksum");
        }
        loader += FETCH[0];
        for (at, (path, stem, parts)) in self.files.iter().enumerate() {
            let file = Asset::write(site, stem, "wasm", &files::read(path)?)?;
            std::fs::remove_file(path)?;
            let digest = file.integrity.strip_prefix("sha256-").context("the digest is not of SHA-256")?;
            let stem = if *stem == bundle::shared(at) { String::new() } else { stem.clone() };
            let line = Line { stem, parts: *parts, digest: digest.to_owned() };
            if line.name(at)? != file.name() {
                bail!("the loader would not find {}", file.name());
            }
            loader += &line.write();
        }
        loader += FETCH[1];
        for (at, part) in self.parts.iter().enumerate() {
            writeln!(loader, "{EXPORT}{part} = part({at});")?;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loader_says_which_files_a_part_needs() {
        let line = |stem: &str, parts, byte: u8| Line {
            stem: stem.to_owned(),
            parts,
            digest: BASE64_STANDARD.encode([byte; 32]),
        };
        let mut loader = FETCH[0].to_owned();
        for line in [line("work", 0b10, 0xab), line("", 0b11, 0x0c), line("", 1 << 40 | 1, 7)] {
            assert_eq!(Line::read(&line.write()), Some(line.clone()));
            loader += &line.write();
        }
        loader += FETCH[1];
        loader += "export const __wasm_split_load_home = part(0);\n";
        loader += "export const __wasm_split_load_work = part(1);\n";
        let fetched = fetched_by_part(&loader).expect("it is well formed");
        assert_eq!(fetched["work"], ["work-abababababababab.wasm", "shared-1-0c0c0c0c0c0c0c0c.wasm"]);
        assert_eq!(fetched["home"], ["shared-1-0c0c0c0c0c0c0c0c.wasm", "shared-2-0707070707070707.wasm"]);
    }
}
