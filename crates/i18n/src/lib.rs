#![doc = include_str!("../README.md")]

mod catalogue;
mod format;
#[cfg(debug_assertions)]
mod live;
mod locale;
mod pseudo;
#[cfg(test)]
mod tests;

pub use format::{compare, format_date, format_date_time, format_list, format_number, format_time};
pub use locale::{PSEUDO, available, current, display_name, forget, init, set_locale};

use catalogue::{Forms, Message};
use leptos::prelude::*;
use leptos::reactive::graph::Observer;

include!(concat!(env!("OUT_DIR"), "/text.rs"));

/// A value of a placeholder: a text, or a count that also selects the plural form.
enum Arg<'a> {
    Text(&'a str),
    Count(usize),
}

/// Messages with keys known only at run time, sorted by key.
#[derive(Debug)]
pub struct Area(&'static [Message]);

/// The text of a key known only at run time, such as an error's meaning; `None` if the area has no such key.
/// Placeholders are not filled in.
pub fn lookup(area: &Area, key: &str) -> Option<String> {
    track();
    let index = area.0.binary_search_by(|(known, _)| (*known).cmp(key)).ok()?;
    Some(catalogue::template(&area.0[index], "").into_owned())
}

fn message(english: &Message, args: &[(&str, Arg)]) -> String {
    track();
    let category = match args
        .iter()
        .find_map(|(_, arg)| if let Arg::Count(count) = arg { Some(*count) } else { None })
    {
        Some(count) => format::plural_category(count),
        None => String::new(),
    };
    fill(&catalogue::template(english, &category), args)
}

fn fill(template: &str, args: &[(&str, Arg)]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        match args.iter().find(|(known, _)| *known == name) {
            Some((_, Arg::Text(text))) => push_isolated(&mut out, text),
            Some((_, Arg::Count(count))) => out.push_str(&format_number(*count as f64)),
            None => {}
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Appends a value. One with letters of the other direction is isolated, because it would otherwise reorder the
/// numbers and punctuation around it.
fn push_isolated(out: &mut String, value: &str) {
    let has_right_to_left = value.chars().any(is_right_to_left);
    let is_mixed = if locale::is_right_to_left() {
        // A plain number follows the sentence; the sign of a phone number would change sides.
        !has_right_to_left && !value.chars().all(|letter| letter.is_numeric() || ",. ".contains(letter))
    } else {
        has_right_to_left
    };
    if is_mixed && !value.starts_with(ISOLATE) {
        out.push(ISOLATE);
        out.push_str(value);
        out.push(POP_ISOLATE);
    } else {
        out.push_str(value);
    }
}

/// First strong isolate: the value has the direction of its first letter.
const ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';

/// The text without the marks that isolate its values, for files.
pub fn without_isolates(text: &str) -> String {
    text.replace([ISOLATE, POP_ISOLATE], "")
}

/// Whether a letter belongs to a script that is written from right to left.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Subscribes the current observer, if any, to the language.
fn track() {
    if Observer::get().is_some() {
        locale::version().track();
    }
}
