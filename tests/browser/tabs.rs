//! Runs that outlive their tab, and tabs that share a run. Here a tab is a session with its own handle on a
//! shared database; its runs end with its owner, as when a tab is closed.

use std::collections::BTreeMap;

use browser::clock;
use browser::storage::{Storage, StorageError};
use browser::transport::Sandbox;
use domain::{
    ApiError, Command, ErrorClass, Flow, Operation, Pause, Person, PersonKey, PlanId, RoleId, Secret,
};
use domain::{Credentials, Status, Tally, Vendor};
use leptos::prelude::*;
use muster::features::adding::unsent::{Unsent, unsent};
use muster::state::activity::Activity;
use muster::state::runs::{DrivenBy, Engine, OpenedRun, RunView, Runs};
use muster::state::session::Session;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness::{self, plan};

struct Tab {
    owner: Owner,
    session: Session,
    runs: Runs,
    activity: Activity,
}

impl Tab {
    async fn open(name: &str, sandbox: &Sandbox) -> Self {
        let (owner, session) = harness::session_on(sandbox.clone());
        let storage = Storage::open_named(name).await.expect("a database");
        session.use_storage(storage).await;
        let activity = owner.with(Activity::new);
        let runs = owner.with(|| Runs::new(session, activity));
        runs.load();
        until(|| runs.is_loaded()).await;
        Self { owner, session, runs, activity }
    }

    /// A form with people whose contents are persisted.
    fn form(&self, name: &str) -> Form {
        let form = self.owner.with(|| Form {
            people: RwSignal::new(Vec::new()),
            is_sent: RwSignal::new(false),
            drawn_with: RwSignal::new(None),
        });
        self.owner.with(|| {
            provide_context(self.session);
            let kept = Unsent {
                connection: harness::connection(Vendor::CometChat).into(),
                form: name.to_owned(),
                holds: Callback::new(move |()| Some(form.people.get()).filter(|people| !people.is_empty())),
                restore: Callback::new(move |people| form.people.set(people)),
                clear: Callback::new(move |()| form.people.set(Vec::new())),
                take_out: Callback::new(move |sent: Vec<String>| {
                    form.people.update(|people| people.retain(|person| !sent.contains(person)));
                }),
                is_sent: form.is_sent.into(),
            };
            let draw = move || {
                form.drawn_with.set(Some(form.people.get_untracked()));
                ().into_any()
            };
            StoredValue::new_local(unsent(kept, draw).build());
        });
        form
    }

    fn close(self) {
        self.owner.cleanup();
    }

    async fn find(&self, id: &PlanId) -> RunView {
        until(|| !matches!(self.runs.open(id), OpenedRun::Reading)).await;
        match self.runs.open(id) {
            OpenedRun::Found(view) => view,
            other => panic!("expected a run, found {other:?}"),
        }
    }
}

/// The contents of a form.
#[derive(Clone, Copy)]
struct Form {
    people: RwSignal<Vec<String>>,
    is_sent: RwSignal<bool>,
    /// The contents when the form was drawn; `None` until then.
    drawn_with: RwSignal<Option<Vec<String>>>,
}

impl Form {
    fn has(self, people: &[&str]) -> bool {
        self.people.get() == people
    }
}

async fn until_kept(storage: &Storage, form: &str, condition: impl Fn(Option<String>) -> bool) {
    let id = harness::connection(Vendor::CometChat).id;
    while !condition(storage.draft(&id, form).await.expect("read")) {
        clock::sleep(5).await;
    }
}

async fn until(condition: impl Fn() -> bool) {
    while !untrack(&condition) {
        clock::sleep(5).await;
    }
}

/// Waits until all earlier commands to a run are handled and their operations sent. Skips two waiting changes,
/// one after the other: each command begins only when the one before is done.
async fn until_handled(runs: Runs, run: &RunView) {
    for _ in 0..2 {
        let (left_out, waiting) = untrack(|| (run.tally().n_not_sent, run.rows_with(None)));
        let last = *waiting.last().expect("something waits");
        runs.skip(run.id(), &[last]);
        until(|| run.tally().n_not_sent > left_out).await;
    }
}

