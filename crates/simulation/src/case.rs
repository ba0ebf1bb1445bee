//! What a seed means: a vendor with its quirks, plans, and everything that is going to go wrong.

use domain::connection::Pace;
use domain::{Connection, Millis, Plan, Reach, Vendor};
use sandbox::{EmptyScopes, FailedEntry, PlansForm, Settings};

use crate::chance::Chance;
use crate::wishes;

/// How likely each fate of a call is, in thousandths, and how often the rest happens in a case.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// The request never arrives.
    pub lost_request: u64,
    /// The change is made and the answer lost.
    pub lost_answer: u64,
    /// 429 out of nowhere, nothing done.
    pub throttled: u64,
    /// 500, nothing done.
    pub broken_before: u64,
    /// 500 after the change was made.
    pub broken_after: u64,
    /// A page for people, nothing done.
    pub html_before: u64,
    /// A page for people after the change was made.
    pub html_after: u64,
    /// Half an answer after the change was made.
    pub cut_short: u64,
    /// On its way for so long that the client gives up first; it arrives all the same.
    pub slow: u64,
    /// Times that the page dies.
    pub n_crashes: u64,
    /// Spells without a network.
    pub n_offline: u64,
    /// Times that the key is refused from a moment on.
    pub n_key_losses: u64,
    /// Spells in which the browser has no room for the journal.
    pub n_full: u64,
    /// Times that somebody presses a button.
    pub n_presses: u64,
    /// Reads of other pages of the console.
    pub n_reads: u64,
    /// Times that another program uses up the vendor's windows with the same key.
    pub n_outsiders: u64,
    /// Whether a record of the journal is unreadable after the first crash.
    pub is_damaged: bool,
    /// Whether a second tab is open.
    pub has_second_tab: bool,
    /// Whether somebody goes on without a journal when there is no room for it.
    pub goes_on_unwritten: bool,
    /// The browser delivers the request twice.
    pub repeated: u64,
    /// Whether the machine loses power when the page dies for the first time.
    pub loses_power: bool,
    /// Whether the site's data is cleared under a live run.
    pub is_cleared: bool,
    /// What of the connection is edited between two pages, or under a live one.
    pub edit: Option<Edit>,
    /// How the clock jumps, if it does.
    pub clock_jump_ms: i64,
    /// Whether a later release changes the storage under a live page.
    pub is_upgraded: bool,
    /// Whether what is kept was written by the release before this one.
    pub is_older: bool,
    /// Whether the browser has no storage from the start.
    pub has_no_storage: bool,
    /// Whether the browser believes to be online when it is not.
    pub is_blind: bool,
    /// Whether keys are kept in memory, so that a page that opens lacks the key.
    pub forgets_keys: bool,
    /// Times that a page is put aside, as with the back button, and comes back.
    pub n_hides: u64,
    /// Times that a lock is taken away from its tab.
    pub n_steals: u64,
    /// Whether the browser has no locks.
    pub has_no_locks: bool,
    /// Whether anything goes wrong at all.
    pub is_wild: bool,
}

/// What is edited of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Its address.
    Address,
    /// Its key, for another one that is good as well.
    Key,
    /// The person that it acts for.
    ActingPerson,
    /// Its rate limit.
    Pace,
}

impl Faults {
    /// Whether no answer is lost and no page dies.
    pub fn is_calm(&self) -> bool {
        let n_of_calls = self.lost_request
            + self.lost_answer
            + self.broken_before
            + self.broken_after
            + self.html_before
            + self.html_after
            + self.cut_short
            + self.slow;
        let n_disasters = u64::from(self.loses_power)
            + u64::from(self.is_cleared)
            + u64::from(self.is_upgraded)
            + u64::from(self.clock_jump_ms != 0)
            + u64::from(self.edit.is_some());
        n_of_calls + self.n_crashes + self.n_offline + self.repeated + n_disasters == 0
    }
}

/// Everything that follows from a seed.
#[derive(Debug)]
pub struct Case {
    /// The seed.
    pub seed: u64,
    /// Whose API.
    pub vendor: Vendor,
    /// The connection's pace.
    pub pace: Pace,
    /// The sandbox's switches.
    pub settings: Settings,
    /// What goes wrong.
    pub faults: Faults,
    /// Whether calls go through a relay, which lets each through once.
    pub is_relayed: bool,
    /// Longest way of a call there and back, mostly.
    pub longest_way: Millis,
    /// Longest time that a transaction takes.
    pub slowest_disk: Millis,
    /// What is applied: one plan, or two that share the connection's budget.
    pub plans: Vec<Plan>,
}

