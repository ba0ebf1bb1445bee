//! Runs and budgets in IndexedDB.

use browser::storage::{IndexedDbJournal, LineRecord, Storage, StorageError, named};
use domain::entry::{Entry, Line, chunks};
use domain::{
    BatchId, Budget, ChangeId, Heading, Outcome, Pause, Plan, PlanId, Status, Tally, Vendor, Window,
};
use futures::future::join_all;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness;

async fn begun(name: &str, n_people: usize) -> (Storage, IndexedDbJournal, Heading, Plan) {
    let storage = Storage::open_named(name).await.expect("a database");
    let journal = IndexedDbJournal::new(storage.clone());
    let plan = harness::plan(PlanId::new("p1"), "trio", n_people);
    let heading = Heading::new(&plan, &harness::connection(Vendor::CometChat), "/somewhere", 1_000);
    journal.begin(&heading, chunks(&plan).collect()).await.expect("begun");
    (storage, journal, heading, plan)
}

fn line(seq: u64, entry: Entry) -> Line {
    Line { seq, tally: Tally { n_waiting: 2, ..Tally::default() }, status: Status::Running, entry }
}

fn sent(seq: u64) -> Line {
    line(
        seq,
        Entry::Sent { batch: BatchId(seq as u32), attempt: 0, at: 5_000 + seq, changes: vec![ChangeId(1)] },
    )
}

/// Writes lines as a turn of a run does.
async fn write(storage: &Storage, heading: &Heading, lines: &[Line]) -> Result<(), StorageError> {
    let records: Vec<LineRecord> = lines.iter().map(|line| LineRecord::of(line).expect("JSON")).collect();
    storage
        .turn(&heading.connection, Some(&heading.plan), known_budget, |_| records)
        .await
        .map(|_| ())
        .map_err(|not_kept| not_kept.error)
}

fn known_budget(budget: Option<Budget>) -> Budget {
    budget.unwrap_or_else(|| Budget::new(Vec::new()))
}

#[wasm_bindgen_test]
async fn a_run_is_read_as_it_was_written_and_can_be_forgotten() {
    let (storage, journal, heading, plan) = begun(&harness::fresh_name("round"), 2_500).await;
    let answered =
        Entry::Answered { batch: BatchId(0), at: 6_000, outcomes: vec![(ChangeId(1), Outcome::Applied)] };
    let paused = Line {
        status: Status::Paused(Pause::Person),
        ..line(2, Entry::Paused { at: 7_000, why: Pause::Person })
    };
    let lines = [sent(0), line(1, answered), paused];
    write(&storage, &heading, &lines[..1]).await.expect("written");
    write(&storage, &heading, &lines[1..]).await.expect("written");

    let stored = journal.read(&heading.plan, 0).await.expect("read");
    assert_eq!(
        (&stored.heading, stored.chunks.len(), stored.n_damaged, stored.next_seq),
        (&heading, 3, 0, 3)
    );
    assert_eq!(stored.lines, lines);
    let again = domain::entry::plan_of(&stored.heading, stored.chunks).expect("a whole plan");
    assert_eq!(again.plan.changes, plan.changes);
    let rest = journal.read(&heading.plan, 2).await.expect("read");
    assert_eq!((rest.lines, rest.n_damaged), (vec![lines[2].clone()], 0));

    let listed = storage.headings().await.expect("read");
    let last = listed[0].last.as_ref().expect("a last line");
    assert_eq!((last.seq, last.at(), &last.status), (2, Some(7_000), &Status::Paused(Pause::Person)));
    assert_eq!(journal.begin(&heading, Vec::new()).await, Err(StorageError::Conflict));
    journal.remove(&heading.plan).await.expect("forgotten");
    assert_eq!(journal.read(&heading.plan, 0).await.err(), Some(StorageError::Missing));
    assert!(storage.headings().await.expect("read").is_empty());
}

#[wasm_bindgen_test]
async fn a_number_that_is_taken_fails_the_whole_turn() {
    let (storage, journal, heading, _plan) = begun(&harness::fresh_name("taken"), 3).await;
    write(&storage, &heading, &[sent(0), sent(1)]).await.expect("written");
    assert_eq!(write(&storage, &heading, &[sent(2), sent(1)]).await, Err(StorageError::Conflict));
    assert_eq!(journal.read(&heading.plan, 0).await.expect("read").next_seq, 2);
}

