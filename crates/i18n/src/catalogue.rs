//! The messages of the current language. English is compiled in; other languages overlay it.

use super::pseudo;
use js_sys::{Array, Object};
use litemap::LiteMap;
use std::borrow::Cow;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};

/// The forms of one English message.
#[derive(Debug)]
pub(super) enum Forms {
    /// The same text for every count.
    One(&'static str),
    /// A text per plural category.
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

/// Messages loaded at run time, by `key` or, for a plural form, by `key.form`.
type Loaded = LiteMap<String, String>;

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

/// The text of a message for a plural category; the category is empty for messages without plurals.
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

/// Removes the overlay.
pub(super) fn use_english() {
    OVER.set(Over::Nothing);
}

/// Overlays English with the pseudo-locale.
pub(super) fn use_pseudo() {
    OVER.set(Over::Pseudo);
}

/// Overlays English with a fetched language; missing messages stay English.
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
