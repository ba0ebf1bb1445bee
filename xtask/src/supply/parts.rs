//! The packages whose code is in the site's files: those that Cargo knows, and others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::toolchain::{TARGET, Toolchain};
use crate::{files, process};

/// The programs that the site loads.
const PROGRAMS: [&str; 6] =
    ["muster", "sandbox-worker", "directory-worker", "import-worker", "ledger-worker", "workbook-worker"];
/// Not linked into a program, but its output is in the site.
const LOADER: &str = "wasm_split_cli_support";
/// The release of lucide-static that the icons in `public/icons.svg` come from.
const LUCIDE: &str = "1.62.0";

/// The source of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Own,
    Cargo,
    Npm,
    /// Included with the compiler.
    Rust,
}

/// A package or other component in the site.
#[derive(Debug, Clone)]
pub struct Part {
    pub origin: Origin,
    pub name: String,
    pub version: String,
    pub licence: String,
    pub authors: Vec<String>,
    pub repository: Option<String>,
    /// SHA-256 of the published package.
    pub sha256: Option<String>,
    /// The folder of its sources.
    pub folder: Option<PathBuf>,
    /// The licence, if it is not next to the sources.
    pub text: Option<&'static str>,
    /// The references of its dependencies.
    pub needs: BTreeSet<String>,
}

impl Part {
    /// The reference in the bill of materials: a package URL for published packages.
    pub fn reference(&self) -> String {
        let version = self.version.replace('+', "%2B");
        match self.origin {
            Origin::Own => format!("muster/{}@{version}", self.name),
            Origin::Cargo => format!("pkg:cargo/{}@{version}", self.name),
            Origin::Npm => format!("pkg:npm/{}@{version}", self.name),
            Origin::Rust => format!("pkg:generic/{}@{version}", self.name),
        }
    }
}

/// All parts of the site, sorted by name and version; the console itself comes first.
pub fn shipped() -> Result<Vec<Part>> {
    let mut cargo = process::command("cargo");
    cargo.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET]);
    let metadata: Value = serde_json::from_str(&process::capture(&mut cargo)?)?;
    let mut parts = linked_crates(&metadata)?;
    let others = [standard_library()?, icons()];
    let console = parts.iter_mut().find(|part| part.name == PROGRAMS[0]).context("Cargo knows no console")?;
    console.needs.extend(others.iter().map(Part::reference));
    parts.extend(others);
    parts.sort_by_key(|part| (part.name != PROGRAMS[0], part.name.clone(), part.version.clone()));
    Ok(parts)
}

fn linked_crates(metadata: &Value) -> Result<Vec<Part>> {
    let hashes = locked_hashes()?;
    let linked = linked_names()?;
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let mut by_id: BTreeMap<String, Part> = BTreeMap::new();
    for package in list(metadata, "packages") {
        let word = |key: &str| package[key].as_str().map(str::to_owned);
        let name = word("name").context("a package has no name")?;
        let version = word("version").context("a package has no version")?;
        if !linked.contains(&(name.clone(), version.clone())) && name != LOADER {
            continue;
        }
        let written = word("license").with_context(|| format!("{name} {version} names no licence"))?;
        let licence = spdx::Expression::canonicalize(&written)
            .with_context(|| format!("{name} {version} has the licence {written:?}"))?
            .unwrap_or(written);
        let manifest = PathBuf::from(word("manifest_path").unwrap_or_default());
        let part = Part {
            origin: if package["source"].is_null() { Origin::Own } else { Origin::Cargo },
            licence,
            authors: list(&package, "authors")
                .iter()
                .filter_map(|one| Some(one.as_str()?.to_owned()))
                .collect(),
            repository: word("repository").filter(|address| address.starts_with("https://")),
            sha256: hashes.get(&(name.clone(), version.clone())).cloned(),
            folder: manifest.parent().map(PathBuf::from),
            text: None,
            needs: BTreeSet::new(),
            name,
            version,
        };
        by_id.insert(word("id").unwrap_or_default(), part);
    }
    if by_id.len() <= linked.len() {
        bail!("Cargo names {} packages and describes {}", linked.len() + 1, by_id.len());
    }
    let references: BTreeMap<String, String> =
        by_id.iter().map(|(id, part)| (id.clone(), part.reference())).collect();
    for node in list(&metadata["resolve"], "nodes") {
        let Some(part) = node["id"].as_str().and_then(|id| by_id.get_mut(id)) else { continue };
        if part.name == LOADER {
            continue; // the generator's dependencies are not part of its output
        }
        for used in list(&node, "deps") {
            let is_linked = list(&used, "dep_kinds").iter().any(|kind| kind["kind"].is_null());
            if is_linked && let Some(reference) = used["pkg"].as_str().and_then(|id| references.get(id)) {
                part.needs.insert(reference.clone());
            }
        }
        if PROGRAMS[0] == part.name {
            let also = by_references(&references, &[&PROGRAMS[1..], &[LOADER]].concat());
            part.needs.extend(also);
        }
    }
    Ok(by_id.into_values().collect())
}

