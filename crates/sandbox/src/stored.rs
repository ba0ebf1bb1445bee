//! Reads stored events.
//!
//! A derived reader is compiled for every kind of event, at 3 KB each; this one is compiled once.

use domain::Scope;
use serde::de::Error;
use serde_json::{Map, Value};

/// The fields of a stored event, which the reader takes out one by one.
#[derive(Debug)]
pub(crate) struct EventFields(Map<String, Value>);

/// Why an event cannot be read.
type Problem = serde_json::Error;

impl EventFields {
    pub(crate) fn new(fields: Map<String, Value>) -> Self {
        Self(fields)
    }

    /// Takes a value; `None` if there is none, or it is `null`.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// Takes a text.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, Problem> {
        self.optional_text(name)?.ok_or_else(|| unexpected(name, "a text"))
    }

    /// Takes a text, if there is one.
    pub(crate) fn optional_text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(unexpected(name, "a text")),
        }
    }

    /// Takes a number.
    pub(crate) fn number(&mut self, name: &str) -> Result<u64, Problem> {
        self.take(name).and_then(|value| value.as_u64()).ok_or_else(|| unexpected(name, "a number"))
    }

    /// Takes a truth value.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        self.optional_flag(name)?.ok_or_else(|| unexpected(name, "true or false"))
    }

    /// Takes a truth value, if there is one.
    pub(crate) fn optional_flag(&mut self, name: &str) -> Result<Option<bool>, Problem> {
        let flag = |value: Value| value.as_bool().ok_or_else(|| unexpected(name, "true or false"));
        self.take(name).map(flag).transpose()
    }

    /// Takes a scope.
    pub(crate) fn scope(&mut self, name: &str) -> Result<Scope, Problem> {
        Scope::from_slug(&self.text(name)?).ok_or_else(|| unexpected(name, "a scope"))
    }

    /// Takes a list of texts.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Vec<String>, Problem> {
        self.optional_texts(name)?.ok_or_else(|| unexpected(name, "a list of texts"))
    }

    /// Takes a list of texts, if there is one.
    pub(crate) fn optional_texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Problem> {
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            _ => None,
        };
        self.list(name, &text, "a list of texts")
    }

    /// Takes a list of numbers, if there is one.
    pub(crate) fn optional_numbers(&mut self, name: &str) -> Result<Option<Vec<u64>>, Problem> {
        self.list(name, &|value| value.as_u64(), "a list of numbers")
    }

    fn list<T>(
        &mut self,
        name: &str,
        item: &dyn Fn(Value) -> Option<T>,
        expected: &str,
    ) -> Result<Option<Vec<T>>, Problem> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let Value::Array(values) = value else { return Err(unexpected(name, expected)) };
        let items: Option<Vec<T>> = values.into_iter().map(item).collect();
        items.map(Some).ok_or_else(|| unexpected(name, expected))
    }

    /// Takes any value, if there is one.
    pub(crate) fn optional_value(&mut self, name: &str) -> Option<Value> {
        self.take(name)
    }

    /// Takes an object with fields of its own.
    pub(crate) fn fields(&mut self, name: &str) -> Result<Self, Problem> {
        match self.take(name) {
            Some(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(unexpected(name, "an object")),
        }
    }
}

fn unexpected(name: &str, expected: &str) -> Problem {
    Problem::custom(["expected ", expected, " in the field ", name].concat())
}

/// An event of a kind that this release does not know.
pub(crate) fn unknown(name: &str, value: &str) -> Problem {
    Problem::custom(["unknown ", name, " ", value].concat())
}

/// Asserts that an event is the same after it was stored.
#[cfg(test)]
pub(crate) fn assert_read_back(event: &crate::Event) {
    let stored = serde_json::to_string(event).expect("an event can be stored");
    let read: crate::Event = serde_json::from_str(&stored).expect(&stored);
    assert_eq!(read, *event, "{stored}");
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_no_event_says_why() {
        for (stored, problem) in [
            ("{}", "expected a text in the field vendor"),
            (r#"{"vendor":"myspace","event":{}}"#, "unknown vendor myspace"),
            (r#"{"vendor":"genuin","event":[]}"#, "expected an object in the field event"),
            (
                r#"{"vendor":"genuin","event":{"type":"danced","chat_id":"c","user_id":"u"}}"#,
                "unknown type danced",
            ),
            (
                r#"{"vendor":"cometchat","event":{"type":"group_deleted","guid":1}}"#,
                "expected a text in the field guid",
            ),
            (
                r#"{"vendor":"cometchat","event":{"type":"scope_changed","guid":"g","uid":"u","scope":"king"}}"#,
                "expected a scope in the field scope",
            ),
        ] {
            let error = serde_json::from_str::<crate::Event>(stored).expect_err(stored).to_string();
            assert!(error.starts_with(problem), "{error}");
        }
    }
}
