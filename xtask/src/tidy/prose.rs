//! Rules for documents.

use super::{lines_with, regex, require_none, sources};
use crate::files;

#[test]
fn the_readme_is_short() {
    let readme = sources(&["README.md"], ".md");
    assert!(!readme.is_empty(), "a project has a README.md");
    let n_lines = readme[0].text.lines().count();
    assert!(n_lines <= 150, "README.md has {n_lines} lines; 150 are enough, the rest belongs into docs/");
}

#[test]
fn nothing_names_a_place_on_somebodys_machine() {
    let mut all = Vec::new();
    for ending in [".md", ".rs", ".toml", ".js", ".mjs", ".ts", ".json", ".yaml", ".css", ".html"] {
        all.extend(sources(&["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"], ending));
        all.extend(sources(
            &["docs", "src", "crates", "xtask", "e2e", "contracts", "public", "style", "locales"],
            ending,
        ));
    }
    all.retain(|source| !source.path.starts_with("xtask/src/tidy/"));
    require_none(
        &lines_with(&all, r"(^|[\s'\x22(=`])/(work|home|root|Users)/"),
        "paths start at the project's root",
    );
}

#[test]
fn documents_explain_themselves() {
    let documents = sources(&["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs"], ".md");
    require_none(
        &lines_with(&documents, r"(?i)\bissue #\d|\blorem ipsum\b"),
        "say it here instead of pointing away",
    );
}

#[test]
fn links_lead_to_something() {
    let documents =
        sources(&["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs"], ".md");
    let link = regex(r"\]\(([^)\s]+)\)");
    let mut lost = Vec::new();
    for document in &documents {
        let folder = files::root().join(&document.path).parent().expect("a file is in a folder").to_owned();
        for found in link.captures_iter(&document.text).filter_map(|captures| captures.get(1)) {
            let path = found.as_str().split('#').next().unwrap_or_default();
            let is_elsewhere = path.is_empty() || path.contains("://");
            if !is_elsewhere && !folder.join(path).exists() {
                lost.push(format!("{}: {path}", document.path));
            }
        }
    }
    require_none(&lost, "these links lead nowhere");
}
