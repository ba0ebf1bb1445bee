//! Normalizes untrusted text for display within other text.
//!
//! A name can be five megabytes long, change the direction of its line, or consist of invisible characters.
//! Isolation does not prevent all of that: a lone U+2069 in a name ends the isolate around it, even that of
//! `<bdi>`, and titles and labels have none. So names are normalized once, when they are read. Ids must stay
//! exact, so they are accepted unchanged or not at all.

use std::borrow::Cow;

use crate::key::is_hidden;

/// Most characters of a name. The longest documented by a vendor has 100.
pub const MAX_NAME: usize = 200;
/// Most characters of a longer text.
pub const MAX_PROSE: usize = 2_000;
/// Most bytes of an id, an address or a phone number; an e-mail address may have 320.
pub const MAX_ID: usize = 320;
/// Most marks on one letter. Hebrew and Vietnamese need four, an emoji flag six; floods have hundreds.
const MAX_MARKS: usize = 6;
/// Replaces the part that was cut off.
const CUT: char = '…';

/// Normalizes a name to one line without hidden characters or floods of marks, of at most [`MAX_NAME`]
/// characters. Empty if nothing in it is visible.
pub fn name(text: &str) -> Cow<'_, str> {
    plain(text, MAX_NAME, false)
}

/// Like [`name`], for longer text: at most [`MAX_PROSE`] characters, possibly on several lines.
pub fn prose(text: &str) -> Cow<'_, str> {
    plain(text, MAX_PROSE, true)
}

/// The trimmed id, otherwise unchanged. `None` if it is empty, longer than [`MAX_ID`] or has hidden
/// characters: no vendor issues such ids, and an altered one could belong to another person.
pub fn id(text: &str) -> Option<&str> {
    let text = text.trim();
    // Nearly all ids are printed ASCII, which takes less time to tell.
    let is_visible = text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        || !text.chars().any(|c| is_hidden(c) || c == '\t');
    (!text.is_empty() && text.len() <= MAX_ID && is_visible).then_some(text)
}

/// Text that stays exact when copied: hidden characters are written as `\u202e`, which means the same in
/// JSON.
pub fn escaped(text: &str) -> Cow<'_, str> {
    let is_escaped = |c: char| c != '\n' && is_hidden(c);
    if !text.chars().any(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_escaped(c) {
            shown.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

fn plain(text: &str, max: usize, has_lines: bool) -> Cow<'_, str> {
    let text = text.trim();
    if text.len() <= max && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let (mut kept, mut n_kept, mut n_marks, mut is_seen) = (String::new(), 0, 0, false);
    for c in text.chars() {
        let c = match c {
            '\n' if has_lines => c,
            c if c.is_whitespace() => ' ',
            // Joiners belong to names in some scripts and hold emoji together.
            '\u{200C}' | '\u{200D}' => c,
            c if is_hidden(c) => continue,
            c => c,
        };
        let is_mark = is_mark(c);
        n_marks = if is_mark { n_marks + 1 } else { 0 };
        if n_marks > MAX_MARKS {
            continue;
        }
        if n_kept == max {
            kept.push(CUT);
            break;
        }
        is_seen |= !is_mark && !c.is_whitespace();
        kept.push(c);
        n_kept += 1;
    }
    let kept = if is_seen { kept.trim() } else { "" };
    Cow::Owned(kept.to_owned())
}

/// True for characters drawn onto the previous letter or not at all: non-ASCII characters that `escape_debug`
/// escapes.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.escape_debug().len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
        let names = [
            "Ada Okonkwo",
            "Nguye\u{302}\u{303}n",
            "ليلى حداد",
            "בְּרֵאשִׁ֖ית",
            "नमस्ते ज़ोया",
            "สมชาย ก็ดี",
            "می\u{200c}خواهم",
            "👩\u{200d}👩\u{200d}👧 family",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "❤\u{fe0f}",
            "D’Angelo-Þórsdóttir",
        ];
        for given in names {
            assert_eq!(name(given), given);
            assert_eq!(prose(given), given);
        }
    }

    #[test]
    fn nothing_turns_the_direction_or_hides() {
        assert_eq!(name("ada\u{2069}\u{202e}gpj.exe\u{0}\u{7}\u{85}"), "adagpj.exe");
        assert_eq!(name("a\u{200b}\u{feff}b\r\n\tc\u{2028}d"), "ab   c d");
        assert_eq!(prose(" one\n\u{2066}two\t3 "), "one\ntwo 3");
        assert_eq!(name("\u{202e} a \u{200b}"), "a");
    }

    #[test]
    fn what_cannot_be_seen_is_empty() {
        for given in ["", " \n ", "\u{200b}\u{200b}", "\u{200d}", "\u{301}\u{301}", "\u{e000}\u{202e}"] {
            assert_eq!(name(given), "", "{given:?}");
        }
    }

    #[test]
    fn long_names_and_floods_of_marks_are_cut() {
        let long = name(&"x".repeat(5_000_000)).into_owned();
        assert_eq!(long.chars().count(), MAX_NAME + 1);
        assert!(long.ends_with(CUT));
        assert_eq!(name(&"x".repeat(MAX_NAME)), "x".repeat(MAX_NAME));
        let flood = format!("Z{}a", "\u{336}\u{489}\u{e47}".repeat(500));
        assert_eq!(name(&flood).chars().count(), 2 + MAX_MARKS);
        assert_eq!(prose(&"ä".repeat(MAX_PROSE + 1)).chars().count(), MAX_PROSE + 1);
    }

    #[test]
    fn what_is_hidden_is_seen_in_an_exact_text() {
        assert_eq!(escaped("{\n\t\"a\": \"é\"}"), "{\n\t\"a\": \"é\"}");
        assert_eq!(escaped("a\u{202e}b\u{9b}\u{1b}c\u{200d}"), "a\\u202eb\\u009b\\u001bc\\u200d");
    }

    #[test]
    fn an_id_is_exact_or_nothing() {
        assert_eq!(id(" fan-001 "), Some("fan-001"));
        assert_eq!(id("<script>"), Some("<script>"));
        for given in ["", "a\u{202e}b", "a\u{0}", "a\tb", &"x".repeat(MAX_ID + 1)] {
            assert_eq!(id(given), None, "{given:?}");
        }
    }
}
