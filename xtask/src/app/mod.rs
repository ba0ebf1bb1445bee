//! What makes the console an app: its manifest, and the service worker that opens it without a network.
//!
//! Both depend on `config.json`, so they are made where that is known: for a host, and for each local server.

mod manifest;
mod worker;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use hosting::{Feature, headers};

use crate::build::{self, Asset};
use crate::files;
use crate::hosted::Hosted;

pub const MANIFEST: &str = "manifest.webmanifest";
pub const WORKER: &str = "sw.js";

/// The worker that removes the other from browsers.
pub const REMOVING: &str = include_str!("../../../deploy/sw-remove.js");

/// The names and contents of the manifest and the worker, for a built site with these settings.
pub fn generated(site: &Path, hosted: &Hosted) -> Result<[(&'static str, Vec<u8>); 2]> {
    let names = build::names(site)?;
    let logo = hosted.config.brand.logo.as_ref().map(|logo| logo.as_str());
    let logo = match logo.and_then(|name| Some((name, hosted.logo(name)?))) {
        Some((name, path)) => Some((name, files::read(&path)?)),
        None => None,
    };
    let page = files::read_text(&site.join("index.html"))?;
    let manifest = manifest::of(&hosted.config, &page, &names, logo.as_ref().map(|(_, bytes)| &**bytes))?;
    if !hosted.config.has(Feature::Offline) {
        return Ok([(MANIFEST, manifest), (WORKER, REMOVING.into())]);
    }
    // The page's address ends with a slash, because some hosts redirect from its file name.
    let mut digests = BTreeMap::from([
        (String::new(), Asset::unwritten("", page.as_bytes()).integrity),
        (MANIFEST.to_owned(), Asset::unwritten(MANIFEST, &manifest).integrity),
    ]);
    if let Some((name, bytes)) = &logo {
        digests.insert((*name).to_owned(), Asset::unwritten(name, bytes).integrity);
    }
    for name in names.into_iter().filter(|name| name.starts_with(&format!("{}/", build::ASSETS))) {
        let digest = Asset::unwritten(&name, &files::read(&site.join(&name))?).integrity;
        digests.insert(name, digest);
    }
    let script = files::read_text(&site.join(WORKER))?;
    let worker = worker::filled(&script, &digests, &headers::security(&hosted.config))?;
    Ok([(MANIFEST, manifest), (WORKER, worker.into_bytes())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(name: &str) -> std::path::PathBuf {
        let folder = files::memory().join("app-tests").join(name);
        files::remove_all(&folder).expect("the target folder is writable");
        for (name, text) in [
            ("index.html", r#"<meta name="description" content="Muster: members.">"#),
            ("assets/app-0123456789abcdef.js", "go();"),
            ("assets/favicon-0123456789abcdef.svg", "<svg/>"),
            ("assets/icon-192-0123456789abcdef.png", "1"),
            ("assets/icon-512-0123456789abcdef.png", "2"),
            ("assets/icon-maskable-512-0123456789abcdef.png", "3"),
            ("config.json", "{}"),
            ("config.schema.json", "{}"),
            (WORKER, "const RELEASE = '';\nconst FILES = {};\nconst PAGES = [];\n"),
        ] {
            files::write(&folder.join(name), text).expect("the target folder is writable");
        }
        folder
    }

    fn worker(site: &Path, settings: &str) -> String {
        let hosted = Hosted::parse(settings).expect("the settings are right");
        let [_, (_, worker)] = generated(site, &hosted).expect("the site is complete");
        String::from_utf8(worker).expect("a script is text")
    }

    #[test]
    fn the_worker_lists_every_file_of_the_release_and_no_others() {
        let worker = worker(&site("list"), "{}");
        let list = worker.split("const FILES = ").nth(1).and_then(|rest| rest.split(';').next());
        let list: BTreeMap<String, String> =
            serde_json::from_str(list.expect("there is a list")).expect("the list is JSON");
        let names: Vec<_> = list.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "",
                "assets/app-0123456789abcdef.js",
                "assets/favicon-0123456789abcdef.svg",
                "assets/icon-192-0123456789abcdef.png",
                "assets/icon-512-0123456789abcdef.png",
                "assets/icon-maskable-512-0123456789abcdef.png",
                MANIFEST,
            ]
        );
        assert_eq!(list["assets/app-0123456789abcdef.js"], Asset::unwritten("", b"go();").integrity);
    }

    #[test]
    fn the_release_has_another_name_if_a_file_a_header_or_the_brand_is_another() {
        let folder = site("name");
        let first = worker(&folder, "{}");
        assert_eq!(first, worker(&folder, "{}"));
        let release = |worker: &str| worker.split('\'').nth(1).map(str::to_owned);
        for other in [r#"{ "hosts": ["https://a.example"] }"#, r#"{ "brand": { "name": "Harbour" } }"#] {
            assert_ne!(release(&first), release(&worker(&folder, other)), "{other}");
        }
        files::write(&folder.join("assets/app-0123456789abcdef.js"), "stop();").expect("it is writable");
        assert_ne!(release(&first), release(&worker(&folder, "{}")));
    }

    #[test]
    fn a_host_that_wants_no_worker_gets_the_one_that_removes_it() {
        assert_eq!(worker(&site("off"), r#"{ "features_off": ["offline"] }"#), REMOVING);
    }
}
