//! The lines of a list as it is typed.

use domain::list;
use domain::{Person, Scope};
use leptos::prelude::*;

use super::people_reader::people_reader;

/// Two lists as one.
pub(super) fn joined(first: &str, second: &str) -> String {
    let (first, second) = (first.trim_end(), second.trim_matches(['\r', '\n']));
    if first.is_empty() || second.trim().is_empty() {
        return (if first.is_empty() { second } else { first }).to_owned();
    }
    match untrack(people_reader) {
        Some(reader) => (reader.joined)(first, second),
        // Apart, because nothing can say yet whether one is a table.
        None => [first, second].join("\n\n\n"),
    }
}

/// The last line that is not blank, after what stands before it.
pub(super) fn last_line(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end();
    (!text.is_empty()).then(|| {
        let (rest, last) = text.rsplit_once('\n').unwrap_or(("", text));
        (rest.trim_end(), last)
    })
}

/// People as lines.
pub(super) fn written(given: &[(Person, Option<Scope>)]) -> String {
    given.iter().map(|(person, scope)| list::write(person, *scope)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_last_line_is_found_before_lines_are_read() {
        assert_eq!(last_line("fan-001\n\n\nfan 002\n"), Some(("fan-001", "fan 002")));
        assert_eq!(last_line("fan-001"), Some(("", "fan-001")));
        assert_eq!(last_line(" \n"), None);
    }
}
