//! Numbers: how close a run comes to the shortest schedule, what its journal costs, and how plans and runs grow.

mod growth;
mod heap;
mod schedule;
mod stopwatch;

pub use heap::CountingAllocator;
pub use stopwatch::Stopwatch;

/// Prints every number. False if one of them is over its target.
pub fn run() -> bool {
    let is_prompt = schedule::print();
    let is_small = growth::print();
    is_prompt && is_small
}
