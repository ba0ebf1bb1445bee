//! A copy of a recipe, with addresses and folders of this machine in place of those that people edit.

use std::path::Path;

use anyhow::{Result, bail};

use crate::files;

/// Somebody who may come in, with the password "let me in 4711", for nginx and for Caddy.
pub const PEOPLE: (&str, &str) = (
    "ada:$6$muster$ufhm0SzEP2z3.rhxeZ905y.HhIPrHNrTuFBj55YuJ8zgLOJmhMhAkEhlZ9T.nRFt0Eu/LQmCFEHQj4czMxIn8/\n",
    "ada $2b$04$cVyEREQGqEQU9FhNR92.E.OdQAg47oPogHvBaHjphc1px6i86SeTG\n",
);

/// How a recipe is run otherwise than most of the time.
#[derive(Debug, Default)]
pub struct Change {
    /// Texts of its files, and what stands there instead.
    pub texts: Vec<(&'static str, String)>,
    /// CometChat's address, if it is not the stand-in's own.
    pub cometchat: Option<String>,
}

impl Change {
    /// Other texts only.
    pub fn of(texts: Vec<(&'static str, String)>) -> Self {
        Self { texts, cometchat: None }
    }
}

/// Copies every file of a folder of `deploy/`, changing texts on the way. A text that is nowhere to be found is an
/// error: then the recipe was changed, and the test would test something else.
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

/// How that person signs in.
pub fn basic() -> (&'static str, &'static str) {
    ("Authorization", "Basic YWRhOmxldCBtZSBpbiA0NzEx")
}
