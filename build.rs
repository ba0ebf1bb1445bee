//! Turns `locales/en.json` into one typed function per message, so that a missing key, a missing
//! placeholder or a surplus one does not compile.
//!
//! Why by hand: the ready-made crates link every locale or every parser into the first download;
//! this links one table of English strings and one small function.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
/// Areas that are looked up by keys known at run time.
const DYNAMIC: [&str; 2] = ["errors.", "sandbox."];
/// Areas that are only looked up so; they get no functions.
const ONLY_DYNAMIC: [&str; 1] = ["errors."];

type Messages = BTreeMap<String, Vec<(String, String)>>;

fn main() {
    let locales = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("locales");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", locales.display());
    // The build splits the program by what the linker tells of it here.
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    match generate(&locales) {
        Ok(code) => {
            let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("text.rs");
            fs::write(out, code).expect("OUT_DIR is writable");
        }
        Err(problems) => problems.iter().for_each(|problem| println!("cargo::error={problem}")),
    }
}

fn generate(locales: &Path) -> Result<String, Vec<String>> {
    let mut problems = Vec::new();
    let english = read(&locales.join("en.json"), &mut problems);
    let mut tags = vec!["en".to_owned()];
    let mut files: Vec<PathBuf> = fs::read_dir(locales)
        .map(|entries| entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect())
        .unwrap_or_default();
    files.sort();
    for file in files {
        let tag = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        if tag != "en" && file.extension().is_some_and(|extension| extension == "json") {
            compare(&tag, &english, &read(&file, &mut problems), &mut problems);
            tags.push(tag);
        }
    }
    let code = write_code(&english, &tags, &mut problems);
    if problems.is_empty() { Ok(code) } else { Err(problems) }
}

fn read(file: &Path, problems: &mut Vec<String>) -> Messages {
    let mut messages = Messages::new();
    let parsed = fs::read_to_string(file).map_err(|error| error.to_string()).and_then(|json| {
        serde_json::from_str::<Map<String, Value>>(&json).map_err(|error| error.to_string())
    });
    match parsed {
        Ok(map) => flatten("", &map, &mut messages, problems),
        Err(error) => problems.push(format!("{}: {error}", file.display())),
    }
    messages
}

fn flatten(prefix: &str, map: &Map<String, Value>, into: &mut Messages, problems: &mut Vec<String>) {
    for (name, value) in map {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            Value::String(text) => {
                into.insert(key, vec![(String::new(), text.clone())]);
            }
            Value::Object(forms) if is_plural(forms) => {
                let forms =
                    forms.iter().filter_map(|(form, text)| Some((form.clone(), text.as_str()?.to_owned())));
                into.insert(key, forms.collect());
            }
            Value::Object(inner) => flatten(&key, inner, into, problems),
            other => problems.push(format!("{key}: expected a text or an object, found {other}")),
        }
    }
}

fn is_plural(forms: &Map<String, Value>) -> bool {
    forms.contains_key("other")
        && forms.iter().all(|(name, text)| PLURALS.contains(&name.as_str()) && text.is_string())
}

/// The placeholders of one text, in order of appearance.
fn placeholders(key: &str, text: &str, problems: &mut Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let name = rest[open..].strip_prefix('{').and_then(|after| after.split_once('}'));
        let Some((name, after)) = name else {
            problems.push(format!("{key}: expected a closed placeholder in {text:?}"));
            return found;
        };
        let lower = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !lower || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            problems.push(format!("{key}: expected a lower case name, found placeholder {name:?}"));
        } else if !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
        rest = after;
    }
    found
}

/// The placeholders of a message: those of its `other` form, which all its forms must keep to.
fn arguments(key: &str, forms: &[(String, String)], problems: &mut Vec<String>) -> Vec<String> {
    let is_plural = !forms[0].0.is_empty();
    let whole = forms.iter().find(|(form, _)| form.is_empty() || form == "other");
    let mut names = whole.map(|(_, text)| placeholders(key, text, problems)).unwrap_or_default();
    if is_plural && !names.iter().any(|name| name == "count") {
        names.insert(0, "count".to_owned());
    }
    for (form, text) in forms {
        for name in placeholders(key, text, problems) {
            if !names.contains(&name) {
                problems
                    .push(format!("{key}: form {form:?} has the placeholder {name:?} that \"other\" lacks"));
            }
        }
    }
    names
}

fn compare(tag: &str, english: &Messages, other: &Messages, problems: &mut Vec<String>) {
    for (key, forms) in other {
        let Some(original) = english.get(key) else {
            problems.push(format!("{tag}: {key} is not a key of en.json"));
            continue;
        };
        let known = arguments(key, original, problems);
        for name in arguments(key, forms, problems) {
            if !known.contains(&name) {
                problems.push(format!("{tag}: {key} has the placeholder {name:?} that en.json lacks"));
            }
        }
    }
}

fn write_code(english: &Messages, tags: &[String], problems: &mut Vec<String>) -> String {
    // Only what is looked up at run time is a table: any other message goes where its function goes, which is
    // not the first load if only later pages use it.
    let mut table = String::from("static DYNAMIC: &[Message] = &[\n");
    // Messages without placeholders are constants of one type, so that every view, signal and prop that takes
    // one is compiled once and not once for each message.
    let mut functions = String::from(
        "#[expect(non_upper_case_globals, reason = \"they are called, so they are named like functions\")]\n\
         pub mod text {\n    use super::{Arg, Forms};\n",
    );
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for (key, forms) in english {
        let arguments = arguments(key, forms, problems);
        let is_plural = !forms[0].0.is_empty();
        let message = match forms.as_slice() {
            [(form, text)] if form.is_empty() => format!("({key:?}, Forms::One({text:?}))"),
            _ => format!("({key:?}, Forms::Plural(&{forms:?}))"),
        };
        if DYNAMIC.iter().any(|area| key.starts_with(area)) {
            let _ = writeln!(table, "    {message},");
        }
        if ONLY_DYNAMIC.iter().any(|area| key.starts_with(area)) {
            continue;
        }
        let name = key.to_lowercase().replace(['.', '-'], "_");
        if let Some(twin) = names.insert(name.clone(), key) {
            problems.push(format!("{key} and {twin} would both be text::{name}"));
        }
        let mut parameters = String::new();
        let mut values = String::new();
        for argument in &arguments {
            let (ty, kind) = if argument == "count" { ("usize", "Count") } else { ("&str", "Text") };
            let _ = write!(parameters, "{argument}: {ty}, ");
            let _ = write!(values, "({argument:?}, Arg::{kind}({argument})), ");
        }
        let shown = if is_plural {
            &forms.iter().find(|(form, _)| form == "other").unwrap_or(&forms[0]).1
        } else {
            &forms[0].1
        };
        let _ = writeln!(functions, "    #[doc = {shown:?}]");
        let (parameters, values) = (parameters.trim_end_matches(", "), values.trim_end_matches(", "));
        let _ = if arguments.is_empty() {
            writeln!(functions, "    pub const {name}: fn() -> String = || super::message(&{message}, &[]);")
        } else {
            writeln!(
                functions,
                "    pub fn {name}({parameters}) -> String {{ super::message(&{message}, &[{values}]) }}"
            )
        };
    }
    table.push_str("];\n");
    functions.push_str("}\n");
    format!("{table}\nstatic TAGS: &[&str] = &{tags:?};\n\n{functions}")
}
