//! Persistent notes about incomplete setup steps. A tool is installed once, but every later run has to
//! mention what is wrong with it.

use std::path::PathBuf;

use anyhow::Result;

use crate::files;

fn folder() -> PathBuf {
    files::installed().join("notes")
}

pub fn keep(tool: &str, what: &str) -> Result<()> {
    files::write(&folder().join(tool), what)
}

/// Removes the note about a tool that is in order.
pub fn forget(tool: &str) -> Result<()> {
    let note = folder().join(tool);
    if note.is_file() {
        std::fs::remove_file(note)?;
    }
    Ok(())
}

pub fn all() -> Result<Vec<String>> {
    files::below(&folder())?.iter().map(|path| files::read_text(path)).collect()
}
