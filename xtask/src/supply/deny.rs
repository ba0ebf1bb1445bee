//! Checks dependencies with `cargo deny`: rules and known advisories.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// The result of checking advisories.
#[derive(Debug, PartialEq, Eq)]
pub enum Advisories {
    /// The latest database has no advisory for any dependency.
    Fine,
    /// An older copy of the database has none; the latest could not be fetched.
    FineBefore,
    /// There is no database, so nothing was checked.
    NotChecked,
}

impl Advisories {
    /// The remark for the summary.
    pub fn note(&self) -> Option<&'static str> {
        match self {
            Self::Fine => None,
            Self::FineBefore => Some("advisories: checked against an earlier copy of the database only"),
            Self::NotChecked => Some("advisories: NOT checked, the database could not be fetched"),
        }
    }
}

/// Checks licences, bans and sources of the whole workspace.
pub fn rules() -> Result<()> {
    process::run(deny(&[]).args(["check", "licenses", "bans", "sources"]))
}

/// Looks up all dependencies in RustSec's database. An advisory is an error; a missing database is reported.
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

/// Returns true if a database was available. An advisory for a dependency is an error.
fn is_answered(command: &mut Command) -> Result<bool> {
    let (status, told) = process::watch(command)?;
    // The last line is a verdict, which cargo-deny does not print without a database.
    let verdict = told.lines().rev().find_map(|line| line.trim().strip_prefix("advisories "));
    match verdict {
        Some("ok") if status.success() => Ok(true),
        Some(_) => bail!("advisories are known of dependencies: they are above"),
        None => Ok(false),
    }
}