async fn sent(session: Session) -> BTreeMap<String, u32> {
    let connection = harness::connection(Vendor::CometChat);
    let (response, _) = session.call(&connection, harness::request("/sent", "")).await.expect("an answer");
    serde_json::from_slice(response.body()).expect("JSON")
}

async fn until_sent(session: Session, n_people: usize) {
    while sent(session).await.len() < n_people {
        clock::sleep(5).await;
    }
}

#[wasm_bindgen_test]
async fn what_one_tab_has_sent_leaves_the_form_of_another() {
    let (name, sandbox) = (harness::fresh_name("forms"), harness::sandbox());
    let first = Tab::open(&name, &sandbox).await;
    first.session.save(harness::connection(Vendor::CometChat));
    let second = Tab::open(&name, &sandbox).await;
    let storage = Storage::open_named(&name).await.expect("a database");
    let sending = first.form("add");
    sending.people.set(vec!["ada".into(), "bo".into()]);
    until_kept(&storage, "add", |kept| kept.is_some_and(|kept| kept.contains("bo"))).await;

    // The other tab restores the form, and more is typed there; another form has one of the people too.
    let other = second.form("add");
    until(|| other.drawn_with.with(Option::is_some)).await;
    assert!(other.has(&["ada", "bo"]), "nobody can type before the contents are restored");
    other.people.update(|people| people.push("cy".into()));
    let elsewhere = second.form("moderate");
    elsewhere.people.set(vec!["ada".into()]);
    until_kept(&storage, "add", |kept| kept.is_some_and(|kept| kept.contains("cy"))).await;
    until_kept(&storage, "moderate", |kept| kept.is_some()).await;

    sending.is_sent.set(true);
    until(|| other.has(&["cy"])).await;
    until_kept(&storage, "add", |kept| kept.is_some_and(|kept| kept.contains("cy") && !kept.contains("ada")))
        .await;
    assert!(untrack(|| elsewhere.has(&["ada"])), "what another form holds was not sent");
    // The sending tab does not remove its people again.
    assert!(untrack(|| sending.has(&["ada", "bo"])));
    first.close();
    second.close();
}

#[wasm_bindgen_test]
async fn a_run_whose_tab_was_closed_is_found_and_finished() {
    let (name, sandbox) = (harness::fresh_name("resume"), harness::sandbox());
    let first = Tab::open(&name, &sandbox).await;
    first.session.save(harness::connection(Vendor::CometChat));
    let id = first.runs.next_plan_id();
    let run = Engine::new().start(first.runs, plan(id.clone(), "holds", 60)).expect("it may be applied");
    until(|| run.tally().n_done == 25).await;
    until_sent(first.session, 50).await;
    first.close();

    let second = Tab::open(&name, &sandbox).await;
    until(|| second.runs.summary(&id).is_some_and(|run| run.is_interrupted())).await;
    let listed = untrack(|| second.runs.summary(&id)).expect("it is in the list");
    assert_eq!((listed.tally.n_done, listed.n_changes, listed.title.count), (25, 60, 60));
    // Its key is in memory, so the run resumes by itself.
    let run = second.find(&id).await;
    until(|| run.driver() == DrivenBy::Here).await;
    // The group's third call is never answered either; this tab is closed as well.
    until_sent(second.session, 60).await;
    second.close();

    let third = Tab::open(&name, &sandbox).await;
    let run = third.find(&id).await;
    until(|| run.is_over()).await;
    let end = untrack(|| (run.status(), run.tally()));
    assert_eq!(end, (Status::Done, Tally { n_done: 60, ..Tally::default() }));
    let sent = sent(third.session).await;
    assert_eq!(sent.len(), 60);
    // The second call had been done and was only read back; the third had not, and was sent again.
    assert_eq!(sent.values().filter(|n| **n > 1).count(), 10);
    until(|| third.activity.entries().first().is_some_and(|entry| entry.tally.n_done == 60)).await;
    third.close();
}

