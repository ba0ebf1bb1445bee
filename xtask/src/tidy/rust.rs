//! Rules for Rust sources.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, all_rust, lines_with, regex, require_none, sources};

#[test]
fn views_hold_no_inline_style_and_no_raw_html() {
    let views = sources(&["src", "crates/ui/src"], ".rs");
    let attributes = lines_with(&views, r#"(^|[\s"])style=""#);
    require_none(
        &attributes,
        "the Content-Security-Policy forbids style attributes: use a class or `style:name=`",
    );
    require_none(&lines_with(&views, "inner_html"), "text from a service must never become markup");
}

#[test]
fn one_place_asks_which_key_was_pressed() {
    let mut views = sources(&["src", "crates/ui/src"], ".rs");
    views.retain(|source| source.path != "crates/ui/src/keys.rs");
    require_none(
        &lines_with(&views, r"\b(event|ev|e)\.(key|code|key_code)\(\)|KeyboardEvent::(key|code|key_code)\b"),
        "ask `ui::pressed`, which passes over the keys of input-method editors",
    );
}

#[test]
fn what_is_at_hand_is_searched_in_one_way() {
    let mut views = sources(&["src", "crates/ui/src"], ".rs");
    views.retain(|source| !source.path.ends_with("tests.rs"));
    require_none(
        &lines_with(
            &views,
            r"to_lowercase\(\)\.(contains|starts_with)|\.get\(\)(\.trim\(\))?\.to_lowercase\(\)",
        ),
        "compare with `search::search_for`, which knows accents, composition and width",
    );
}

#[test]
fn data_is_not_translated() {
    let found = lines_with(
        &sources(&["src", "crates/ui/src"], ".rs"),
        r#"<(bdi|code|pre)(?: translate="?\w+"?)?[ >]"#,
    );
    let is_silent = |line: &String| {
        let places = regex(r#"<(?:bdi|code|pre)[ >]"#).find_iter(line).count();
        places > regex(r#"<(?:bdi|code|pre) translate="?\w+"?"#).find_iter(line).count()
    };
    let silent: Vec<_> = found.into_iter().filter(is_silent).collect();
    require_none(
        &silent,
        "say translate=\"no\" for data, and translate=\"yes\" for a sentence that holds some",
    );
}

#[test]
fn exceptions_to_lints_give_a_reason() {
    require_none(&lines_with(&all_rust(), r"#!?\[allow\("), "write #[expect(…, reason = \"…\")] instead");
}

#[test]
fn nothing_is_left_for_later() {
    let found = lines_with(&all_rust(), r"\b(todo|unimplemented|dbg)!\s*\(|#\[ignore|\b(TODO|FIXME|XXX)\b");
    require_none(&found, "finish it or leave it out");
}

#[test]
fn every_module_says_first_what_it_is_for() {
    // A crate's README is its documentation.
    let starts = ["//!", "#![doc = include_str!(\"../README.md\")]"];
    let is_silent = |text: &str| !starts.iter().any(|start| text.trim_start().starts_with(start));
    let found: Vec<_> =
        all_rust().into_iter().filter(|source| is_silent(&source.text)).map(|source| source.path).collect();
    require_none(&found, "a module begins with a `//!` line");
}

#[test]
fn no_file_is_a_drawer() {
    let drawer = regex(r"(^|/)(utils?|helpers?|common|types|misc)(\.rs|/)");
    let found: Vec<_> =
        all_rust().into_iter().map(|source| source.path).filter(|path| drawer.is_match(path)).collect();
    require_none(&found, "name a file after the one idea that it holds");
}

/// The areas of `src`, from the lowest up. Each may use those before it.
const AREAS: [&str; 5] = ["routing", "state", "shell", "features", "pages"];

#[test]
fn no_area_uses_one_above_it() {
    let used = regex(r"\bcrate::(\w+)");
    let mut found = Vec::new();
    for (level, area) in AREAS.iter().enumerate() {
        for source in sources(&[&format!("src/{area}")], ".rs") {
            let names = used.captures_iter(&source.text).filter_map(|captures| captures.get(1));
            let above = ["routes", "lazy"].iter().chain(&AREAS[level + 1..]);
            let names: BTreeSet<_> = names.map(|name| name.as_str()).collect();
            found.extend(
                above
                    .filter(|other| names.contains(**other))
                    .map(|other| format!("{} uses {other}", source.path)),
            );
        }
    }
    require_none(&found, "an area of src uses only those below it");
}

/// The module of `src/pages` that a file belongs to.
fn page_module(path: &str) -> &str {
    path.trim_start_matches("src/pages/").split(['/', '.']).next().unwrap_or_default()
}

#[test]
fn a_page_uses_no_other_page() {
    let all = sources(&["src/pages"], ".rs");
    let component = regex(r"pub fn \w+Page\(");
    let pages: BTreeSet<_> = all
        .iter()
        .filter(|source| component.is_match(&source.text))
        .map(|source| page_module(&source.path))
        .collect();
    let used = regex(r"\bcrate::pages::(\w+)");
    let mut found = Vec::new();
    for source in &all {
        let own = page_module(&source.path);
        for page in used.captures_iter(&source.text).filter_map(|captures| captures.get(1)) {
            if page.as_str() != own && own != "mod" && pages.contains(page.as_str()) {
                found.push(format!("{} uses crate::pages::{}", source.path, page.as_str()));
            }
        }
    }
    require_none(&found, "what two pages share is no part of either");
}

#[test]
fn the_page_is_a_static_file() {
    let page = sources(&["index.html"], ".html");
    require_none(
        &lines_with(&page, r"<style|\sstyle=|\son\w+="),
        "index.html holds no inline style or handler",
    );
    require_none(&lines_with(&page, "<script"), "the only script is boot.js, which Trunk.toml writes");
}

/// Files that may read a secret: they send it, store it or convert it for either, or belong to the sandbox,
/// which receives it. Tests may read their own secrets.
const SECRETS_ARE_READ_IN: [&str; 8] = [
    "crates/vendors/src/cometchat/wire.rs",
    "crates/domain/src/connection/vault/key.rs",
    "crates/vendors/src/protocol.rs",
    "crates/vendors/src/genuin/mod.rs",
    "crates/vendors/src/genuin/sign_in.rs",
    "crates/vendors/src/networked/client.rs",
    "crates/browser/src/vault/crypto.rs",
    "crates/browser/src/vault/mod.rs",
];

#[test]
fn secrets_are_read_in_few_places() {
    let mut all = sources(&["src", "crates"], ".rs");
    let is_free = |path: &str| {
        path.contains("/tests/")
            || path.ends_with("tests.rs")
            || path.starts_with("crates/sandbox")
            || path.starts_with("crates/fuzzing")
    };
    all.retain(|source| !is_free(&source.path) && !SECRETS_ARE_READ_IN.contains(&source.path.as_str()));
    require_none(
        &lines_with(&all, r"\.expose\(\)|\bSecret::expose\b"),
        "a secret is read only where it is sent or kept; see SECRETS_ARE_READ_IN",
    );
}

/// Names that several modules share on purpose.
const SHARED_NAMES: [(&str, &str); 14] = [
    ("Action", "a driver answers an event with actions; the action of a planned change is Terraform's term"),
    ("Arrivals", "sandbox and simulation count the same arrivals independently, each as the other's referee"),
    ("Ask", "the driver asks for a lock as the browser's lock manager takes it"),
    ("Call", "sandbox and simulation each see the call from their own side"),
    ("Event", "the events of a state machine: the driver's, the sandbox's, the simulation's"),
    ("Failure", "of a simulated seed, of a call, and as shown by a generic component"),
    ("Journal", "both hosts of the sandbox store its journal behind the same methods"),
    ("JournalError", "see Journal"),
    ("Reading", "a run's read-back, and a value that a page reads"),
    ("Request", "vendors and sandbox share no type, and each names the `http` type that it uses"),
    ("Response", "see Request"),
    ("State", "the state of a person in a plan; axum's term for what handlers share"),
    ("Tally", "`ui` knows no domain type, and draws the same five counts"),
    ("Target", "where calls go; libFuzzer's term for a fuzzed function"),
];

/// Declarations of visible types as `(name, path)`. Test modules, the vendors' JSON and the parts of each
/// emulator are read with their folder and may repeat a name.
fn visible_types(all: &[Source]) -> BTreeMap<&str, Vec<&str>> {
    let local = regex(r"(^|/)tests(/|\.rs$)|/wire\.rs$|^crates/sandbox/src/\w+/|^xtask/");
    let declared = regex(r"(?m)^pub(?:\(crate\))? (?:struct|enum|trait|type) (\w+)");
    let mut found = BTreeMap::<_, Vec<_>>::new();
    for source in all.iter().filter(|source| !local.is_match(&source.path)) {
        for name in declared.captures_iter(&source.text).filter_map(|captures| captures.get(1)) {
            found.entry(name.as_str()).or_default().push(source.path.as_str());
        }
    }
    found
}

#[test]
fn a_name_belongs_to_one_type() {
    let all = sources(&["src", "crates"], ".rs");
    let mut found = visible_types(&all);
    for (name, reason) in SHARED_NAMES {
        let paths = found.remove(name).unwrap_or_default();
        assert!(paths.len() > 1, "{name} is not shared any more ({reason}): take it off the list");
    }
    found.retain(|_, paths| paths.len() > 1);
    let found: Vec<_> = found.iter().map(|(name, paths)| format!("{name}: {}", paths.join(", "))).collect();
    require_none(&found, "two types of one name: give each the term of its own field");
}

#[test]
fn twins_are_found_outside_of_tests_only() {
    let source = |path: &str| Source { path: path.to_owned(), text: "pub struct Row {\n}\n".to_owned() };
    let both = [source("src/a.rs"), source("crates/b/src/c.rs")];
    assert_eq!(visible_types(&both)["Row"], ["src/a.rs", "crates/b/src/c.rs"]);
    let local =
        [source("crates/b/src/tests.rs"), source("crates/b/tests/c.rs"), source("crates/b/src/wire.rs")];
    assert!(visible_types(&local).is_empty());
}

const MAX_FUNCTION_LINES: usize = 100;
const MAX_FILE_LINES: usize = 500;

/// The functions of a source longer than the limit, as `path:line: name has n lines`.
fn long_functions(source: &Source) -> Vec<String> {
    let declared = regex(r"^(\s*)(?:pub(?:\([^)]*\))? )?(?:const )?(?:async )?fn (\w+)");
    let lines: Vec<&str> = source.text.lines().collect();
    let mut found = Vec::new();
    for (idx, line) in lines.iter().enumerate() {
        let Some(captures) = declared.captures(line).filter(|_| !line.ends_with(['}', ';'])) else {
            continue;
        };
        let end = format!("{}}}", &captures[1]);
        let n_lines = lines[idx..].iter().position(|line| *line == end).map_or(0, |after| after + 1);
        if n_lines > MAX_FUNCTION_LINES {
            found.push(format!("{}:{}: {} has {n_lines} lines", source.path, idx + 1, &captures[2]));
        }
    }
    found
}

#[test]
fn functions_and_files_are_short() {
    let mut all = sources(&["src", "crates"], ".rs");
    all.retain(|source| !source.path.contains("/tests/") && !source.path.ends_with("tests.rs"));
    let long: Vec<_> = all.iter().flat_map(long_functions).collect();
    require_none(&long, "give the parts of a long function names of their own");
    let n_lines = |source: &Source| source.text.lines().count();
    let long = all.iter().filter(|source| n_lines(source) > MAX_FILE_LINES);
    let long: Vec<_> = long.map(|source| format!("{} has {} lines", source.path, n_lines(source))).collect();
    require_none(&long, "split a long file by concern");
}

#[test]
fn a_long_function_is_found() {
    let body = "        work();\n".repeat(MAX_FUNCTION_LINES - 1);
    let text = format!("impl A {{\n    pub fn long() {{\n{body}    }}\n\n    fn short() {{\n    }}\n}}\n");
    let found = long_functions(&Source { path: "a.rs".to_owned(), text });
    assert_eq!(found, ["a.rs:2: long has 101 lines"]);
}
