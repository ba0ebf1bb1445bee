//! Benchmarks: runs against the shortest schedule, the cost of the journal, and the growth of plans and runs.

mod growth;
mod heap;
mod schedule;
mod stopwatch;

pub use heap::CountingAllocator;
pub use stopwatch::Stopwatch;

/// Prints all results. Returns false if one misses its target.
pub fn run() -> bool {
    let is_prompt = schedule::print();
    let is_small = growth::print();
    is_prompt && is_small
}
