//! What a large request and a long chain cost, without the page and without the browser's cryptography.
#![expect(clippy::disallowed_types, reason = "what is measured is time")]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use domain::outcome::Verdict;
use domain::snapshot::GroupSnapshot;
use domain::{
    Command, ConnectionId, GroupId, Operation, Person, PersonKey, Plan, PlanId, Planner, Scope, Snapshot,
    State, Vendor,
};
use ed25519_dalek::{Signer as _, SigningKey, Verifier as _, VerifyingKey};
use review::{
    Algorithm, ChainActor, ChainChange, ChainEntry, ChainEvent, ChainFile, ChainPlace, ChainTip,
    CheckedSignature, Document, MAX_BYTES, Observed, PersonalData, PublicKey, RequestAbout, ReviewPlace,
    ReviewRequest, SignatureCheck, Signed, Signer, TrustStore, Unsigned, Unverified, UnverifiedChain,
    Verifier, canonical,
};

const N_CHANGES: usize = 10_000;
const N_ENTRIES: usize = 100_000;
/// The mean of so many turns counts.
const N_TURNS: usize = 5;
/// How long verifying the chain may take.
const MOST_CHAIN_MS: f64 = 2_000.0;
const NOW: u64 = 1_790_000_000_000;

fn main() -> ExitCode {
    // Cargo asks for a list when it looks for tests.
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    requests();
    let chain_ms = chains();
    if chain_ms > MOST_CHAIN_MS {
        println!("\nverifying a chain takes longer than {MOST_CHAIN_MS} ms");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Prints and returns the processor time of a turn, in milliseconds. Where the system does not tell it, the elapsed time.
fn measured<T>(what: &str, mut work: impl FnMut() -> T) -> f64 {
    let (started, used) = (Instant::now(), used_ms());
    for _ in 0..N_TURNS {
        black_box(work());
    }
    let elapsed = started.elapsed().as_secs_f64() * 1_000.0;
    let all = used_ms().zip(used).map_or(elapsed, |(now, before)| now - before);
    let one = all / N_TURNS as f64;
    println!("{what:>44}  {one:>9.1} ms");
    one
}

/// How long this thread has had a processor: on Linux, so that other programs do not count.
fn used_ms() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e6)
}

fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

fn signer() -> Signer {
    let key = PublicKey::new(Algorithm::Ed25519, signing_key().verifying_key().as_bytes()).expect("a key");
    Signer { name: "Ana".into(), key }
}

fn signed<T: Document>(unsigned: Unsigned<T>) -> Signed<T> {
    let signature = signing_key().sign(&unsigned.to_sign().1).to_bytes();
    let unverified = unsigned.signed(signature);
    let answers = [answered(unverified.check())];
    unverified.verified(&answers).expect("it was signed just now")
}

fn answered(check: SignatureCheck) -> CheckedSignature {
    let key = VerifyingKey::from_bytes(check.key.bytes().try_into().expect("32 bytes")).expect("a point");
    let signature = ed25519_dalek::Signature::from_bytes(&check.signature);
    let is_valid = key.verify(&check.message, &signature).is_ok();
    check.answered(is_valid)
}

/// Changes the scopes of people in ten groups.
fn plan() -> (Plan, Snapshot) {
    let mut command = Command::new();
    let mut snapshot = Snapshot::default();
    for idx in 0..N_CHANGES {
        let group = GroupId::new(format!("group-{}", idx % 10));
        let person = Person::by_id(format!("person-{idx:08}")).with_name(&format!("Somebody Élse {idx}"));
        let known = snapshot.groups.entry(group.clone()).or_insert_with(|| GroupSnapshot {
            name: Some("Hikers of the north".into()),
            is_complete: true,
            ..GroupSnapshot::default()
        });
        known.scopes.insert(person.key.as_str().into(), Scope::Participant);
        command.intent(person, Operation::SetScope { group, scope: Scope::Moderator });
    }
    let vendor = Vendor::default();
    let planner = Planner::new(ConnectionId::new("c"), vendor, vendors::capabilities(vendor));
    (planner.plan(PlanId::new("p"), &command, &snapshot), snapshot)
}

