//! Receipts: what became of an approved request, signed by the person who sent it.

use std::sync::Arc;

use domain::api_error::ErrorOrigin;
use domain::receipt::ReceiptRow;
use domain::{ApiError, Change, ChangeId, ErrorClass, Outcome, Person, PlanId, Scope, Snapshot};
use review::{
    BodyError, Decision, ReadDocumentError, ResultsAbout, ReviewFile, ReviewRequest, ReviewResults, Signed,
    Unsigned, Unverified, UnverifiedFile, VerifyError,
};
use serde_json::{Value, json};

use crate::attacks::forged;
use crate::world::*;

struct Case {
    ana: Colleague,
    bea: Colleague,
    request: Signed<ReviewRequest>,
    decision: Signed<Decision>,
}

fn case() -> Case {
    let (ana, bea) = (Colleague::new("Ana", 2), Colleague::new("Bea", 3));
    let request = ana.sign(request());
    let decision = bea.sign(approval(&request, T0));
    Case { ana, bea, request, decision }
}

fn rejected(message: Option<&str>) -> Outcome {
    let mut error = ApiError::new(ErrorClass::Refused, ErrorOrigin::Vendor, "ERR_UID_NOT_FOUND");
    error.message = message.map(Into::into);
    error.details = vec![("field".into(), "https://api.example.org".into())];
    error.retry_after_ms = Some(5);
    Outcome::Rejected(error)
}

/// Rows of a run: people by id, the operation of the request, and how they ended.
fn rows(request: &ReviewRequest, ended: &[(&str, Option<Outcome>)]) -> Vec<ReceiptRow> {
    let row = |(person, outcome): &(&str, Option<Outcome>)| {
        let id = change_of(request, person);
        let operation = Arc::new(request.operation(id).clone());
        // A run has numbers of its own.
        let change = Change::new(ChangeId(0), Person::by_id(*person), operation, &Snapshot::default());
        ReceiptRow { change, outcome: outcome.clone(), batch: None }
    };
    ended.iter().map(row).collect()
}

fn results_about(case: &Case) -> ResultsAbout {
    ResultsAbout {
        decisions: vec![case.decision.hash()],
        run: PlanId::new("p1"),
        ran: (T0 + 1, T0 + 2),
        made_at: T0 + 3,
    }
}

fn results(case: &Case) -> ReviewResults {
    let ended = [("cy", Some(Outcome::Applied)), ("ada", Some(rejected(Some("No such user"))))];
    let rows = rows(case.request.body(), &ended);
    ReviewResults::of(&case.request, results_about(case), &rows, |_| false).expect("valid results")
}

fn file(case: &Case, results: &[&Signed<ReviewResults>]) -> ReviewFile {
    let mut file = ReviewFile {
        request: case.request.clone(),
        decisions: vec![case.decision.clone()],
        results: Vec::new(),
        claims: Vec::new(),
        vouches: Vec::new(),
    };
    results.iter().for_each(|results| file.add_results((*results).clone()));
    file
}

fn opened(text: &str) -> Result<ReviewFile, VerifyError> {
    let read = UnverifiedFile::read(text.as_bytes()).expect("its form is right");
    let answers: Vec<_> = read.checks().into_iter().map(answered).collect();
    read.verified(&answers)
}

