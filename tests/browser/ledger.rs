//! Runs become entries of the ledger, each once.

use browser::clock;
use browser::storage::Storage;
use domain::outcome::Verdict;
use domain::{ChangeId, Vendor};
use leptos::prelude::{Owner, untrack};
use muster::state::activity::Activity;
use muster::state::ledger::DeviceLedger;
use muster::state::runs::{Engine, RunView, Runs};
use review::{ChainEntry, ChainEvent, Verifier};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness::{self, plan};

/// A page of a device, with a ledger of its own.
struct Page {
    _owner: Owner,
    storage: Storage,
    runs: Runs,
    ledger: DeviceLedger,
}

impl Page {
    async fn open(database: &str) -> Self {
        let (owner, session) = harness::session();
        let storage = Storage::open_named(database).await.expect("a database");
        session.use_storage(storage.clone()).await;
        session.save(harness::connection(Vendor::CometChat));
        let activity = owner.with(Activity::new);
        let runs = owner.with(|| Runs::new(session, activity));
        Self { _owner: owner, storage, runs, ledger: DeviceLedger::default() }
    }

    /// Applies a plan to its end.
    async fn run(&self, group: &str, n_people: usize) -> RunView {
        let plan = plan(self.runs.next_plan_id(), group, n_people);
        let run = Engine::new().start(self.runs, plan).expect("it may be applied");
        self.end(&run).await;
        run
    }

    async fn end(&self, run: &RunView) {
        until(|| run.is_over() && self.runs.ended_now().iter().any(|ended| ended.id == *run.id())).await;
    }

    /// The entries of the chain, which have to fit.
    async fn entries(&self) -> Vec<ChainEntry> {
        let Some(ends) = self.storage.chain_ends().await.expect("read") else { return Vec::new() };
        let lines = self.storage.chain_lines(ends.start.chain, 0, 1_000).await.expect("read");
        let entries: Vec<_> = lines
            .iter()
            .map(|line| ChainEntry::parse(&line.as_string().expect("a line")).expect("an entry"))
            .collect();
        let mut verifier = Verifier::new(ends.start);
        entries.iter().for_each(|entry| verifier.push(entry));
        assert_eq!(verifier.finish(&[]), Ok(ends.tip));
        entries
    }
}

async fn until(is_so: impl Fn() -> bool) {
    while !untrack(&is_so) {
        clock::sleep(5).await;
    }
}

fn said(entries: &[ChainEntry]) -> Vec<(&'static str, Option<Verdict>)> {
    let outcome = |entry: &ChainEntry| match entry.event() {
        ChainEvent::Changed(change) => Some(change.outcome),
        _ => None,
    };
    entries.iter().map(|entry| (entry.event().name(), outcome(entry))).collect()
}

const DONE: (&str, Option<Verdict>) = ("changed", Some(Verdict::Done));
/// The person was there from an earlier run.
const SAME: (&str, Option<Verdict>) = ("changed", Some(Verdict::Same));
const UNKNOWN: (&str, Option<Verdict>) = ("changed", Some(Verdict::Unknown));
const ENDED: (&str, Option<Verdict>) = ("ended", None);

#[wasm_bindgen_test]
async fn every_change_of_a_run_is_an_entry_and_each_run_is_there_once() {
    let page = Page::open(&harness::fresh_name("ledger")).await;
    let run = page.run("trio", 3).await;
    page.ledger.catch_up(page.runs).await;
    let entries = page.entries().await;
    assert_eq!(said(&entries), [DONE, DONE, DONE, ENDED]);
    let ChainEvent::Changed(change) = entries[0].event() else { panic!("a change comes first") };
    assert_eq!((&change.run, &*change.operation), (run.id(), "add_to_group"));
    assert_eq!((&*change.place.id, &*change.place.name), ("cometchat", "CometChat"));
    assert_eq!(change.group.as_ref().map(|group| group.as_str()), Some("trio"));
    let person = entries[0].person().expect("someone");
    assert_eq!(person.key, harness::person(0).key);
    assert!(entries.iter().all(|entry| entry.by() == entries[0].by()), "one author");
    assert_eq!(&*entries[0].by().name, "", "no name was declared yet");

    page.ledger.catch_up(page.runs).await;
    // As a page does that has just been opened.
    DeviceLedger::default().catch_up(page.runs).await;
    assert_eq!(page.entries().await, entries);
    page.run("trio", 1).await;
    page.ledger.catch_up(page.runs).await;
    let more = page.entries().await;
    assert_eq!((&more[..4], more.len()), (&entries[..], 6));
}

