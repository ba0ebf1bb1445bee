//! Joins the files of the split program, so that a page fetches few of them.
//!
//! The splitter makes a file for each set of parts that share code, which is more than nine hundred. `join` says which of
//! them become one: a part that needs one of those fetches all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{EntityType, ExportKind, ExportSection, ImportSection};
use wasmparser::{Payload, TypeRef};

use super::fetches::{self, Fetch, READER, SETTINGS};
use super::join::{self, SharedCode, Weights};
use super::wasm_features;
use crate::{files, process, setup};

/// The module from which the splitter's files import what the first load exports.
const SPLITTER: &str = "__wasm_split";

/// The module from which joined files import the same.
pub const OUTSIDE: &str = "outside";

/// The stem of the name of a file at this place that several parts fetch.
pub fn shared(at: usize) -> String {
    format!("shared-{at}")
}

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
            _ => shared(at),
        }
    }

    fn join(&mut self, other: Self) {
        self.parts.extend(other.parts);
        self.stems.extend(other.stems);
        self.size += other.size;
    }
}

/// Sorts the splitter's files into bundles. `needed` lists the stems of the files that each part needs.
///
/// `size` returns the size of a file. With `joins`, bundles are joined as long as that pays; without it, only files
/// of the same parts share a bundle.
pub fn plan(
    needed: &BTreeMap<String, Vec<String>>,
    size: impl Fn(&str) -> Result<usize>,
    joins: bool,
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
    if joins {
        bundles = join_what_pays(bundles, &fetches::all(needed.keys().map(String::as_str))?)?;
    }
    bundles.sort_by(|a, b| (a.parts.len(), &a.stems).cmp(&(b.parts.len(), &b.stems)));
    Ok(bundles)
}

/// Joins shared bundles where that pays. A part's own code stays in a file of its own.
fn join_what_pays(bundles: Vec<Bundle>, fetches: &[Fetch]) -> Result<Vec<Bundle>> {
    if fetches.len() > 64 {
        bail!("more than 64 things are fetched");
    }
    let (own, shared): (Vec<_>, Vec<_>) = bundles.into_iter().partition(|bundle| bundle.parts.len() == 1);
    let chunk = |bundle: &Bundle| {
        let is_needed = |fetch: &Fetch| fetch.parts.iter().any(|part| bundle.parts.contains(part));
        let needed = fetches.iter().enumerate().filter(|(_, fetch)| is_needed(fetch));
        let fetches = needed.fold(0, |bits, (at, _)| bits | 1_u64 << at);
        Ok(SharedCode { fetches, size: i64::try_from(bundle.size)? })
    };
    let chunks = shared.iter().map(chunk).collect::<Result<Vec<_>>>()?;
    let weights = Weights(fetches.iter().map(|fetch| fetch.weight).collect());
    let files = join::plan(&chunks, &weights, own.len());
    let whole = |places: Vec<usize>| {
        let mut bundles = places.into_iter().map(|place| shared[place].clone());
        let first = bundles.next()?;
        Some(bundles.fold(first, |mut whole, other| {
            whole.join(other);
            whole
        }))
    };
    let joined: Vec<_> = files.into_iter().filter_map(whole).collect();
    Ok(own.into_iter().chain(joined).collect())
}

/// Writes the files of a bundle in `site` as one, and removes them.
pub fn write(bundle: &Bundle, name: &str, site: &Path) -> Result<()> {
    let path_of = |stem: &str| site.join(format!("{stem}.wasm"));
    let whole = path_of(name);
    if let [stem] = &*bundle.stems {
        return Ok(std::fs::rename(path_of(stem), whole)?);
    }
    let mut merge = setup::wasm_merge().context("several files cannot be joined without wasm-merge")?;
    let shared = site.join(format!("{name}.imports.wasm"));
    files::write(&shared, shared_module(bundle.stems.iter().map(|stem| files::read(&path_of(stem))))?)?;
    merge.arg("--quiet").args(wasm_features()).arg(&shared).arg(SPLITTER);
    for stem in &bundle.stems {
        merge.arg(path_of(stem)).arg(stem);
    }
    process::run(merge.arg("-o").arg(&whole))?;
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

/// The size of the code and the data in a file of the splitter: what is around them, as much again for most, is
/// shared once files are joined.
pub fn size_in(site: &Path) -> impl Fn(&str) -> Result<usize> {
    move |stem| {
        let mut size = 0;
        for payload in wasmparser::Parser::new(0).parse_all(&files::read(&site.join(format!("{stem}.wasm")))?)
        {
            size += match payload? {
                Payload::CodeSectionStart { range, .. } => usize::try_from(range.end - range.start)?,
                Payload::DataSection(data) => usize::try_from(data.range().end - data.range().start)?,
                _ => 0,
            };
        }
        Ok(size)
    }
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
        let planned = plan(&needed, size, joins).expect("sizes are known");
        planned.into_iter().map(|bundle| (bundle.parts.into_iter().collect(), bundle.stems)).collect()
    }

    #[test]
    fn shared_files_are_joined_where_that_pays() {
        let needed: &[(&str, &[&str])] = &[
            ("runs", &["own", "most", "all", "big"]),
            ("file", &["most", "all", "big"]),
            ("settings", &["most", "all"]),
            ("sandbox", &["all"]),
        ];
        let sizes = [("own", 1), ("big", 900_000), ("most", 1_000), ("all", 10_000)];
        let joined = bundles(needed, &sizes, true);
        let stems: Vec<_> = joined.iter().map(|(_, stems)| stems.clone()).collect();
        assert_eq!(stems, [vec!["own"], vec!["big"], vec!["all", "most"]]);
        assert_eq!(joined[2].0, ["file", "runs", "sandbox", "settings"]);
        assert_eq!(bundles(needed, &sizes, false).len(), 4);
    }

    #[test]
    fn what_the_reader_needs_is_fetched_by_all() {
        let needed: &[(&str, &[&str])] = &[(READER, &["list"]), ("runs", &["own"]), ("file", &["other"])];
        let sizes = [("list", 900_000), ("own", 900_000), ("other", 900_000)];
        let all = vec!["file".to_owned(), READER.to_owned(), "runs".to_owned()];
        assert!(
            bundles(needed, &sizes, true)
                .iter()
                .any(|(parts, stems)| *parts == all && stems.contains(&"list".to_owned()))
        );
    }
}
