//! The state of a case and its event queue, ordered by simulated time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::driver::Setting;
use domain::journal::StorageError;
use domain::read::PageRead;
use domain::{
    BatchId, Budget, Capabilities, ChangeId, Connection, ConsoleCode, Credentials, Driver, Limits, Millis,
    Plan, PlanId, Vendor,
};
use sandbox::{Settings, World};

use crate::case::Case;
use crate::chance::Chance;
use crate::counts::Counts;
use crate::disk::Disk;
use crate::event::Event;
use crate::moderators::Moderated;
use crate::network::{self, Calls};
use crate::sabotage::Sabotage;
use crate::tab::Tab;
use crate::windows::Arrivals;

/// A freshly seeded world, to be cloned.
pub(crate) static FIRST_DAY: LazyLock<World> = LazyLock::new(|| World::new(Settings::default()));

/// The start time of every case.
pub(crate) const START: Millis = 1_800_000_000_000;

/// Why a step was aborted.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The page died.
    Crash(u32),
    /// An invariant is violated.
    Wrong(String),
}

/// The result of a step.
pub(crate) type Go<T = ()> = Result<T, Halt>;

/// The state of a case.
#[derive(Debug)]
pub(crate) struct Universe {
    pub(crate) case: Case,
    pub(crate) sabotage: Option<Sabotage>,
    pub(crate) now: Millis,
    pub(crate) world: World,
    pub(crate) disk: Disk,
    pub(crate) tabs: BTreeMap<u32, Tab>,
    pub(crate) n_tabs: u32,
    /// The tab that holds the lock of each run, and the tabs that wait for it.
    pub(crate) locks: BTreeMap<PlanId, u32>,
    pub(crate) waiting: BTreeMap<PlanId, Vec<u32>>,
    /// The connection's current settings.
    pub(crate) place: Connection,
    /// The difference between the page's clock and simulated time.
    pub(crate) skew: i64,
    /// True once the clock jumped: windows counted by it are then meaningless.
    pub(crate) was_clock_set: bool,
    /// True once a lock was stolen.
    pub(crate) was_stolen: bool,
    /// Attempts that were journaled before they were sent.
    pub(crate) written: BTreeSet<(PlanId, BatchId, u32)>,
    /// Attempts that were sent.
    pub(crate) sent: BTreeSet<(PlanId, BatchId, u32)>,
    /// Runs with a persisted stop.
    pub(crate) stopped: BTreeSet<PlanId>,
    /// Whether the user is scheduled to attend to a run in a tab, and how often they did.
    pub(crate) cared_for: BTreeMap<(u32, PlanId), (bool, u32)>,
    /// Reads by other pages of the console.
    pub(crate) page_reads: BTreeMap<u64, PageRead>,
    pub(crate) plans: BTreeMap<PlanId, Plan>,
    pub(crate) begun: BTreeSet<PlanId>,
    /// Runs that do not exist: never started, or lost from the journal and all pages.
    pub(crate) gone: BTreeSet<PlanId>,
    pub(crate) calls: Calls,
    pub(crate) is_online: bool,
    pub(crate) is_key_good: bool,
    pub(crate) credentials: Credentials,
    /// How often each change that must not be sent twice has reached the vendor.
    pub(crate) sendings: BTreeMap<(PlanId, ChangeId), u32>,
    /// How often the user deliberately retried a change.
    pub(crate) allowances: BTreeMap<(PlanId, ChangeId), u32>,
    pub(crate) arrivals: Arrivals,
    /// Requested waits that no transaction has processed yet.
    pub(crate) asked_waits: BTreeMap<(u32, PlanId), Millis>,
    /// A call decided after the first time must not be sent before the second.
    pub(crate) hold: (Millis, Millis),
    /// The time of each driver's last decision.
    pub(crate) decided_at: BTreeMap<(u32, PlanId), Millis>,
    /// Runs that the user chose to continue without a journal.
    pub(crate) allowed_unwritten: BTreeSet<PlanId>,
    /// True once a call arrived that no budget could count.
    pub(crate) was_late: bool,
    pub(crate) counts: Counts,
    pub(crate) chance: Chance,
    pub(crate) habits: Chance,
    /// Decides when pages are hidden. A separate stream, so that other choices stay the same.
    pub(crate) chance_of_pages: Chance,
    /// Decides when locks are stolen.
    pub(crate) chance_of_locks: Chance,
    /// Decides when other moderators act, and how.
    pub(crate) chance_of_moderators: Chance,
    /// What other moderators did.
    pub(crate) moderated: Moderated,
    pub(crate) crash_in: Option<u64>,
    pub(crate) n_crashes_left: u64,
    pub(crate) is_damage_due: bool,
    pub(crate) n_again_left: u64,
    queue: BTreeMap<(Millis, u64), Event>,
    n_queued: u64,
    pub(crate) n_calls_ever: u64,
    trace: Option<Vec<String>>,
}

