//! A vendor is two folders: which other files may name one, and what `docs/adding-a-vendor.md` says of them.

use std::collections::BTreeSet;

use super::{Source, files, lines_with, regex, require_none, sources};

/// What a new vendor needs of a file that names vendors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// An entry of its own.
    Entry,
    /// Nothing, as a rule.
    Nothing,
}
use Need::{Entry, Nothing};

/// The files and folders besides the vendors' own that may name a vendor, with the reason.
const NAMED_IN: [(&str, Need, &str); 12] = [
    ("crates/domain/src/connection/vendor.rs", Entry, "lists the vendors"),
    ("crates/vendors/src/lib.rs", Entry, "lists profiles, protocols and catalogues"),
    ("crates/sandbox/src/lib.rs", Entry, "lists the emulators' modules and sample ids"),
    ("crates/sandbox/src/registry.rs", Entry, "lists the emulators and their settings"),
    ("crates/simulation/src/plans.rs", Entry, "makes random plans and settings for each sample community"),
    ("style/tokens.css", Entry, "holds each vendor's colors, which have to fit each other"),
    ("public/icons.svg", Entry, "holds each vendor's icon"),
    ("public/config.schema.json", Entry, "says which fields a connection to a vendor has"),
    ("crates/sandbox-server/src/options.rs", Nothing, "has an option for each switch of an emulator"),
    ("crates/simulation/src/bench/", Nothing, "measures chosen runs, which docs/benchmarks.md names"),
    ("crates/fuzzing/src/seeds.rs", Nothing, "holds inputs to start from"),
    ("xtask/src/deploy/", Nothing, "tests the recipes of deploy/ with one connection to each vendor"),
];

/// The folders of a vendor.
const FOLDERS: [&str; 2] = ["crates/vendors/src", "crates/sandbox/src"];

/// The vendors' slugs: the folders with a profile.
fn slugs() -> Vec<String> {
    let folder = files::root().join(FOLDERS[0]);
    let entries = std::fs::read_dir(folder).expect("the project is readable");
    let folders = entries.map(|entry| entry.expect("the project is readable").path());
    let mut slugs: Vec<_> = folders
        .filter(|path| path.join("profile.rs").is_file())
        .map(|path| path.file_name().expect("a folder has a name").to_string_lossy().into_owned())
        .collect();
    slugs.sort();
    assert!(slugs.len() > 1, "the vendors' folders have moved");
    slugs
}

/// A vendor's name in any case, at the end of a word or before another word of a name.
fn pattern(slugs: &[String]) -> String {
    format!("(?i:{})([^a-z]|$)", slugs.join("|"))
}

/// What is shipped, without the vendors' folders and without tests.
fn shipped() -> Vec<Source> {
    let mut all: Vec<Source> = [".rs", ".css", ".svg", ".js", ".json", ".html"]
        .iter()
        .flat_map(|ending| {
            sources(&["src", "crates", "xtask/src", "build.rs", "style", "public", "index.html"], ending)
        })
        .collect();
    let own: Vec<_> = slugs()
        .iter()
        .flat_map(|slug| FOLDERS.map(|folder| format!("{folder}/{slug}/")))
        .chain(["xtask/src/tidy/".to_owned()])
        .collect();
    let is_test = |path: &str| path.contains("/tests/") || path.ends_with("tests.rs");
    all.retain(|source| !own.iter().any(|own| source.path.starts_with(own)) && !is_test(&source.path));
    let tests = regex(r"#\[cfg\(test\)\]\s+mod \w+ \{");
    for source in &mut all {
        if let Some(found) = tests.find(&source.text) {
            source.text.truncate(found.start());
        }
    }
    all
}

fn is_in(path: &str, place: &str) -> bool {
    path == place || (place.ends_with('/') && path.starts_with(place))
}

