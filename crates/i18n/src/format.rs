//! Formats numbers, times and lists for the current language.

use super::{locale, track};
use js_sys::Intl::{Collator, DateTimeFormat, ListFormat, NumberFormat, PluralRules};
use js_sys::{Array, Date, Function, JsString, Object, Reflect};
use std::cell::RefCell;
use std::cmp::Ordering;
use wasm_bindgen::JsValue;

/// The formatters of one language. Cached, because creating one is slow.
struct Formatters {
    order: Function,
    number: Function,
    plural: PluralRules,
    time: Function,
    date: Function,
    date_time: Function,
}

thread_local! {
    static FORMATTERS: RefCell<Option<Formatters>> = const { RefCell::new(None) };
}

/// Drops the cached formatters after a change of language.
pub(super) fn reset() {
    FORMATTERS.set(None);
}

/// A number with the digits and separators of the current language.
pub fn format_number(number: f64) -> String {
    track();
    with_formatters(|formatters| call(&formatters.number, &JsValue::from_f64(number)))
}

/// The time of day in hours and minutes, from 00:00 to 23:59.
pub fn format_time(at_ms: f64) -> String {
    at(at_ms, |formatters| &formatters.time)
}

/// The date, such as 21 Nov 2026.
pub fn format_date(at_ms: f64) -> String {
    at(at_ms, |formatters| &formatters.date)
}

/// The date and the time of day.
pub fn format_date_time(at_ms: f64) -> String {
    at(at_ms, |formatters| &formatters.date_time)
}

/// Several items as one text: "Ada, Noor and Kwame".
pub fn format_list(items: &[String]) -> String {
    track();
    let list: Array = items.iter().map(|item| JsValue::from_str(item)).collect();
    ListFormat::new(&tags(), &Object::new()).format(&list).into()
}

/// The order of two names in the current language, untracked. 2 comes before 10.
pub fn compare(a: &str, b: &str) -> Ordering {
    let compared = with_formatters(|formatters| {
        formatters.order.call2(&JsValue::UNDEFINED, &JsValue::from_str(a), &JsValue::from_str(b))
    });
    let difference = compared.ok().and_then(|compared| compared.as_f64()).unwrap_or_default();
    difference.partial_cmp(&0.0).unwrap_or(Ordering::Equal)
}

/// The plural category of a count: `one`, `few`, `other` and so on.
pub(super) fn plural_category(count: usize) -> String {
    with_formatters(|formatters| formatters.plural.select(count as f64).into())
}

fn at(at_ms: f64, which: fn(&Formatters) -> &Function) -> String {
    track();
    with_formatters(|formatters| call(which(formatters), &Date::new(&JsValue::from_f64(at_ms))))
}

fn date_time(styles: &[(&str, &str)]) -> Function {
    DateTimeFormat::new(&tags(), &options(styles)).format()
}

fn call(format: &Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn with_formatters<T>(use_them: impl FnOnce(&Formatters) -> T) -> T {
    FORMATTERS.with_borrow_mut(|slot| {
        use_them(slot.get_or_insert_with(|| Formatters {
            order: Collator::new(&tags(), &options(&[("numeric", "true")])).compare(),
            number: NumberFormat::new(&tags(), &Object::new()).format(),
            plural: PluralRules::new(&tags(), &Object::new()),
            time: date_time(&[("timeStyle", "short"), ("hourCycle", "h23")]),
            date: date_time(&[("dateStyle", "medium")]),
            date_time: date_time(&[("dateStyle", "medium"), ("timeStyle", "short"), ("hourCycle", "h23")]),
        }))
    })
}

/// The current language for Intl. An empty list would select the browser's own.
fn tags() -> Array {
    Array::of1(&JsString::from(locale::current_untracked().as_str()))
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    object
}
