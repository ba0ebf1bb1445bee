//! Laws of plans and runs, for any command, any answers and any latencies.

mod exporting;
mod planning;
mod running;
mod world;
