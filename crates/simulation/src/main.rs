//! Plays many seeds, or one with a trace.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use lexopt::prelude::*;
use simulation::{Counts, Sabotage, bench, play, trace};

#[global_allocator]
static ALLOCATOR: bench::CountingAllocator = bench::CountingAllocator;

const HELP: &str = "\
simulation [--seeds N] [--from S]    plays N seeds (300) from S (0) on, on every core
simulation --seed S                  plays one seed and tells everything that happens
           [--break NAME]            with a driver that is broken on purpose:
simulation --breaks [--seeds N]      how many seeds it takes to notice each broken driver
simulation bench                     how fast runs are, and how plans and runs grow
";

#[derive(Debug)]
struct Options {
    n_seeds: u64,
    from: u64,
    seed: Option<u64>,
    sabotage: Option<Sabotage>,
    is_breaks: bool,
    is_bench: bool,
}

fn main() -> ExitCode {
    match options() {
        Ok(Some(options)) => run(&options),
        Ok(None) => {
            print!("{HELP}");
            for (name, _) in Sabotage::ALL {
                println!("             {name}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Option<Options>, lexopt::Error> {
    let mut options =
        Options { n_seeds: 300, from: 0, seed: None, sabotage: None, is_breaks: false, is_bench: false };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("seeds") => options.n_seeds = parser.value()?.parse()?,
            Long("from") => options.from = parser.value()?.parse()?,
            Long("seed") => options.seed = Some(parser.value()?.parse()?),
            Value(value) if value == "bench" => options.is_bench = true,
            Long("breaks") => options.is_breaks = true,
            Long("break") => {
                let name = parser.value()?.string()?;
                let known = Sabotage::ALL.into_iter().find(|(known, _)| *known == name);
                options.sabotage = Some(known.ok_or("there is no such way to break it")?.1);
            }
            Short('h') | Long("help") => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(options))
}

fn run(options: &Options) -> ExitCode {
    if let Some(seed) = options.seed {
        let (lines, ended) = trace(seed, options.sabotage);
        for line in lines {
            println!("{line}");
        }
        return match ended {
            Ok(counts) => {
                println!("{counts:?}");
                ExitCode::SUCCESS
            }
            Err(failure) => {
                println!("seed {}: {}", failure.seed, failure.what);
                ExitCode::FAILURE
            }
        };
    }
    if options.is_bench {
        return if bench::run() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if options.is_breaks {
        return breaks(options);
    }
    many(options)
}

/// Plays seeds on every core and prints the first failures.
fn many(options: &Options) -> ExitCode {
    let started = bench::Stopwatch::start();
    let next = AtomicU64::new(options.from);
    let end = options.from + options.n_seeds;
    let sums = Mutex::new((Counts::default(), Vec::new()));
    let is_enough = AtomicBool::new(false);
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                while !is_enough.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    let ended = play(seed, options.sabotage);
                    let Ok(mut sums) = sums.lock() else { break };
                    match ended {
                        Ok(counts) => sums.0.add(&counts),
                        Err(failure) => {
                            println!("seed {}: {}", failure.seed, failure.what);
                            sums.1.push(failure.seed);
                            is_enough.store(sums.1.len() >= 25, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    let (counts, failed) = sums.into_inner().unwrap_or_default();
    println!("{counts:#?}");
    println!("{} seeds in {:.1} s", options.n_seeds, started.elapsed().as_secs_f64());
    if let Some(seed) = failed.iter().min() {
        println!("{} failed; to see one: cargo xtask simulate --seed {seed}", failed.len());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Prints how many seeds it takes to detect each sabotage.
fn breaks(options: &Options) -> ExitCode {
    let mut is_all_caught = true;
    for (name, sabotage) in Sabotage::ALL {
        let seeds = options.from..options.from + options.n_seeds;
        let caught = seeds.clone().find_map(|seed| play(seed, Some(sabotage)).err());
        match caught {
            Some(failure) => println!(
                "{name}: noticed after {} seeds, seed {}: {}",
                failure.seed - options.from + 1,
                failure.seed,
                failure.what
            ),
            None => {
                println!("{name}: not noticed in {} seeds", options.n_seeds);
                is_all_caught = false;
            }
        }
    }
    if is_all_caught { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
