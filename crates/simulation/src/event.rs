//! What can happen at a moment.

use domain::PlanId;
use vendors::Response;

/// Something that happens at a moment.
#[derive(Debug)]
pub enum Event {
    /// A run is begun.
    Begin(usize),
    /// A driver looks what is next.
    Turn { run: PlanId, wake: u64 },
    /// A request reaches the vendor.
    Arrive(u64),
    /// The client gets an answer, or learns that none comes.
    Back(u64, Option<Response>),
    /// The browser knows at once that there is no network.
    NeverLeft(u64),
    /// The client gives up.
    TimedOut(u64),
    /// A follower hears that there is something new.
    Heard { tab: u32, run: PlanId },
    /// A follower gets the lock of a run whose driver is gone.
    Granted { tab: u32, run: PlanId },
    /// Somebody opens the console again.
    Reopen,
    /// Somebody opens it in a second tab.
    SecondTab,
    /// The network goes or comes back.
    Network(bool),
    /// The key is refused from now on.
    KeyLost,
    /// The browser has no room any more.
    Full,
    /// Somebody puts right what a run waits for.
    GoOn(PlanId),
    /// Somebody presses a button.
    Press,
    /// Somebody tries again what was refused or is unknown, after the end.
    Again(PlanId),
    /// Another page of the console reads.
    Page,
    /// Another program uses up the windows.
    Outsider,
}
