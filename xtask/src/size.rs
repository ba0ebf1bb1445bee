//! Measures the size of a first load, and of every page.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use crate::build::{self, Built, Profile};
use crate::{Options, files, setup, why};

/// The limit for script, Wasm, styles and text of a first load, compressed.
const BUDGET: usize = 213_000;

/// The limit for each page that is opened by a link, compressed.
const ROUTE_BUDGETS: [(&str, usize); 21] = [
    ("/, with connections", 376_000),
    ("/connections", 324_000),
    ("/connections/new", 391_000),
    ("/connections/:id", 391_000),
    ("/c/:connection/members", 614_000),
    ("/c/:connection/members/add", 486_000),
    ("/c/:connection/moderators", 649_000),
    ("/c/:connection/invites", 490_000),
    ("/c/:connection/groups", 554_000),
    ("/c/:connection/groups/:group", 652_000),
    ("/import", 581_000),
    ("/import/preview", 383_000),
    ("/activity", 706_000),
    ("/runs", 358_000),
    ("/runs/open", 340_000),
    ("/runs/:id", 573_000),
    ("/runs/:id/undo", 649_000),
    ("/undo", 700_000),
    ("/review", 626_000),
    ("/settings", 353_000),
    ("/sandbox", 373_000),
];

/// Fetched by the console at every start.
const ICONS: &str = "icons.svg";

/// Builds a release, and checks its size or says what a part of it is made of.
pub fn run(options: &Options) -> Result<()> {
    let toolchain = setup::for_builds()?;
    match &options.why {
        Some(part) => {
            build::ensure_linked(toolchain, Profile::Release)?;
            why::run(part)
        }
        None => check(&build::ensure(toolchain, Profile::Release)?),
    }
}

/// Prints the sizes of a first load and fails if they exceed the budget.
pub fn check(built: &Built) -> Result<()> {
    let weight = weigh(built)?;
    if weight > BUDGET {
        bail!("a first load is {} over its budget", files::kilobytes(weight - BUDGET));
    }
    Ok(())
}

/// Prints the sizes of a first load and returns their compressed sum.
pub fn weigh(built: &Built) -> Result<usize> {
    let page = build::Page::parse(&files::read_text(&built.files.join("index.html"))?);
    let mut names = vec!["index.html".to_owned()];
    names.extend(page.files());
    names.extend(page.address_of(ICONS).map(str::to_owned));
    let first = table(built, "first load", &names)?;
    println!("{:<40} {:>12} {:>12}", "budget", "", files::kilobytes(BUDGET));
    let is_later =
        |name: &String| name.ends_with(".wasm") && !names.contains(name) && !name.contains("worker");
    let later: Vec<String> = build::names(&built.files)?.into_iter().filter(is_later).collect();
    table(built, "fetched later", &later)?;
    routes(built, first)?;
    Ok(first)
}

/// Prints what each route fetches with an empty cache on a device that has connections, and fails if a part is
/// over its budget: a first load, the part that reads the connections, and the parts that the page needs, each with
/// the chunks that it shares.
fn routes(built: &Built, first: usize) -> Result<()> {
    let script = build::names(&built.files)?.into_iter().find(|name| name.contains("split-"));
    let script = files::read_text(&built.files.join(script.context("there is no script of parts")?))?;
    let fetched = build::fetched_by_part(&script)?;
    let files_of = |part: &str| fetched.get(part).with_context(|| format!("no part {part} in the loader"));
    println!("\n{:<40} {:>12} {:>12}", "by link, with an empty cache", "part", "brotli");
    let mut too_heavy = Vec::new();
    for page in build::pages()? {
        let (path, part) = (page.path, page.part);
        let mut names = BTreeSet::new();
        for part in page.needs {
            names.extend(files_of(&part)?);
        }
        let mut weight = first;
        for name in &names {
            weight += files::read(&built.compressed.join(format!("assets/{name}.br")))?.len();
        }
        println!("{path:<40} {part:>12} {:>12} in {} files", files::kilobytes(weight), names.len());
        let budget = ROUTE_BUDGETS.iter().find(|(route, _)| *route == path);
        let (_, budget) = budget.with_context(|| format!("{path} has no budget"))?;
        if weight > *budget {
            too_heavy.push(format!("{path} is {} over its budget", files::kilobytes(weight - budget)));
        }
    }
    if !too_heavy.is_empty() {
        bail!("{}", too_heavy.join("; "));
    }
    Ok(())
}

/// Prints the sizes of these files and returns their compressed sum.
fn table(built: &Built, title: &str, names: &[String]) -> Result<usize> {
    println!("\n{title:<40} {:>12} {:>12}", "raw", "brotli");
    let (mut raw_sum, mut small_sum) = (0, 0);
    for name in names {
        let path = built.files.join(name);
        if !path.is_file() {
            continue;
        }
        let raw = files::read(&path)?.len();
        let small = files::read(&built.compressed.join(format!("{name}.br")))?.len();
        println!("{name:<40} {:>12} {:>12}", files::kilobytes(raw), files::kilobytes(small));
        raw_sum += raw;
        small_sum += small;
    }
    println!("{:<40} {:>12} {:>12}", "together", files::kilobytes(raw_sum), files::kilobytes(small_sum));
    Ok(small_sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_a_budget() {
        let paths: Vec<_> =
            build::pages().expect("the tables are readable").into_iter().map(|page| page.path).collect();
        let budgets: Vec<_> = ROUTE_BUDGETS.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(paths, budgets);
    }
}
