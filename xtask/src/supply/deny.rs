//! `cargo deny`: what a dependency may be, and whether something bad is known of it.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// What could be learnt of known defects.
#[derive(Debug, PartialEq, Eq)]
pub enum Advisories {
    /// The newest database names nothing that is used here.
    Fine,
    /// An earlier copy of the database names nothing; a newer one could not be fetched.
    FineBefore,
    /// There is no database: nobody looked.
    NotChecked,
}

impl Advisories {
    /// What the reader of a summary has to know.
    pub fn note(&self) -> Option<&'static str> {
        match self {
            Self::Fine => None,
            Self::FineBefore => Some("advisories: checked against an earlier copy of the database only"),
            Self::NotChecked => Some("advisories: NOT checked, the database could not be fetched"),
        }
    }
}

/// Licences, bans and sources of the whole workspace.
pub fn rules() -> Result<()> {
    process::run(deny(&[]).args(["check", "licenses", "bans", "sources"]))
}

/// Looks every dependency up in RustSec's database; an advisory is an error, a missing database is told.
pub fn advisories() -> Result<Advisories> {
    if is_answered(deny(&[]).args(["check", "advisories"]))? {
        return Ok(Advisories::Fine);
    }
    println!("supply: the database of advisories could not be fetched; looking for an earlier copy");
    if is_answered(deny(&["--offline"]).args(["check", "advisories"]))? {
        return Ok(Advisories::FineBefore);
    }
    Ok(Advisories::NotChecked)
}

fn deny(options: &[&str]) -> Command {
    let mut cargo = process::command("cargo");
    cargo.args(["deny", "--workspace", "--color", "never"]).args(options);
    cargo
}

/// Whether the database was there to look into. What it knows of a dependency is an error.
fn is_answered(command: &mut Command) -> Result<bool> {
    let (status, told) = process::watch(command)?;
    // Its last line is a verdict; without a database it ends before it.
    let verdict = told.lines().rev().find_map(|line| line.trim().strip_prefix("advisories "));
    match verdict {
        Some("ok") if status.success() => Ok(true),
        Some(_) => bail!("advisories are known of dependencies: they are above"),
        None => Ok(false),
    }
}
