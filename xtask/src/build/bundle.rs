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

/// The parts that are fetched after a page can be used.
pub const AFTERWARDS: [&str; 10] =
    ["app", "engine", "words", "details", "keys", "choosing", "creating", "changing", "palette", "doctor"];

/// How much more a byte counts that delays a page than one that is fetched afterwards.
const DELAY: i64 = 6;

/// What a file of its own costs a part that fetches it, in bytes of code: a request, and less to compress it with.
const PER_FILE: i64 = 8_000;

/// The most files: more of them make a form heavier, which needs parts of many.
const MAX_FILES: usize = 88;

/// What a file costs every part, in bytes of code: its checksum in the loader.
const PER_CHECKSUM: i64 = 300;

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

/// The parts that fetch a bundle, a bit for each.
#[derive(Debug, Clone, Copy)]
struct Fetchers(u64);

/// How much the parts count together.
#[derive(Debug, Clone, Copy)]
struct Weights {
    afterwards: u64,
}

impl Weights {
    fn of(self, Fetchers(parts): Fetchers) -> i64 {
        let count = |parts: u64| i64::from(parts.count_ones());
        DELAY * count(parts & !self.afterwards) + count(parts & self.afterwards)
    }

    /// What all parts together would fetch in addition; negative if joining saves more than it costs.
    fn cost_of_joining(self, a: (Fetchers, i64), b: (Fetchers, i64), all: i64) -> i64 {
        let ((first, first_size), (second, second_size)) = (a, b);
        let only_first = Fetchers(first.0 & !second.0);
        let only_second = Fetchers(second.0 & !first.0);
        let both = Fetchers(first.0 & second.0);
        self.of(only_first) * second_size + self.of(only_second) * first_size
            - self.of(both) * PER_FILE
            - all * PER_CHECKSUM
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
        join_what_pays(&mut bundles, &needed.keys().map(String::as_str).collect::<Vec<_>>())?;
    }
    bundles.sort_by(|a, b| (a.parts.len(), &a.stems).cmp(&(b.parts.len(), &b.stems)));
    Ok(bundles)
}

/// Joins the two shared bundles that save most, until none do and there are few enough. A part's own code stays in a file of its own.
fn join_what_pays(bundles: &mut Vec<Bundle>, parts: &[&str]) -> Result<()> {
    if parts.len() > 64 {
        bail!("there are more than 64 parts");
    }
    let bits = |is_it: &dyn Fn(&str) -> bool| {
        parts.iter().enumerate().filter(|(_, part)| is_it(part)).fold(0, |bits, (at, _)| bits | 1_u64 << at)
    };
    let weights = Weights { afterwards: bits(&|part| AFTERWARDS.contains(&part)) };
    let all = weights.of(Fetchers(bits(&|_| true)));
    loop {
        let mut shared = Vec::new();
        for (at, bundle) in bundles.iter().enumerate().filter(|(_, bundle)| bundle.parts.len() > 1) {
            let fetchers = Fetchers(bits(&|part| bundle.parts.contains(part)));
            shared.push((at, (fetchers, i64::try_from(bundle.size)?)));
        }
        let pairs = shared.iter().enumerate().flat_map(|(at, first)| {
            shared[at + 1..]
                .iter()
                .map(|second| (weights.cost_of_joining(first.1, second.1, all), first.0, second.0))
        });
        let is_wanted = |cost: i64| cost < 0 || bundles.len() > MAX_FILES;
        let Some((_, first, second)) = pairs.min().filter(|(cost, ..)| is_wanted(*cost)) else {
            return Ok(());
        };
        let joined = bundles.remove(second);
        bundles[first].join(joined);
    }
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
        let planned = plan(&needed, size, joins).expect("sizes are known");
        planned.into_iter().map(|bundle| (bundle.parts.into_iter().collect(), bundle.stems)).collect()
    }

    #[test]
    fn shared_files_are_joined_where_that_pays() {
        let needed: &[(&str, &[&str])] = &[
            ("a", &["own", "most", "all", "big"]),
            ("b", &["most", "all", "big"]),
            ("c", &["most", "all"]),
            ("d", &["all"]),
        ];
        let sizes = [("own", 1), ("big", 900_000), ("most", 2_000), ("all", 10_000)];
        let joined = bundles(needed, &sizes, true);
        let stems: Vec<_> = joined.iter().map(|(_, stems)| stems.clone()).collect();
        assert_eq!(stems, [vec!["own"], vec!["big"], vec!["all", "most"]]);
        assert_eq!(joined[2].0, ["a", "b", "c", "d"]);
        assert_eq!(bundles(needed, &sizes, false).len(), 4);
    }

    #[test]
    fn what_delays_no_page_is_joined_sooner() {
        let of = |first: [&'static str; 2], second: [&'static str; 2]| {
            let needed: &[(&str, &[&str])] = &[
                (first[0], &["one"]),
                (first[1], &["one", "two"]),
                (second[0], &["two"]),
                (second[1], &["two"]),
            ];
            bundles(needed, &[("one", 4_000), ("two", 4_000)], true).len()
        };
        assert_eq!(of(["a", "b"], ["c", "d"]), 2);
        assert_eq!(of(["engine", "b"], ["keys", "doctor"]), 1);
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
