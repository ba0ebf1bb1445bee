//! Everything that exists in a case, and the order in which things happen: a queue of moments, no clock.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Budget, Capabilities, ChangeId, Credentials, Limits, Millis, Plan, PlanId, Status, Vendor};
use sandbox::World;

use crate::case::Case;
use crate::chance::Chance;
use crate::counts::Counts;
use crate::disk::Disk;
use crate::event::Event;
use crate::network::{self, Calls};
use crate::sabotage::Sabotage;
use crate::tab::{Drive, Tab};
use crate::truth::{FIRST_DAY, Truth};
use crate::windows::Arrivals;

/// When every case begins.
pub const START: Millis = 1_800_000_000_000;

/// Why a piece of work ended before its end.
#[derive(Debug)]
pub enum Halt {
    /// The page died.
    Crash(u32),
    /// Something is not as it must be.
    Wrong(String),
}

/// How a piece of work ended.
pub type Go<T = ()> = Result<T, Halt>;

/// Everything that exists.
#[derive(Debug)]
pub struct Universe {
    pub(crate) case: Case,
    pub(crate) sabotage: Option<Sabotage>,
    pub(crate) now: Millis,
    pub(crate) world: World,
    pub(crate) truth: Truth,
    pub(crate) disk: Disk,
    pub(crate) tabs: BTreeMap<u32, Tab>,
    pub(crate) n_tabs: u32,
    /// The tab that drives each run.
    pub(crate) locks: BTreeMap<PlanId, u32>,
    pub(crate) plans: BTreeMap<PlanId, Plan>,
    pub(crate) begun: BTreeSet<PlanId>,
    /// Runs that were gone on with without a journal, and then lost with their page.
    pub(crate) gone: BTreeSet<PlanId>,
    pub(crate) calls: Calls,
    pub(crate) is_online: bool,
    pub(crate) is_key_good: bool,
    pub(crate) credentials: Credentials,
    /// How often each change that must not be sent twice reached the vendor.
    pub(crate) sendings: BTreeMap<(PlanId, ChangeId), u32>,
    /// How often somebody asked for it knowingly.
    pub(crate) allowances: BTreeMap<(PlanId, ChangeId), u32>,
    pub(crate) arrivals: Arrivals,
    /// The wait that the answer at hand asks for, and the moment before which nothing may leave because of such.
    pub(crate) asked_wait: Option<Millis>,
    pub(crate) held_until: Millis,
    /// Whether a call arrived that nobody waited for any more, so that no budget could count it.
    pub(crate) was_late: bool,
    pub(crate) counts: Counts,
    pub(crate) chance: Chance,
    pub(crate) habits: Chance,
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
    /// The beginning of a case.
    pub fn new(case: Case, sabotage: Option<Sabotage>, is_traced: bool) -> Self {
        let mut world = FIRST_DAY.clone().with_settings(case.settings.clone());
        let credentials = network::credentials(case.vendor, &mut world, START);
        let mut universe = Self {
            now: START,
            world,
            truth: Truth::default(),
            disk: Disk::default(),
            tabs: BTreeMap::from([(0, Tab::default())]),
            n_tabs: 1,
            locks: BTreeMap::new(),
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
            asked_wait: None,
            held_until: 0,
            was_late: false,
            counts: Counts::default(),
            chance: Chance::new(case.seed, 2),
            habits: Chance::new(case.seed, 3),
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

    /// Lets everything happen that is going to.
    ///
    /// # Errors
    /// What is not as it must be.
    pub fn live(&mut self) -> Result<(), String> {
        let n_changes: u64 = self.plans.values().map(|plan| plan.changes.len() as u64).sum();
        let most = 50_000 + 400 * n_changes;
        for _ in 0..most {
            let Some(((at, _), event)) = self.queue.pop_first() else {
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
            Event::Turn { run, wake } => {
                let is_current = self.drive(&run).is_some_and(|drive| drive.wake == wake);
                if is_current { self.turn(&run) } else { Ok(()) }
            }
            Event::Arrive(call) => self.arrive(call),
            Event::Back(call, answer) => self.back(call, answer),
            Event::NeverLeft(call) => self.give_up(call, "net.offline", false),
            Event::TimedOut(call) => self.give_up(call, "net.timed_out", true),
            Event::Heard { tab, run } => {
                self.follow(tab, &run);
                Ok(())
            }
            Event::Granted { tab, run } => self.take_over(tab, &run),
            Event::Reopen => self.reopen(),
            Event::SecondTab => {
                self.open_second_tab();
                Ok(())
            }
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
            Event::GoOn(run) => self.go_on(&run),
            Event::Press => self.press(),
            Event::Again(run) => self.try_again(&run),
            Event::Page => self.read_a_page(),
            Event::Outsider => {
                self.let_outsider_in();
                Ok(())
            }
        }
    }

    /// The moments of everything that does not follow from something else.
    fn plan_ahead(&mut self) {
        let faults = self.case.faults;
        let horizon = self.habits.pick(&[5_000, 60_000, 1_800_000, 14_400_000]);
        for nth in 0..self.case.plans.len() {
            let at = if nth == 0 { 0 } else { self.habits.below(horizon) };
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
        self.n_again_left = self.habits.below(3);
        self.schedule_crash();
    }

    /// Decides at which step between two others the page dies next.
    pub(crate) fn schedule_crash(&mut self) {
        self.crash_in = None;
        if self.n_crashes_left > 0 {
            self.n_crashes_left -= 1;
            let most = self.habits.pick(&[8, 60, 600]);
            self.crash_in = Some(self.habits.between(1, most));
        }
    }

    /// A point between two steps, at which the page may die.
    pub(crate) fn point(&mut self, tab: u32, what: &'static str) -> Go {
        let Some(left) = self.crash_in.as_mut() else { return Ok(()) };
        *left -= 1;
        if *left > 0 {
            return Ok(());
        }
        self.say(|| format!("tab {tab} dies: {what}"));
        Err(Halt::Crash(tab))
    }

    /// Notes an event for later.
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

    /// What happened, if it was traced.
    pub fn take_trace(&mut self) -> Vec<String> {
        self.trace.take().unwrap_or_default()
    }

    /// What it came to.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    pub(crate) fn vendor(&self) -> Vendor {
        self.case.vendor
    }

    pub(crate) fn limits(&self) -> Limits {
        vendors::limits(self.case.vendor, self.case.pace)
    }

    pub(crate) fn capabilities(&self) -> Capabilities {
        vendors::capabilities(self.case.vendor)
    }

    /// The run's driver.
    pub(crate) fn drive(&mut self, run: &PlanId) -> Option<&mut Drive> {
        let tab = self.locks.get(run)?;
        self.tabs.get_mut(tab)?.drives.get_mut(run)
    }

    /// The budget as a page finds it.
    pub(crate) fn budget(&self) -> Budget {
        let windows = self.limits().windows;
        let mut budget = self.disk.budget().unwrap_or_else(|| Budget::new(windows));
        budget.expire(self.now);
        budget
    }

    /// Whether nothing is left to do in any run.
    pub(crate) fn is_over(&mut self) -> bool {
        let runs: Vec<_> = self.plans.keys().cloned().collect();
        runs.iter().all(|run| {
            self.gone.contains(run)
                || self
                    .drive(run)
                    .is_some_and(|drive| matches!(drive.run.status(), Status::Done | Status::Stopped))
        })
    }
}
