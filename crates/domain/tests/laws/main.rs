//! Laws of plans and runs, for any command, any answers and any latencies.

mod drive;
mod examining;
mod exporting;
mod pacing;
mod planning;
mod reading_back;
mod restoring;
mod running;
mod standing;
mod world;
