//! Rules for style sheets.

use super::{Source, lines_with, require_none, sources};

/// Properties that name a physical side; text may run from right to left.
const PHYSICAL: &str = concat!(
    r"\b(margin|padding)-(left|right|top|bottom)\s*:",
    r"|\bborder-(left|right|top|bottom)(-\w+)*\s*:",
    r"|(^|[\s;{])(left|right|top|bottom)\s*:",
    r"|\b(text-align|float|clear)\s*:\s*(left|right)\b",
);

/// Selectors by which Chromium styles everything inside an element again whenever something comes or goes in it, or the
/// pointer enters it.
const ANYTHING: &str =
    r"[+~]\s*\*|:(hover|active|focus|focus-visible|focus-within)\s*>?\s*\*|> :(first|last)-child";

#[test]
fn only_logical_properties_are_used() {
    let found = lines_with(&sources(&["style", "crates/ui/style"], ".css"), PHYSICAL);
    require_none(&found, "write margin-inline-start, inset-block-end, text-align: start and the like");
}

#[test]
fn every_sheet_stays_in_the_layers() {
    let sheets = sources(&["style", "crates/ui/style"], ".css");
    require_none(
        &lines_with(&sheets, r"@import|url\(\s*['\x22]?https?:"),
        "a sheet loads nothing from elsewhere",
    );
    let outside: Vec<_> = sheets
        .iter()
        .filter(|sheet| !sheet.text.contains("@layer"))
        .map(|sheet| sheet.path.clone())
        .collect();
    require_none(&outside, "rules belong into a layer of style/layers.css");
}

#[test]
fn what_follows_something_is_named() {
    let found = lines_with(&sources(&["style", "crates/ui/style"], ".css"), ANYTHING);
    require_none(&found, "name an element or a class: with `*` a list is styled again as a whole");
}

#[test]
fn sees_sides_of_the_screen_and_nothing_else() {
    for bad in
        ["margin-left: 1px", "a { top: 0 }", "border-bottom-color: red", "text-align: right", "float:left"]
    {
        assert!(is_in(bad, PHYSICAL), "{bad}");
    }
    for good in [
        "margin-inline-start: 1px",
        "inset-block-start: 0",
        "text-align: start",
        "transform-origin: left top",
    ] {
        assert!(!is_in(good, PHYSICAL), "{good}");
    }
}

#[test]
fn sees_what_follows_without_a_name() {
    for bad in [".a > * + * {", ".a ~ * {", "tr:hover > * {", ".a:focus-within * {", ".a > :first-child {"] {
        assert!(is_in(bad, ANYTHING), "{bad}");
    }
    for good in [
        ".a > span + span {",
        "calc(2 * 1px + 3 * 1px)",
        ".a:hover > .b {",
        ".a > li:first-child {",
        ".a > * {",
    ] {
        assert!(!is_in(good, ANYTHING), "{good}");
    }
}

fn is_in(text: &str, pattern: &str) -> bool {
    let sheet = Source { path: "a.css".to_owned(), text: text.to_owned() };
    !lines_with(&[sheet], pattern).is_empty()
}
