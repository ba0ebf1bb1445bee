//! Keeps the last release's files next to the new ones, for pages that are open during the upgrade.

use std::path::Path;

use anyhow::{Context, Result};

use super::{SITE, SUMS};
use crate::{build, files};

/// Copies the hashed files that only the last release has, and returns their names. `last` is that release's
/// output of `dist`. Files that it kept from an earlier release are not kept again.
pub fn keep(last: &Path, site: &Path) -> Result<Vec<String>> {
    let sums = files::read_text(&last.join(SUMS))
        .with_context(|| format!("{} is no folder that `cargo xtask dist` made", last.display()))?;
    let mut kept = Vec::new();
    for name in names(&sums) {
        let is_asset = name.starts_with(&format!("{}/", build::ASSETS));
        if is_asset && !site.join(name).exists() {
            files::write(&site.join(name), files::read(&last.join(SITE).join(name))?)?;
            kept.push(name.to_owned());
        }
    }
    Ok(kept)
}

fn names(sums: &str) -> impl Iterator<Item = &str> {
    let names = sums.lines().filter_map(|line| line.split_once("  "));
    names.filter_map(|(_, name)| name.strip_prefix(SITE)?.strip_prefix('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_only_the_last_release_had() {
        let folder = files::memory().join("last-tests");
        let (last, site) = (folder.join("last"), folder.join("new"));
        for path in [&last, &site] {
            files::remove_all(path).expect("the target folder is writable");
        }
        let write =
            |path: &Path, text: &str| files::write(path, text).expect("the target folder is writable");
        for name in ["index.html", "assets/both.js", "assets/old.js", "assets/older.js"] {
            write(&last.join(SITE).join(name), name);
        }
        let sums =
            "aa  site/index.html\nbb  site/assets/both.js\ncc  site/assets/old.js\ndd  sbom.cdx.json\n";
        write(&last.join(SUMS), sums);
        write(&site.join("assets/both.js"), "new");
        write(&site.join("index.html"), "new");
        assert_eq!(keep(&last, &site).expect("the last release is there"), ["assets/old.js"]);
        assert_eq!(files::read(&site.join("assets/old.js")).expect("it was kept"), b"assets/old.js");
        assert_eq!(files::read(&site.join("assets/both.js")).expect("it is there"), b"new");
        assert!(!site.join("assets/older.js").exists(), "what was kept once is not kept again");
        assert!(keep(&folder, &site).is_err(), "a folder that is no release");
    }
}
