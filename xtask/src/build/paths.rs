//! Removes local paths from the compiler's output, so that a release does not depend on the folder it is
//! built in.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::toolchain::{TARGET, Toolchain};
use crate::{files, process};

/// Separates flags in `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: &str = "\u{1f}";

/// The flags of `.cargo/config.toml`, which the environment variable would override, and those that remap
/// paths.
pub fn forgotten(toolchain: Toolchain) -> Result<String> {
    let mut flags = configured()?;
    for (folder, name) in folders(toolchain)? {
        flags.push(format!("--remap-path-prefix={}={name}", folder.display()));
    }
    // Names of closures say whose they are, for `cargo xtask size --why`.
    flags.push("-Csymbol-mangling-version=v0".to_owned());
    Ok(flags.join(SEPARATOR))
}

/// The paths to remap. The last matching flag wins, so the most specific folder comes last.
fn folders(toolchain: Toolchain) -> Result<Vec<(PathBuf, &'static str)>> {
    let mut folders =
        vec![(cargo_home()?, "/cargo"), (files::root(), "/muster"), (files::target(), "/target")];
    // The folder is named after the registry or the mirror of it.
    for registry in children(&cargo_home()?.join("registry/src"))? {
        folders.push((registry, "/registry"));
    }
    let sysroot = process::capture(toolchain.command("rustc").args(["--print", "sysroot"]))?;
    folders.push((PathBuf::from(sysroot.trim()), "/rust"));
    Ok(folders)
}

fn cargo_home() -> Result<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).context("there is no home folder")
}

fn children(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("could not list {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn configured() -> Result<Vec<String>> {
    let path = files::root().join(".cargo/config.toml");
    let config: toml::Table = files::read_text(&path)?.parse()?;
    let flags = config.get("target").and_then(|target| target.get(TARGET));
    let flags = flags.and_then(|target| target.get("rustflags")).and_then(toml::Value::as_array);
    let flags = flags.with_context(|| format!("{} has no flags for Wasm", path.display()))?;
    Ok(flags.iter().filter_map(|flag| flag.as_str().map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_flags_that_were_configured_and_names_no_folder_in_the_output() {
        let flags = forgotten(Toolchain::Usual).expect("the project has its folders");
        assert!(flags.starts_with("--cfg\u{1f}erase_components\u{1f}--remap-path-prefix="), "{flags}");
        assert!(flags.contains(&format!("--remap-path-prefix={}=/muster", files::root().display())));
    }
}