#[test]
fn a_receipt_says_what_became_of_each_change_and_keeps_no_words_unless_it_may() {
    let case = case();
    let body = results(&case);
    let request = case.request.body();
    assert_eq!(body.outcome(change_of(request, "cy")), Some(&Outcome::Applied));
    assert_eq!(body.outcome(change_of(request, "bo")), None, "it was not part of the run");
    let ada = body.outcome(change_of(request, "ada")).and_then(Outcome::error).expect("she was rejected");
    assert_eq!((&*ada.code, &ada.message), ("ERR_UID_NOT_FOUND", &None));
    assert!(ada.details.is_empty() && ada.retry_after_ms.is_none());
    let said = rows(request, &[("ada", Some(rejected(Some("No \u{202e}such user"))))]);
    let kept = ReviewResults::of(&case.request, results_about(&case), &said, |_| true).expect("plain");
    let kept = kept.outcome(change_of(request, "ada")).and_then(Outcome::error).expect("an error");
    assert_eq!(kept.message.as_deref(), Some("No such user"));
    // A row that waits, or is of nobody in the request, is no outcome.
    let waiting = rows(request, &[("ada", None)]);
    let none = ReviewResults::of(&case.request, results_about(&case), &waiting, |_| true);
    assert_eq!(none, Err(BodyError::Count));
    let mut other = rows(request, &[("cy", Some(Outcome::Applied))]);
    other[0].change.operation = Arc::new(set_scope(Scope::Admin));
    other[0].change.person = Person::by_id("di");
    let none = ReviewResults::of(&case.request, results_about(&case), &other, |_| true);
    assert_eq!(none, Err(BodyError::Count));
}

