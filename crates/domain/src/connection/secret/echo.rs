//! Finds a secret in text that repeats it, however it is escaped.
//!
//! A service that repeats a key in an error embeds it in JSON, a URL or HTML, often nested: `/` becomes `\/`,
//! `%2F`, `&#x2f;`, `\u002F`, `%252f` or `\\u002f`. So the response is not decoded first: every spelling of
//! each character is matched in place, which leaves the rest of the response unchanged.

/// Most nested escapes.
const MAX_LAYERS: u8 = 3;
/// Most digits of a numeric reference; HTML allows leading zeros.
const MAX_DIGITS: usize = 12;
/// The digits of Base64, in order.
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// HTML entity names of the characters that a key can contain, without `&` and `;`.
const NAMES: &[(&str, u8)] = &[
    ("amp", b'&'),
    ("AMP", b'&'),
    ("lt", b'<'),
    ("LT", b'<'),
    ("gt", b'>'),
    ("GT", b'>'),
    ("quot", b'"'),
    ("QUOT", b'"'),
    ("apos", b'\''),
    ("sol", b'/'),
    ("bsol", b'\\'),
    ("plus", b'+'),
    ("equals", b'='),
    ("num", b'#'),
    ("percnt", b'%'),
    ("colon", b':'),
    ("semi", b';'),
    ("period", b'.'),
    ("comma", b','),
    ("excl", b'!'),
    ("quest", b'?'),
    ("commat", b'@'),
    ("dollar", b'$'),
    ("ast", b'*'),
    ("lpar", b'('),
    ("rpar", b')'),
    ("lsqb", b'['),
    ("lbrack", b'['),
    ("rsqb", b']'),
    ("rbrack", b']'),
    ("lcub", b'{'),
    ("lbrace", b'{'),
    ("rcub", b'}'),
    ("rbrace", b'}'),
    ("lowbar", b'_'),
    ("UnderBar", b'_'),
    ("grave", b'`'),
    ("Hat", b'^'),
    ("verbar", b'|'),
    ("vert", b'|'),
    ("VerticalLine", b'|'),
];

/// A spelling to search for.
struct Needle {
    bytes: Vec<u8>,
    /// Whether to ignore case, as for hexadecimal digits.
    folds_case: bool,
    /// The number of Base64 characters before and after that partly encode the secret.
    edges: (usize, usize),
}

/// Ranges of a response as start and end, sorted and disjoint.
pub(super) type Places = Vec<(usize, usize)>;

/// The ranges of a response that repeat a secret.
pub(super) fn find(secret: &[u8], text: &[u8]) -> Places {
    find_any(&needles(secret), text)
}

/// The ranges that repeat a secret, verbatim or escaped, without an adjacent letter or digit.
pub(super) fn find_words(secret: &[u8], text: &[u8]) -> Places {
    let mut found = find_any(&[plain(secret)], text);
    let is_of_word = |idx: usize| text.get(idx).is_some_and(u8::is_ascii_alphanumeric);
    found.retain(|(start, end)| {
        let is_inside = *start > 0 && is_of_word(start - 1) && !ends_escape(&text[..*start]);
        !is_inside && !is_of_word(*end)
    });
    found
}

/// True if the last letter or digit belongs to the escape of a non-alphanumeric character: `\n`, `%20`,
/// `\u0020`.
fn ends_escape(text: &[u8]) -> bool {
    let is_other = |digits: &[u8]| value(digits, 16).is_some_and(|byte| !byte.is_ascii_alphanumeric());
    match text {
        [.., b'\\', b'u', a, b, c, d] => is_other(&[*a, *b, *c, *d]),
        [.., b'\\', b'x', a, b] | [.., b'%', a, b] => is_other(&[*a, *b]),
        [.., b'\\', letter] => b"bfnrt".contains(letter),
        _ => false,
    }
}

