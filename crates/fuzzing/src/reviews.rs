//! Targets that read what colleagues send: reviews and chains of activity.

use review::{
    Algorithm, ChainActor, ChainDeletion, ChainEntry, ChainEvent, ChainHead, ChainTip, Decision, Digest,
    Document, KeyClaim, MAX_BYTES, PersonalData, PublicKey, ResultsAbout, ReviewRequest, ReviewResults,
    Ruling, SignatureCheck, Signed, Signer, TrustStore, Unsigned, Unverified, UnverifiedChain,
    UnverifiedFile, Vouch, canonical, from_fragment, to_fragment, to_table,
};

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::api_error::ErrorOrigin;
use domain::receipt::ReceiptRow;
use domain::{ApiError, Change, ChangeId, ErrorClass, Millis, Outcome, PersonKey, PlanId, plain};

/// Checks reviews as files, their parts, and fragments of links: what is read is written as the same text.
pub(crate) fn review(input: &[u8]) {
    if let Ok(form) = canonical(input, MAX_BYTES) {
        assert_eq!(canonical(form.as_bytes(), MAX_BYTES).as_ref(), Ok(&form), "the form is a fixed point");
    }
    if let Ok(file) = UnverifiedFile::read(input) {
        let answers: Vec<_> = file.checks().into_iter().map(|check| check.answered(true)).collect();
        let file = file.verified(&answers).expect("every check is answered");
        same_form(input, &file.to_text().expect("it was read"));
        request(file.request.body());
    }
    document::<ReviewRequest>(input, request);
    document::<Decision>(input, |_| {});
    document::<ReviewResults>(input, |_| {});
    document::<KeyClaim>(input, |_| {});
    document::<Vouch>(input, |_| {});
    document::<ChainHead>(input, |_| {});
    let Ok(text) = str::from_utf8(input) else { return };
    if let Ok(bytes) = from_fragment(text) {
        let fragment = text.strip_prefix('#').unwrap_or(text);
        assert_eq!(to_fragment(&bytes).as_deref(), Ok(fragment));
    }
}

fn document<T: Document>(input: &[u8], check: fn(&T)) {
    let Ok(document) = Unverified::<T>::read(input) else { return };
    let refused = document.check().answered(false);
    assert!(document.clone().verified(&[refused]).is_err(), "what is not valid does not open");
    let answer = document.check().answered(true);
    let signed = document.verified(&[answer]).expect("the check is answered");
    same_form(input, &signed.to_text());
    check(signed.body());
}

/// What was read is written as it was, and that is its canonical form.
fn same_form(input: &[u8], text: &str) {
    assert_eq!(input.trim_ascii(), text.as_bytes());
    assert_eq!(canonical(input, MAX_BYTES).as_deref(), Ok(text));
}

fn request(request: &ReviewRequest) {
    let command = request.command(|_| true);
    assert_eq!(command.items.len(), request.changes.len(), "nobody is lost");
    for (person, _) in &command.items {
        let key = person.key.as_str();
        assert_eq!(plain::id(key), Some(key), "a key is one that a vendor can have");
        assert_eq!(plain::name(person.label()).trim(), person.label(), "nothing has to be changed");
    }
    assert_eq!(request.shared_with(request).len(), request.changes.len());
}

/// Checks chains: a chain that fits is written as the same lines, and any entry that is left out is missed.
pub(crate) fn chain(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    for line in text.lines().take(20) {
        if let Ok(entry) = ChainEntry::parse(line) {
            assert_eq!(ChainEntry::parse(&entry.to_line()), Ok(entry));
        }
    }
    let Ok(read) = UnverifiedChain::read(text) else { return };
    let answers: Vec<_> = read.checks().into_iter().map(|check| check.answered(true)).collect();
    let mut trust = TrustStore::default();
    for check in read.checks() {
        let signer = Signer { name: format!("Key {}", check.key.fingerprint()).into(), key: check.key };
        let _ = trust.trust(&signer, 0, str::to_owned);
    }
    let Ok(verified) = read.verified(&answers, &trust) else { return };
    let written = verified.file().to_text();
    let again = UnverifiedChain::read(&written).expect("it was written");
    assert!(again.verified(&answers, &trust).is_ok(), "it fits as before");
    let _ = to_table(&verified.file().entries, |at| at.to_string());
    for left_out in 0..verified.file().entries.len().min(5) {
        let mut file = verified.file().clone();
        file.entries.remove(left_out);
        let read = UnverifiedChain::read(&file.to_text()).expect("lines are left");
        assert!(read.verified(&answers, &trust).is_err(), "entry {left_out} is missed");
    }
}

