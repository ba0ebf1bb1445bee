//! Tests the clients against the emulators, which implement the contracts independently:
//! `encode → World::handle → decode` for every operation of every vendor. What a client reports as done must
//! be true in the sandbox.

mod cometchat;
mod console;
mod genuin;
mod hostile;
mod networked;
mod reads;
mod runs;
mod samples;
mod sentinels;
mod truth;
mod undoing;
mod undoing_several;