fn about() -> RequestAbout {
    let place = ReviewPlace::new(Vendor::default(), "274b8c16").expect("an id");
    let (made_at, expires_at) = (NOW, NOW + 3_600_000);
    RequestAbout { id: [7; 16], made_at, expires_at, parent: None, place, why: "Spring".into() }
}

fn requests() {
    let (plan, snapshot) = plan();
    let request = ReviewRequest::of(&plan, about()).expect("a plan that can travel");
    let text = signed(Unsigned::new(request.clone(), signer()).expect("valid")).to_text();
    let gone = BTreeSet::new();
    let observed = Observed { snapshot: &snapshot, gone: &gone, clearance: |_, _, _| true };
    println!("a request of {N_CHANGES} changes, {} KB", text.len() / 1_000);
    let parts = [
        measured("make it of a plan", || ReviewRequest::of(&plan, about())),
        measured("check, write and hash it", || Unsigned::new(request.clone(), signer())),
        measured("sign, verify and write it as a text", || {
            signed(Unsigned::new(request.clone(), signer()).expect("valid")).to_text()
        }),
        measured("read it", || Unverified::<ReviewRequest>::read(text.as_bytes())),
        measured("compare it with what was read", || request.compared_with(observed)),
    ];
    println!("{:>44}  {:>9.1} ms", "make, sign, open and compare", parts[0] + parts[2..].iter().sum::<f64>());
    measured("canonical form of the text", || canonical(text.as_bytes(), MAX_BYTES));
}

fn chain() -> ChainFile {
    let start = ChainTip::new([1; 32]);
    let mut tip = start;
    let by = ChainActor { name: "Ana".into(), key: signer().key.fingerprint() };
    let entries = (0..N_ENTRIES).map(|idx| {
        let event = ChainEvent::Changed(Box::new(ChainChange {
            place: ChainPlace { vendor: Vendor::default(), id: "274b8c16".into(), name: "Club".into() },
            run: PlanId::new("run-1"),
            operation: "set_scope".into(),
            group: Some(GroupId::new("hikers")),
            before: State::Scope(Scope::Participant),
            after: State::Scope(Scope::Moderator),
            outcome: Verdict::Done,
            code: None,
            why: "New moderators for the spring".into(),
            request: None,
            decisions: vec![],
        }));
        let mut salt = [0; 16];
        salt[..8].copy_from_slice(&idx.to_be_bytes());
        let name = Some(format!("Somebody Élse {idx}").into());
        let person = PersonalData::new(salt, PersonKey::Id(format!("person-{idx}").into()), name, None);
        tip.append(NOW + idx as u64, by.clone(), event, Some(person))
    });
    let entries = entries.collect();
    let head = signed(Unsigned::new(tip.head(NOW), signer()).expect("valid"));
    ChainFile { start, entries, heads: vec![head] }
}

/// Returns how long opening and verifying a file takes, in milliseconds.
fn chains() -> f64 {
    let file = chain();
    let text = file.to_text();
    let lines: Vec<_> = file.entries.iter().map(ChainEntry::to_line).collect();
    let mut trust = TrustStore::default();
    trust.trust(&signer(), NOW, str::to_owned).expect("nobody else has this name");
    println!("\na chain of {N_ENTRIES} entries, {} MB", text.len() / 1_000_000);
    measured("make it", chain);
    measured("write it", || file.to_text());
    measured("read its lines", || lines.iter().filter(|line| ChainEntry::parse(line).is_ok()).count());
    measured("verify its entries", || {
        let mut verifier = Verifier::new(file.start);
        file.entries.iter().for_each(|entry| verifier.push(entry));
        verifier.finish(&file.heads)
    });
    measured("open and verify a file", || {
        let read = UnverifiedChain::read(&text).expect("it was written");
        let answers: Vec<_> = read.checks().into_iter().map(answered).collect();
        read.verified(&answers, &trust).expect("it is whole")
    })
}
