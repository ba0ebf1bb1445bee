//! What setting up could not do as it should, kept until it can: a tool is installed once, and every run
//! after that must still say what is wrong with it.

use std::path::PathBuf;

use anyhow::Result;

use crate::files;

fn folder() -> PathBuf {
    files::installed().join("notes")
}

/// Keeps a sentence about a tool.
pub fn keep(tool: &str, what: &str) -> Result<()> {
    files::write(&folder().join(tool), what)
}

/// Forgets what was said of a tool, as it is as it should be.
pub fn forget(tool: &str) -> Result<()> {
    let note = folder().join(tool);
    if note.is_file() {
        std::fs::remove_file(note)?;
    }
    Ok(())
}

/// All of them.
pub fn all() -> Result<Vec<String>> {
    files::below(&folder())?.iter().map(|path| files::read_text(path)).collect()
}
