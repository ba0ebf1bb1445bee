//! Phone numbers in the international form (E.164), as vendors want them.

use crate::ProblemCode;

/// Prefixes of national numbers that are dropped abroad, by calling code; the longest first. The other countries have 0
/// (ITU-T, "List of national numbering plans").
const TRUNK_PREFIXES: [(&str, &[&str]); 47] = [
    ("1", &["1"]),
    ("7", &["8"]),
    ("30", &[]),
    ("34", &[]),
    ("36", &["06"]),
    ("39", &[]),
    ("45", &[]),
    ("47", &[]),
    ("48", &[]),
    ("52", &[]),
    ("65", &[]),
    ("216", &[]),
    ("221", &[]),
    ("223", &[]),
    ("225", &[]),
    ("226", &[]),
    ("228", &[]),
    ("229", &[]),
    ("237", &[]),
    ("242", &[]),
    ("257", &[]),
    ("351", &[]),
    ("352", &[]),
    ("354", &[]),
    ("356", &[]),
    ("357", &[]),
    ("370", &["8", "0"]),
    ("371", &[]),
    ("372", &[]),
    ("375", &["80", "8", "0"]),
    ("376", &[]),
    ("377", &[]),
    ("378", &[]),
    ("420", &[]),
    ("502", &[]),
    ("503", &[]),
    ("504", &[]),
    ("505", &[]),
    ("506", &[]),
    ("507", &[]),
    ("509", &[]),
    ("852", &[]),
    ("853", &[]),
    ("965", &[]),
    ("968", &[]),
    ("973", &[]),
    ("974", &[]),
];

/// Fewest and most digits of a number with its country code.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// Fewest and most digits of a number without its country code.
const LEAST_NATIONAL: usize = 5;
const MOST_NATIONAL: usize = 11;
/// Digits of a number of North America with its code.
const NORTH_AMERICA: usize = 11;

/// A country by its calling code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    code: u16,
    trunks: &'static [&'static str],
}

impl Country {
    /// The country of a calling code, such as `44`, `+44` or `0044`; `None` if it cannot be one.
    pub fn of_code(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix('+').or_else(|| text.strip_prefix("00")).unwrap_or(text);
        let is_code = (1..=3).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        let code = digits.parse().ok().filter(|_| is_code)?;
        let known = TRUNK_PREFIXES.iter().find(|(code, _)| *code == digits);
        Some(Self { code, trunks: known.map_or(&["0"], |(_, trunks)| trunks) })
    }

    /// The calling code, such as 44.
    pub fn code(self) -> u16 {
        self.code
    }

    /// True for digits that may begin with the code or be a national number that begins like it.
    fn is_ambiguous(self, digits: &str) -> bool {
        self.code != 1 && digits.starts_with(&self.code.to_string())
    }

    /// The international form of a national number.
    fn international(self, national: &str) -> String {
        let stripped = self.trunks.iter().find_map(|trunk| national.strip_prefix(trunk));
        [&self.code.to_string(), stripped.unwrap_or(national)].concat()
    }
}

/// A number, and whether its digits are those of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub digits: Box<str>,
    pub is_same: bool,
}

/// True for text that is a phone number, or was one in a spreadsheet.
pub(crate) fn is_like(text: &str) -> bool {
    n_digits(text) >= LEAST_NATIONAL && text.chars().all(is_of_number) || is_scientific(text)
}

/// Number of digits of a phone number, in any script.
pub(crate) fn n_digits(text: &str) -> usize {
    text.chars().filter(|c| digit(*c).is_some()).count()
}

/// The ASCII digit for one of another script in which people write phone numbers.
fn digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '０'..='９' => '０',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

/// True for characters of a phone number.
pub(crate) fn is_of_number(c: char) -> bool {
    digit(c).is_some() || " +-().\u{a0}\u{202f}/\u{2010}\u{2011}".contains(c)
}

/// True for a number as `4.47701E+11`, which a spreadsheet has rounded.
pub(crate) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    // `1e5` can be an id.
    let is_sure = exponent.starts_with('+') || mantissa.contains(['.', ',']);
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, rest) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    is_sure && is_number(exponent) && whole.len() == 1 && is_number(whole) && is_number(rest)
}