#[wasm_bindgen_test]
async fn another_tab_follows_and_takes_over_when_the_first_goes_away() {
    let (name, sandbox) = (harness::fresh_name("follow"), harness::sandbox());
    let first = Tab::open(&name, &sandbox).await;
    first.session.save(harness::connection(Vendor::CometChat));
    let second = Tab::open(&name, &sandbox).await;
    let id = first.runs.next_plan_id();
    let driven =
        Engine::new().start(first.runs, plan(id.clone(), "slow-follow", 300)).expect("it may be applied");
    until(|| driven.tally().n_done >= 25).await;
    let followed = second.find(&id).await;
    until(|| followed.driver() == DrivenBy::Elsewhere && followed.tally().n_done >= 75).await;
    assert!(second.runs.summary(&id).is_some_and(|run| run.is_active() && run.driver == DrivenBy::Elsewhere));

    second.runs.pause(&id);
    until(|| followed.status() == Status::Paused(Pause::Person)).await;
    assert_eq!(driven.status(), Status::Paused(Pause::Person), "the driving tab did it");
    second.runs.resume(&id);
    until(|| followed.tally().n_done >= 150).await;
    first.close();

    until(|| followed.driver() == DrivenBy::Here).await;
    until(|| followed.is_over()).await;
    assert_eq!(followed.tally(), Tally { n_done: 300, ..Tally::default() });
    second.close();
}

#[wasm_bindgen_test]
async fn short_runs_of_one_tab_end_in_another_that_has_opened_none() {
    let (name, sandbox) = (harness::fresh_name("short"), harness::sandbox());
    let first = Tab::open(&name, &sandbox).await;
    first.session.save(harness::connection(Vendor::CometChat));
    let second = Tab::open(&name, &sandbox).await;
    for n_done in 1..=5 {
        let id = first.runs.next_plan_id();
        let run = Engine::new().start(first.runs, plan(id.clone(), "trio", 1)).expect("it may be applied");
        until(|| run.is_over() && run.driver() == DrivenBy::Nobody).await;
        until(|| second.runs.summary(&id).is_some_and(|run| run.is_over())).await;
        let summary = second.runs.summary(&id).expect("it is listed");
        assert_eq!(summary.tally, run.tally());
        until(|| second.runs.summary(&id).is_some_and(|run| run.driver == DrivenBy::Nobody)).await;
        until(|| second.activity.entries().len() == n_done).await;
    }
    first.close();
    second.close();
}

#[wasm_bindgen_test]
async fn a_full_disk_pauses_before_anything_is_sent_that_is_not_written_down() {
    let (name, sandbox) = (harness::fresh_name("quota"), harness::sandbox());
    let tab = Tab::open(&name, &sandbox).await;
    tab.session.save(harness::connection(Vendor::CometChat));
    let id = tab.runs.next_plan_id();
    let run = Engine::new().start(tab.runs, plan(id.clone(), "slow-full", 200)).expect("it may be applied");
    until(|| run.tally().n_done >= 25).await;
    harness::eval(
        "(window.ownAdd = IDBObjectStore.prototype.add,
          IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError') },
          Promise.resolve())",
    )
    .await;
    until(|| run.status() == Status::Paused(Pause::Journal)).await;
    until(|| run.with_run(|run| run.n_under_way()) == 0).await;
    assert_eq!(run.journal_problem(), Some(StorageError::QuotaExceeded));
    let n_sent = sent(tab.session).await.len();
    assert_eq!(run.tally().n_done, n_sent, "what was answered is known");
    harness::eval("(IDBObjectStore.prototype.add = window.ownAdd, Promise.resolve())").await;
    tab.runs.resume(&id);
    until(|| run.is_over()).await;
    assert_eq!((run.tally().n_done, run.journal_problem()), (200, None));
    assert!(sent(tab.session).await.values().all(|n| *n == 1));
    tab.close();

    let later = Tab::open(&name, &sandbox).await;
    assert_eq!(later.find(&id).await.tally().n_done, 200, "every line is there");
    later.close();
}

