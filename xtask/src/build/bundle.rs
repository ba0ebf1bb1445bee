//! Joins the files of the split program, so that a page fetches few of them.
//!
//! The splitter makes a file for each set of parts that share code, which is hundreds of files for a dozen
//! parts. Those that are cheapest to join are joined: a part that needs one of them fetches both.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, bail};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{EntityType, ExportKind, ExportSection, ImportSection};
use wasmparser::{Payload, TypeRef};

use super::wasm_features;
use crate::{files, process, setup};

/// The part that reads what the device has stored, which every page fetches.
pub const READER: &str = "home";

/// The part that reads the host's settings, before anything else is fetched.
const SETTINGS: &str = "host";

/// The most files that the program is split into: more of them would save a page less than their requests, and
/// their checksums in the loader, cost it.
const MAX_FILES: usize = 44;

/// The module from which the splitter's files import what the first load exports.
const SPLITTER: &str = "__wasm_split";

/// The module from which joined files import the same.
pub const OUTSIDE: &str = "outside";

/// Code that exactly these parts fetch, in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The parts that fetch it.
    pub parts: BTreeSet<String>,
    /// The stems of the splitter's files in it.
    stems: Vec<String>,
    size: usize,
}

impl Bundle {
    /// The stem of its file: the name of its only part, or a number.
    pub fn name(&self, at: usize) -> String {
        let mut parts = self.parts.iter();
        match (parts.next(), parts.next()) {
            (Some(part), None) => part.clone(),
            _ => format!("shared-{at}"),
        }
    }

    fn join(&mut self, other: Self) {
        self.parts.extend(other.parts);
        self.stems.extend(other.stems);
        self.size += other.size;
    }

    /// What the parts that need only one of the two would fetch in addition.
    fn cost_of_joining(&self, other: &Self) -> usize {
        let fetched_for_nothing = |one: &Self, by: &Self| one.size * by.parts.difference(&one.parts).count();
        fetched_for_nothing(self, other) + fetched_for_nothing(other, self)
    }
}

/// Sorts the splitter's files into bundles. `needed` lists the stems of the files that each part needs.
///
/// `size` returns the size of a file. Without `joins`, only files of the same parts share a bundle.
pub fn plan(
    needed: &BTreeMap<String, Vec<String>>,
    size: impl Fn(&str) -> Result<usize>,
    joins: bool,
) -> Result<Vec<Bundle>> {
    joined(needed, size, joins, MAX_FILES)
}

fn joined(
    needed: &BTreeMap<String, Vec<String>>,
    size: impl Fn(&str) -> Result<usize>,
    joins: bool,
    most: usize,
) -> Result<Vec<Bundle>> {
    let mut parts_of = BTreeMap::<&str, BTreeSet<String>>::new();
    for (part, stems) in needed {
        for stem in stems {
            parts_of.entry(stem).or_default().insert(part.clone());
        }
    }
    let mut bundles = Vec::<Bundle>::new();
    for (stem, mut parts) in parts_of {
        if parts.contains(READER) && joins {
            parts.extend(needed.keys().filter(|part| *part != SETTINGS).cloned());
        }
        let (stems, size) = (vec![stem.to_owned()], size(stem)?);
        match bundles.iter_mut().find(|bundle| bundle.parts == parts) {
            Some(same) => same.join(Bundle { parts, stems, size }),
            None => bundles.push(Bundle { parts, stems, size }),
        }
    }
    while joins
        && bundles.len() > most
        && let Some((first, second)) = cheapest_pair(&bundles)
    {
        let joined = bundles.remove(second);
        bundles[first].join(joined);
    }
    bundles.sort_by(|a, b| (a.parts.len(), &a.stems).cmp(&(b.parts.len(), &b.stems)));
    Ok(bundles)
}

/// The two shared bundles that are cheapest to join. A part's own code stays in a file of its own.
fn cheapest_pair(bundles: &[Bundle]) -> Option<(usize, usize)> {
    let shared: Vec<_> = (0..bundles.len()).filter(|at| bundles[*at].parts.len() > 1).collect();
    let pairs = shared.iter().enumerate();
    let pairs = pairs.flat_map(|(at, first)| shared[at + 1..].iter().map(|second| (*first, *second)));
    let cost = |&(first, second): &(usize, usize)| bundles[first].cost_of_joining(&bundles[second]);
    pairs.min_by_key(cost)
}

