//! Turns trunk's output into the site: optimised, and named by its final bytes.
//!
//! Trunk names files before they are optimised, so that new bytes could appear under an old name, and a worker not
//! at all. Here everything is named last and is in one folder, which may be kept for ever; what keeps its name
//! (the page, the settings) is asked for anew each time.

use std::path::Path;

use anyhow::{Context, Result};

use super::assets::Asset;
use super::page::{Page, Program};
use super::{Built, Profile, split};
use crate::{files, process, setup};

/// Accepted by wasm-opt 132; without them it refuses modules that use what Rust emits by default.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Rust keeps the lowest addresses for the end of the stack, so no value lies there, and this lets offsets be
/// folded into loads.
const LOW_MEMORY: &str = "--low-memory-unused";

const WORKER: &str = "sandbox-worker";

/// Where the page shows its icon from, and the console its icons.
const ICON: &str = "favicon.svg";
const SPRITE: &str = "icons.svg";

/// In the program already.
const ENGLISH: &str = "en.json";

/// Makes the site of `built` from what trunk left in `bound`.
pub fn run(profile: Profile, bound: &Path, built: &Built) -> Result<()> {
    let fresh = files::memory().join(profile.name()).join("site");
    files::remove_all(&fresh)?;
    files::copy_all(bound, &fresh)?;
    files::copy_all(&files::root().join("public"), &fresh)?;
    let mut page = Page::parse(&files::read_text(&fresh.join("index.html"))?);
    let split = split::run(profile, &fresh, &page)?;
    if profile == Profile::Release {
        optimise(&fresh)?;
    }
    page.replace_style_sheets(&join_styles(&fresh, &page)?);
    page.rename(ICON, &Asset::rename(&fresh, &fresh.join(ICON))?);
    let split::Named { modules, wasm } = split.name_by_bytes(&fresh)?;
    let sprite = Asset::rename(&fresh, &fresh.join(SPRITE))?;
    let mut by_name = vec![(SPRITE.to_owned(), sprite), (format!("{WORKER}.js"), worker(&fresh)?)];
    by_name.extend(locales(&fresh)?);
    let boot = Asset::rename(&fresh, &fresh.join("boot.js"))?;
    page.start(&Program { boot, modules, wasm, by_name })?;
    page.name_release();
    page.check()?;
    files::write(&fresh.join("index.html"), page.into_text())?;
    files::remove_all(&built.compressed)?;
    if profile == Profile::Release {
        for name in names(&fresh)? {
            let small = compress(&files::read(&fresh.join(&name))?)?;
            files::write(&built.compressed.join(format!("{name}.br")), small)?;
        }
    }
    files::remove_all(&built.files)?;
    if let Some(folder) = built.files.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::rename(&fresh, &built.files).with_context(|| format!("could not make {}", built.files.display()))
}

/// Every file of a site, as its address says it.
pub fn names(site: &Path) -> Result<Vec<String>> {
    let relative = |path: &Path| -> Result<String> {
        Ok(path.strip_prefix(site)?.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
    };
    files::below(site)?.iter().map(|path| relative(path)).collect()
}

fn optimise(site: &Path) -> Result<()> {
    let Some(wasm_opt) = setup::wasm_opt() else {
        println!("build: wasm-opt is not here, so the Wasm stays as large as the compiler left it");
        return Ok(());
    };
    for path in files::below(site)? {
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let mut command = process::command(&wasm_opt.to_string_lossy());
            process::run(
                command.args(["-Oz", LOW_MEMORY]).args(WASM_FEATURES).arg(&path).arg("-o").arg(&path),
            )?;
        }
    }
    Ok(())
}

/// One request instead of one for each style sheet; the order of the page is the order of the cascade.
fn join_styles(site: &Path, page: &Page) -> Result<Asset> {
    let mut all = Vec::new();
    for name in page.style_sheets() {
        let path = site.join(&name);
        all.extend(files::read(&path)?);
        all.push(b'\n');
        std::fs::remove_file(path)?;
    }
    Asset::write(site, "app", "css", &all)
}

/// The worker as one script that starts itself, and its Wasm, which the browser compares with its checksum. It
/// cannot be told one for a worker's script.
fn worker(site: &Path) -> Result<Asset> {
    let wasm = Asset::write(site, WORKER, "wasm", &files::read(&site.join(format!("{WORKER}_bg.wasm")))?)?;
    let mut script = files::read_text(&site.join(format!("{WORKER}.js")))?;
    script += &format!(
        "await __wbg_init({{ module_or_path: fetch(new URL(\"./{}\", import.meta.url), {{ integrity: \"{}\" }}) }});\n",
        wasm.name(),
        wasm.integrity
    );
    for name in ["_bg.wasm", ".js", "_loader.js"] {
        let path = site.join(format!("{WORKER}{name}"));
        std::fs::remove_file(&path).with_context(|| format!("there is no {}", path.display()))?;
    }
    Asset::write(site, WORKER, "js", script.as_bytes())
}

/// The languages that are fetched when somebody chooses them.
fn locales(site: &Path) -> Result<Vec<(String, Asset)>> {
    let mut found = Vec::new();
    for path in files::below(&files::root().join("locales"))? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name == ENGLISH {
            continue;
        }
        let stem = name.trim_end_matches(".json");
        found.push((format!("locales/{name}"), Asset::write(site, stem, "json", &files::read(&path)?)?));
    }
    Ok(found)
}

/// Compresses as hard as brotli can.
pub fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut small = Vec::new();
    let hardest = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &hardest)?;
    Ok(small)
}
