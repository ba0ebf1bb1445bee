//! Turns trunk's output into the site: optimised, named by its final bytes, with headers.
//!
//! Trunk names files before they are optimised, so that new bytes could appear under an old name.
//! Here the main script, Wasm and style sheet are named last; a worker keeps its plain names, because
//! trunk's loader knows no others, and is served with `no-cache` therefore.

use std::path::Path;

use anyhow::{Context, Result};

use super::page::Page;
use super::{Built, Profile, split};
use crate::hosted::Hosted;
use crate::{files, process, setup};
use hosting::headers;

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

/// Makes the site of `built` from what trunk left in `bound`.
pub fn run(profile: Profile, bound: &Path, built: &Built, hosted: &Hosted) -> Result<()> {
    let fresh = files::memory().join(profile.name()).join("site");
    files::remove_all(&fresh)?;
    files::copy_all(bound, &fresh)?;
    files::copy_all(&files::root().join("public"), &fresh)?;
    files::copy_all(&files::root().join("locales"), &fresh.join("locales"))?;
    files::write(&fresh.join("config.json"), &hosted.text)?;
    let mut page = Page::parse(&files::read_text(&fresh.join("index.html"))?);
    let split = split::run(profile, &fresh, &mut page)?;
    if profile == Profile::Release {
        optimise(&fresh)?;
    }
    join_styles(&fresh, &mut page)?;
    split.name_by_bytes(&fresh, &mut page)?;
    page.check()?;
    files::write(&fresh.join("index.html"), page.into_text())?;
    let names = names(&fresh)?;
    files::write(&fresh.join("_headers"), headers::static_host_file(&hosted.config, &names))?;
    files::remove_all(&built.compressed)?;
    if profile == Profile::Release {
        for name in &names {
            let small = compress(&files::read(&fresh.join(name))?)?;
            files::write(&built.compressed.join(format!("{name}.br")), small)?;
        }
    }
    files::remove_all(&built.files)?;
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
fn join_styles(site: &Path, page: &mut Page) -> Result<()> {
    let mut all = Vec::new();
    for name in page.style_sheets() {
        let path = site.join(&name);
        all.extend(files::read(&path)?);
        all.push(b'\n');
        std::fs::remove_file(path)?;
    }
    let name = format!("app-{}.css", files::digest(&all));
    files::write(&site.join(&name), all)?;
    page.replace_style_sheets(&name);
    Ok(())
}

/// Compresses as hard as brotli can.
fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut small = Vec::new();
    let hardest = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &hardest)?;
    Ok(small)
}
