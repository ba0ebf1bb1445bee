//! Runs every target on its regressions, its seed inputs, and random variations of the seeds.

use fuzzing::{TARGETS, Target, seeds};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

/// Tokens that matter to readers.
const PIECES: [&str; 24] = [
    "\"",
    "\\ud800",
    "[",
    "{",
    "]",
    "}",
    ",",
    ":",
    "null",
    "true",
    "-1",
    "1e999",
    "99999999999999999999",
    "__proto__",
    "\u{202e}",
    "\u{2069}",
    "\u{0}",
    "\n",
    "\t",
    "'",
    "=",
    "javascript:",
    "\u{feff}",
    "<script>",
];

/// A mutation of an input.
#[derive(Clone, Debug)]
enum Change {
    Bend(Index, u8),
    Cut(Index),
    Insert(Index, usize),
    Repeat(Index, Index),
    Remove(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Bend(at, byte)),
        at().prop_map(Change::Cut),
        (at(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (at(), at()).prop_map(|(from, to)| Change::Repeat(from, to)),
        (at(), at()).prop_map(|(from, to)| Change::Remove(from, to)),
    ]
}

fn changed(mut input: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let n = input.len() + 1;
        let span = |from: &Index, to: &Index| {
            let (from, to) = (from.index(n), to.index(n));
            from.min(to)..from.max(to)
        };
        match change {
            Change::Bend(at, byte) => {
                if let Some(own) = input.get_mut(at.index(n)) {
                    *own = *byte;
                }
            }
            Change::Cut(at) => input.truncate(at.index(n)),
            Change::Insert(at, piece) => {
                let at = at.index(n);
                input.splice(at..at, PIECES[*piece].bytes());
            }
            Change::Repeat(from, to) => {
                let span = span(from, to);
                let copy = input[span.clone()].to_vec();
                input.splice(span.start..span.start, copy);
            }
            Change::Remove(from, to) => drop(input.drain(span(from, to))),
        }
    }
    input
}

fn check(target: &Target, n_variations: u32) {
    let seeds = seeds::of(target.name);
    assert!(!seeds.is_empty());
    for input in seeds::regressions(target.name).iter().chain(&seeds) {
        (target.run)(input);
    }
    let mut runner =
        TestRunner::new(Config { cases: n_variations, failure_persistence: None, ..Config::default() });
    let varied = (prop::sample::select(seeds), prop::collection::vec(change(), 1..6));
    let held = runner.run(&varied, |(input, changes)| {
        (target.run)(&changed(input, &changes));
        Ok(())
    });
    if let Err(error) = held {
        panic!("{}: {error}", target.name);
    }
}

fn named(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).expect("a target")
}

macro_rules! targets {
    ($($name:ident: $n:literal),* $(,)?) => {
        $(#[test] fn $name() { check(named(stringify!($name)), $n); })*

        #[test]
        fn every_target_is_tested_and_driven() {
            let tested = [$(stringify!($name)),*];
            for target in TARGETS {
                assert!(tested.contains(&target.name), "{} is tested", target.name);
                let driver = format!("{}/../../fuzz/fuzz_targets/{}.rs", env!("CARGO_MANIFEST_DIR"), target.name);
                let driver = std::fs::read_to_string(&driver).unwrap_or_else(|error| panic!("{driver}: {error}"));
                assert!(driver.contains(&format!("\"{}\"", target.name)));
            }
        }
    };
}

targets! {
    decode_write: 4_000,
    decode_read: 4_000,
    decode_sign_in: 2_000,
    list: 2_000,
    import: 2_000,
    results_table: 2_000,
    results_json: 2_000,
    connections: 2_000,
    config: 2_000,
    vault: 2_000,
    journal: 1_000,
    review: 2_000,
    chain: 1_000,
    sandbox: 200,
    workbook: 1_000,
}
