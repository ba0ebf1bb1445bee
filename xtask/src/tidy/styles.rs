//! Rules for style sheets.

use super::{Source, lines_with, require_none, sources};

/// Properties that name a physical side; text may run from right to left.
const PHYSICAL: &str = concat!(
    r"\b(margin|padding)-(left|right|top|bottom)\s*:",
    r"|\bborder-(left|right|top|bottom)(-\w+)*\s*:",
    r"|(^|[\s;{])(left|right|top|bottom)\s*:",
    r"|\b(text-align|float|clear)\s*:\s*(left|right)\b",
);

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
fn sees_sides_of_the_screen_and_nothing_else() {
    let sheet = |text: &str| [Source { path: "a.css".to_owned(), text: text.to_owned() }];
    for bad in
        ["margin-left: 1px", "a { top: 0 }", "border-bottom-color: red", "text-align: right", "float:left"]
    {
        assert_eq!(lines_with(&sheet(bad), PHYSICAL).len(), 1, "{bad}");
    }
    for good in [
        "margin-inline-start: 1px",
        "inset-block-start: 0",
        "text-align: start",
        "transform-origin: left top",
    ] {
        assert!(lines_with(&sheet(good), PHYSICAL).is_empty(), "{good}");
    }
}
