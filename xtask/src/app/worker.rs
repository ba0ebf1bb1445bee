//! Fills in the release that a service worker serves: `public/sw.js` leaves that open.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use crate::dist::PAGES;
use crate::files;

/// The script with its files and their digests. Its release is named after everything that it stores: also after
/// the headers, because it repeats them.
pub fn filled(
    script: &str,
    digests: &BTreeMap<String, String>,
    security: &[(&'static str, String)],
) -> Result<String> {
    let script = put(script, "FILES = {}", &format!("FILES = {}", serde_json::to_string(digests)?))?;
    let script = put(&script, "PAGES = []", &format!("PAGES = {}", serde_json::to_string(&PAGES)?))?;
    let release = files::digest(format!("{script}{security:?}").as_bytes());
    put(&script, "RELEASE = ''", &format!("RELEASE = '{release}'"))
}

fn put(script: &str, open: &str, filled: &str) -> Result<String> {
    let (open, filled) = (format!("const {open};"), format!("const {filled};"));
    ensure!(script.matches(&open).count() == 1, "the service worker has no line `{open}`");
    Ok(script.replace(&open, &filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_the_sources_can_be_filled_in() {
        let script = files::read_text(&files::root().join("public/sw.js")).expect("there is a worker");
        let digests = BTreeMap::from([("assets/a.js".to_owned(), "sha256-abc=".to_owned())]);
        let worker = filled(&script, &digests, &[]).expect("it has its lines");
        assert!(worker.contains(r#"const FILES = {"assets/a.js":"sha256-abc="}; //"#), "{worker}");
        assert!(worker.contains(r#"const PAGES = ["activity","#), "{worker}");
        assert!(filled("go();", &digests, &[]).is_err());
    }

    #[test]
    fn the_worker_and_its_remover_agree_on_the_names_of_caches() {
        let prefix = |script: &str| {
            let line = script.lines().find_map(|line| line.strip_prefix("const PREFIX = "));
            line.map(|line| line.replace("self.registration.scope", "SCOPE"))
        };
        let script = files::read_text(&files::root().join("public/sw.js")).expect("there is a worker");
        assert!(prefix(&script).is_some());
        assert_eq!(prefix(&script), prefix(super::super::REMOVING));
    }
}
