//! `cargo xtask locales`: what each locale lacks, and what in it looks wrong.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::files;

/// The plural categories of each language by CLDR's rules, with the categories for whole numbers only.
const CATEGORIES: [(&str, &[&str]); 6] = [
    ("ar", &["zero", "one", "two", "few", "many", "other"]),
    ("de", &["one", "other"]),
    ("en", &["one", "other"]),
    ("es", &["one", "many", "other"]),
    ("fr", &["one", "many", "other"]),
    ("pt-BR", &["one", "many", "other"]),
];

/// Labels up to this length are held to the length of their translation.
const LABEL: usize = 24;

/// A locale: its messages by key, each with its plural forms, or one form without a name.
pub type Messages = BTreeMap<String, BTreeMap<String, String>>;

/// What is wrong with a locale.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Messages or plural forms that are missing, or that English does not have. A test fails on these.
    pub wrong: Vec<String>,
    /// Messages that read like English.
    pub untranslated: Vec<String>,
    /// Labels more than twice as long as in English.
    pub long: Vec<String>,
}

/// Prints a report on every locale.
///
/// # Errors
/// If a locale lacks something.
pub fn run() -> Result<()> {
    let folder = files::root().join("locales");
    let english = read(&folder.join("en.json"))?;
    println!("en: {} messages", english.len());
    let mut n_wrong = 0;
    for (tag, messages) in all(&folder)? {
        let report = compare(&tag, &english, &messages);
        println!(
            "{tag}: {} wrong, {} untranslated, {} long",
            report.wrong.len(),
            report.untranslated.len(),
            report.long.len()
        );
        for (kind, found) in
            [("wrong", &report.wrong), ("untranslated", &report.untranslated), ("long", &report.long)]
        {
            found.iter().for_each(|line| println!("  {kind}: {line}"));
        }
        n_wrong += report.wrong.len();
    }
    if n_wrong > 0 {
        bail!("{n_wrong} messages are missing or wrong");
    }
    Ok(())
}

/// Every locale but English, by its tag.
pub fn all(folder: &Path) -> Result<BTreeMap<String, Messages>> {
    let mut found = BTreeMap::new();
    for path in files::below(folder)? {
        let tag = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if tag != "en" && path.extension().is_some_and(|extension| extension == "json") {
            found.insert(tag, read(&path)?);
        }
    }
    Ok(found)
}

/// Reads a locale.
pub fn read(path: &Path) -> Result<Messages> {
    let value = serde_json::from_str(&files::read_text(path)?)
        .with_context(|| format!("{} is not JSON", path.display()))?;
    let mut messages = Messages::new();
    flatten("", &value, &mut messages);
    Ok(messages)
}

fn flatten(key: &str, value: &Value, into: &mut Messages) {
    let forms = |map: &serde_json::Map<String, Value>| -> Option<BTreeMap<String, String>> {
        map.contains_key("other").then_some(())?;
        map.iter().map(|(form, text)| Some((form.clone(), text.as_str()?.to_owned()))).collect()
    };
    match value {
        Value::String(text) => drop(into.insert(key.to_owned(), [(String::new(), text.clone())].into())),
        Value::Object(map) => match forms(map) {
            Some(forms) => drop(into.insert(key.to_owned(), forms)),
            None => map.iter().for_each(|(name, value)| {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                flatten(&key, value, into);
            }),
        },
        _ => {}
    }
}

/// Compares a locale with English.
pub fn compare(tag: &str, english: &Messages, messages: &Messages) -> Report {
    let mut report = Report::default();
    let categories = CATEGORIES.iter().find(|(known, _)| *known == tag).map(|(_, categories)| *categories);
    let Some(categories) = categories else {
        report.wrong.push(format!("the plural categories of {tag} are not known"));
        return report;
    };
    for (key, forms) in english {
        let Some(translated) = messages.get(key) else {
            report.wrong.push(format!("{key} is missing"));
            continue;
        };
        let expected: Vec<&str> = if forms.contains_key("other") { categories.to_vec() } else { vec![""] };
        for form in &expected {
            if !translated.contains_key(*form) {
                report.wrong.push(format!("{key} lacks the form {form:?}"));
            }
        }
        let original = forms.values().next_back().map_or("", String::as_str);
        for (form, text) in translated {
            if !expected.contains(&form.as_str()) {
                report.wrong.push(format!("{key} has the form {form:?}, which {tag} does not have"));
            }
            for name in placeholders(original).filter(|name| *name != "{count}") {
                if !text.contains(name) {
                    report.wrong.push(format!("{key} lacks {name} in {text:?}"));
                }
            }
            if text == original && reads_like_english(text) {
                report.untranslated.push(format!("{key}: {text}"));
            }
            let (n, n_english) = (text.chars().count(), original.chars().count());
            if n_english <= LABEL && n > 2 * n_english + 6 {
                report.long.push(format!("{key}: {original} / {text}"));
            }
        }
    }
    let unknown = messages.keys().filter(|key| !english.contains_key(*key));
    report.wrong.extend(unknown.map(|key| format!("{key} is not in English")));
    report
}

fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('{').filter_map(|(at, _)| text[at..].find('}').map(|end| &text[at..=at + end]))
}

/// Whether a text has two words of the language: names and codes have none.
fn reads_like_english(text: &str) -> bool {
    let is_word = |word: &&str| word.len() > 2 && word.chars().all(|letter| letter.is_ascii_lowercase());
    text.split_whitespace().filter(is_word).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(json: &str) -> Messages {
        let mut found = Messages::new();
        flatten("", &serde_json::from_str(json).expect("the test wrote JSON"), &mut found);
        found
    }

    #[test]
    fn what_a_locale_lacks_is_found() {
        let english = messages(
            r#"{ "a": { "b": "Add {name}", "c": { "one": "1 row", "other": "{count} rows" } }, "d": "Send the changes" }"#,
        );
        let good = messages(
            r#"{ "a": { "b": "{name} hinzufügen", "c": { "one": "1 Zeile", "other": "{count} Zeilen" } }, "d": "Senden" }"#,
        );
        assert_eq!(compare("de", &english, &good), Report::default());
        let bad = messages(
            r#"{ "a": { "b": "Hinzufügen", "c": { "other": "{count} Zeilen", "few": "x" } }, "d": "Send the changes", "e": "x" }"#,
        );
        let report = compare("de", &english, &bad);
        assert_eq!(report.wrong.len(), 4, "{report:?}");
        assert_eq!(report.untranslated.len(), 1, "{report:?}");
        assert_eq!(compare("de", &english, &messages("{}")).wrong.len(), 3);
        assert_eq!(compare("xx", &english, &good).wrong.len(), 1);
    }

    #[test]
    fn a_label_that_takes_twice_the_room_is_long() {
        let (english, long) =
            (messages(r#"{ "a": "Send" }"#), messages(r#"{ "a": "Jetzt alles versenden" }"#));
        assert_eq!(compare("de", &english, &long).long.len(), 1);
    }
}
