//! Rules for what people read first.

use super::{lines_with, require_none, sources};

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
