//! Packages a release for a host: its files, its settings, and the host's configuration.

mod base;
mod last;
mod pages;
mod settings;
mod small;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use hosting::headers;

use crate::build::{self, Built, Page, Profile};
use crate::deploy::site_headers;
use crate::{Options, app, files, setup, supply};
pub use base::BasePath;
pub use pages::{IMPORT, PAGES, RUNS};
pub use settings::Settings;

/// The subfolder to serve.
pub const SITE: &str = "site";

/// Checksums of all files except those kept from the last release, in the format of `sha256sum -c`.
pub const SUMS: &str = "SHA256SUMS";

/// The input of a release.
#[derive(Debug)]
pub struct Request {
    pub settings: Settings,
    /// The folder to create or replace.
    pub out: PathBuf,
    /// The last release's output of `dist`, whose files are kept for open pages.
    pub last: Option<PathBuf>,
    /// The path that the site is hosted under.
    pub base: BasePath,
}

/// Builds, and creates the folder that the command line names.
pub fn run(options: &Options) -> Result<()> {
    let config = options.config.clone().context(
        "please say which settings the site has: cargo xtask dist --config config.json (public/config.json is the \
         least that works)",
    )?;
    let out = options.out.clone().unwrap_or_else(|| files::root().join("dist"));
    let settings = Settings::read(&config, &options.connect)?;
    let request = Request { settings, out, last: options.keep_last.clone(), base: options.base.clone() };
    let toolchain = setup::for_builds()?;
    let kept = write(&request, || build::ensure(toolchain, Profile::Release))?;
    println!("dist: {} is what to serve; checksums are beside it", request.out.join(SITE).display());
    if !kept.is_empty() {
        println!("dist: kept {} files of the last release", kept.len());
    }
    Ok(())
}

/// Creates the folder from a build, which only starts once the folder is known to be usable. Returns the
/// names of the files kept from the last release.
pub fn write(request: &Request, build: impl FnOnce() -> Result<Built>) -> Result<Vec<String>> {
    let Request { settings, out, last, base } = request;
    require_ours(out)?;
    let built = build()?;
    // The output folder may be that of the last release, so it is replaced at the very end.
    let name = out.file_name().context("please name the folder to make with --out")?.to_string_lossy();
    let fresh = out.with_file_name(format!("{name}.being-made"));
    files::remove_all(&fresh)?;
    let site = fresh.join(SITE);
    files::copy_all(&built.files, &site)?;
    std::fs::remove_file(site.join(settings::NAME)).context("the build has no settings of its own")?;
    settings.put(&site)?;
    if !base.is_root() {
        let mut page = Page::parse(&files::read_text(&site.join("index.html"))?);
        page.put_below(base.as_str())?;
        files::write(&site.join("index.html"), page.into_text())?;
    }
    for (name, bytes) in app::generated(&site, &settings.hosted)? {
        files::write(&site.join(name), bytes)?;
    }
    supply::write(&fresh)?;
    // The licences have to be served along with the files.
    std::fs::rename(fresh.join(supply::LICENCES), site.join(supply::LICENCES))
        .with_context(|| format!("could not move {}", supply::LICENCES))?;
    for name in build::names(&site)? {
        small::copies(&built, &site, &name)?;
    }
    files::write(&site.join("_redirects"), pages::redirects(base))?;
    let kept = last.as_deref().map_or_else(|| Ok(Vec::new()), |last| last::keep(last, &site))?;
    let mut names = build::names(&site)?;
    // Hosts that read `_headers` compress by themselves.
    names.retain(|name| !name.ends_with(".br") && !name.ends_with(".gz") && !name.starts_with('_'));
    files::write(
        &site.join("_headers"),
        headers::static_host_file(&settings.hosted.config, base.as_str(), &names),
    )?;
    let security = headers::security(&settings.hosted.config);
    for (server, written) in [
        ("nginx", site_headers::nginx(&security, &names)?),
        ("caddy", site_headers::caddy(&security, &names)?),
    ] {
        for (name, text) in written {
            files::write(&fresh.join(server).join("muster").join(name), text)?;
        }
    }
    files::write(&fresh.join(SUMS), sums(&fresh, &kept)?)?;
    files::remove_all(out)?;
    std::fs::rename(&fresh, out).with_context(|| format!("could not make {}", out.display()))?;
    Ok(kept)
}

/// Fails unless the folder is missing, empty, or earlier output of `dist`.
fn require_ours(out: &Path) -> Result<()> {
    let is_empty = || std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none());
    if out.exists() && !out.join(SUMS).is_file() && !is_empty() {
        bail!("{} holds something else; please name a new or empty folder with --out", out.display());
    }
    Ok(())
}

fn sums(folder: &Path, kept: &[String]) -> Result<String> {
    let mut names = build::names(folder)?;
    names.retain(|name| !kept.iter().any(|kept| *name == format!("{SITE}/{kept}")));
    let line = |name: &String| {
        Ok(format!("{}  {name}\n", files::hexadecimal(&files::sha256(&files::read(&folder.join(name))?))))
    };
    names.iter().map(line).collect()
}

#[cfg(test)]
mod tests;