fn find_any(needles: &[Needle], text: &[u8]) -> Places {
    // Most of a response is skipped by looking at one byte.
    let mut may_begin = [false; 256];
    for introducer in *b"\\%&" {
        may_begin[usize::from(introducer)] = true;
    }
    for needle in needles {
        if let Some(byte) = needle.bytes.first().copied() {
            may_begin[usize::from(byte)] = true;
            may_begin[usize::from(byte.to_ascii_lowercase())] |= needle.folds_case;
            may_begin[usize::from(byte.to_ascii_uppercase())] |= needle.folds_case;
        }
    }
    let mut found: Places = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let hit = may_begin[usize::from(text[at])]
            .then(|| needles.iter().find_map(|needle| Some((needle, end_of(needle, text, at)?))))
            .flatten();
        let Some((needle, end)) = hit else {
            at += 1;
            continue;
        };
        let free = found.last().map_or(0, |(_, end)| *end);
        let is_edge = |idx: usize| text.get(idx).is_some_and(|b| is_base64(*b));
        let start = (1..=needle.edges.0).take_while(|n| at >= free + n && is_edge(at - n)).count();
        let after = (0..needle.edges.1).take_while(|n| is_edge(end + n)).count();
        found.push((at - start, end + after));
        at = end + after;
    }
    found
}

fn plain(secret: &[u8]) -> Needle {
    Needle { bytes: secret.to_vec(), folds_case: false, edges: (0, 0) }
}

fn needles(secret: &[u8]) -> Vec<Needle> {
    let mut needles = vec![plain(secret)];
    let hex = secret.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hex = hex.filter_map(|digit| char::from_digit(u32::from(digit), 16)).map(|digit| digit as u8);
    needles.push(Needle { bytes: hex.collect(), folds_case: true, edges: (0, 0) });
    // Basic authentication puts a name before the key and a colon after it, so the key may begin anywhere in
    // a group of three bytes.
    for n_before in 0..3 {
        let (bytes, edges) = base64_core(secret, n_before);
        let url: Vec<u8> = bytes
            .iter()
            .map(|byte| match byte {
                b'+' => b'-',
                b'/' => b'_',
                other => *other,
            })
            .collect();
        if url != bytes {
            needles.push(Needle { bytes: url, folds_case: false, edges });
        }
        needles.push(Needle { bytes, folds_case: false, edges });
    }
    needles
}

