//! Copies a recipe, replacing the URLs and paths that an operator edits.

use std::path::Path;

use anyhow::{Result, bail};

use crate::files;

/// A user with the password "let me in 4711", in the formats of nginx and Caddy.
pub const PEOPLE: (&str, &str) = (
    "ada:$6$muster$ufhm0SzEP2z3.rhxeZ905y.HhIPrHNrTuFBj55YuJ8zgLOJmhMhAkEhlZ9T.nRFt0Eu/LQmCFEHQj4czMxIn8/\n",
    "ada $2b$04$cVyEREQGqEQU9FhNR92.E.OdQAg47oPogHvBaHjphc1px6i86SeTG\n",
);

/// Changes to a recipe for one test.
#[derive(Debug, Default)]
pub struct Change {
    /// Texts to replace, and their replacements.
    pub texts: Vec<(&'static str, String)>,
    /// CometChat's address, if it is not that of the stand-in.
    pub cometchat: Option<String>,
}

impl Change {
    pub fn of(texts: Vec<(&'static str, String)>) -> Self {
        Self { texts, cometchat: None }
    }
}

/// Copies a folder of `deploy/` and replaces texts. Fails if a text does not occur: the recipe has changed,
/// and the test would no longer test what it claims to.
pub fn copy(from: &str, to: &Path, changes: &[(&str, String)]) -> Result<()> {
    let from = files::root().join("deploy").join(from);
    let mut is_used = vec![false; changes.len()];
    for file in files::below(&from)? {
        let mut text = files::read_text(&file)?;
        for (idx, (old, new)) in changes.iter().enumerate() {
            if text.contains(old) {
                is_used[idx] = true;
                text = text.replace(old, new);
            }
        }
        files::write(&to.join(file.strip_prefix(&from)?), text)?;
    }
    if let Some(idx) = is_used.iter().position(|is_used| !is_used) {
        bail!("the recipes in {} no longer hold {:?}", from.display(), changes[idx].0);
    }
    Ok(())
}

/// That user's credentials.
pub fn basic() -> (&'static str, &'static str) {
    ("Authorization", "Basic YWRhOmxldCBtZSBpbiA0NzEx")
}