impl Universe {
    /// The initial state of a case.
    pub(crate) fn new(case: Case, sabotage: Option<Sabotage>, is_traced: bool) -> Self {
        let mut world = FIRST_DAY.clone().with_settings(case.settings.clone());
        let credentials = network::credentials(case.vendor, &mut world, START);
        let mut universe = Self {
            now: START,
            world,
            disk: Disk::new(case.faults.has_no_storage),
            tabs: BTreeMap::from([(0, Tab::default())]),
            n_tabs: 1,
            locks: BTreeMap::new(),
            waiting: BTreeMap::new(),
            place: case.connection(),
            skew: 0,
            was_clock_set: false,
            was_stolen: false,
            stopped: BTreeSet::new(),
            written: BTreeSet::new(),
            sent: BTreeSet::new(),
            cared_for: BTreeMap::new(),
            page_reads: BTreeMap::new(),
            plans: case.plans.iter().map(|plan| (plan.id.clone(), plan.clone())).collect(),
            begun: BTreeSet::new(),
            gone: BTreeSet::new(),
            calls: Calls::new(),
            is_online: true,
            is_key_good: true,
            credentials,
            sendings: BTreeMap::new(),
            allowances: BTreeMap::new(),
            arrivals: Arrivals::default(),
            asked_waits: BTreeMap::new(),
            hold: (0, 0),
            decided_at: BTreeMap::new(),
            allowed_unwritten: BTreeSet::new(),
            was_late: false,
            counts: Counts::default(),
            chance: Chance::new(case.seed, 2),
            habits: Chance::new(case.seed, 3),
            chance_of_pages: Chance::new(case.seed, 6),
            chance_of_locks: Chance::new(case.seed, 8),
            chance_of_moderators: Chance::new(case.seed, 10),
            moderated: Moderated::default(),
            crash_in: None,
            n_crashes_left: case.faults.n_crashes,
            is_damage_due: case.faults.is_damaged,
            n_again_left: 0,
            queue: BTreeMap::new(),
            n_queued: 0,
            n_calls_ever: 0,
            trace: is_traced.then(Vec::new),
            case,
            sabotage,
        };
        universe.plan_ahead();
        universe
    }

    /// Processes all events and checks the final state.
    ///
    /// # Errors
    /// If an invariant is violated.
    pub(crate) fn live(&mut self) -> Result<(), String> {
        let n_changes: u64 = self.plans.values().map(|plan| plan.changes.len() as u64).sum();
        let most = 50_000 + 400 * n_changes;
        for _ in 0..most {
            let Some(((at, _), event)) = self.queue.pop_first() else {
                // A page that was open before a run started and got no message about it shows the run only
                // when reopened.
                if self.is_unshown() {
                    self.queue_in(0, Event::SecondTab);
                    continue;
                }
                return self.end();
            };
            self.now = self.now.max(at);
            match self.happen(event) {
                Ok(()) => {}
                Err(Halt::Crash(tab)) => self.crash(tab),
                Err(Halt::Wrong(what)) => return Err(what),
            }
        }
        Err(format!("it is not over after {most} events"))
    }

    fn happen(&mut self, event: Event) -> Go {
        match event {
            Event::Begin(nth) => self.begin(nth),
            Event::Tell { tab, run, event } => {
                self.open_if_unknown(tab, &run, &event)?;
                self.tell(tab, &run, *event)
            }
            Event::Transact { tab, run, keeps_lines } => {
                self.transact(tab, &run, keeps_lines)?;
                self.perform(tab, &run)
            }
            Event::Wake { tab, run, wake } => {
                let is_current = self.tabs.get(&tab).and_then(|tab| tab.wakes.get(&run)) == Some(&wake);
                if is_current { self.tell(tab, &run, domain::driver::Event::Time) } else { Ok(()) }
            }
            Event::Arrive(call) => self.arrive(call),
            Event::ArriveAgain(call) => self.arrive_again(call),
            Event::Back(call, answer) => self.back(call, answer),
            Event::PassedOn(call) => self.give_up(call, network::passed_on_already(), true),
            Event::NeverLeft(call) => self.give_up(call, network::no_answer(ConsoleCode::NetOffline), false),
            Event::NoKey(call) => self.give_up(call, network::no_key(), false),
            Event::Steal => self.steal_lock(),
            Event::Hide(tab, is_hidden) => self.hide(tab, is_hidden),
            Event::TimedOut(call) => self.give_up(call, network::no_answer(ConsoleCode::NetTimedOut), true),
            Event::Reopen => self.reopen(),
            Event::SecondTab => self.open_tab(),
            Event::Network(is_online) => self.switch_network(is_online),
            Event::KeyLost => {
                self.say(|| "the key is refused from now on".into());
                self.is_key_good = false;
                Ok(())
            }
            Event::Full => {
                self.say(|| "the browser has no room".into());
                self.disk.is_full = true;
                Ok(())
            }
            Event::Cleared => {
                self.say(|| "the site's data is cleared".into());
                self.counts.n_cleared += 1;
                self.disk.clear();
                Ok(())
            }
            Event::Upgraded => {
                self.say(|| "a later release changes the storage".into());
                self.counts.n_upgrades += 1;
                self.tabs.values_mut().for_each(|tab| tab.is_outdated = true);
                Ok(())
            }
            Event::ClockSet(ms) => self.set_clock(ms),
            Event::PowerCut => self.cut_power(),
            Event::Edited(edit) => self.edit_connection(edit),
            Event::GoOn { tab, run } => self.go_on(tab, &run),
            Event::Press => self.press(),
            Event::Again(run) => self.try_again(&run),
            Event::Page => self.read_a_page(),
            Event::PagePoll(read) => self.poll_page(read),
            Event::Outsider => {
                self.let_outsider_in();
                Ok(())
            }
            Event::Moderate(run) => {
                self.moderate(&run);
                Ok(())
            }
        }
    }