#[test]
fn a_file_with_a_receipt_opens_and_one_without_is_as_before() {
    let case = case();
    let signed = case.bea.sign(results(&case));
    let text = file(&case, &[&signed]).to_text().expect("it is small");
    let opened = opened(&text).expect("all signatures are valid");
    assert_eq!(opened.results[0].hash(), signed.hash());
    assert_eq!(opened.results[0].by(), &case.bea.signer);
    assert_eq!(opened.to_text().as_deref(), Ok(&*text));
    assert!(text.contains(r#","format":2,"muster":"review","#));
    let without = file(&case, &[]).to_text().expect("it is small");
    assert!(without.contains(r#","format":1,"muster":"review","#) && !without.contains("results"));
    // No other combination is read.
    let read = |text: &str| UnverifiedFile::read(text.as_bytes()).err();
    let as_first = text.replace(r#","format":2,"muster":"review","#, r#","format":1,"muster":"review","#);
    let as_second = without.replace(r#","format":1,"muster":"review","#, r#","format":2,"muster":"review","#);
    let empty = as_second.replace(r#","vouches":[]"#, r#","results":[],"vouches":[]"#);
    for text in [&as_first, &as_second, &empty] {
        assert_eq!(read(text), Some(ReadDocumentError::Fields), "{text}");
    }
}

#[test]
fn the_newest_receipt_of_a_run_counts_once() {
    let case = case();
    let first = case.bea.sign(results(&case));
    let later = case.bea.sign(ReviewResults { made_at: T0 + 9, ..results(&case) });
    let other_run = case.bea.sign(ReviewResults { run: "p2".into(), ..results(&case) });
    let by_ana = case.ana.sign(results(&case));
    for order in [[&first, &later, &other_run, &by_ana], [&by_ana, &other_run, &later, &first]] {
        let kept = file(&case, &order).results;
        assert_eq!(kept.len(), 3);
        assert!(kept.iter().any(|one| one.hash() == later.hash()));
        assert!(kept.iter().all(|one| one.hash() != first.hash()));
    }
}

#[test]
fn an_edited_receipt_is_refused() {
    let case = case();
    let text = file(&case, &[&case.bea.sign(results(&case))]).to_text().expect("it is small");
    let edits = [
        ("\"applied\"", "\"no_op\""),
        ("\"outcome\":\"rejected\"", "\"outcome\":\"unknown\""),
        ("ERR_UID_NOT_FOUND", "ERR_UID_NOT_SOUND"),
        ("\"run\":\"p1\"", "\"run\":\"p2\""),
        (&format!("\"ended_at\":{}", T0 + 2), &format!("\"ended_at\":{}", T0 + 1)),
    ];
    for (from, to) in edits {
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "{from}");
        assert_eq!(UnverifiedFile::read(edited.as_bytes()).err(), Some(ReadDocumentError::Hash), "{from}");
    }
}

#[test]
fn a_receipt_for_another_request_or_of_another_decision_is_refused() {
    let case = case();
    let signed = case.bea.sign(results(&case));
    let text = file(&case, &[&signed]).to_text().expect("it is small");
    let other_request = case.ana.sign(ReviewRequest { why: "Another plan".into(), ..request() });
    let about_other = case.bea.sign(approval(&other_request, T0));
    // Another request, also with the decision that the receipt cites.
    let moved = text.replace(&case.request.to_text(), &other_request.to_text());
    assert_ne!(moved, text);
    assert_eq!(opened(&moved).err(), Some(VerifyError::OtherRequest));
    // The cited decision left out, or another in its place.
    let without = text.replace(&case.decision.to_text(), "");
    assert_eq!(opened(&without).err(), Some(VerifyError::OtherRequest));
    let replaced = text.replace(&case.decision.to_text(), &about_other.to_text());
    assert_eq!(opened(&replaced).err(), Some(VerifyError::OtherRequest));
    // From another place, or about changes that the request does not have.
    let elsewhere = review::ReviewPlace::new(domain::Vendor::CometChat, "other").expect("an id");
    let mut beyond = results(&case);
    beyond.rows.push((ChangeId(3), Outcome::Applied));
    for body in [ReviewResults { place: elsewhere, ..results(&case) }, beyond] {
        let other = case.bea.sign(body);
        assert!(file(&case, &[&other]).results.is_empty(), "it is not added");
        let forged = text.replace(&signed.to_text(), &other.to_text());
        assert_eq!(opened(&forged).err(), Some(VerifyError::OtherRequest));
    }
}

#[test]
fn a_receipt_that_nobody_could_make_is_refused_with_a_valid_signature() {
    let case = case();
    let text = case.bea.sign(results(&case)).to_text();
    let forged = |at: &str, part: Value| forged(&case.bea, &text, at, part);
    let read = |text: &str| Unverified::<ReviewResults>::read(text.as_bytes()).err();
    assert_eq!(read(&forged("/body/run", json!("p2"))), None, "the forger's own work is sound");
    let body = |error| Some(ReadDocumentError::Body(error));
    let error = |message: &str, details: Value| {
        let error = json!({ "class": "refused", "code": "E", "details": details, "message": message, "origin": "vendor" });
        json!([0, { "error": error, "outcome": "rejected" }])
    };
    let detail = json!([["field", "https://api.example.org"]]);
    let table = [
        ("/body/run", json!("p\u{202e}1"), body(BodyError::Id)),
        ("/body/run", json!(""), body(BodyError::Id)),
        ("/body/rows", json!([]), body(BodyError::Count)),
        ("/body/rows/1/0", json!(0), body(BodyError::Twice)),
        ("/body/decisions", json!([]), body(BodyError::Reference)),
        ("/body/began_at", json!(T0 + 9), body(BodyError::Times)),
        ("/body/ended_at", json!(T0 + 9), body(BodyError::Times)),
        ("/body/rows/0", error("No \u{202e}such user", json!([])), Some(ReadDocumentError::Fields)),
        ("/body/rows/0", error("No such user", detail), body(BodyError::Text)),
        ("/body/rows/0/1", json!({ "outcome": "perhaps" }), Some(ReadDocumentError::Fields)),
        ("/format", json!(2), Some(ReadDocumentError::Newer(2))),
        ("/muster", json!("review-decision"), Some(ReadDocumentError::OtherKind)),
    ];
    for (at, part, expected) in table {
        assert_eq!(read(&forged(at, part.clone())), expected, "{at} {part}");
    }
    // The console does not make it either.
    let twice = ReviewResults { decisions: vec![case.decision.hash(); 2], ..results(&case) };
    let unsigned = Unsigned::new(twice, case.bea.signer.clone());
    assert_eq!(unsigned.err(), Some(ReadDocumentError::Body(BodyError::Reference)));
}
