//! Runs against the sandbox under a virtual clock, with every failure that a seed can think of.
//!
//! A seed decides a vendor with its quirks, plans, the fate of every call and the moment at which every page
//! dies. [`play`] lets it all happen and checks what must be so: nobody is lost, nobody is added twice, what
//! is *done* is true in the sandbox, what is *refused* is not, and no window was overrun.
//! The same seed always gives the same case: there is no clock, no thread and no hashing by chance in it.

mod answers;
pub mod bench;
mod case;
mod chance;
mod check;
mod counts;
mod disk;
mod event;
mod executor;
mod network;
mod older;
mod people;
mod sabotage;
mod tab;
mod truth;
mod universe;
mod vendor;
mod windows;
mod wishes;

pub use case::{Case, Faults};
pub use counts::Counts;
pub use sabotage::Sabotage;

use universe::Universe;

/// A case in which something is not as it must be.
#[derive(Debug)]
pub struct Failure {
    /// The seed that replays it.
    pub seed: u64,
    /// What is wrong.
    pub what: String,
}

/// Plays the case of a seed.
///
/// # Errors
/// What is not as it must be.
pub fn play(seed: u64, sabotage: Option<Sabotage>) -> Result<Counts, Failure> {
    let mut universe = Universe::new(Case::new(seed), sabotage, false);
    universe.live().map_err(|what| Failure { seed, what })?;
    Ok(universe.counts())
}

/// Plays the case of a seed once more and gives everything that happened, line by line.
pub fn trace(seed: u64, sabotage: Option<Sabotage>) -> (Vec<String>, Result<Counts, Failure>) {
    let mut universe = Universe::new(Case::new(seed), sabotage, true);
    let ended = universe.live().map_err(|what| Failure { seed, what });
    (universe.take_trace(), ended.map(|()| universe.counts()))
}
