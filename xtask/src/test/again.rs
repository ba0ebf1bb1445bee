//! Rebuilds the release from scratch in another folder and compares every byte.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::beside::Beside;
use crate::build::{self, Built};
use crate::{files, process};

/// A deeper path with other names.
fn elsewhere() -> PathBuf {
    files::memory().join("again/elsewhere")
}

/// The build of the same sources in another folder, which takes only the time that other programs leave. What an
/// earlier one left there is removed.
pub fn second_build() -> Result<Command> {
    let folder = elsewhere();
    files::remove_all(&folder)?;
    for source in build::sources()? {
        files::write(&folder.join(source.strip_prefix(files::root())?), files::read(&source)?)?;
    }
    let this = std::env::current_exe().context("this program does not know where it is")?;
    let mut build = if process::exists("nice") {
        let mut build = process::command("nice");
        build.args(["-n", "19"]).arg(&this);
        build
    } else {
        process::command(&this.to_string_lossy())
    };
    build
        .current_dir(&folder)
        .env(files::ROOT, &folder)
        .env(files::TOOLS, files::tools())
        .env(build::ANEW, "1");
    build.env_remove("CARGO_TARGET_DIR").args(["build", "--release"]);
    Ok(build)
}

/// Fails unless the second build, which may have begun beside other suites, yields the same files.
pub fn check(built: &Built, second: &Beside) -> Result<()> {
    if !second.finish()? {
        process::run(&mut second_build()?)?;
    }
    let folder = elsewhere();
    let mut changed = Vec::new();
    for one in [&built.files, &built.compressed] {
        let other = folder.join("target").join(one.strip_prefix(files::target())?);
        changed.extend(differing(&sums(one)?, &sums(&other)?));
    }
    files::remove_all(&folder)?;
    if !changed.is_empty() {
        bail!("two builds of the same sources differ: {}", changed.join(", "));
    }
    println!("again: every file is the same");
    Ok(())
}

fn sums(site: &Path) -> Result<BTreeMap<String, String>> {
    let one = |name: String| {
        let bytes = files::read(&site.join(&name))?;
        Ok((name, files::hexadecimal(&files::sha256(&bytes))))
    };
    build::names(site)?.into_iter().map(one).collect()
}

/// The names of files that are not in both, or differ.
fn differing(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> Vec<String> {
    let mut names: Vec<&String> = one.keys().chain(other.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_missing_or_changed_is_named() {
        let of = |files: &[(&str, &str)]| {
            files
                .iter()
                .map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned()))
                .collect::<BTreeMap<_, _>>()
        };
        let one = of(&[("a.js", "1"), ("b.js", "2"), ("c.js", "3")]);
        assert!(differing(&one, &one).is_empty());
        let other = of(&[("a.js", "1"), ("b.js", "4"), ("d.js", "3")]);
        assert_eq!(differing(&one, &other), ["b.js", "c.js", "d.js"]);
    }
}
