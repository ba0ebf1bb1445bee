//! What can happen at a moment.

use domain::{PlanId, driver};
use vendors::Response;

use crate::case::Edit;

/// Something that happens at a moment.
#[derive(Debug)]
pub enum Event {
    /// A run is begun.
    Begin(usize),
    /// A driver is told something.
    Tell { tab: u32, run: PlanId, event: Box<driver::Event> },
    /// The transaction that a driver asked for is open.
    Transact { tab: u32, run: PlanId, keeps_lines: bool },
    /// The moment that a driver waited for has come.
    Wake { tab: u32, run: PlanId, wake: u64 },
    /// A request reaches the vendor.
    Arrive(u64),
    /// The browser delivers the same request once more.
    ArriveAgain(u64),
    /// The client gets an answer, or learns that none comes.
    Back(u64, Option<Response>),
    /// A relay says that it has let the call through before.
    PassedOn(u64),
    /// The browser knows at once that there is no network.
    NeverLeft(u64),
    /// The page lacks the key, so nothing leaves.
    NoKey(u64),
    /// A page is put aside, or comes back.
    Hide(u32, bool),
    /// A lock is taken away.
    Steal,
    /// The client gives up.
    TimedOut(u64),
    /// The console is opened again.
    Reopen,
    /// The console is opened in a second tab.
    SecondTab,
    /// The network goes or comes back.
    Network(bool),
    /// The key is refused from now on.
    KeyLost,
    /// The browser has no room any more.
    Full,
    /// The site's data is cleared.
    Cleared,
    /// Another tab loads a later release, which changes the storage.
    Upgraded,
    /// The clock is set.
    ClockSet(i64),
    /// The power goes.
    PowerCut,
    /// The connection is edited.
    Edited(Edit),
    /// Somebody puts right what a run waits for.
    GoOn { tab: u32, run: PlanId },
    /// Somebody presses a button.
    Press,
    /// Somebody tries again what was refused or is unknown, after the end.
    Again(PlanId),
    /// Another page of the console reads.
    Page,
    /// A page that reads looks whether it may.
    PagePoll(u64),
    /// Another program uses up the windows.
    Outsider,
}