fn signed<T: Document>(body: T) -> Signed<T> {
    let key = PublicKey::new(Algorithm::Ed25519, &[9; 32]).expect("32 bytes");
    let signer = Signer { name: "Ana".into(), key };
    let unverified = Unsigned::new(body, signer).expect("a valid body").signed([7; 64]);
    let answers = [unverified.check()].map(|check: SignatureCheck| check.answered(true));
    unverified.verified(&answers).expect("the check is answered")
}

/// The results of a run in which the first change was rejected and the rest were done.
fn results(request: &Signed<ReviewRequest>, decision: Digest, made_at: Millis) -> ReviewResults {
    let body = request.body();
    let rows = body.change_ids().map(|id| {
        let person = body.changes[id.as_idx()].person.clone();
        let operation = Arc::new(body.operation(id).clone());
        let change = Change::new(id, person, operation, &domain::Snapshot::default());
        let error = ApiError::new(ErrorClass::Refused, ErrorOrigin::Vendor, "ERR_UID_NOT_FOUND");
        let outcome = if id == ChangeId(0) { Outcome::Rejected(error) } else { Outcome::Applied };
        ReceiptRow { change, outcome: Some(outcome), batch: None }
    });
    let run = PlanId::new("p1");
    let about = ResultsAbout { decisions: vec![decision], run, ran: (made_at, made_at), made_at };
    ReviewResults::of(request, about, &rows.collect::<Vec<_>>(), |_| false).expect("valid results")
}

/// A request, a decision, results, a vouch and a file of them, whose signatures are made up.
pub(crate) fn review_seeds(request: ReviewRequest) -> Vec<Vec<u8>> {
    let request = signed(request);
    let times = (request.body().made_at, request.body().made_at + 1_000);
    let gone = std::collections::BTreeSet::new();
    let snapshot = domain::Snapshot::default();
    let now = review::Observed { snapshot: &snapshot, gone: &gone, clearance: |_, _, _| true };
    let rulings = BTreeMap::from([(ChangeId(0), (Ruling::Declined, "Not yet".into()))]);
    let decision = Decision::of(&request, &request.body().compared_with(now), &rulings, times);
    let decision = signed(decision.expect("a valid decision"));
    let claim = signed(KeyClaim { owner: request.fingerprint(), made_at: times.0 });
    let vouch = signed(Vouch { claim: claim.hash(), made_at: times.0 });
    let results = signed(results(&request, decision.hash(), times.1));
    let texts = [request.to_text(), decision.to_text(), results.to_text(), claim.to_text(), vouch.to_text()];
    let file = review::ReviewFile {
        request,
        decisions: vec![decision],
        results: vec![results],
        claims: vec![claim],
        vouches: vec![vouch],
    };
    let fragment = to_fragment(b"compressed").expect("it is short");
    let all = texts.into_iter().chain([file.to_text().expect("it is small"), fragment]);
    all.map(String::into_bytes).collect()
}

/// A chain of a few entries with a head, and the same without its first.
pub(crate) fn chain_seeds() -> Vec<Vec<u8>> {
    let start = ChainTip::new([5; 32]);
    let mut tip = start;
    let head = signed(tip.head(0));
    let actor = ChainActor { name: "Ana".into(), key: head.fingerprint() };
    let event = |n_entries| ChainEvent::Redacted { n_entries, why: "On request".into() };
    let entries = (0..3_u8).map(|idx| {
        let person = PersonalData::new([idx; 16], PersonKey::Id("ada".into()), Some("Ada".into()), None);
        tip.append(u64::from(idx), actor.clone(), event(u32::from(idx)), (idx > 0).then_some(person))
    });
    let entries = entries.collect();
    let heads = vec![head.clone(), signed(tip.head(9))];
    let whole = review::ChainFile { start, entries, heads };
    // The first entry is deleted.
    let mut rest = whole.clone();
    let first = rest.entries.remove(0);
    rest.start = ChainTip { n_entries: 1, last: first.hash(), ..start };
    let deletion = ChainDeletion { n_entries: 1, before: 1, days: 90, start: rest.start };
    rest.entries.push(tip.append(9, first.by().clone(), ChainEvent::Deleted(deletion), None));
    rest.heads = vec![head, signed(tip.head(10))];
    [whole, rest].map(|file| file.to_text().into_bytes()).into()
}