#[test]
fn only_a_few_files_name_a_vendor() {
    let mut all = shipped();
    let pattern = pattern(&slugs());
    for (place, _, reason) in NAMED_IN {
        let named = all.iter().filter(|source| is_in(&source.path, place));
        assert!(
            named.into_iter().any(|source| regex(&pattern).is_match(&source.text)),
            "{place} no longer {reason}"
        );
    }
    all.retain(|source| !NAMED_IN.iter().any(|(place, ..)| is_in(&source.path, place)));
    require_none(
        &lines_with(&all, &pattern),
        "ask the vendor's profile, capabilities or emulator; see NAMED_IN in xtask/src/tidy/vendors.rs",
    );
}

#[test]
fn a_vendor_knows_no_other_vendor() {
    let slugs = slugs();
    for folder in FOLDERS {
        for own in &slugs {
            let others: Vec<_> = slugs.iter().filter(|other| *other != own).cloned().collect();
            let pattern = format!(r"\b(crate|super)::({})\b", others.join("|"));
            let found = lines_with(&sources(&[format!("{folder}/{own}").as_str()], ".rs"), &pattern);
            require_none(&found, "a vendor is one folder that needs no other");
        }
    }
}

/// The walkthrough, and the number of files besides the folders that it may ask for.
const WALKTHROUGH: &str = "docs/adding-a-vendor.md";
const MOST_FILES: usize = 12;
const GENERATED: [&str; 3] = [
    "public/config.schema.json",
    "deploy/nginx/muster/operations.conf",
    "deploy/caddy/muster/operations.caddy",
];

/// The files outside the folders that need an entry for each vendor: what is shipped or translated and names
/// all of them, and tests with an arm for each.
fn files_with_every_vendor() -> BTreeSet<String> {
    let slugs = slugs();
    let has_all = |source: &Source, pattern: fn(&str) -> String| {
        slugs.iter().all(|slug| regex(&pattern(slug)).is_match(&source.text))
    };
    let is_exempt =
        |path: &str| NAMED_IN.iter().any(|(place, need, _)| *need == Nothing && is_in(path, place));
    let mut listed = shipped();
    listed.extend(sources(&["contracts"], ".yaml"));
    // The other locales have the keys of the English one.
    listed.extend(sources(&["locales/en.json"], ".json"));
    listed.extend(sources(&["deploy/nginx/muster/operations.conf"], ".conf"));
    listed.extend(sources(&["deploy/caddy/muster/operations.caddy"], ".caddy"));
    listed.retain(|source| !is_exempt(&source.path) && has_all(source, |slug| format!("(?i:{slug})")));
    let mut tests = sources(&["crates", "tests"], ".rs");
    tests.retain(|source| source.path.contains("/tests/") || source.path.ends_with("tests.rs"));
    tests.retain(|source| has_all(source, |slug| format!(r"(?i:vendor::{slug})\b[^=;\n]*=>")));
    listed.into_iter().chain(tests).map(|source| source.path).collect()
}

#[test]
fn the_walkthrough_lists_the_files_that_a_new_vendor_needs() {
    let text = files::read_text(&files::root().join(WALKTHROUGH)).expect("the walkthrough is there");
    let item = regex(r"(?m)^- `([^`]+)`:");
    let listed: BTreeSet<_> = item.captures_iter(&text).map(|found| found[1].to_owned()).collect();
    let needed = files_with_every_vendor();
    let missing: Vec<_> = needed.difference(&listed).cloned().collect();
    require_none(
        &missing,
        "these files name every vendor: ask the profile instead, or list them in the walkthrough",
    );
    let extra: Vec<_> = listed.difference(&needed).cloned().collect();
    require_none(&extra, "these files of the walkthrough do not name every vendor");
    let by_hand = listed.iter().filter(|path| !GENERATED.contains(&path.as_str())).count();
    assert!(by_hand <= MOST_FILES, "a vendor needs an entry in {by_hand} files, and {MOST_FILES} are enough");
}