#[wasm_bindgen_test]
async fn a_run_that_goes_on_unwritten_says_so_to_whoever_finds_it() {
    let (name, sandbox) = (harness::fresh_name("gap"), harness::sandbox());
    let tab = Tab::open(&name, &sandbox).await;
    tab.session.save(harness::connection(Vendor::CometChat));
    let id = tab.runs.next_plan_id();
    let run = Engine::new().start(tab.runs, plan(id.clone(), "slow-gap", 100)).expect("it may be applied");
    until(|| run.tally().n_done >= 25).await;
    harness::eval(
        "(window.ownAdd = IDBObjectStore.prototype.add,
          IDBObjectStore.prototype.add = function (value, key) {
            if (value.length > 5) throw new DOMException('full', 'QuotaExceededError');
            return window.ownAdd.call(this, value, key);
          },
          window.ownPut = IDBObjectStore.prototype.put,
          IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') },
          Promise.resolve())",
    )
    .await;
    until(|| run.status() == Status::Paused(Pause::Journal)).await;
    tab.runs.go_on_without_journal(&id);
    until(|| run.is_over()).await;
    let n_calls = sent(tab.session).await.len().div_ceil(25) as u32;
    let n_counted = run.pace().first().map_or(0, |(n_used, _)| *n_used);
    assert!(n_counted >= n_calls, "{n_counted} of {n_calls} calls were held against the limit");
    harness::eval(
        "(IDBObjectStore.prototype.add = window.ownAdd, IDBObjectStore.prototype.put = window.ownPut, Promise.resolve())",
    )
    .await;
    assert_eq!((run.tally().n_done, run.journal_problem()), (100, Some(StorageError::QuotaExceeded)));
    tab.close();

    let later = Tab::open(&name, &sandbox).await;
    let found = later.find(&id).await;
    // The run's progress is unknown: it resumes only on the user's command, and reads before it sends again.
    until(|| found.driver() == DrivenBy::Nobody).await;
    assert!(!found.is_over());
    later.runs.resume(&id);
    until(|| found.is_over()).await;
    assert_eq!(found.tally().n_done, 100);
    assert_eq!(sent(later.session).await.len(), 100);
    later.close();
}