    /// Schedules all events that do not result from others.
    fn plan_ahead(&mut self) {
        let faults = self.case.faults;
        let horizon = self.habits.pick(&[5_000, 60_000, 1_800_000, 14_400_000]);
        for nth in 0..self.case.plans.len() {
            let at = if nth == 0 { 0 } else { self.habits.below(horizon) };
            let run = self.case.plans[nth].id.clone();
            // Between the review and the run.
            (0..4).for_each(|_| self.provoke_moderators(&run));
            self.queue_in(at, Event::Begin(nth));
        }
        if faults.has_second_tab {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::SecondTab);
        }
        for _ in 0..faults.n_offline {
            let at = self.habits.below(horizon);
            let length = self.habits.pick(&[200, 5_000, 120_000, 3_600_000]);
            self.queue_in(at, Event::Network(false));
            self.queue_in(at + 1 + self.case.longest_way.min(length), Event::Network(true));
        }
        for _ in 0..faults.n_key_losses {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::KeyLost);
        }
        for _ in 0..faults.n_full {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::Full);
        }
        for _ in 0..faults.n_hides {
            let at = self.chance_of_pages.below(horizon);
            let tab = self.chance_of_pages.below(2) as u32;
            let length = self.chance_of_pages.pick(&[50, 5_000, 600_000]);
            self.queue_in(at, Event::Hide(tab, true));
            self.queue_in(at + length, Event::Hide(tab, false));
        }
        for _ in 0..faults.n_steals {
            let at = self.chance_of_locks.below(horizon);
            self.queue_in(at, Event::Steal);
        }
        for _ in 0..faults.n_presses {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::Press);
        }
        for _ in 0..faults.n_reads {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::Page);
        }
        for _ in 0..faults.n_outsiders {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::Outsider);
        }
        if faults.is_cleared {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::Cleared);
        }
        if faults.is_upgraded {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::Upgraded);
        }
        if faults.clock_jump_ms != 0 {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::ClockSet(faults.clock_jump_ms));
        }
        // Other edits are made while no page is open: see `reopen`.
        if let Some(edit) = faults.edit.filter(|_| faults.n_crashes == 0 || self.habits.permille(500)) {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::Edited(edit));
        }
        if faults.loses_power {
            let at = self.habits.below(horizon);
            self.queue_in(at, Event::PowerCut);
        }
        self.n_again_left = self.habits.below(3);
        self.schedule_crash();
    }

    /// Decides at which [`point`](Self::point) a page dies next.
    pub(crate) fn schedule_crash(&mut self) {
        self.crash_in = None;
        if self.n_crashes_left > 0 {
            self.n_crashes_left -= 1;
            let most = self.habits.pick(&[8, 60, 600]);
            self.crash_in = Some(self.habits.between(1, most));
        }
    }

    /// A point between two steps at which the page may die.
    pub(crate) fn point(&mut self, tab: u32, what: &'static str) -> Go {
        let Some(left) = self.crash_in.as_mut() else { return Ok(()) };
        *left -= 1;
        if *left > 0 {
            return Ok(());
        }
        self.say(|| format!("tab {tab} dies: {what}"));
        Err(Halt::Crash(tab))
    }

    /// Schedules an event.
    pub(crate) fn queue_in(&mut self, ms: Millis, event: Event) {
        self.n_queued += 1;
        self.queue.insert((self.now + ms, self.n_queued), event);
    }

    /// Adds a line to the trace.
    pub(crate) fn say(&mut self, what: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            let ms = self.now - START;
            trace.push(format!("{:>6}.{:03} s  {}", ms / 1_000, ms % 1_000, what()));
        }
    }

    /// Takes the trace; empty if not traced.
    pub(crate) fn take_trace(&mut self) -> Vec<String> {
        self.trace.take().unwrap_or_default()
    }

    /// The statistics.
    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    pub(crate) fn vendor(&self) -> Vendor {
        self.case.vendor
    }

    pub(crate) fn limits(&self) -> Limits {
        vendors::limits(self.case.vendor, &self.place)
    }

    pub(crate) fn capabilities(&self) -> Capabilities {
        vendors::capabilities(self.case.vendor)
    }

    pub(crate) fn setting(&self) -> Setting {
        Setting { limits: self.limits(), capabilities: self.capabilities(), seed: self.case.seed ^ self.now }
    }

    /// The time according to the page's clock.
    pub(crate) fn wall(&self) -> Millis {
        self.now.saturating_add_signed(self.skew)
    }

    /// True if a page may not know what the vendor has counted or requested, for instance because its clock
    /// jumped, its budget was lost or not persisted, or the rate limit was edited.
    pub(crate) fn may_overrun(&self) -> bool {
        let faults = &self.case.faults;
        self.was_late
            || self.may_have_two_drivers()
            || self.was_clock_set
            || faults.n_outsiders > 0
            || faults.loses_power
            || faults.is_cleared
            || faults.has_no_storage
            || faults.is_upgraded
            || faults.edit == Some(crate::case::Edit::Pace)
    }

    /// True if two tabs may drive the same run.
    pub(crate) fn may_have_two_drivers(&self) -> bool {
        self.was_stolen || self.case.faults.has_no_locks
    }

    /// Returns `true` if the tab is open and lacks the key.
    pub(crate) fn lacks_key(&self, tab: u32) -> bool {
        self.tabs.get(&tab).is_some_and(|tab| tab.lacks_key)
    }

    /// Returns `true` if the tab is open and hidden.
    pub(crate) fn is_hidden(&self, tab: u32) -> bool {
        self.tabs.get(&tab).is_some_and(|tab| tab.is_hidden)
    }

    /// The driver of a run in a tab.
    pub(crate) fn driver(&mut self, tab: u32, run: &PlanId) -> Option<&mut Driver> {
        self.tabs.get_mut(&tab)?.drivers.get_mut(run)
    }

    /// The tab that knows a run best: the one that drives it, or drove it last.
    pub(crate) fn chief(&self, run: &PlanId) -> Option<u32> {
        let knows = |tab: &u32| self.tabs.get(tab).is_some_and(|tab| tab.drivers.contains_key(run));
        if let Some(tab) = self.locks.get(run).filter(|tab| knows(tab)) {
            return Some(*tab);
        }
        let drivers = self.tabs.iter().filter_map(|(id, tab)| Some((tab.drivers.get(run)?, id)));
        drivers
            .max_by_key(|(driver, id)| (driver.is_unwritten(), driver.run().seq(), **id))
            .map(|(_, id)| *id)
    }

    /// The storage as available to a page.
    pub(crate) fn disk_for(&mut self, tab: u32) -> Result<&mut Disk, StorageError> {
        if self.disk.is_missing {
            return Err(StorageError::Unavailable);
        }
        if self.tabs.get(&tab).is_some_and(|tab| tab.is_outdated) {
            return Err(StorageError::Newer);
        }
        Ok(&mut self.disk)
    }

    /// The latest budget that a page can know.
    pub(crate) fn budget(&mut self, tab: u32) -> Budget {
        let (windows, wall) = (self.limits().windows, self.wall());
        let kept = self.disk_for(tab).ok().and_then(|disk| disk.budget());
        let own = self.tabs.get(&tab).and_then(|tab| tab.budget.clone());
        let own = own.unwrap_or_else(|| Budget::new(Vec::new())).with_windows(windows);
        Budget::latest(own, kept, wall)
    }

    /// True if a run is in the journal but on no page.
    fn is_unshown(&self) -> bool {
        let is_unknown = |run: &&PlanId| self.tabs.values().all(|tab| !tab.drivers.contains_key(*run));
        let mut unknown = self.begun.difference(&self.gone).filter(is_unknown);
        unknown.any(|run| self.disk.read(run, 0).is_some())
    }

    /// True if all runs are in a terminal state.
    pub(crate) fn is_over(&mut self) -> bool {
        let runs: Vec<_> = self.plans.keys().cloned().collect();
        runs.iter().all(|run| {
            let chief = self.chief(run);
            let is_over = |driver: &mut Driver| driver.run().is_over() && !driver.is_driving();
            self.gone.contains(run) || chief.and_then(|tab| self.driver(tab, run)).is_some_and(is_over)
        })
    }
}
