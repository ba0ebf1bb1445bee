//! Runs all checks and test suites, and prints a summary.

mod again;
mod beside;
mod browsers;
mod suite;
mod summary;
mod variants;

use std::cell::RefCell;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::{Options, setup};
use beside::Beside;
pub use suite::check;
use suite::{Run, SUITES, Suite};
pub use summary::Count;
use summary::Row;

/// Sets up, runs the suites until one fails, and prints the summary.
pub fn run(options: &Options) -> Result<ExitCode> {
    for name in &options.only {
        if !SUITES.iter().any(|suite| suite.name == name) {
            let all: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
            bail!("there is no suite `{name}`; there are {}", all.join(", "));
        }
    }
    let toolchain = setup::for_tests()?;
    let started = Instant::now();
    let is_chosen =
        |suite: &&Suite| options.only.is_empty() || options.only.iter().any(|name| name == suite.name);
    let chosen: Vec<&Suite> = SUITES.iter().filter(is_chosen).collect();
    let release = Beside::release(&chosen)?;
    let run = Run {
        toolchain,
        release,
        second: Beside::default(),
        arguments: &options.rest,
        chosen: &chosen,
        note: RefCell::default(),
    };
    let mut rows: Vec<Row> = Vec::new();
    for suite in &chosen {
        if rows.iter().any(|row| row.count.n_failed > 0) {
            println!("not run after a failure: {}", suite.name);
            continue;
        }
        println!("\n── {} ── {}", suite.name, suite.what);
        let begun = Instant::now();
        let count = (suite.work)(&run).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            summary::Count { n_passed: 0, n_failed: 1 }
        });
        let note = run.note.take();
        rows.push(Row { name: suite.name, what: suite.what, count, took: begun.elapsed(), note });
    }
    summary::print(&rows, started.elapsed(), &setup::browsers(), &setup::notes()?);
    let has_failed = rows.iter().any(|row| row.count.n_failed > 0);
    Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
