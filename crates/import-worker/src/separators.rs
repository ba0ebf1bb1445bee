//! What separates the cells of a file.

/// Number of lines by which it is judged.
const SAMPLE: usize = 200;

/// The separator that gives most lines the same number of cells; `None` if no line has several.
pub(crate) fn recognised(text: &str) -> Option<u8> {
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
        assert_eq!(recognised("a;b\nc;d,e\n"), Some(b';'));
        assert_eq!(recognised("Okonkwo, Ada\tada@x.org\nBerg, Bo\tbo@x.org"), Some(b'\t'));
        assert_eq!(recognised("a|b|c\n\"x|y\"|b|c"), Some(b'|'));
        assert_eq!(recognised("a,b\nc,d;e\nf,g"), Some(b','));
        assert_eq!(recognised("fan-1\nfan-2"), None);
        assert_eq!(recognised(""), None);
    }
}