#[wasm_bindgen_test]
async fn only_a_run_that_is_in_the_ledger_may_be_deleted() {
    let page = Page::open(&harness::fresh_name("ledger-full")).await;
    page.run("trio", 3).await;
    let ended = page.runs.ended_now();
    harness::eval(
        "(window.ownAdd = IDBObjectStore.prototype.add,
          IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError') },
          Promise.resolve())",
    )
    .await;
    assert_eq!(page.ledger.deletable(page.runs, ended.clone()).await, []);
    harness::eval("(IDBObjectStore.prototype.add = window.ownAdd, Promise.resolve())").await;

    // Whoever asks while another one appends waits for it.
    let asked = async {
        let deletable = page.ledger.deletable(page.runs, ended.clone()).await;
        (deletable, page.entries().await.len())
    };
    let ((), (deletable, n_entries)) = futures::join!(page.ledger.catch_up(page.runs), asked);
    assert_eq!((deletable, n_entries), (ended.clone(), 4));
    // As a page finds that has just been opened.
    assert_eq!(DeviceLedger::default().deletable(page.runs, ended.clone()).await, ended);
}

#[wasm_bindgen_test]
async fn runs_that_ended_before_there_was_a_ledger_are_read_from_the_journal() {
    let database = harness::fresh_name("ledger-old");
    let before = Page::open(&database).await;
    let (first, second) = (before.run("trio", 2).await, before.run("trio", 1).await);
    let later = Page::open(&database).await;
    later.runs.load();
    until(|| later.runs.is_loaded()).await;
    assert_eq!(untrack(|| later.runs.opened()).len(), 0, "nothing is in memory");
    later.ledger.catch_up(later.runs).await;
    let entries = later.entries().await;
    assert_eq!(said(&entries), [DONE, DONE, ENDED, SAME, ENDED]);
    let run = |entry: &ChainEntry| match entry.event() {
        ChainEvent::Ended { run, .. } => Some(run.clone()),
        _ => None,
    };
    let runs: Vec<_> = entries.iter().filter_map(run).collect();
    assert_eq!(runs, [first.id().clone(), second.id().clone()], "the earliest first");
    assert!(entries.is_sorted_by_key(ChainEntry::at));
    // The page from before notices that it is done.
    before.ledger.catch_up(before.runs).await;
    assert_eq!(before.entries().await, entries);
}

#[wasm_bindgen_test]
async fn pages_that_append_at_the_same_time_append_each_run_once() {
    let page = Page::open(&harness::fresh_name("ledger-tabs")).await;
    for n_people in 1..4 {
        page.run("trio", n_people).await;
    }
    let others: Vec<DeviceLedger> = (0..3).map(|_| DeviceLedger::default()).collect();
    futures::future::join_all(others.iter().map(|ledger| ledger.catch_up(page.runs))).await;
    assert_eq!(said(&page.entries().await), [DONE, ENDED, SAME, DONE, ENDED, SAME, SAME, DONE, ENDED]);
    assert!(others.iter().all(|ledger| untrack(|| ledger.problem()).is_none()));
}

#[wasm_bindgen_test]
async fn a_row_that_is_sent_again_is_another_entry() {
    let page = Page::open(&harness::fresh_name("ledger-retry")).await;
    let run = page.run("cut", 3).await;
    page.ledger.catch_up(page.runs).await;
    assert_eq!(said(&page.entries().await), [UNKNOWN, UNKNOWN, UNKNOWN, ENDED]);
    page.runs.retry(run.id(), &[ChangeId(1)]);
    until(|| !run.is_over()).await;
    page.end(&run).await;
    page.ledger.catch_up(page.runs).await;
    let entries = page.entries().await;
    assert_eq!(said(&entries[4..]), [UNKNOWN, ENDED]);
    let person = entries[4].person().map(|person| person.key.clone());
    assert_eq!(person, Some(harness::person(1).key));
}

#[wasm_bindgen_test]
async fn a_run_that_was_deleted_stays_in_the_ledger() {
    let database = harness::fresh_name("ledger-removed");
    let page = Page::open(&database).await;
    let run = page.run("trio", 1).await;
    page.ledger.catch_up(page.runs).await;
    page.storage.forget_runs(&[run.id().clone()]).await.expect("written");
    let later = Page::open(&database).await;
    later.runs.load();
    until(|| later.runs.is_loaded()).await;
    assert!(untrack(|| later.runs.summaries()).is_empty());
    later.ledger.catch_up(later.runs).await;
    assert_eq!(said(&later.entries().await), [DONE, ENDED]);
}
