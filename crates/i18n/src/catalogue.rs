//! The messages of the language in use: English is linked in, another language lies over it.

use super::pseudo;
use js_sys::{Array, Object};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};

/// The forms of one English message.
#[derive(Debug)]
pub(super) enum Forms {
    /// One text whatever the count.
    One(&'static str),
    /// A text for each plural category.
    Plural(&'static [(&'static str, &'static str)]),
}

impl Forms {
    fn get(&self, category: &str) -> &'static str {
        match self {
            Self::One(text) => text,
            Self::Plural(forms) => {
                let form = |name: &str| forms.iter().find(|(form, _)| *form == name).map(|(_, text)| *text);
                form(category).or_else(|| form("other")).unwrap_or_default()
            }
        }
    }
}

/// Messages that came at run time, by `key` or, for a plural form, by `key.form`.
type Loaded = BTreeMap<String, String>;

enum Over {
    Nothing,
    Pseudo,
    Loaded(Loaded),
}

thread_local! {
    static OVER: RefCell<Over> = const { RefCell::new(Over::Nothing) };
}

/// A key with its English text.
pub(super) type Message = (&'static str, Forms);

/// The text of a message for a plural category (empty for a message without plurals).
pub(super) fn template((key, forms): &Message, category: &str) -> Cow<'static, str> {
    OVER.with_borrow(|over| match over {
        Over::Nothing => Cow::Borrowed(forms.get(category)),
        Over::Pseudo => Cow::Owned(pseudo::accented(forms.get(category))),
        Over::Loaded(messages) => [format!("{key}.{category}"), format!("{key}.other"), (*key).to_owned()]
            .iter()
            .find_map(|key| messages.get(key))
            .map_or(Cow::Borrowed(forms.get(category)), |text| Cow::Owned(text.clone())),
    })
}

/// Goes back to English alone.
pub(super) fn use_english() {
    OVER.set(Over::Nothing);
}

/// Lays the made-up test language over English.
pub(super) fn use_pseudo() {
    OVER.set(Over::Pseudo);
}

/// Lays a fetched language over English; what it lacks stays English.
pub(super) fn use_loaded(json: &JsValue) {
    let mut messages = Loaded::new();
    collect("", json, &mut messages);
    OVER.set(Over::Loaded(messages));
}

fn collect(prefix: &str, value: &JsValue, into: &mut Loaded) {
    if let Some(text) = value.as_string() {
        into.insert(prefix.to_owned(), text);
    } else if let Some(object) = value.dyn_ref::<Object>() {
        for entry in Object::entries(object).iter() {
            let entry = Array::from(&entry);
            if let Some(name) = entry.get(0).as_string() {
                let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
                collect(&key, &entry.get(1), into);
            }
        }
    }
}
