//! Says what a part of the program is made of: `cargo xtask size --why PART`.
//!
//! Counts the linker's output, in which functions have names: bytes before optimisation and compression, which
//! compare parts and owners rather than tell what is fetched.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::build::{self, Profile};
use crate::files;

/// Number of lines of each table.
const LINES: usize = 30;
/// The depth of an owner's path: crate, module, and item or module.
const DEPTH: usize = 3;
/// The name of the first load, which is no part.
const FIRST: &str = "first";
/// Shorter texts are not listed.
const MIN_TEXT: usize = 40;
/// Characters shown of a function's name or a text.
const SHOWN: usize = 150;
/// The crates of this project. A generic function of another crate belongs to the first of them in its name.
const OWN: [&str; 7] = ["muster", "domain", "vendors", "browser", "ui", "i18n", "hosting"];

/// What Wasm files contain.
#[derive(Debug, Default)]
struct Contents {
    functions: BTreeMap<String, usize>,
    texts: Vec<String>,
    n_code: usize,
    n_data: usize,
}

/// Prints the largest owners, functions and texts of a part, with what it shares with others.
pub fn run(part: &str) -> Result<()> {
    let folder = files::memory().join("why");
    files::remove_all(&folder)?;
    std::fs::create_dir_all(&folder)?;
    let first = folder.join(format!("{FIRST}.wasm"));
    let parts = build::split(Profile::Release, &folder, &first)?;
    let names = if part == FIRST {
        vec![first]
    } else {
        let known = || parts.keys().map(String::as_str).chain([FIRST]).collect::<Vec<_>>().join(", ");
        let needed = parts.get(part).with_context(|| format!("there is no part {part}, only {}", known()))?;
        needed.iter().map(|stem| folder.join(format!("{stem}.wasm"))).collect()
    };
    let mut contents = Contents::default();
    for name in names {
        contents.add(&files::read(&name)?)?;
    }
    files::remove_all(&folder)?;
    contents.print(part);
    Ok(())
}

impl Contents {
    fn add(&mut self, wasm: &[u8]) -> Result<()> {
        let (mut n_imported, mut sizes, mut names) = (0, Vec::new(), BTreeMap::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        n_imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => sizes.push(body.as_bytes().len()),
                Payload::DataSection(segments) => {
                    for segment in segments {
                        self.add_data(segment?.data);
                    }
                }
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(section) = section.as_known() else { continue };
                    for name in section {
                        // The splitter repeats subsections that are of no use here, and not all are valid.
                        let Ok(Name::Function(functions)) = name else { continue };
                        for naming in functions {
                            let naming = naming?;
                            names.insert(naming.index, naming.name.to_owned());
                        }
                    }
                }
                _ => {}
            }
        }
        for (at, size) in sizes.into_iter().enumerate() {
            let name = names.get(&(n_imported + u32::try_from(at)?)).map_or("(no name)", String::as_str);
            *self.functions.entry(plain(name)).or_default() += size;
            self.n_code += size;
        }
        Ok(())
    }

    fn add_data(&mut self, data: &[u8]) {
        self.n_data += data.len();
        let pieces = data.split(|byte| *byte < b' ' && *byte != b'\n');
        let texts = pieces.filter_map(|piece| std::str::from_utf8(piece).ok());
        self.texts.extend(texts.filter(|text| text.len() >= MIN_TEXT).map(str::to_owned));
    }

    fn print(mut self, part: &str) {
        println!(
            "{part}: {} of code, {} of data",
            files::kilobytes(self.n_code),
            files::kilobytes(self.n_data)
        );
        let mut owners = BTreeMap::<String, usize>::new();
        for (name, size) in &self.functions {
            *owners.entry(owner(name)).or_default() += size;
        }
        table("owner", owners);
        table("function", std::mem::take(&mut self.functions));
        self.texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        table("text", self.texts.into_iter().map(|text| (text.replace('\n', " "), text.len())).take(LINES));
    }
}

fn table(title: &str, sizes: impl IntoIterator<Item = (String, usize)>) {
    let mut sizes: Vec<_> = sizes.into_iter().collect();
    sizes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    println!("\n{:>10}  {title}", "raw");
    for (name, size) in sizes.into_iter().take(LINES) {
        let shown: String = name.chars().take(SHOWN).collect();
        println!("{:>10}  {shown}", files::kilobytes(size));
    }
}

/// A function's name without its hash, and without the splitter's addition to it.
fn plain(name: &str) -> String {
    let symbol = name.split(' ').next().unwrap_or(name);
    format!("{:#}", rustc_demangle::demangle(symbol))
}

/// The module that a function belongs to.
fn owner(name: &str) -> String {
    let paths = name.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let paths: Vec<_> = paths.filter(|path| path.contains("::")).collect();
    let is_own = |path: &&&str| OWN.contains(&path.split("::").next().unwrap_or_default());
    let Some(path) = paths.iter().find(is_own).or(paths.first()) else { return name.to_owned() };
    path.split("::").filter(|step| !step.is_empty()).take(DEPTH).collect::<Vec<_>>().join("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_project_where_it_is_made_for_it() {
        for (name, expected) in [
            ("muster::pages::groups::page", "muster::pages::groups"),
            ("<domain::plan::Plan as core::clone::Clone>::clone", "domain::plan::Plan"),
            ("core::ptr::drop_in_place::<muster::state::runs::view::RunView>", "muster::state::runs"),
            ("alloc::vec::Vec<u8>::push", "alloc::vec::Vec"),
            ("main", "main"),
        ] {
            assert_eq!(owner(name), expected);
        }
    }

    #[test]
    fn names_lose_their_hash() {
        assert_eq!(plain("_ZN4core3fmt5write17h0123456789abcdefE indirect_call_shim"), "core::fmt::write");
        assert_eq!(plain("main"), "main");
    }

    #[test]
    fn texts_are_found_between_other_bytes() {
        let mut contents = Contents::default();
        let text = "A message that is long enough to be worth a line of its own.";
        contents.add_data(&[b"\x01\x02", text.as_bytes(), b"\0short\0"].concat());
        assert_eq!(contents.texts, [text]);
    }
}