#[wasm_bindgen_test]
async fn records_that_cannot_be_read_are_counted_and_the_others_are_there() {
    let name = harness::fresh_name("torn");
    let (storage, journal, heading, _plan) = begun(&name, 3).await;
    write(&storage, &heading, &[sent(0), sent(1)]).await.expect("written");
    journal.note_gap(&heading.plan, 2).await.expect("written");
    // Number 3 is missing, and number 4 has the record of another.
    let moved = LineRecord { seq: 4, ..LineRecord::of(&sent(0)).expect("JSON") };
    storage
        .turn(&heading.connection, Some(&heading.plan), known_budget, |_| vec![moved])
        .await
        .expect("written");
    write(&storage, &heading, &[sent(5)]).await.expect("written");
    let stored = journal.read(&heading.plan, 0).await.expect("read");
    assert_eq!((stored.lines, stored.n_damaged, stored.next_seq), (vec![sent(0), sent(1), sent(5)], 3, 6));
}

#[wasm_bindgen_test]
async fn a_database_of_the_first_version_keeps_its_connections() {
    let name = harness::fresh_name("older");
    let connection = harness::connection(Vendor::CometChat);
    let json = serde_json::to_string(&connection).expect("JSON");
    let older = format!(
        "new Promise((resolve) => {{
            const request = indexedDB.open('{name}', 1);
            request.onupgradeneeded = () => request.result.createObjectStore('connections', {{ keyPath: 'id' }});
            request.onsuccess = () => {{
                const transaction = request.result.transaction('connections', 'readwrite');
                transaction.objectStore('connections').put({{ id: 'cometchat', json: {json:?} }});
                transaction.oncomplete = () => {{ request.result.close(); resolve(); }};
            }};
        }})"
    );
    harness::eval(&older).await;
    let storage = Storage::open_named(&name).await.expect("a database");
    assert_eq!(storage.load().await.expect("read").connections, [connection]);
    assert!(storage.headings().await.expect("read").is_empty());
}

#[wasm_bindgen_test]
async fn two_openers_of_one_budget_never_exceed_a_window() {
    let name = harness::fresh_name("budget");
    let one = Storage::open_named(&name).await.expect("a database");
    let other = Storage::open_named(&name).await.expect("a database");
    let connection = harness::connection(Vendor::CometChat).id;
    let draw = async |storage: &Storage| {
        let mut is_drawn = false;
        let begin = |kept: Option<Budget>| {
            kept.unwrap_or_else(|| Budget::new(vec![Window { span_ms: 60_000, max: 10 }]))
        };
        let work = |budget: &mut Budget| {
            is_drawn = budget.next_slot(1_000) == Some(1_000);
            if is_drawn {
                budget.note_sent(1_000);
                budget.note_answered(1_000, 1_000);
            }
            Vec::new()
        };
        storage.turn(&connection, None, begin, work).await.expect("a turn");
        is_drawn
    };
    let drawn = join_all((0..40).map(|n| draw(if n % 2 == 0 { &one } else { &other }))).await;
    assert_eq!(drawn.into_iter().filter(|is_drawn| *is_drawn).count(), 10);
    let kept = other.budget(&connection).await.expect("read").expect("it was kept");
    assert_eq!(kept.usage(1_000)[0].0, 10);
}

#[wasm_bindgen_test]
async fn a_connection_takes_its_runs_and_its_budget_along() {
    let (storage, _journal, heading, _plan) = begun(&harness::fresh_name("along"), 3).await;
    storage.save(&harness::connection(Vendor::CometChat)).await.expect("kept");
    let begin = |_: Option<Budget>| Budget::new(Vec::new());
    storage.turn(&heading.connection, None, begin, |_| Vec::new()).await.expect("a turn");
    storage.remove(&heading.connection).await.expect("forgotten");
    assert!(storage.headings().await.expect("read").is_empty());
    assert_eq!(storage.budget(&heading.connection).await.expect("read"), None);
    assert_eq!(harness::dump(storage.name()).await.matches("p1").count(), 0);
}

/// Upgrades the database with this script, as a later release would.
async fn upgraded(name: &str, upgrade: &str) {
    let newer = format!(
        "new Promise((resolve, reject) => {{
            const request = indexedDB.open('{name}', 99);
            request.onblocked = () => reject('blocked');
            request.onupgradeneeded = () => {{ const database = request.result; {upgrade} }};
            request.onsuccess = () => {{ request.result.close(); resolve(); }};
        }})"
    );
    harness::eval(&newer).await;
}

#[wasm_bindgen_test]
async fn a_database_that_was_closed_is_opened_again_and_lets_newer_ones_in() {
    let name = harness::fresh_name("closed");
    let storage = Storage::open_named(&name).await.expect("a database");
    storage.close();
    assert_eq!(storage.load().await.expect("opened again").connections, []);
    upgraded(&name, "").await;
    assert_eq!(storage.load().await.err(), Some(StorageError::Newer));
    assert_eq!(Storage::open_named(&name).await.err(), Some(StorageError::Newer));
}

