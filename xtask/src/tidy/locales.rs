//! Checks that every message is used and contains no markup.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{regex, require_none, sources};

/// The keys of a locale, as `members.title`; the plural forms of a message are one key.
fn keys(prefix: &str, value: &Value, into: &mut Vec<String>) {
    let Some(map) = value.as_object() else { return into.push(prefix.to_owned()) };
    if map.contains_key("other") && map.values().all(Value::is_string) {
        return into.push(prefix.to_owned());
    }
    for (name, value) in map {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        keys(&key, value, into);
    }
}

fn keys_of(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    keys("", &serde_json::from_str(text).expect("a locale is JSON"), &mut found);
    found
}

/// The name of the function that build.rs generates for a message.
fn function(key: &str) -> String {
    key.to_lowercase().replace(['.', '-'], "_")
}

/// The beginnings of the code's strings, up to the first character that no key has.
fn beginnings(code: &str) -> BTreeSet<&str> {
    regex(r#""[\w.-]+"#).find_iter(code).map(|found| &found.as_str()[1..]).collect()
}

/// Some keys are assembled at run time, as in `format!("errors.{code}")`.
fn is_looked_up(key: &str, beginnings: &BTreeSet<&str>) -> bool {
    let is_begun = |(at, _): (usize, &str)| {
        let start = &key[..=at];
        beginnings.range(start..).next().is_some_and(|next| next.starts_with(start))
    };
    beginnings.contains(key) || key.match_indices('.').any(is_begun)
}

#[test]
fn every_message_is_used() {
    let english = sources(&["locales/en.json"], ".json").pop().expect("there is an English locale");
    // The keys of error texts are assembled in the crates that define the errors.
    let code: String = sources(&["src", "crates"], ".rs").into_iter().map(|source| source.text).collect();
    let names: BTreeSet<_> = regex(r"\b[a-z]\w*").find_iter(&code).map(|word| word.as_str()).collect();
    let beginnings = beginnings(&code);
    let is_unused = |key: &String| !names.contains(function(key).as_str()) && !is_looked_up(key, &beginnings);
    let unused: Vec<_> = keys_of(&english.text).into_iter().filter(is_unused).collect();
    require_none(&unused, "these messages of locales/en.json are shown nowhere");
}

#[test]
fn every_locale_has_every_message() {
    let folder = crate::files::root().join("locales");
    let english = crate::locales::read(&folder.join("en.json")).expect("there is an English locale");
    for (tag, messages) in crate::locales::all(&folder).expect("locales are JSON") {
        let report = crate::locales::compare(&tag, &english, &messages);
        require_none(&report.wrong, &format!("locales/{tag}.json"));
    }
}

/// Tags and character references; `<uid>` and `<name@example.org>` are not markup.
const MARKUP: &str = r"</?(a|b|br|code|div|em|i|img|li|p|script|span|strong|ul)(\s[^>]*)?/?>|&#?\w+;";

#[test]
fn messages_hold_no_markup() {
    for locale in sources(&["locales"], ".json") {
        let found: Vec<_> =
            regex(MARKUP).find_iter(&locale.text).map(|tag| tag.as_str().to_owned()).collect();
        require_none(&found, &format!("{} is plain text", locale.path));
    }
}

/// A space before `:`, `;`, `!`, `»` or after `«`, at which a line may break. A question mark may be the name of a key.
#[test]
fn french_marks_are_not_parted_from_their_words() {
    let breaks = regex(r"\S [:;!»]|« ");
    let french = sources(&["locales/fr.json"], ".json").pop().expect("there is a French locale");
    let found: Vec<_> = french.text.lines().filter(|line| breaks.is_match(line)).map(str::to_owned).collect();
    require_none(&found, "French has a no-break space there");
}

#[test]
fn reads_nested_keys_and_plurals() {
    let found = keys_of(r#"{ "a": { "b": "x", "c": { "one": "1", "other": "n" } } }"#);
    assert_eq!(found, ["a.b", "a.c"]);
    let code = r#"format!("errors.{code}.meaning"); text("c.d"); a_b("e-f")"#;
    assert!(is_looked_up("errors.X.meaning", &beginnings(code)));
    assert!(is_looked_up("c.d", &beginnings(code)));
    assert!(!is_looked_up("a.b", &beginnings(code)));
}
