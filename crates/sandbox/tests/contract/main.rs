//! Clients and emulators read the contracts independently: here they meet, `encode → World::handle → decode`,
//! for every operation of every vendor. What a client believes was done must be true in the sandbox.

mod cometchat;
mod console;
mod genuin;
mod hostile;
mod networked;
mod reads;
mod runs;
mod sentinels;
mod truth;
