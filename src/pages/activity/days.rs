//! Days as the charts and the filter have them: numbers of days since 1970, in the URL as dates, in local time.

use domain::Millis;
use js_sys::Date;
use wasm_bindgen::JsValue;

use i18n::{format_date, text};

const DAY_MS: f64 = 86_400_000.0;

/// The first and the last day of a value of the filter, such as `2026-11-29` or `2026-11-01..2026-11-30`.
pub(super) fn parse(value: &str) -> Option<(i64, i64)> {
    let (first, last) = value.split_once("..").unwrap_or((value, value));
    let days = (day_of(first)?, day_of(last)?);
    (days.0 <= days.1).then_some(days)
}

/// The value of the filter for these days.
pub(super) fn value_of(first: i64, last: i64) -> String {
    if first == last { iso(first) } else { [&*iso(first), "..", &*iso(last)].concat() }
}

/// The time at which a day begins here.
pub(super) fn start_of(day: i64) -> Millis {
    let date = utc(day);
    let (month, of_month) = (date.get_utc_month() as i32, date.get_utc_date() as i32);
    // Days before 1970 begin at 0.
    Date::new_with_year_month_day(date.get_utc_full_year(), month, of_month).get_time() as Millis
}

/// The days in words.
pub(super) fn words(first: i64, last: i64) -> String {
    let date = |day| format_date(start_of(day) as f64);
    if first == last {
        date(first)
    } else {
        text::ledger_from_to(text::LedgerFromTo { first: &date(first), last: &date(last) })
    }
}

fn day_of(date: &str) -> Option<i64> {
    let day = (Date::parse(date) / DAY_MS).floor();
    // A browser understands more than what stands in these URLs.
    (day.is_finite() && iso(day as i64) == date).then_some(day as i64)
}

fn iso(day: i64) -> String {
    let time = String::from(utc(day).to_iso_string());
    time.split('T').next().unwrap_or_default().to_owned()
}

fn utc(day: i64) -> Date {
    Date::new(&JsValue::from_f64(day as f64 * DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_value_of_the_filter_names_one_day_or_several() {
        for (value, days) in [
            ("2026-11-29", Some((20_786, 20_786))),
            ("2026-11-01..2026-11-30", Some((20_758, 20_787))),
            ("2026-11-30..2026-11-01", None),
            ("2026-11-31", None),
            ("2026-11", None),
            ("29 Nov 2026", None),
            ("2026-11-29..", None),
            ("", None),
        ] {
            assert_eq!(parse(value), days, "{value}");
            if let Some((first, last)) = days {
                assert_eq!(value_of(first, last), value);
            }
        }
    }

    #[wasm_bindgen_test]
    fn a_day_begins_at_midnight_here() {
        let begins = Date::new(&JsValue::from_f64(start_of(20_786) as f64));
        assert_eq!((begins.get_full_year(), begins.get_month(), begins.get_date()), (2026, 10, 29));
        assert_eq!((begins.get_hours(), begins.get_minutes()), (0, 0));
    }
}