#[wasm_bindgen_test]
async fn no_key_token_or_password_is_ever_in_the_database() {
    let (name, sandbox) = (harness::fresh_name("secrets"), harness::sandbox());
    let tab = Tab::open(&name, &sandbox).await;
    let (key, password) = ("marked-key-4711", "marked-password-0815");
    for vendor in [Vendor::Networked, Vendor::Genuin] {
        let connection = harness::connection(vendor);
        let secret = Secret::new(key);
        let credentials = match vendor {
            Vendor::Genuin => Credentials::KeyAndSecret { key: secret.clone(), secret },
            _ => Credentials::Key(secret),
        };
        tab.session.save(connection.clone());
        tab.session.set_credentials(&connection, credentials);
        let operation = match vendor {
            Vendor::Genuin => Operation::AddToCommunity {
                community: domain::GroupId::new("10000000-0000-4000-8000-000000000001"),
                flow: Flow::Direct,
                is_onboarding: false,
            },
            _ => Operation::Register {
                flow: Flow::Direct,
                role: RoleId::new("1"),
                price: None,
                password: Some(Secret::new(password)),
            },
        };
        let person = match vendor {
            Vendor::Genuin => Person::by_id("20000000-0000-4000-8000-00000000000a"),
            _ => Person { key: PersonKey::Email("a@example.org".into()), name: Some("A".into()) },
        };
        let command = Command::for_all(operation, [person]);
        let planner = vendors::planner(&connection);
        let plan = planner.plan(tab.runs.next_plan_id(), &command, &domain::Snapshot::default());
        let run = Engine::new().start(tab.runs, plan).expect("it may be applied");
        until(|| run.is_over() || matches!(run.status(), Status::Paused(_))).await;
    }
    let all = harness::dump(&name).await;
    assert!(all.contains("had_password\\\":true") && all.contains("a@example.org"), "{all}");
    for secret in [key, password, "token-"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    tab.close();
}

#[wasm_bindgen_test]
async fn without_a_database_a_run_sends_nothing_before_a_person_chose_so() {
    let (_owner, session) = harness::session();
    session.save(harness::connection(Vendor::CometChat));
    let runs = Runs::new(session, Activity::new());
    let id = runs.next_plan_id();
    let run = Engine::new().start(runs, plan(id.clone(), "trio", 30)).expect("it may be applied");
    until(|| run.status() == Status::Paused(Pause::Journal)).await;
    assert_eq!((run.tally().n_waiting, run.journal_problem()), (30, Some(StorageError::Unavailable)));
    assert_eq!(sent(session).await.len(), 0);
    runs.resume(&id);
    until_handled(runs, &run).await;
    assert_eq!(run.status(), Status::Paused(Pause::Journal));
    assert_eq!(sent(session).await.len(), 0, "there is no storage still");
    runs.go_on_without_journal(&id);
    until(|| run.is_over()).await;
    assert_eq!((run.tally().n_done, run.is_unwritten()), (28, true));
    assert_eq!(runs.open(&PlanId::new("nowhere")), OpenedRun::Reading);
    until(|| runs.open(&PlanId::new("nowhere")) == OpenedRun::NotFound).await;
}

#[wasm_bindgen_test]
async fn site_data_that_is_cleared_under_a_run_stops_it_until_a_person_chose() {
    let (name, sandbox) = (harness::fresh_name("cleared"), harness::sandbox());
    let tab = Tab::open(&name, &sandbox).await;
    tab.session.save(harness::connection(Vendor::CometChat));
    let other = Storage::open_named(&name).await.expect("a database");
    let id = tab.runs.next_plan_id();
    let run =
        Engine::new().start(tab.runs, plan(id.clone(), "slow-cleared", 2_000)).expect("it may be applied");
    until(|| run.tally().n_done >= 25).await;
    other.erase().await.expect("erased");
    until(|| run.status() == Status::Paused(Pause::Journal)).await;
    until(|| run.with_run(|run| run.n_under_way()) == 0).await;
    assert_eq!(run.journal_problem(), Some(StorageError::Gone));
    let n_sent = sent(tab.session).await.len();
    tab.runs.resume(&id);
    until_handled(tab.runs, &run).await;
    assert_eq!(run.status(), Status::Paused(Pause::Journal));
    assert_eq!(sent(tab.session).await.len(), n_sent, "nothing is sent that is written nowhere");
    tab.runs.go_on_without_journal(&id);
    until(|| run.is_over()).await;
    assert_eq!(run.tally().n_done, 1_998);
    assert!(sent(tab.session).await.values().all(|n| *n == 1));
    tab.close();
}

#[wasm_bindgen_test]
async fn a_run_goes_on_only_where_it_began() {
    let (name, sandbox) = (harness::fresh_name("moved"), harness::sandbox());
    let first = Tab::open(&name, &sandbox).await;
    first.session.save(harness::connection(Vendor::CometChat));
    let id = first.runs.next_plan_id();
    let run =
        Engine::new().start(first.runs, plan(id.clone(), "holds-moved", 60)).expect("it may be applied");
    until(|| run.tally().n_done == 25).await;
    until_sent(first.session, 50).await;
    first.close();

    let second = Tab::open(&name, &sandbox).await;
    let mut moved = harness::connection(Vendor::CometChat);
    moved.acting_as = Some("another".into());
    second.session.save(moved);
    let run = second.find(&id).await;
    until(|| run.hold().is_some()).await;
    second.runs.resume(&id);
    until_handled(second.runs, &run).await;
    // A run without a driver sends nothing.
    until(|| run.driver() == DrivenBy::Nobody).await;
    assert_eq!(sent(second.session).await.len(), 50, "nothing is sent as another person");
    assert!(run.hold().is_some());
    second.runs.stop(&id);
    until(|| run.is_over()).await;
    assert_eq!((run.status(), run.tally().n_done), (Status::Stopped, 25));
    second.close();
}

#[wasm_bindgen_test]
async fn a_refused_key_pauses_and_the_key_goes_on() {
    let (name, sandbox) = (harness::fresh_name("key"), harness::sandbox());
    let tab = Tab::open(&name, &sandbox).await;
    let mut connection = harness::connection(Vendor::CometChat);
    connection.kind = domain::ConnectionKind::Direct;
    tab.session.save(connection.clone());
    let id = tab.runs.next_plan_id();
    let run = Engine::new().start(tab.runs, plan(id.clone(), "trio", 3)).expect("it may be applied");
    until(|| matches!(run.status(), Status::Paused(Pause::Key(ApiError { class: ErrorClass::Auth, .. }))))
        .await;
    assert!(run.needs_key());
    assert_eq!(run.tally().n_waiting, 3);
    tab.runs.stop(&id);
    until(|| run.is_over()).await;
    assert_eq!((run.status(), run.tally().n_not_sent), (Status::Stopped, 3));
    tab.close();
}