/// Parses a phone number with its country code, or a national one of a country.
///
/// # Errors
/// [`ProblemCode::DigitsLost`], [`ProblemCode::CountryMissing`] or [`ProblemCode::BadPhone`].
pub(crate) fn parse(text: &str, country: Option<Country>) -> Result<Number, ProblemCode> {
    let ascii: String = text.trim().chars().map(|c| digit(c).unwrap_or(c)).collect();
    if is_scientific(&ascii) {
        return Err(ProblemCode::DigitsLost);
    }
    let is_ascii = ascii == text.trim();
    let (text, is_decimal) = without_decimals(&ascii);
    let (text, has_trunk) = without_trunk(text);
    let is_plus_first = text.rfind('+').is_none_or(|idx| idx == 0);
    if !text.chars().all(is_of_number) || !is_plus_first {
        return Err(ProblemCode::BadPhone);
    }
    let all: String = text.chars().filter(char::is_ascii_digit).collect();
    let (all, has_code) = match country {
        // 011 is dialled instead of + in North America, and 00 elsewhere.
        Some(country) if country.code == 1 && all.starts_with("011") => (all[3..].to_owned(), true),
        _ if text.starts_with('+') => (all, true),
        _ => match all.strip_prefix("00") {
            Some(rest) => (rest.to_owned(), true),
            None => {
                let has_code = all.len() > MOST_NATIONAL || (country.is_none() && is_north_american(&all));
                if !has_code && country.is_some_and(|country| country.is_ambiguous(&all)) {
                    return Err(ProblemCode::BadPhone);
                }
                (all, has_code)
            }
        },
    };
    let is_national = !has_code || (all.starts_with('0') && !text.starts_with('+'));
    let digits = match country {
        Some(country) if is_national => country.international(&all),
        None if is_national && all.len() >= LEAST_NATIONAL => return Err(ProblemCode::CountryMissing),
        _ => all,
    };
    if digits.starts_with('1') && digits.len() != NORTH_AMERICA {
        return Err(ProblemCode::BadPhone);
    }
    if !DIGITS.contains(&digits.len()) || digits.starts_with('0') {
        return Err(ProblemCode::BadPhone);
    }
    Ok(Number { digits: digits.into(), is_same: is_ascii && !is_decimal && !has_trunk && !is_national })
}

/// True for a number of North America with its code: area codes begin with 2 to 9.
fn is_north_american(digits: &str) -> bool {
    digits.len() == NORTH_AMERICA && digits.starts_with('1') && !digits[1..].starts_with(['0', '1'])
}

/// Without the `.0` that spreadsheets add to whole numbers.
fn without_decimals(text: &str) -> (&str, bool) {
    let whole = text.strip_suffix(".0").or_else(|| text.strip_suffix(",0"));
    match whole.filter(|whole| whole.bytes().all(|b| b.is_ascii_digit() || b == b'+')) {
        Some(whole) => (whole, true),
        None => (text, false),
    }
}

/// Without the `(0)` after a country code, which is dialled only at home.
fn without_trunk(text: &str) -> (String, bool) {
    let is_international = text.starts_with('+') || text.starts_with("00");
    match text.split_once("(0)").filter(|_| is_international) {
        Some((code, rest)) => ([code, rest].concat(), true),
        None => (text.to_owned(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, country: &str, expected: Result<(&str, bool), ProblemCode>) {
        let found = parse(text, Country::of_code(country)).map(|number| (number.digits, number.is_same));
        assert_eq!(found, expected.map(|(digits, is_same)| (digits.into(), is_same)), "{text:?}");
    }

    #[test]
    fn numbers_with_a_country_code_are_read_whatever_their_form() {
        check("+44 7700 900142", "", Ok(("447700900142", true)));
        check("0044 7700 900142", "", Ok(("447700900142", true)));
        check("+1 (202) 555-0143", "", Ok(("12025550143", true)));
        check("447700900142", "", Ok(("447700900142", true)));
        check("+44 (0)7700 900000", "", Ok(("447700900000", false)));
        check("447700900142.0", "", Ok(("447700900142", false)));
        check("+٤٤ ٧٧٠٠ ٩٠٠١٤٢", "", Ok(("447700900142", false)));
        check("+49\u{a0}30\u{2011}1234567", "", Ok(("49301234567", true)));
    }

    #[test]
    fn national_numbers_need_a_country() {
        check("07700 900142", "", Err(ProblemCode::CountryMissing));
        check("07700 900142", "44", Ok(("447700900142", false)));
        check("(202) 555-0143", "", Err(ProblemCode::CountryMissing));
        check("(202) 555-0143", "+1", Ok(("12025550143", false)));
        check("8 495 123 4567", "7", Ok(("74951234567", false)));
        check("06 20 123 4567", "0036", Ok(("36201234567", false)));
        check("06 1234 5678", "39", Ok(("390612345678", false)));
        check("(11) 91234-5678", "55", Ok(("5511912345678", false)));
        check("138 1234 5678", "86", Ok(("8613812345678", false)));
        check("15112345678", "49", Ok(("4915112345678", false)));
        check("15112345678", "", Ok(("15112345678", true)));
        check("8 916 123 4567", "", Err(ProblemCode::CountryMissing));
        check("8 029 123-45-67", "375", Ok(("375291234567", false)));
        check("8 612 34567", "370", Ok(("37061234567", false)));
        check("06 612 3456", "242", Ok(("242066123456", false)));
        check("011 45 32 12 34 56", "1", Ok(("4532123456", true)));
        check("4532123456", "45", Err(ProblemCode::BadPhone));
        check("+45 32123456", "45", Ok(("4532123456", true)));
        check("447700900142", "1", Ok(("447700900142", true)));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        check("4.47701E+11", "44", Err(ProblemCode::DigitsLost));
        check("4,47701E+11", "", Err(ProblemCode::DigitsLost));
        check("+44 7700 +44", "", Err(ProblemCode::BadPhone));
        check("12", "", Err(ProblemCode::BadPhone));
        check("+1 202 555 0143 2", "", Err(ProblemCode::BadPhone));
        check("+0123456789", "", Err(ProblemCode::BadPhone));
        check("1234567890123456", "", Err(ProblemCode::BadPhone));
        assert_eq!(Country::of_code("0"), None);
        assert_eq!(Country::of_code("4444"), None);
        assert_eq!(Country::of_code("4a"), None);
    }
}
