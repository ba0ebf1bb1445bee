//! What separates the cells of a file.

use std::borrow::Cow;

/// Number of lines by which it is judged.
const SAMPLE: usize = 200;

/// Separators of other scripts: a file has them only if it has no other.
const WIDE: [char; 7] = ['；', '؛', '｜', '，', '、', '،', '､'];

/// The byte that stands for a separator of another script: no list has it.
pub(crate) const SUBSTITUTE: u8 = 0x1f;

/// The separator that gives most lines the same number of cells; `None` if no line has several.
pub(crate) fn recognised(text: &str) -> Option<char> {
    of_bytes(text).map(char::from).or_else(|| {
        let lines = || text.lines().take(SAMPLE);
        let count = |separator: char| lines().filter(|line| line.contains(separator)).count();
        WIDE.into_iter()
            .map(|own| (count(own), own))
            .filter(|(n, _)| *n > 0)
            .max_by_key(|(n, _)| *n)
            .map(|it| it.1)
    })
}

/// The byte of a separator of ASCII. Without one it is a byte that no text in UTF-8 has.
pub(crate) fn byte(separator: Option<char>) -> u8 {
    separator.map_or(0xff, |own| own as u8)
}

/// True if a text that goes on has as many lines as the separator is judged by.
pub(crate) fn is_enough(text: &str) -> bool {
    text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).nth(SAMPLE).is_some()
}

/// The text with this separator as [`SUBSTITUTE`], except in quotation marks.
pub(crate) fn substituted(text: &str, separator: char) -> String {
    let mut is_quoted = false;
    let of = |c: char| {
        is_quoted ^= c == '"';
        if c == separator && !is_quoted { char::from(SUBSTITUTE) } else { c }
    };
    text.chars().map(of).collect()
}

/// The text without substitutes.
pub(crate) fn original(text: &str, separator: Option<char>) -> Cow<'_, str> {
    match separator.filter(|own| !own.is_ascii()) {
        Some(wide) => Cow::Owned(text.replace(char::from(SUBSTITUTE), wide.encode_utf8(&mut [0; 4]))),
        None => Cow::Borrowed(text),
    }
}

fn of_bytes(text: &str) -> Option<u8> {
    let lines: Vec<&str> =
        text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).take(SAMPLE).collect();
    let fit = |separator: u8| {
        let counts: Vec<usize> = lines.iter().map(|line| n_cells(line, separator)).collect();
        let first = counts.iter().copied().filter(|n| *n > 1).max_by_key(|n| {
            // The most frequent number, and the larger one of two.
            (counts.iter().filter(|own| *own == n).count(), *n)
        })?;
        Some((counts.iter().filter(|own| **own == first).count(), first))
    };
    // Commas are part of names and addresses more often than the others.
    let tried =
        [b'\t', b';', b'|', b','].map(|separator| fit(separator).map(|(n, cells)| (n, cells, separator)));
    let mut best: Option<(usize, usize, u8)> = None;
    for one in tried.into_iter().flatten() {
        if best.is_none_or(|best| (one.0, one.1) > (best.0, best.1)) {
            best = Some(one);
        }
    }
    best.map(|(_, _, separator)| separator)
}

/// Number of cells of a line, outside of quotation marks.
fn n_cells(line: &str, separator: u8) -> usize {
    let mut is_quoted = false;
    let ends = line.bytes().filter(|byte| {
        is_quoted ^= *byte == b'"';
        *byte == separator && !is_quoted
    });
    ends.count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_of_most_lines_is_recognised() {
        assert_eq!(recognised("a;b\nc;d,e\n"), Some(';'));
        assert_eq!(recognised("Okonkwo, Ada\tada@x.org\nBerg, Bo\tbo@x.org"), Some('\t'));
        assert_eq!(recognised("a|b|c\n\"x|y\"|b|c"), Some('|'));
        assert_eq!(recognised("a,b\nc,d;e\nf,g"), Some(','));
        assert_eq!(recognised("メール；名前\nhanako@x.org；山田、花子"), Some('；'));
        assert_eq!(recognised("سارة، sara@x.org"), Some('،'));
        assert_eq!(substituted("a、\"b、c\"", '、'), "a\u{1f}\"b、c\"");
        assert_eq!(recognised("fan-1\nfan-2"), None);
        assert_eq!(recognised(""), None);
    }
}
