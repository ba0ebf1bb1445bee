//! Generates a typed function per message of `locales/en.json`, so that a missing key, or a missing or
//! surplus placeholder, fails to compile.
//!
//! Rewording a message never swaps two of its values. The count comes first, followed by at most one text;
//! the compiler tells them apart by type. Two or more texts are passed by name, in a struct named after the
//! message: `text::plan_cost(text::PlanCost { calls, time, messages })`.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];
/// The placeholder for a number that selects the plural form.
const COUNT: &str = "count";
/// Areas whose messages are looked up by a key at run time.
const DYNAMIC: [&str; 3] = ["errors.", "sandbox.", "vendors."];
/// Areas that are only looked up at run time; they get no functions.
const ONLY_DYNAMIC: [&str; 2] = ["errors.", "vendors."];

type Messages = BTreeMap<String, Vec<(String, String)>>;

/// Generates the Rust code of all messages.
///
/// # Errors
/// All problems of the locales.
pub(crate) fn generate(locales: &Path) -> Result<String, Vec<String>> {
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

/// The placeholders of a text, in order of appearance.
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

/// The placeholders of a message, count first: those of its `other` form. No other form may have more.
fn arguments(key: &str, forms: &[(String, String)], problems: &mut Vec<String>) -> Vec<String> {
    let is_plural = !forms[0].0.is_empty();
    let whole = forms.iter().find(|(form, _)| form.is_empty() || form == "other");
    let mut names = whole.map(|(_, text)| placeholders(key, text, problems)).unwrap_or_default();
    if is_plural && !names.iter().any(|name| name == COUNT) {
        names.push(COUNT.to_owned());
    }
    names.sort_by(|left, right| (left != COUNT, left).cmp(&(right != COUNT, right)));
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
    // Only messages looked up at run time are in tables. All others are part of their functions, so that
    // messages used only by later pages are not part of the first load.
    let mut tables = DYNAMIC.map(|_| String::new());
    // Messages without placeholders are constants of the same type, so that a view, signal or prop that takes
    // one is compiled once rather than once per message.
    let mut functions = String::from(
        "#[expect(non_upper_case_globals, reason = \"they are called, so they are named like functions\")]\n\
         #[expect(missing_docs, reason = \"the text of a message documents its values\")]\n\
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
        if let Some(table) = DYNAMIC.iter().position(|area| key.starts_with(area)) {
            let _ = writeln!(tables[table], "    {message},");
        }
        if ONLY_DYNAMIC.iter().any(|area| key.starts_with(area)) {
            continue;
        }
        let name = key.to_lowercase().replace(['.', '-'], "_");
        if let Some(twin) = names.insert(name.clone(), key) {
            problems.push(format!("{key} and {twin} would both be text::{name}"));
        }
        let shown = if is_plural {
            &forms.iter().find(|(form, _)| form == "other").unwrap_or(&forms[0]).1
        } else {
            &forms[0].1
        };
        functions.push_str(&function(key, &name, shown, &message, &arguments));
    }
    functions.push_str("}\n");
    let mut areas = String::new();
    for (area, table) in DYNAMIC.iter().zip(tables) {
        let name = area.trim_end_matches('.').to_uppercase();
        let doc = format!("/// The messages of which the key begins with `{area}`.");
        let _ = writeln!(areas, "{doc}\npub static {name}: Area = Area(&[\n{table}]);\n");
    }
    format!("{areas}static TAGS: &[&str] = &{tags:?};\n\n{functions}")
}

fn function(key: &str, name: &str, shown: &str, message: &str, arguments: &[String]) -> String {
    // As code, because a message can look like HTML.
    let doc = format!("    #[doc = {:?}]\n", ["`", &shown.replace('`', "'"), "`"].concat());
    let list = |one: &dyn Fn(&String) -> String| arguments.iter().map(one).collect::<Vec<_>>().join(", ");
    let parameters =
        list(&|name| if name == COUNT { format!("{name}: usize") } else { format!("{name}: &str") });
    let values = list(&|name| {
        let kind = if name == COUNT { "Count" } else { "Text" };
        format!("({name:?}, Arg::{kind}({name}))")
    });
    let n_texts = arguments.iter().filter(|name| *name != COUNT).count();
    if arguments.is_empty() {
        format!("{doc}    pub const {name}: fn() -> String = || super::message(&{message}, &[]);\n")
    } else if n_texts < 2 {
        format!(
            "{doc}    pub fn {name}({parameters}) -> String {{ super::message(&{message}, &[{values}]) }}\n"
        )
    } else {
        let (values_of, names) = (type_name(key), list(&String::clone));
        let fields = list(&|name| {
            if name == COUNT { format!("pub {name}: usize") } else { format!("pub {name}: &'a str") }
        });
        format!(
            "{doc}    #[derive(Clone, Copy, Debug)]\n    pub struct {values_of}<'a> {{ {fields} }}\n\
             {doc}    pub fn {name}({values_of} {{ {names} }}: {values_of}) -> String {{ \
             super::message(&{message}, &[{values}]) }}\n"
        )
    }
}

/// The name of the struct with a message's values: `PlanCost` for `plan.cost`.
fn type_name(key: &str) -> String {
    let words = key.split(['.', '-', '_']).filter_map(|word| {
        let first = word.chars().next()?;
        Some(format!("{}{}", first.to_uppercase(), &word[first.len_utf8()..]))
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(en: &str) -> Result<String, Vec<String>> {
        let mut problems = Vec::new();
        let map = serde_json::from_str(en).expect("the test wrote JSON");
        let mut messages = Messages::new();
        flatten("", &map, &mut messages, &mut problems);
        let code = write_code(&messages, &["en".to_owned()], &mut problems);
        if problems.is_empty() { Ok(code) } else { Err(problems) }
    }

    /// The public items of the generated code, without the texts.
    fn signatures(en: &str) -> Vec<String> {
        let code = code(en).expect("the messages are good");
        let signature = |line: &str| line.trim().split(" { super::").next().unwrap_or_default().to_owned();
        let public = code.lines().skip_while(|line| !line.starts_with("pub mod text")).skip(1);
        public.filter(|line| line.trim().starts_with("pub ")).map(signature).collect()
    }

    #[test]
    fn rewording_leaves_every_signature_as_it_is() {
        for (one, other) in [
            (r#"{ "a": { "b": "{who} in {place}" } }"#, r#"{ "a": { "b": "In {place}: {who}" } }"#),
            (r#"{ "a": "{count} of {name}" }"#, r#"{ "a": "{name}: {count}" }"#),
            (
                r#"{ "a": { "one": "{x} and {y}, {count}", "other": "{x} and {y}, {count}" } }"#,
                r#"{ "a": { "one": "{y}, {x}", "other": "{y}, {count}, {x}" } }"#,
            ),
        ] {
            assert_eq!(signatures(one), signatures(other));
        }
    }

    #[test]
    fn the_messages_of_this_project_are_good() {
        let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../locales");
        assert_eq!(generate(&locales).map(|code| code.is_empty()), Ok(false));
    }

    #[test]
    fn two_texts_are_given_by_name() {
        assert_eq!(
            signatures(r#"{ "plan": { "cost_of": "{time} for {calls}" } }"#),
            [
                "pub struct PlanCostOf<'a> { pub calls: &'a str, pub time: &'a str }",
                "pub fn plan_cost_of(PlanCostOf { calls, time }: PlanCostOf) -> String",
            ]
        );
    }

    #[test]
    fn a_count_comes_before_a_text() {
        let en = r#"{ "a": { "one": "{name}: one", "other": "{name}: {count}" } }"#;
        assert_eq!(signatures(en), ["pub fn a(count: usize, name: &str) -> String"]);
    }

    #[test]
    fn a_placeholder_that_the_other_form_lacks_is_a_problem() {
        let en = r#"{ "a": { "one": "{who}", "other": "{count}" } }"#;
        assert_eq!(code(en).expect_err("`who` is missing").len(), 1);
    }

    #[test]
    fn a_placeholder_that_is_not_closed_is_a_problem() {
        assert!(code(r#"{ "a": "{who" }"#).is_err());
    }
}
