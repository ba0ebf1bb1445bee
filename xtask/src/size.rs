//! Measures the size of a first load.

use anyhow::{Result, bail};

use crate::build::{self, Built, Profile};
use crate::{files, setup};

/// The limit for script, Wasm, styles and text of a first load, compressed.
const BUDGET: usize = 250_000;

/// Fetched by the console at every start.
const ICONS: &str = "icons.svg";

/// Builds a release and checks its size.
pub fn run() -> Result<()> {
    let toolchain = setup::for_builds()?;
    check(&build::ensure(toolchain, Profile::Release)?)
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
    table(built, "later: home and chunks with connections, pages with any page", &later)?;
    Ok(first)
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
