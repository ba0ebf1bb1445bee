//! The events of the simulation.

use domain::{PlanId, driver};
use vendors::Response;

use crate::case::Edit;

/// An event at a point in simulated time.
#[derive(Debug)]
pub(crate) enum Event {
    /// The user starts the run of a plan.
    Begin(usize),
    /// A driver gets an event.
    Tell { tab: u32, run: PlanId, event: Box<driver::Event> },
    /// The transaction that a driver requested is open.
    Transact { tab: u32, run: PlanId, keeps_lines: bool },
    /// The timer of a driver fires.
    Wake { tab: u32, run: PlanId, wake: u64 },
    /// A request reaches the vendor.
    Arrive(u64),
    /// The browser sends the same request again.
    ArriveAgain(u64),
    /// The client gets a response, or learns that there will be none.
    Back(u64, Option<Response>),
    /// A relay reports that it has already forwarded the call.
    PassedOn(u64),
    /// The browser detects at once that there is no network.
    NeverLeft(u64),
    /// The page lacks the key, so nothing is sent.
    NoKey(u64),
    /// A page is hidden (`true`) or shown again.
    Hide(u32, bool),
    /// A lock is stolen.
    Steal,
    /// The client's timeout expires.
    TimedOut(u64),
    /// The console is reopened after all pages died.
    Reopen,
    /// The console is opened in a second tab.
    SecondTab,
    /// The network goes down, or up again (`true`).
    Network(bool),
    /// The key becomes invalid.
    KeyLost,
    /// The storage becomes full.
    Full,
    /// The site's data is cleared.
    Cleared,
    /// Another tab loads a later release, which upgrades the storage.
    Upgraded,
    /// The clock jumps by so many milliseconds.
    ClockSet(i64),
    /// The machine loses power.
    PowerCut,
    /// The connection is edited.
    Edited(Edit),
    /// The user fixes what a run waits for and resumes it.
    GoOn { tab: u32, run: PlanId },
    /// The user presses a button.
    Press,
    /// The user retries or checks outcomes after the end of a run.
    Again(PlanId),
    /// Another page of the console starts a read.
    Page,
    /// A read of another page polls the budget.
    PagePoll(u64),
    /// Another program uses up the rate limit.
    Outsider,
    /// Another moderator changes a person whom a plan changes.
    Moderate(PlanId),
}
