//! `cargo deny`: what a dependency may be, and whether something bad is known of it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{files, process};

const DATABASE: &str = "https://github.com/RustSec/advisory-db";

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

/// Proves that an advisory is noticed: with a database that knows one, of a crate that is used here.
pub fn catches() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("muster-advisories-{}", std::process::id()));
    files::remove_all(&folder)?;
    let database = folder.join("database");
    files::write(&database.join("crates/leptos/RUSTSEC-2026-9999.md"), MADE_UP)?;
    for words in [
        &["init", "--quiet", "--initial-branch", "main"][..],
        &["add", "."],
        &["commit", "--quiet", "-m", "One"],
    ] {
        let who =
            ["-c", "user.name=Muster", "-c", "user.email=muster@example.com", "-c", "commit.gpgsign=false"];
        process::run(process::command("git").current_dir(&database).args(who).args(words))?;
    }
    let rules = files::read_text(&files::root().join("deny.toml"))?;
    let place = format!("[advisories]\ndb-path = {:?}\n", folder.join("copies"));
    let config = folder.join("deny.toml");
    files::write(&config, rules.replacen("[advisories]\n", &place, 1))?;
    let config = config.to_string_lossy().into_owned();
    let mut check = deny(&["--config", &config]);
    check.args(["check", "advisories"]);
    let output =
        instead_of(&mut check, DATABASE, &database).output().context("could not start `cargo deny`")?;
    files::remove_all(&folder)?;
    let told = String::from_utf8_lossy(&output.stderr);
    if output.status.success() || !told.contains("RUSTSEC-2026-9999") {
        bail!("`cargo deny` did not notice an advisory that was made up for it: {told}");
    }
    println!("supply: an advisory that was made up for it is noticed");
    Ok(())
}

/// Lets git fetch from a folder where it is told to fetch from an address.
fn instead_of<'a>(command: &'a mut Command, address: &str, folder: &Path) -> &'a mut Command {
    command
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", format!("url.file://{}.insteadOf", folder.display()))
        .env("GIT_CONFIG_VALUE_0", address)
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

const MADE_UP: &str = r#"```toml
[advisory]
id = "RUSTSEC-2026-9999"
package = "leptos"
date = "2026-01-01"
categories = ["code-execution"]

[versions]
patched = []
```

# Made up, to see that it is noticed

It is not real.
"#;