/// Writes the files of a bundle in `site` as one, and removes them.
pub fn write(bundle: &Bundle, name: &str, site: &Path) -> Result<()> {
    let path_of = |stem: &str| site.join(format!("{stem}.wasm"));
    let whole = path_of(name);
    if let [stem] = &*bundle.stems {
        return Ok(std::fs::rename(path_of(stem), whole)?);
    }
    let Some(merge) = setup::wasm_merge() else { bail!("several files cannot be joined without wasm-merge") };
    let shared = site.join("shared.wasm");
    files::write(&shared, shared_module(bundle.stems.iter().map(|stem| files::read(&path_of(stem))))?)?;
    let mut command = process::command(&merge.to_string_lossy());
    command.arg("--quiet").args(wasm_features()).arg(&shared).arg(SPLITTER);
    for stem in &bundle.stems {
        command.arg(path_of(stem)).arg(stem);
    }
    process::run(command.arg("-o").arg(&whole))?;
    std::fs::remove_file(shared)?;
    for stem in &bundle.stems {
        std::fs::remove_file(path_of(stem))?;
    }
    Ok(())
}

/// A module that passes on what these modules import from the first load, such as its memory. Merged with
/// them, it imports each of these once; otherwise the result would have a memory for each module.
fn shared_module(modules: impl Iterator<Item = Result<Vec<u8>>>) -> Result<Vec<u8>> {
    let mut found = BTreeMap::<String, (EntityType, ExportKind)>::new();
    for module in modules {
        for payload in wasmparser::Parser::new(0).parse_all(&module?) {
            let Payload::ImportSection(imports) = payload? else { continue };
            for import in imports.into_imports() {
                let import = import?;
                if import.module != SPLITTER {
                    bail!("a file of the splitter imports {} from {}", import.name, import.module);
                }
                let kind = match import.ty {
                    TypeRef::Memory(_) => ExportKind::Memory,
                    TypeRef::Table(_) => ExportKind::Table,
                    TypeRef::Global(_) => ExportKind::Global,
                    other => bail!("a file of the splitter imports {}, which is {other:?}", import.name),
                };
                found.insert(import.name.to_owned(), (RoundtripReencoder.entity_type(import.ty)?, kind));
            }
        }
    }
    let (mut imports, mut exports) = (ImportSection::new(), ExportSection::new());
    let mut counts = [0; 3];
    for (name, (kind, export)) in &found {
        imports.import(OUTSIDE, name, *kind);
        let count = match export {
            ExportKind::Memory => &mut counts[0],
            ExportKind::Table => &mut counts[1],
            _ => &mut counts[2],
        };
        exports.export(name, *export, *count);
        *count += 1;
    }
    let mut module = wasm_encoder::Module::new();
    module.section(&imports).section(&exports);
    Ok(module.finish())
}

/// The size of a file of the splitter.
pub fn size_in(site: &Path) -> impl Fn(&str) -> Result<usize> {
    move |stem| Ok(files::read(&site.join(format!("{stem}.wasm")))?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundles(
        needed: &[(&str, &[&str])],
        sizes: &[(&str, usize)],
        joins: bool,
    ) -> Vec<(Vec<String>, Vec<String>)> {
        let needed = needed
            .iter()
            .map(|(part, stems)| ((*part).to_owned(), stems.iter().map(|stem| (*stem).to_owned()).collect()))
            .collect();
        let size = |stem: &str| {
            Ok(sizes.iter().find(|(known, _)| *known == stem).map(|(_, size)| *size).expect("a known file"))
        };
        let planned = joined(&needed, size, joins, 3).expect("sizes are known");
        planned.into_iter().map(|bundle| (bundle.parts.into_iter().collect(), bundle.stems)).collect()
    }

    #[test]
    fn the_cheapest_shared_files_are_joined() {
        let needed: &[(&str, &[&str])] = &[
            ("a", &["own", "most", "all", "big"]),
            ("b", &["most", "all", "big"]),
            ("c", &["most", "all"]),
            ("d", &["all"]),
        ];
        let sizes = [("own", 1), ("big", 900_000), ("most", 20_000), ("all", 10_000)];
        let joined = bundles(needed, &sizes, true);
        let stems: Vec<_> = joined.iter().map(|(_, stems)| stems.clone()).collect();
        assert_eq!(stems, [vec!["own"], vec!["big"], vec!["all", "most"]]);
        assert_eq!(joined[2].0, ["a", "b", "c", "d"]);
        assert_eq!(bundles(needed, &sizes, false).len(), 4);
    }

    #[test]
    fn what_the_reader_needs_is_fetched_by_all() {
        let needed: &[(&str, &[&str])] = &[(READER, &["list"]), ("a", &["own"]), ("b", &["other"])];
        let sizes = [("list", 900_000), ("own", 900_000), ("other", 900_000)];
        let all = vec!["a".to_owned(), "b".to_owned(), READER.to_owned()];
        assert!(
            bundles(needed, &sizes, true)
                .iter()
                .any(|(parts, stems)| *parts == all && stems.contains(&"list".to_owned()))
        );
    }
}