impl Case {
    /// The case of a seed.
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed, 1);
        // CometChat can be read back, so that most of the engine is at work there.
        let vendor = chance.pick(&[
            Vendor::CometChat,
            Vendor::CometChat,
            Vendor::CometChat,
            Vendor::Networked,
            Vendor::Networked,
            Vendor::Genuin,
        ]);
        let calls_per_minute = chance.permille(300).then(|| chance.between(5, 120) as u32);
        let pace = Pace { is_small_plan: chance.permille(300), calls_per_minute };
        let settings = settings(&mut chance, pace);
        let mut faults = faults(&mut chance);
        let longest_way = chance.pick(&[20, 300, 3_000, 14_000]);
        let n_plans = if chance.permille(250) { 2 } else { 1 };
        let plans =
            (0..n_plans).map(|nth| wishes::plan(&mut chance, vendor, nth, faults.is_calm())).collect();
        let mut chance = Chance::new(seed, 4);
        let is_relayed = chance.permille(500);
        let slowest_disk = chance.pick(&[0, 0, 8, 120]);
        if faults.is_wild {
            disasters(&mut chance, &mut faults);
            let mut chance = Chance::new(seed, 5);
            faults.forgets_keys = chance.permille(300);
            faults.n_hides = if chance.permille(200) { chance.between(1, 3) } else { 0 };
            let mut chance = Chance::new(seed, 7);
            faults.n_steals = if chance.permille(100) { chance.between(1, 3) } else { 0 };
            // Two pages that both go on without a journal know nothing of each other: only a lock prevents it.
            faults.goes_on_unwritten &= faults.n_steals == 0;
            faults.has_no_locks = chance.permille(60);
        }
        Self { seed, vendor, pace, settings, faults, is_relayed, longest_way, slowest_disk, plans }
    }

    /// The connection of the case, as it is at first.
    pub fn connection(&self) -> Connection {
        let reach = if self.is_relayed { Reach::Relay } else { Reach::Direct };
        wishes::place(self.vendor, reach, self.pace)
    }
}

/// What happens around the page, besides the fate of calls.
fn disasters(chance: &mut Chance, faults: &mut Faults) {
    let hour = 3_600_000;
    let year = 365 * 24 * hour;
    faults.repeated = if chance.permille(300) { chance.between(1, 120) } else { 0 };
    faults.loses_power = chance.permille(200);
    faults.is_cleared = chance.permille(60);
    faults.is_older = chance.permille(150);
    // The release before did not write where a run began.
    let edits: &[Edit] = if faults.is_older {
        &[Edit::Key, Edit::Pace]
    } else {
        &[Edit::Address, Edit::Key, Edit::ActingPerson, Edit::Pace]
    };
    faults.edit = chance.permille(200).then(|| chance.pick(edits));
    faults.clock_jump_ms = if chance.permille(200) { chance.pick(&[hour, -hour, year, -year]) } else { 0 };
    faults.is_upgraded = chance.permille(60);
    faults.has_no_storage = chance.permille(50);
    faults.is_blind = chance.permille(300);
    if (faults.loses_power || faults.is_older) && faults.n_crashes == 0 {
        faults.n_crashes = 1;
    }
}

fn settings(chance: &mut Chance, pace: Pace) -> Settings {
    Settings {
        latency: false,
        retry_after: chance.permille(500),
        small_plan: pace.is_small_plan,
        token_lifetime_ms: 1_000_000_000_000,
        genuin_per_minute: None,
        list_existing_members: chance.permille(300),
        error_true_with_200: chance.permille(300),
        repeated_add_succeeds: chance.permille(500),
        failure_as_object: chance.permille(300),
        plans: PlansForm::Array,
        empty_scopes: chance.pick(&[EmptyScopes::Object, EmptyScopes::Array, EmptyScopes::Absent]),
        failed_entry: chance.pick(&[
            FailedEntry::SuccessFalse,
            FailedEntry::ErrorOnly,
            FailedEntry::Bare,
            FailedEntry::Text,
        ]),
        wrapped_in_members: chance.permille(300),
        ban_needs_membership: chance.permille(200),
        bans_hold: chance.permille(500),
        old_rate_headers: chance.permille(500),
        unknown_fields: chance.permille(300),
        ..Settings::default()
    }
}

fn faults(chance: &mut Chance) -> Faults {
    // One case in six has nothing but ordinary delays: there, nothing may be unknown and no call refused.
    if chance.permille(160) {
        return Faults::default();
    }
    let mut of_calls = |most: u64| if chance.permille(450) { chance.between(1, most) } else { 0 };
    let mut faults = Faults {
        lost_request: of_calls(150),
        lost_answer: of_calls(150),
        throttled: of_calls(250),
        broken_before: of_calls(120),
        broken_after: of_calls(120),
        html_before: of_calls(80),
        html_after: of_calls(80),
        cut_short: of_calls(80),
        slow: of_calls(80),
        is_wild: true,
        ..Faults::default()
    };
    let mut of_spells = |often: u64, most: u64| {
        if chance.permille(often) { chance.between(1, most) } else { 0 }
    };
    faults.n_crashes = of_spells(550, 4);
    faults.n_offline = of_spells(250, 3);
    faults.n_key_losses = of_spells(250, 2);
    faults.n_full = of_spells(200, 2);
    faults.n_presses = of_spells(500, 8);
    faults.n_reads = of_spells(300, 12);
    faults.n_outsiders = of_spells(100, 2);
    faults.is_damaged = faults.n_crashes > 0 && chance.permille(200);
    faults.has_second_tab = chance.permille(400);
    faults.goes_on_unwritten = faults.n_full > 0 && chance.permille(300);
    faults
}
