//! The project's own rules as tests: what the compiler does not check.

mod locales;
mod manifests;
mod prose;
mod rust;
mod styles;
mod vendors;

use std::path::Path;

use regex_lite::Regex;

use crate::files;

/// A file of the project: its path relative to the root, and its text.
struct Source {
    path: String,
    text: String,
}

/// All files below these folders, or at these paths, whose names end with `ending`.
fn sources(places: &[&str], ending: &str) -> Vec<Source> {
    let root = files::root();
    let mut found = Vec::new();
    for place in places {
        let place = root.join(place);
        let paths = if place.is_file() {
            vec![place]
        } else {
            files::below(&place).expect("the project is readable")
        };
        for path in paths.iter().filter(|path| path.to_string_lossy().ends_with(ending)) {
            let text = files::read_text(path).expect("sources are UTF-8");
            found.push(Source { path: shown(path, &root), text });
        }
    }
    found
}

/// All Rust files of the project except these rules, which have to spell out what they forbid.
fn all_rust() -> Vec<Source> {
    let mut all =
        sources(&["src", "crates", "xtask/src", "tests", "build", "build.rs", "fuzz/fuzz_targets"], ".rs");
    all.retain(|source| !source.path.starts_with("xtask/src/tidy/"));
    all
}

fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the rules' patterns are valid")
}

/// The lines that match a pattern, as `path:line: text`.
fn lines_with(sources: &[Source], pattern: &str) -> Vec<String> {
    let pattern = regex(pattern);
    let in_one = |source: &Source| -> Vec<String> {
        let lines = source.text.lines().enumerate().filter(|(_, line)| pattern.is_match(line));
        lines.map(|(idx, line)| format!("{}:{}: {}", source.path, idx + 1, line.trim())).collect()
    };
    sources.iter().flat_map(in_one).collect()
}

/// Fails with the whole list, so that all violations can be fixed at once.
#[track_caller]
fn require_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}\n", found.join("\n  "));
}
