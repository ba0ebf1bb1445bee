//! Runs the targets of `crates/fuzzing` with libFuzzer.

use std::fs;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use crate::{files, process};

/// The flags that cargo-fuzz sets, without a sanitizer: stable compilers accept these.
const FLAGS: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];

/// The result of one target.
struct Row {
    target: String,
    n_runs: u64,
    edges: u64,
    n_found: usize,
}

/// Builds the targets, writes their seeds, and runs each for some time.
pub fn run(arguments: &[String]) -> Result<()> {
    let (mut seconds, mut chosen) = (60u64, Vec::new());
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("seconds") => seconds = parser.value()?.parse()?,
            Value(target) => chosen.push(target.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let known = process::capture(process::command("cargo").args(["run", "--quiet", "-p", "fuzzing"]))?;
    if let Some(unknown) = chosen.iter().find(|name| !known.lines().any(|line| line == *name)) {
        bail!(
            "there is no target `{unknown}`; there are {}",
            known.split_whitespace().collect::<Vec<_>>().join(", ")
        );
    }
    if chosen.is_empty() {
        chosen = known.lines().map(str::to_owned).collect();
    }
    let programs = build()?;
    let rows =
        chosen.into_iter().map(|target| drive(&programs, target, seconds)).collect::<Result<Vec<_>>>()?;
    println!("\n{:<16} {:>8} {:>12} {:>8} {:>9}", "target", "seconds", "executions", "edges", "findings");
    for Row { target, n_runs, edges, n_found } in &rows {
        println!("{target:<16} {seconds:>8} {n_runs:>12} {edges:>8} {n_found:>9}");
    }
    let n_found: usize = rows.iter().map(|row| row.n_found).sum();
    if n_found > 0 {
        bail!(
            "{n_found} findings: their inputs are in fuzz/artifacts; mend the cause and keep them in fuzz/regressions"
        );
    }
    Ok(())
}

/// Builds all targets and returns the folder of the binaries.
fn build() -> Result<String> {
    let told = process::capture(process::command("rustc").arg("-vV"))?;
    let host =
        told.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?.to_owned();
    let mut cargo = process::command("cargo");
    // With an explicit target, the flags do not apply to build scripts.
    cargo.args(["build", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", &host]);
    // Also if another folder is set for everything else.
    cargo.args(["--target-dir", "fuzz/target"]);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"));
    process::run(&mut cargo).context("libFuzzer needs a C++ compiler, such as Debian's g++")?;
    Ok(format!("fuzz/target/{host}/release"))
}

fn drive(programs: &str, target: String, seconds: u64) -> Result<Row> {
    let (corpus, artifacts) = (format!("fuzz/corpus/{target}"), format!("fuzz/artifacts/{target}/"));
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(files::root().join(folder))?;
    }
    let mut seeds = process::command("cargo");
    process::run(seeds.args(["run", "--quiet", "-p", "fuzzing", "--", &target, &corpus]))?;
    let program = files::root().join(programs).join(&target);
    let mut fuzzer = process::command(&program.to_string_lossy());
    fuzzer.arg(&corpus).args([
        format!("-max_total_time={seconds}"),
        format!("-artifact_prefix={artifacts}"),
        "-max_len=65536".to_owned(),
        "-timeout=20".to_owned(),
        "-rss_limit_mb=2048".to_owned(),
        "-print_final_stats=1".to_owned(),
        "-verbosity=1".to_owned(),
    ]);
    println!("\n── {target} ──");
    let (status, told) = process::watch(&mut fuzzer)?;
    let n_found = files::below(&files::root().join(&artifacts))?.len();
    if !status.success() && n_found == 0 {
        bail!("`{target}` ended with {status}, and found nothing: what it said is above");
    }
    Ok(Row { n_runs: final_stat(&told), edges: last_coverage(&told), n_found, target })
}

/// Parses `stat::number_of_executed_units: 12345`, which libFuzzer prints at the end of a run.
fn final_stat(told: &str) -> u64 {
    let line = told.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    line.and_then(|number| number.trim().parse().ok()).unwrap_or_default()
}

/// The number after the last `cov:`.
fn last_coverage(told: &str) -> u64 {
    let number = |line: &str| line.split_once(" cov: ")?.1.split_whitespace().next()?.parse().ok();
    told.lines().rev().find_map(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_libfuzzer_says() {
        let told = "#2\tINITED cov: 11 ft: 12 corp: 1/1b exec/s: 0 rss: 30Mb\n\
                    #512\tpulse  cov: 1604 ft: 9 corp: 4/9b\nDone 512 runs in 2 second(s)\n\
                    stat::number_of_executed_units: 512\nstat::average_exec_per_sec: 256\n";
        assert_eq!((final_stat(told), last_coverage(told)), (512, 1_604));
        assert_eq!((final_stat("killed"), last_coverage("killed")), (0, 0));
    }

    #[test]
    fn every_driver_is_a_program() {
        let manifest = fs::read_to_string(files::root().join("fuzz/Cargo.toml")).expect("its manifest");
        let folder = files::below(&files::root().join("fuzz/fuzz_targets")).expect("the drivers");
        assert!(!folder.is_empty());
        for path in folder {
            let driver = path.file_stem().expect("a name").to_string_lossy();
            assert!(
                manifest.contains(&format!("name = \"{driver}\"\npath = \"fuzz_targets/{driver}.rs\"")),
                "{driver}"
            );
        }
    }
}
