//! Turns Trunk's output into the site: optimised, and with content hashes in file names.
//!
//! Trunk hashes files before they are optimised, so the same name could stand for different bytes, and it
//! does not hash the worker at all. Here files are named last. Hashed files are in one folder and can be
//! cached forever; files with a fixed name (the page, the settings) are revalidated on each load.

use std::path::Path;

use anyhow::{Context, Result};

use super::assets::Asset;
use super::kept::Kept;
use super::page::{Page, Program};
use super::{Built, Profile, optimise, split, squeeze};
use crate::{app, files, parallel};

/// Programs that run beside the page, in a thread of their own.
const WORKERS: [&str; 5] =
    ["sandbox-worker", "directory-worker", "import-worker", "ledger-worker", "workbook-worker"];

/// The favicon of the page and the icon sprite of the console.
const ICON: &str = "favicon.svg";
const SPRITE: &str = "icons.svg";

/// The typeface, in parts that are fetched for the characters in them.
const FONTS: [&str; 2] = ["fonts/inter-latin.woff2", "fonts/inter-latin-ext.woff2"];

/// The icons of the installed app, beside the favicon.
const APP_ICONS: [&str; 3] = ["icon-192.png", "icon-512.png", "icon-maskable-512.png"];

/// English is compiled into the program.
const ENGLISH: &str = "en.json";

/// Assembles the site of `built` from Trunk's output in `bound`.
pub fn run(profile: Profile, bound: &Path, built: &Built) -> Result<()> {
    let fresh = files::memory().join(profile.name()).join("site");
    files::remove_all(&fresh)?;
    files::copy_all(bound, &fresh)?;
    files::copy_all(&files::root().join("public"), &fresh)?;
    let mut page = Page::parse(&files::read_text(&fresh.join("index.html"))?);
    let split = split::run(profile, &fresh, &page)?;
    if profile == Profile::Release {
        optimise::run(&fresh)?;
    }
    page.replace_style_sheets(&join_styles(profile, &fresh, &page)?);
    page.rename(ICON, &Asset::rename(&fresh, &fresh.join(ICON))?);
    let split::Named { modules, wasm } = split.name_by_bytes(&fresh)?;
    let sprite = Asset::rename(&fresh, &fresh.join(SPRITE))?;
    let mut by_name = vec![(SPRITE.to_owned(), sprite)];
    for name in WORKERS {
        by_name.push((format!("{name}.js"), worker(&fresh, name)?));
    }
    by_name.extend(locales(&fresh)?);
    for font in FONTS {
        by_name.push((font.to_owned(), Asset::rename(&fresh, &fresh.join(font))?));
    }
    for icon in APP_ICONS {
        Asset::rename(&fresh, &fresh.join(icon))?;
    }
    let boot = fresh.join("boot.js");
    if profile == Profile::Release {
        for script in [&boot, &fresh.join(app::WORKER)] {
            files::write(script, squeeze::script(&files::read_text(script)?))?;
        }
    }
    let boot = Asset::rename(&fresh, &boot)?;
    page.start(&Program { boot, modules, wasm, by_name })?;
    page.name_worker(app::WORKER);
    page.name_release();
    page.check()?;
    files::write(&fresh.join("index.html"), page.into_text())?;
    files::remove_all(&built.compressed)?;
    if profile == Profile::Release {
        // The worker is filled in later.
        let names: Vec<_> = names(&fresh)?.into_iter().filter(|name| name != app::WORKER).collect();
        // The lock file has the version of the compressor.
        let kept = Kept::of("compressed", files::read(&files::root().join("Cargo.lock"))?);
        parallel::each(&names, |name| {
            let bytes = files::read(&fresh.join(name))?;
            let small = kept.result(&bytes, || compress(&bytes))?;
            files::write(&built.compressed.join(format!("{name}.br")), small)
        })?;
        kept.forget_unused()?;
    }
    files::remove_all(&built.files)?;
    if let Some(folder) = built.files.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::rename(&fresh, &built.files).with_context(|| format!("could not make {}", built.files.display()))
}

/// The files of a site, as paths relative to its root with forward slashes.
pub fn names(site: &Path) -> Result<Vec<String>> {
    let relative = |path: &Path| -> Result<String> {
        Ok(path.strip_prefix(site)?.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
    };
    files::below(site)?.iter().map(|path| relative(path)).collect()
}

/// Concatenates the style sheets to save requests. The order in the page is the order of the cascade.
fn join_styles(profile: Profile, site: &Path, page: &Page) -> Result<Asset> {
    let mut all = String::new();
    for name in page.style_sheets() {
        let path = site.join(&name);
        all += &files::read_text(&path)?;
        all.push('\n');
        std::fs::remove_file(path)?;
    }
    if profile == Profile::Release {
        all = squeeze::styles(&all);
    }
    Asset::write(site, "app", "css", all.as_bytes())
}

/// Makes a worker a single script that starts itself, and its Wasm, which the browser checks against a
/// digest. A worker's script cannot have an integrity attribute.
fn worker(site: &Path, name: &str) -> Result<Asset> {
    let wasm = Asset::write(site, name, "wasm", &files::read(&site.join(format!("{name}_bg.wasm")))?)?;
    let mut script = files::read_text(&site.join(format!("{name}.js")))?;
    script += &format!(
        "await __wbg_init({{ module_or_path: fetch(new URL(\"./{}\", import.meta.url), {{ integrity: \"{}\" }}) }});\n",
        wasm.name(),
        wasm.integrity
    );
    for end in ["_bg.wasm", ".js", "_loader.js"] {
        let path = site.join(format!("{name}{end}"));
        std::fs::remove_file(&path).with_context(|| format!("there is no {}", path.display()))?;
    }
    Asset::write(site, name, "js", script.as_bytes())
}

/// The locales that are fetched on demand.
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

/// Compresses with brotli at the highest level.
pub fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut small = Vec::new();
    let hardest = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &hardest)?;
    Ok(small)
}
