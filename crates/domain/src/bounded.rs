//! Estimates the memory of parsed JSON before parsing it.

/// Most parts of a JSON text that is parsed into a tree of values. An object with one member takes seven
/// bytes of text but several hundred bytes of memory: ten megabytes of them would take over a gigabyte, this
/// many parts take about a hundred megabytes. Assumed to be enough: a page of 1,000 people with 50 fields
/// each has 100,000 parts.
pub const MAX_PARTS: usize = 500_000;

/// Counts the parts of a JSON text: every element, name, list and object. Allocates nothing. The count is
/// meaningless for text that is not JSON.
pub fn n_parts(text: &[u8]) -> usize {
    let (mut n, mut is_in_string, mut is_escaped) = (1, false, false);
    for byte in text {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_in_string => is_escaped = true,
            b'"' => is_in_string = !is_in_string,
            b',' | b':' | b'[' | b'{' if !is_in_string => n += 1,
            _ => {}
        }
    }
    n
}

#[cfg(test)]
mod tests {
    use super::{MAX_PARTS, n_parts};

    #[test]
    fn parts_are_counted_outside_of_texts() {
        for (text, n) in [
            ("1", 1),
            ("[]", 2),
            ("[1,2]", 3),
            (r#"{"":0}"#, 3),
            (r#"{"a,[{:":"\\\",[{:"}"#, 3),
            (r#"["\\",1]"#, 3),
        ] {
            assert_eq!(n_parts(text.as_bytes()), n, "{text}");
        }
    }

    #[test]
    fn a_large_page_of_people_is_far_below_the_bound() {
        let person = format!("{{{}}}", vec![r#""field":"value""#; 50].join(","));
        let page = format!("[{}]", vec![person; 1_000].join(","));
        assert!(n_parts(page.as_bytes()) < MAX_PARTS / 2);
    }
}
