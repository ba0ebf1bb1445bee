#![doc = include_str!("../README.md")]

mod answers;
pub mod bench;
mod case;
mod chance;
mod check;
mod counts;
mod disk;
mod event;
mod executor;
mod moderators;
mod network;
mod people;
mod plans;
mod sabotage;
mod tab;
mod universe;
mod vendor;
mod windows;

pub use case::{Case, Faults};
pub use counts::Counts;
pub use sabotage::Sabotage;

use universe::Universe;

/// A violated invariant.
#[derive(Debug)]
pub struct Failure {
    /// The seed of the case.
    pub seed: u64,
    /// A description of the violation.
    pub what: String,
}

/// Plays the case of a seed.
///
/// # Errors
/// If an invariant is violated.
pub fn play(seed: u64, sabotage: Option<Sabotage>) -> Result<Counts, Failure> {
    let mut universe = Universe::new(Case::new(seed), sabotage, false);
    universe.live().map_err(|what| Failure { seed, what })?;
    Ok(universe.counts())
}

/// Plays the case of a seed and returns a trace of it, line by line.
pub fn trace(seed: u64, sabotage: Option<Sabotage>) -> (Vec<String>, Result<Counts, Failure>) {
    let mut universe = Universe::new(Case::new(seed), sabotage, true);
    let ended = universe.live().map_err(|what| Failure { seed, what });
    (universe.take_trace(), ended.map(|()| universe.counts()))
}
