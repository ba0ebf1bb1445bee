//! The English texts, as open pages fetch them.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow};
use serde_json::{Map, Value};

use crate::{files, messages};

/// `locales/en.json` without problems.
#[derive(Debug)]
pub struct Texts {
    pub json: String,
    /// Changes with any text.
    pub digest: String,
    shape: Value,
}

impl Texts {
    /// Reads the file.
    ///
    /// # Errors
    /// With all problems of all locales.
    pub fn read() -> Result<Self> {
        let folder = files::root().join("locales");
        messages::generate(&folder).map_err(|mut problems| {
            // Each use of a text finds its problem again.
            problems.dedup();
            anyhow!("{}", problems.join("\n"))
        })?;
        let json = files::read_text(&folder.join("en.json"))?;
        let shape = shape(&serde_json::from_str(&json)?);
        Ok(Self { digest: files::digest(json.as_bytes()), json, shape })
    }

    /// Returns true if the console has to be compiled for these texts: a message was added or removed, or has
    /// other values.
    pub fn need_build(&self, compiled: &Self) -> bool {
        self.shape != compiled.shape
    }
}

/// The keys with the placeholders of their texts: all that the generated functions depend on besides words.
fn shape(texts: &Value) -> Value {
    match texts {
        Value::String(text) => placeholders(text).into_iter().map(Value::from).collect(),
        Value::Object(inner) => {
            let inner: Map<_, _> = inner.iter().map(|(key, value)| (key.clone(), shape(value))).collect();
            Value::Object(inner)
        }
        other => other.clone(),
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|after| Some(after.split_once('}')?.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(json: &str) -> Texts {
        let shape = shape(&serde_json::from_str(json).expect("the test wrote JSON"));
        Texts { json: json.to_owned(), digest: String::new(), shape }
    }

    #[test]
    fn other_words_need_no_build() {
        let compiled = texts(r#"{ "a": { "b": "{who} in {place}", "one": "1", "other": "{count}" } }"#);
        for json in [
            r#"{ "a": { "b": "In {place}: {who}", "one": "one", "other": "{count} people" } }"#,
            r#"{ "a": { "one": "1", "other": "{count} of {count}", "b": "{who}, {place}, {who}" } }"#,
        ] {
            assert!(!texts(json).need_build(&compiled), "{json}");
        }
    }

    #[test]
    fn other_messages_and_other_values_need_a_build() {
        let compiled = texts(r#"{ "a": { "b": "{who}", "c": "x" } }"#);
        for json in [
            r#"{ "a": { "b": "{who}" } }"#,
            r#"{ "a": { "b": "{who}", "c": "x", "d": "y" } }"#,
            r#"{ "a": { "b": "{name}", "c": "x" } }"#,
            r#"{ "a": { "b": "nobody", "c": "x" } }"#,
            r#"{ "a": { "b": "{who}", "c": { "one": "x", "other": "x" } } }"#,
        ] {
            assert!(texts(json).need_build(&compiled), "{json}");
        }
    }

    #[test]
    fn the_texts_of_this_project_can_be_read() {
        let texts = Texts::read().expect("they have no problems");
        assert!(!texts.need_build(&texts) && texts.json.starts_with('{'));
    }
}
