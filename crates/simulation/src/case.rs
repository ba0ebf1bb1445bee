//! The case of a seed: a vendor with its quirks, plans, and everything that goes wrong.

use std::iter::repeat_n;

use domain::capabilities::Directory;
use domain::connection::Pace;
use domain::{Connection, ConnectionKind, Millis, Plan, Vendor};
use sandbox::Settings;

use crate::chance::Chance;
use crate::plans;

/// The faults of a case: the probability of each fate of a call, in permille, and how often others happen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// The request never arrives.
    pub lost_request: u64,
    /// The change is made and the response lost.
    pub lost_answer: u64,
    /// An unexpected 429, nothing done.
    pub throttled: u64,
    /// 500, nothing done.
    pub broken_before: u64,
    /// 500 after the change was made.
    pub broken_after: u64,
    /// An HTML page, nothing done.
    pub html_before: u64,
    /// An HTML page after the change was made.
    pub html_after: u64,
    /// A truncated response after the change was made.
    pub cut_short: u64,
    /// The request arrives only after the client has given up.
    pub slow: u64,
    /// How often the page dies.
    pub n_crashes: u64,
    /// Periods without a network.
    pub n_offline: u64,
    /// How often the key becomes invalid.
    pub n_key_losses: u64,
    /// How often the browser's storage becomes full.
    pub n_full: u64,
    /// How often the user presses a button.
    pub n_presses: u64,
    /// Reads by other pages of the console.
    pub n_reads: u64,
    /// How often another program uses up the vendor's rate limit with the same key.
    pub n_outsiders: u64,
    /// Whether a journal record is unreadable after a crash.
    pub is_damaged: bool,
    /// Whether a second tab is opened.
    pub has_second_tab: bool,
    /// Whether the user continues without a journal when the storage is full.
    pub goes_on_unwritten: bool,
    /// The browser sends the request twice; in permille.
    pub repeated: u64,
    /// Whether the machine loses power.
    pub loses_power: bool,
    /// Whether the site's data is cleared while runs are live.
    pub is_cleared: bool,
    /// What is edited in the connection, while a page is open or between two pages.
    pub edit: Option<Edit>,
    /// How far the clock jumps; 0 if it does not.
    pub clock_jump_ms: i64,
    /// Whether a later release upgrades the storage while pages are open.
    pub is_upgraded: bool,
    /// Whether the browser has no storage.
    pub has_no_storage: bool,
    /// Whether the browser claims to be online when it is not.
    pub is_blind: bool,
    /// Whether keys are kept only in memory, so that a newly opened page lacks them.
    pub forgets_keys: bool,
    /// How often a page is hidden, as in the back/forward cache, and shown again.
    pub n_hides: u64,
    /// How often a lock is stolen from its tab.
    pub n_steals: u64,
    /// Whether the browser has no Web Locks.
    pub has_no_locks: bool,
    /// Whether anything goes wrong at all.
    pub is_wild: bool,
    /// How often another moderator acts around a call of an approved plan or an undo; in permille.
    pub moderated: u64,
}

/// The part of a connection that is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The base URL.
    Address,
    /// The key, replaced by another valid one.
    Key,
    /// The acting user.
    ActingPerson,
    /// The rate limit.
    Pace,
}

impl Faults {
    /// True if no response is lost, no page dies and nothing disastrous happens.
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

/// The parameters that follow from a seed.
#[derive(Debug)]
pub struct Case {
    /// The seed.
    pub seed: u64,
    /// The vendor.
    pub vendor: Vendor,
    /// The connection's rate limit.
    pub pace: Pace,
    /// The sandbox's settings.
    pub settings: Settings,
    /// The faults.
    pub faults: Faults,
    /// Whether calls go through a relay, which forwards each call only once.
    pub is_relayed: bool,
    /// The maximum one-way delay of a call, except for slow ones.
    pub longest_way: Millis,
    /// The maximum duration of a transaction.
    pub slowest_disk: Millis,
    /// The plans to apply: one, or two that share the connection's budget.
    pub plans: Vec<Plan>,
}

impl Case {
    /// Derives the case of a seed.
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed, 1);
        // What can be read back exercises most of the engine, so such a vendor is picked more often.
        let by_weight: Vec<Vendor> =
            Vendor::ALL.into_iter().rev().flat_map(|vendor| repeat_n(vendor, n_reads(vendor) + 1)).collect();
        let vendor = chance.pick(&by_weight);
        let calls_per_minute = chance.permille(300).then(|| chance.between(5, 120) as u32);
        let pace = Pace { is_small_plan: chance.permille(300), calls_per_minute };
        let settings = plans::settings(&mut chance, pace);
        let mut faults = faults(&mut chance);
        let longest_way = chance.pick(&[20, 300, 3_000, 14_000]);
        let n_plans = if chance.permille(250) { 2 } else { 1 };
        let plans = (0..n_plans).map(|nth| plans::plan(&mut chance, vendor, nth, faults.is_calm())).collect();
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
            // Two pages that both continue without a journal cannot detect each other; only a lock can.
            faults.goes_on_unwritten &= faults.n_steals == 0;
            faults.has_no_locks = chance.permille(60);
        }
        let mut plans: Vec<Plan> = plans;
        let mut chance = Chance::new(seed, 27);
        if chance.permille(350) {
            plans.iter_mut().for_each(plans::approve);
            faults.moderated = chance.pick(&[0, 40, 300]);
            if chance.permille(300) {
                for plan in &mut plans {
                    (plan.approval, plan.is_undo) = (None, true);
                }
            }
        }
        Self { seed, vendor, pace, settings, faults, is_relayed, longest_way, slowest_disk, plans }
    }

    /// The connection at the start of the case.
    pub fn connection(&self) -> Connection {
        let kind = if self.is_relayed { ConnectionKind::Relay } else { ConnectionKind::Direct };
        plans::place(self.vendor, kind, self.pace)
    }
}

/// Adds the faults of the page's environment.
fn disasters(chance: &mut Chance, faults: &mut Faults) {
    let hour = 3_600_000;
    let year = 365 * 24 * hour;
    faults.repeated = if chance.permille(300) { chance.between(1, 120) } else { 0 };
    faults.loses_power = chance.permille(200);
    faults.is_cleared = chance.permille(60);
    chance.permille(150); // unused: keeps the cases of the pinned seeds
    let edits = [Edit::Address, Edit::Key, Edit::ActingPerson, Edit::Pace];
    faults.edit = chance.permille(200).then(|| chance.pick(&edits));
    faults.clock_jump_ms = if chance.permille(200) { chance.pick(&[hour, -hour, year, -year]) } else { 0 };
    faults.is_upgraded = chance.permille(60);
    faults.has_no_storage = chance.permille(50);
    faults.is_blind = chance.permille(300);
    if faults.loses_power && faults.n_crashes == 0 {
        faults.n_crashes = 1;
    }
}

/// How many of people and members the vendor lists.
fn n_reads(vendor: Vendor) -> usize {
    let capabilities = vendors::capabilities(vendor);
    let lists_members = capabilities.groups.is_some_and(|groups| groups.can_list_members);
    usize::from(capabilities.directory != Directory::Ledger) + usize::from(lists_members)
}

fn faults(chance: &mut Chance) -> Faults {
    // One case in six has only ordinary delays: there, no outcome may be unknown and no call refused.
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
