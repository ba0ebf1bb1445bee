//! Properties of plans and runs, for any command, response and latency.

mod drive;
mod examining;
mod exporting;
mod forms;
mod group_lists;
mod pacing;
mod planning;
mod reading_back;
mod rechecking;
mod restoring;
mod running;
mod staging;
mod standing;
mod titles;
mod undoing;
mod undoing_several;
mod world;