fn by_references(references: &BTreeMap<String, String>, names: &[&str]) -> Vec<String> {
    let is_named = |reference: &&String| names.iter().any(|name| reference.contains(&format!("/{name}@")));
    references.values().filter(is_named).cloned().collect()
}

/// Name and version of every crate linked into a program, with that program's features. `cargo metadata`
/// cannot tell, because it unifies the features of the whole workspace.
fn linked_names() -> Result<BTreeSet<(String, String)>> {
    let mut found = BTreeSet::new();
    for program in PROGRAMS {
        let mut cargo = process::command("cargo");
        cargo.args(["tree", "--locked", "--package", program, "--target", TARGET]);
        cargo.args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]);
        for line in process::capture(&mut cargo)?.lines() {
            if let [name, version, ..] = line.split(' ').collect::<Vec<_>>()[..] {
                found.insert((name.to_owned(), version.trim_start_matches('v').to_owned()));
            }
        }
    }
    Ok(found)
}

/// The SHA-256 of all published packages in `Cargo.lock`, by name and version.
fn locked_hashes() -> Result<BTreeMap<(String, String), String>> {
    let lock: toml::Table = files::read_text(&files::root().join("Cargo.lock"))?.parse()?;
    let packages =
        lock.get("package").and_then(toml::Value::as_array).context("Cargo.lock lists no packages")?;
    let hash_of = |package: &toml::Value| {
        let word = |key: &str| Some(package.get(key)?.as_str()?.to_owned());
        Some(((word("name")?, word("version")?), word("checksum")?))
    };
    Ok(packages.iter().filter_map(hash_of).collect())
}

fn standard_library() -> Result<Part> {
    let toolchain = Toolchain::detect().context("no toolchain can build for Wasm")?;
    let told = process::capture(toolchain.command("rustc").arg("-vV"))?;
    let version =
        told.lines().find_map(|line| line.strip_prefix("release: ")).context("rustc named no release")?;
    Ok(Part {
        origin: Origin::Rust,
        name: "rust-std".to_owned(),
        version: version.to_owned(),
        licence: "MIT OR Apache-2.0".to_owned(),
        authors: vec!["The Rust Project Developers".to_owned()],
        repository: Some("https://github.com/rust-lang/rust".to_owned()),
        sha256: None,
        folder: None,
        text: None,
        needs: BTreeSet::new(),
    })
}

fn icons() -> Part {
    Part {
        origin: Origin::Npm,
        name: "lucide-static".to_owned(),
        version: LUCIDE.to_owned(),
        licence: "ISC AND MIT".to_owned(),
        authors: Vec::new(),
        repository: Some("https://github.com/lucide-icons/lucide".to_owned()),
        sha256: None,
        folder: None,
        text: Some(include_str!("lucide.txt")),
        needs: BTreeSet::new(),
    }
}

/// Like [`shipped`], but cached, because Cargo is slow.
#[cfg(test)]
pub fn known() -> Vec<Part> {
    static KNOWN: std::sync::LazyLock<Vec<Part>> =
        std::sync::LazyLock::new(|| shipped().expect("Cargo describes the workspace"));
    KNOWN.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_what_is_linked_and_not_what_only_compiles_it() {
        let parts = known();
        let has = |name: &str| parts.iter().any(|part| part.name == name);
        for name in
            PROGRAMS.into_iter().chain(["leptos", "idb", "calamine", "rust-std", "lucide-static", LOADER])
        {
            assert!(has(name), "{name} is in the site");
        }
        for name in ["leptos_macro", "proptest", "axum", "xtask", "rust_xlsxwriter", "wasm-bindgen-macro"] {
            assert!(!has(name), "{name} is not in the site");
        }
        assert_eq!(parts[0].name, "muster");
    }

    #[test]
    fn every_published_crate_has_a_digest_and_every_need_is_a_part() {
        let parts = known();
        let all: BTreeSet<String> = parts.iter().map(Part::reference).collect();
        assert_eq!(all.len(), parts.len(), "references differ");
        for part in &parts {
            assert_eq!(part.sha256.is_some(), part.origin == Origin::Cargo, "{}", part.name);
            let lost: Vec<_> = part.needs.difference(&all).collect();
            assert!(lost.is_empty(), "{} needs {lost:?}", part.name);
        }
        let needed: BTreeSet<&String> = parts.iter().flat_map(|part| &part.needs).collect();
        let alone: Vec<_> = parts[1..].iter().filter(|part| !needed.contains(&part.reference())).collect();
        assert!(alone.is_empty(), "nothing needs {alone:?}");
    }
}
