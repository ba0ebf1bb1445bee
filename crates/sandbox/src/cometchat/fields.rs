//! Reads and validates the fields of groups and users (CometChat contract, section 5).

use serde_json::{Map, Value};

use super::{UserFields, event::GroupFields};

/// A request body and the problems found in it.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    body: &'a Map<String, Value>,
    pub(super) problems: Vec<(&'static str, &'static str)>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(body: &'a Map<String, Value>) -> Self {
        Self { body, problems: Vec::new() }
    }

    /// An optional string of at most `max` characters.
    pub(super) fn text(&mut self, name: &'static str, max: usize) -> Option<String> {
        match self.body.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.chars().count() <= max => Some(text.clone()),
            Some(Value::String(_)) => self.wrong(name, "The field is too long."),
            Some(_) => self.wrong(name, "The field must be a string."),
        }
    }

    /// A required, non-blank string.
    pub(super) fn required(&mut self, name: &'static str, max: usize) -> Option<String> {
        let text = self.text(name, max).filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.problems.push((name, "The field is required."));
        }
        text
    }

    /// A required id in lower case: letters, digits, hyphens and underscores, at most 100.
    pub(super) fn id(&mut self, name: &'static str) -> Option<String> {
        let id = self.required(name, usize::MAX)?.to_lowercase();
        if is_id(&id) {
            Some(id)
        } else {
            self.wrong(name, "The field may hold a-z, 0-9, - and _, at most 100.")
        }
    }

    fn address(&mut self, name: &'static str) -> Option<String> {
        let text = self.text(name, 3000)?;
        let is_address = text.starts_with("https://") || text.starts_with("http://");
        if is_address { Some(text) } else { self.wrong(name, "The field must be a URL.") }
    }

    fn metadata(&mut self) -> Option<Value> {
        match self.body.get("metadata") {
            None | Some(Value::Null) => None,
            Some(value @ Value::Object(_)) if value.to_string().len() <= 5 * 1024 => Some(value.clone()),
            Some(_) => self.wrong("metadata", "The field must be an object of at most 5 KB."),
        }
    }

    /// A list of at most `max` strings.
    pub(super) fn list(&mut self, name: &'static str, max: usize) -> Option<Vec<String>> {
        let items = match self.body.get(name) {
            None | Some(Value::Null) => return None,
            Some(value) => value.as_array(),
        };
        let texts =
            items.and_then(|items| items.iter().map(|item| item.as_str().map(str::to_owned)).collect());
        let fits =
            |texts: &Vec<String>| texts.len() <= max && texts.iter().all(|text| text.chars().count() <= 100);
        match texts {
            Some(texts) if fits(&texts) => Some(texts),
            _ => self.wrong(name, "The field must be a short list of strings."),
        }
    }

    /// The fields to clear: a name or a list of names.
    pub(super) fn unset(&mut self, known: &[&str]) -> Vec<String> {
        let names = match self.body.get("unset") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::String(name)) => Some(vec![name.clone()]),
            Some(_) => self.list("unset", known.len()),
        };
        match names {
            Some(names) if names.iter().all(|name| known.contains(&name.as_str())) => names,
            _ => {
                self.problems.push(("unset", "The field names something that cannot be unset."));
                Vec::new()
            }
        }
    }

    pub(super) fn group(&mut self) -> GroupFields {
        let kind = self.text("type", 100);
        if kind.as_deref().is_some_and(|kind| !["public", "private", "password"].contains(&kind)) {
            self.problems.push(("type", "The type is invalid."));
        }
        GroupFields {
            name: self.text("name", 100),
            kind,
            icon: self.address("icon"),
            description: self.text("description", 255),
            metadata: self.metadata(),
            tags: self.list("tags", 25),
        }
    }

    pub(super) fn user(&mut self) -> UserFields {
        UserFields {
            name: self.text("name", 100),
            avatar: self.address("avatar"),
            link: self.address("link"),
            role: self.text("role", 100),
            status_message: self.text("statusMessage", 3000),
            metadata: self.metadata(),
            tags: self.list("tags", 25),
        }
    }

    fn wrong<T>(&mut self, name: &'static str, why: &'static str) -> Option<T> {
        self.problems.push((name, why));
        None
    }
}

/// True for an id in the form the server stores.
pub(super) fn is_id(id: &str) -> bool {
    (1..=100).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
}
