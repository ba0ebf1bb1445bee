//! The target that restores runs from journals: restoring terminates, and the run can continue.

use domain::connection::Pace;
use domain::{Budget, Chunk, Heading, Line, Run, Step, entry};
use serde::Deserialize;

/// The maximum number of turns of a restored run.
const MAX_TURNS: usize = 50;

#[derive(Deserialize)]
struct Kept {
    heading: Heading,
    #[serde(default)]
    chunks: Vec<Chunk>,
    #[serde(default)]
    lines: Vec<Line>,
}

pub(crate) fn run(input: &[u8]) {
    let Ok(kept) = serde_json::from_slice::<Kept>(input) else { return };
    let vendor = kept.heading.vendor;
    let Ok(plan) = entry::plan_of(&kept.heading, kept.chunks) else { return };
    let (limits, capabilities) = (vendors::limits(vendor, Pace::default()), vendors::capabilities(vendor));
    let n_changes = plan.plan.changes.len();
    let n_damaged = kept.lines.len() as u32 % 3;
    let mut run = Run::restore(plan, &limits, &capabilities, 7, kept.lines, n_damaged, 0);
    assert_eq!(run.receipt().rows.len(), n_changes, "everybody is in the receipt");
    let mut now = 1_000_000;
    run.take_over(now);
    run.resume(now);
    let mut budget = Budget::new(limits.windows.clone());
    for _ in 0..MAX_TURNS {
        match run.poll(now, &mut budget) {
            Step::WaitUntil(at) => now = at.max(now + 1),
            Step::Send(batch) => assert!(!batch.items.is_empty()),
            Step::Read(_) => {}
            Step::Await | Step::Rest | Step::Done => break,
        }
        for line in run.drain() {
            let json = serde_json::to_string(&line).expect("a line can be written");
            assert_eq!(serde_json::from_str::<Line>(&json).expect("it was written"), line);
        }
    }
    run.stop(now);
}
