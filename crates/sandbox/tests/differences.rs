//! `docs/sandbox-differences.md` lists every `Assumed:` line of the emulators.
//! `UPDATE_DOCS=1 cargo test -p sandbox --test differences` regenerates it.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The introduction of the document, which no code line provides.
const HEAD: &str = "# What the sandbox assumes

The sandbox imitates Genuin, Networked and CometChat as far as their documents go.
Where they are silent it had to choose, and a real service may choose otherwise.
This list is collected from the `Assumed:` comments under `crates/sandbox/src`; a test keeps it true.

Deliberate differences besides: sentinel names provoke errors (`crates/sandbox/README.md`), nothing is ever sent by
e-mail, passwords are not kept, and rate windows begin anew when the sandbox restarts.
";

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn document() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut text = HEAD.to_owned();
    for (title, folder) in [
        ("Genuin", Some("genuin")),
        ("Networked", Some("networked")),
        ("CometChat", Some("cometchat")),
        ("All three", None),
    ] {
        let is_here = |path: &&PathBuf| {
            let inner = path.strip_prefix(&root).unwrap();
            let first = inner.components().next().unwrap().as_os_str().to_str().unwrap();
            folder.map_or(inner.components().count() == 1, |folder| first == folder)
        };
        text.push_str(&format!("\n## {title}\n\n"));
        for path in files.iter().filter(is_here) {
            for line in fs::read_to_string(path).unwrap().lines() {
                if let Some((_, claim)) = line.split_once("// Assumed: ") {
                    let mut letters = claim.chars();
                    let first =
                        letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
                    text.push_str(&format!("* {first}{}\n", letters.as_str()));
                }
            }
        }
    }
    text
}

#[test]
fn the_document_lists_every_assumption() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sandbox-differences.md");
    let wanted = document();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &wanted).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == wanted,
        "docs/sandbox-differences.md is out of date: run UPDATE_DOCS=1 cargo test -p sandbox --test differences"
    );
}