#[wasm_bindgen_test]
async fn a_release_that_was_rolled_back_leaves_a_database_that_can_be_used() {
    let name = harness::fresh_name("rolled-back");
    let (storage, journal, heading, _plan) = begun(&name, 3).await;
    let add = "database.createObjectStore('later'); database.createObjectStore('readable-from-5');";
    upgraded(&name, add).await;
    write(&storage, &heading, &[sent(0)]).await.expect("written");
    assert_eq!(journal.read(&heading.plan, 0).await.expect("read").lines, [sent(0)]);
    assert!(storage.load().await.is_ok());

    for (test, upgrade) in [
        ("lacking", "database.deleteObjectStore('lines'); database.createObjectStore('readable-from-5');"),
        ("promised-to-others", "database.createObjectStore('readable-from-6');"),
    ] {
        let name = harness::fresh_name(test);
        let storage = Storage::open_named(&name).await.expect("a database");
        upgraded(&name, upgrade).await;
        assert_eq!(storage.load().await.err(), Some(StorageError::Newer), "{test}");
    }
}

#[wasm_bindgen_test]
async fn an_older_release_that_does_not_let_go_is_named() {
    let name = harness::fresh_name("blocked");
    let older = format!(
        "new Promise((resolve) => {{
            const request = indexedDB.open('{name}', 1);
            request.onsuccess = () => {{ globalThis.held = request.result; resolve(); }};
        }})"
    );
    harness::eval(&older).await;
    assert_eq!(Storage::open_named(&name).await.err(), Some(StorageError::Blocked));
    harness::eval("globalThis.held.close(); Promise.resolve()").await;
}

#[wasm_bindgen_test]
async fn lines_of_a_run_that_is_gone_are_not_written() {
    let (storage, journal, heading, _plan) = begun(&harness::fresh_name("gone"), 3).await;
    write(&storage, &heading, &[sent(0)]).await.expect("written");
    // As when the site's data is cleared: the database is made anew, with nothing in it.
    let clear = format!(
        "new Promise((resolve) => {{
            const request = indexedDB.deleteDatabase('{}');
            request.onsuccess = () => resolve();
        }})",
        storage.name()
    );
    harness::eval(&clear).await;
    let mut is_asked = false;
    let turn = storage.turn(&heading.connection, Some(&heading.plan), known_budget, |_| {
        is_asked = true;
        Vec::new()
    });
    let not_kept = turn.await.expect_err("the run is not there");
    assert_eq!((not_kept.error, not_kept.budget, not_kept.records), (StorageError::Gone, None, Vec::new()));
    assert!(!is_asked, "nothing is decided that cannot be written");
    assert_eq!(journal.note_gap(&heading.plan, 1).await, Err(StorageError::Gone));
    assert!(!harness::dump(storage.name()).await.contains("p1"));
}

#[wasm_bindgen_test]
async fn what_is_sent_is_on_the_disk_before_it_is() {
    let spy = "(() => {
        const begin = IDBDatabase.prototype.transaction;
        globalThis.begun = [];
        IDBDatabase.prototype.transaction = function (...given) {
            const transaction = begin.apply(this, given);
            globalThis.begun.push(`${this.name} ${transaction.mode} ${transaction.durability}`);
            return transaction;
        };
        return Promise.resolve();
    })()";
    let (storage, _journal, heading, _plan) = begun(&harness::fresh_name("durable"), 3).await;
    harness::eval(spy).await;
    write(&storage, &heading, &[sent(0)]).await.expect("written");
    storage.turn(&heading.connection, None, known_budget, |_| Vec::new()).await.expect("written");
    let ours = format!("begun.filter(one => one.startsWith('{} '))", storage.name());
    let seen = harness::eval(&format!("Promise.resolve({ours}.map(one => one.split(' ')[2]).join())")).await;
    assert_eq!(seen.as_string().as_deref(), Some("strict,relaxed"));
}

#[wasm_bindgen_test]
fn exceptions_of_the_browser_are_told_apart() {
    let table = [
        ("QuotaExceededError", StorageError::QuotaExceeded),
        ("ConstraintError", StorageError::Conflict),
        ("InvalidStateError", StorageError::Closed),
        ("AbortError", StorageError::Closed),
        ("VersionError", StorageError::Newer),
        ("SecurityError", StorageError::Unavailable),
        ("UnknownError", StorageError::Failed),
        ("", StorageError::Failed),
    ];
    for (name, error) in table {
        assert_eq!(named(name), error, "{name}");
    }
}