/// The Base64 characters that depend only on the secret if `n_before` bytes precede it, and the number of
/// characters on each side that depend on it in part.
fn base64_core(secret: &[u8], n_before: usize) -> (Vec<u8>, (usize, usize)) {
    let bit = |idx: usize| {
        let byte = (idx / 8).checked_sub(n_before).and_then(|at| secret.get(at));
        byte.map_or(0, |byte| byte >> (7 - idx % 8) & 1)
    };
    let first = (8 * n_before).div_ceil(6);
    let bits = 8 * (n_before + secret.len());
    let last = bits / 6;
    let sextet = |at: usize| (0..6).fold(0, |sum, idx| sum << 1 | bit(at * 6 + idx));
    let core = (first..last).map(|at| BASE64[usize::from(sextet(at))]).collect();
    (core, (usize::from(n_before > 0), usize::from(!bits.is_multiple_of(6))))
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// The end of the needle if it matches at `at`. Text can be read in several ways (`%25` is three characters
/// or one), so all reachable positions are tracked.
fn end_of(needle: &Needle, text: &[u8], at: usize) -> Option<usize> {
    let mut ends = vec![at];
    let mut next = Vec::new();
    for wanted in &needle.bytes {
        for from in ends.drain(..) {
            read(text, from, MAX_LAYERS, &mut |byte, end| {
                let is_same = byte == *wanted || needle.folds_case && byte.eq_ignore_ascii_case(wanted);
                if is_same && !next.contains(&end) {
                    next.push(end);
                }
            });
        }
        if next.is_empty() {
            return None;
        }
        std::mem::swap(&mut ends, &mut next);
    }
    // The longest match, so that no partial escape remains to corrupt the response.
    ends.into_iter().max()
}

/// Reports every character that the text at `at` may stand for, with its end.
fn read(text: &[u8], at: usize, layers: u8, found: &mut dyn FnMut(u8, usize)) {
    let Some(byte) = text.get(at).copied() else { return };
    found(byte, at + 1);
    if layers == 0 || !matches!(byte, b'\\' | b'%' | b'&') {
        return;
    }
    // The introducer of an escape may itself be escaped: `%25` for `%`, `\\` for `\`, `&amp;` for `&`.
    let mut introducers = Vec::new();
    read(text, at, layers - 1, &mut |byte, end| {
        if matches!(byte, b'\\' | b'%' | b'&') && !introducers.contains(&(byte, end)) {
            introducers.push((byte, end));
        }
    });
    for (introducer, from) in introducers {
        match introducer {
            b'%' => hex(text, from, 2, found),
            b'&' => reference(text, from, layers - 1, found),
            _ => after_backslash(text, from, layers - 1, found),
        }
    }
}

/// `\/`, `\"`, `\u002f`, `\u{2f}`, `\x2f`, and `\u0026#47;` for HTML inside JSON.
fn after_backslash(text: &[u8], at: usize, layers: u8, found: &mut dyn FnMut(u8, usize)) {
    match text.get(at) {
        Some(b'u' | b'U') if text.get(at + 1) == Some(&b'{') => {
            number(text, at + 2, 16, b'}', found);
        }
        Some(b'u') => hex(text, at + 1, 4, found),
        Some(b'U') => hex(text, at + 1, 8, found),
        Some(b'x' | b'X') => hex(text, at + 1, 2, found),
        // The character after the backslash can be escaped as well: `\\\/` is `\/` in JSON in JSON.
        Some(byte) if byte.is_ascii_punctuation() => read(text, at, layers, &mut |byte, end| {
            if byte.is_ascii_punctuation() {
                found(byte, end);
            }
        }),
        _ => {}
    }
}

/// `amp;`, `#47;`, `#x2F;` after an ampersand; browsers accept them without the semicolon too.
fn reference(text: &[u8], at: usize, layers: u8, found: &mut dyn FnMut(u8, usize)) {
    let mut hashes = Vec::new();
    read(text, at, layers, &mut |byte, end| {
        if byte == b'#' {
            hashes.push(end);
        }
    });
    for from in hashes {
        match text.get(from) {
            Some(b'x' | b'X') => number(text, from + 1, 16, b';', found),
            _ => number(text, from, 10, b';', found),
        }
    }
    let rest = &text[at.min(text.len())..];
    for (name, byte) in NAMES {
        if let Some(rest) = rest.strip_prefix(name.as_bytes()) {
            found(*byte, at + name.len() + usize::from(rest.first() == Some(&b';')));
        }
    }
}

/// Exactly `n_digits` hexadecimal digits.
fn hex(text: &[u8], at: usize, n_digits: usize, found: &mut dyn FnMut(u8, usize)) {
    let Some(digits) = text.get(at..at + n_digits) else { return };
    if let Some(byte) = value(digits, 16) {
        found(byte, at + n_digits);
    }
}

/// Digits up to an optional closing character.
fn number(text: &[u8], at: usize, radix: u32, closing: u8, found: &mut dyn FnMut(u8, usize)) {
    let rest = &text[at.min(text.len())..];
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let n_digits = rest.iter().take(MAX_DIGITS).take_while(is_digit).count();
    if let Some(byte) = value(&rest[..n_digits], radix) {
        found(byte, at + n_digits + usize::from(rest.get(n_digits) == Some(&closing)));
    }
}

/// The byte value of digits; `None` if there are none or the value exceeds a byte.
fn value(digits: &[u8], radix: u32) -> Option<u8> {
    let mut sum: Option<u32> = None;
    for digit in digits {
        let digit = char::from(*digit).to_digit(radix)?;
        sum = Some(sum.unwrap_or(0).saturating_mul(radix).saturating_add(digit));
    }
    sum.and_then(|sum| u8::try_from(sum).ok())
}
