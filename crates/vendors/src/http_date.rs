//! HTTP dates (RFC 9110, section 5.6.7).

use domain::Millis;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAY_S: i64 = 86_400;

/// Parses a date in any of the three formats to milliseconds since 1970; `None` if invalid or before 1970.
pub(crate) fn parse(text: &str) -> Option<Millis> {
    // "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994" have
    // the same parts and differ only in their order.
    let mut pieces = text.split([' ', ',', '-']).filter(|piece| !piece.is_empty()).skip(1);
    let (first, second) = (pieces.next()?, pieces.next()?);
    let (third, fourth) = (pieces.next()?, pieces.next()?);
    let (day, month, year, time) = match first.as_bytes()[0] {
        b'0'..=b'9' => (first, second, third, fourth),
        _ => (second, first, fourth, third),
    };
    if pieces.next().is_some_and(|zone| !matches!(zone, "GMT" | "UTC")) || pieces.next().is_some() {
        return None;
    }
    let month = MONTHS.iter().position(|known| month.eq_ignore_ascii_case(known))? as i64 + 1;
    let day = number(day, 1, 31)?;
    let year = match (year.len(), number(year, 0, 9_999)?) {
        (4, year) => year,
        // Two-digit years below 70 are in this century.
        (2, year) => year + if year < 70 { 2_000 } else { 1_900 },
        _ => return None,
    };
    let mut parts = time.split(':');
    let (hour, minute) = (number(parts.next()?, 0, 23)?, number(parts.next()?, 0, 59)?);
    let second = number(parts.next()?, 0, 60)?;
    if parts.next().is_some() {
        return None;
    }
    let seconds = days_since_1970(year, month, day) * DAY_S + hour * 3_600 + minute * 60 + second;
    Millis::try_from(seconds).ok()?.checked_mul(1_000)
}

fn number(text: &str, least: i64, most: i64) -> Option<i64> {
    let is_number = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_number && (least..=most).contains(number))
}

/// Counts years from March, so that a leap day is the last day of its year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_three_forms_and_nothing_else() {
        let table = [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777_000)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777_000)),
            ("Sun Nov  6 08:49:37 1994", Some(784_111_777_000)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Thu, 29 Feb 2024 00:00:00 GMT", Some(1_709_164_800_000)),
            ("Fri, 15 Jan 2027 08:00:00 GMT", Some(1_800_000_000_000)),
            ("Wed, 31 Dec 1969 23:59:59 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("Sun, 06 Nov 1994 25:00:00 GMT", None),
            ("Sun, 06 Smarch 1994 08:49:37 GMT", None),
            ("42", None),
            ("", None),
            (", , ,", None),
            ("x é é é é", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text), expected, "{text:?}");
        }
    }
}
