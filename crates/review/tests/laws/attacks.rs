//! What someone with a key of their own, and trusted, could send: documents that this crate would not make.

use std::collections::{BTreeMap, BTreeSet};
use std::slice::from_ref;

use hosting::{Approver, ReviewRules};
use review::{
    BodyError, Decision, Document, Fingerprint, MAX_BYTES, Occasion, ParseEntryError, ParseJsonError, Policy,
    ReadChainError, ReadDocumentError, ReviewRequest, ReviewResults, Ruling, TrustStore, Uncounted,
    Unverified, UnverifiedChain, UnverifiedFile, VerifyError, canonical,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::world::*;

/// A document with a part replaced, whose hash and signature fit again.
pub(crate) fn forged(by: &Colleague, text: &str, at: &str, part: Value) -> String {
    let mut document: Value = serde_json::from_str(text).expect("JSON");
    *document.pointer_mut(at).expect("a part") = part;
    let members = document.as_object_mut().expect("an object");
    members.remove("hash");
    members.remove("signature");
    let content = canonical(document.to_string().as_bytes(), MAX_BYTES).expect("it has a form");
    let hash: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    let kind = document["muster"].as_str().expect("a kind");
    let message = format!("Muster signed document\n{kind}\n1\n{hash}\n");
    let signature = base64(&by.sign_bytes(message.as_bytes()));
    document["hash"] = hash.into();
    document["signature"] = signature.into();
    canonical(document.to_string().as_bytes(), MAX_BYTES).expect("it has a form")
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn is_open<T: Document>(text: &str) -> bool {
    Unverified::<T>::read(text.as_bytes()).is_ok_and(|read| {
        let answers = [answered(read.check())];
        read.verified(&answers).is_ok()
    })
}

/// Approves Ada's and Cy's change, and declines Bo's.
fn decision(case: &Case) -> String {
    let reviewed = compared(case.request.body(), &group(&BEFORE));
    let bo = change_of(case.request.body(), "bo");
    let ruling =
        |id| if id == bo { (Ruling::Declined, "Not yet".into()) } else { (Ruling::Approved, "".into()) };
    let rulings: BTreeMap<_, _> = case.request.body().change_ids().map(|id| (id, ruling(id))).collect();
    let decision = Decision::of(&case.request, &reviewed, &rulings, (T0, T0 + 24 * HOUR)).expect("valid");
    case.bea.sign(decision).to_text()
}

struct Case {
    ana: Colleague,
    bea: Colleague,
    request: review::Signed<ReviewRequest>,
}

fn case() -> Case {
    let (ana, bea) = (Colleague::new("Ana", 2), Colleague::new("Bea", 3));
    let request = ana.sign(request());
    Case { ana, bea, request }
}

#[test]
fn an_edited_approval_is_refused() {
    let case = case();
    let text = decision(&case);
    assert!(is_open::<Decision>(&text));
    let request = case.request.hash().to_string();
    let edits = [
        ("\"declined\"", "\"approved\""),
        ("\"approved\"", "\"declined\""),
        ("\"moderator\"", "\"admin\""),
        ("Not yet", "At once"),
        ("274b8c16", "274b8c17"),
        ("\"name\":\"Bea\"", "\"name\":\"Eva\""),
        (&format!("\"made_at\":{T0}"), &format!("\"made_at\":{}", T0 + 1)),
        (&format!("\"expires_at\":{}", T0 + 24 * HOUR), &format!("\"expires_at\":{}", T0 + 25 * HOUR)),
        (&request, &request.chars().rev().collect::<String>()),
    ];
    for (from, to) in edits {
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "{from}");
        assert!(Unverified::<Decision>::read(edited.as_bytes()).is_err(), "{from}");
    }
}

#[test]
fn a_request_that_nobody_could_make_is_refused_with_a_valid_signature() {
    let case = case();
    let text = case.request.to_text();
    let forged = |at: &str, part: Value| forged(&case.ana, &text, at, part);
    // The forger's own work is sound.
    assert!(is_open::<ReviewRequest>(&forged("/body/why", json!("Another reason"))));
    let body = |error| Some(ReadDocumentError::Body(error));
    let fields = Some(ReadDocumentError::Fields);
    let weak = json!({ "algorithm": "ed25519", "key": base64(&[0; 32]) });
    let table = [
        ("/by/name", json!("Ana\u{202e}"), body(BodyError::Text)),
        ("/by/name", json!(""), body(BodyError::Text)),
        ("/by/name", json!("A\u{200b}na"), body(BodyError::Text)),
        ("/by/key", weak, fields),
        ("/body/why", json!("up\u{202e}nwod"), body(BodyError::Text)),
        ("/body/why", json!("x".repeat(2_001)), body(BodyError::Text)),
        ("/body/changes/0/1", json!("A\u{2067}da"), body(BodyError::Text)),
        ("/body/groups", json!({ "hikers": "Hik\u{202e}ers" }), body(BodyError::Text)),
        ("/body/changes", json!([]), body(BodyError::Count)),
        ("/body/changes/2/0", json!({ "by": "id", "key": "ada" }), body(BodyError::Twice)),
        ("/body/changes/0/2", json!(9), body(BodyError::Reference)),
        ("/body/expires_at", json!(T0), body(BodyError::Times)),
        ("/body/expires_at", json!(T0 + 91 * 24 * HOUR), body(BodyError::Times)),
        ("/body/id", json!("7"), body(BodyError::Id)),
        ("/body/place/id", json!("https://x.example"), fields),
        ("/body/place/id", json!("x.example"), fields),
        ("/body/place/vendor", json!("acme"), fields),
        ("/format", json!(2), Some(ReadDocumentError::Newer(2))),
        ("/format", json!(0), fields),
        ("/muster", json!("review-decision"), Some(ReadDocumentError::OtherKind)),
    ];
    for (at, part, expected) in table {
        let text = forged(at, part.clone());
        assert_eq!(Unverified::<ReviewRequest>::read(text.as_bytes()).err(), expected, "{at} {part}");
    }
}

#[test]
fn a_decision_that_nobody_could_make_is_refused_with_a_valid_signature() {
    let case = case();
    let text = decision(&case);
    let forged = |at: &str, part: Value| forged(&case.bea, &text, at, part);
    assert!(is_open::<Decision>(&forged("/body/changes/0/4", json!("Fine"))));
    let body = |error| Some(ReadDocumentError::Body(error));
    let row = |id: u32, drift: &str, ruling: &str, why: &str| json!([id, "absent", drift, ruling, why]);
    let table = [
        ("/by/name", json!("Be\u{202e}a"), body(BodyError::Text)),
        ("/body/changes/0/4", json!("Fi\u{2066}ne"), body(BodyError::Text)),
        ("/body/changes", json!([]), body(BodyError::Count)),
        ("/body/expires_at", json!(T0 + 8 * 24 * HOUR), body(BodyError::Times)),
        ("/body/changes/0", row(0, "gone", "approved", ""), body(BodyError::Reference)),
        ("/body/changes/0", row(0, "not_allowed", "approved", ""), body(BodyError::Reference)),
        ("/body/changes/0", row(0, "as_planned", "declined", ""), body(BodyError::Reason)),
        ("/body/changes/0", row(1, "as_planned", "approved", ""), body(BodyError::Twice)),
        ("/body/changes/0", row(2, "as_planned", "approved", ""), body(BodyError::Twice)),
        ("/format", json!(2), Some(ReadDocumentError::Newer(2))),
    ];
    for (at, part, expected) in table {
        let text = forged(at, part.clone());
        assert_eq!(Unverified::<Decision>::read(text.as_bytes()).err(), expected, "{at} {part}");
    }
}

#[test]
fn fifty_megabytes_are_refused_before_they_are_parsed() {
    // Parsed first, these would be too deep, have too many values, or be no JSON.
    for text in ["[".repeat(50_000_000), "[0,".repeat(17_000_000), "x".repeat(50_000_000)] {
        let too_large = ParseJsonError::TooLarge(MAX_BYTES);
        assert_eq!(canonical(text.as_bytes(), MAX_BYTES), Err(too_large));
        let too_large = Some(ReadDocumentError::Json(too_large));
        assert_eq!(Unverified::<ReviewRequest>::read(text.as_bytes()).err(), too_large);
        assert_eq!(Unverified::<ReviewResults>::read(text.as_bytes()).err(), too_large);
        assert_eq!(UnverifiedFile::read(text.as_bytes()).err(), too_large);
    }
    let many = "[".repeat(MAX_BYTES);
    assert_eq!(canonical(many.as_bytes(), MAX_BYTES), Err(ParseJsonError::TooManyParts));
    let heading = format!(
        r#"{{"format":1,"muster":"activity","start":{{"chain":"{0}","last":"{0}","n_entries":0}}}}"#,
        "0".repeat(64)
    );
    let long = format!("{heading}\n{}", "[".repeat(50_000_000));
    let too_long = ParseEntryError::Json(ParseJsonError::TooLarge(review::MAX_LINE_BYTES));
    assert_eq!(UnverifiedChain::read(&long).err(), Some(ReadChainError::Entry(2, too_long)));
}

#[test]
fn a_part_of_a_newer_version_does_not_pass_in_a_file_of_this_one() {
    let case = case();
    let decisions = vec![case.bea.sign(approval(&case.request, T0))];
    let file = review::ReviewFile {
        request: case.request,
        decisions,
        results: vec![],
        claims: vec![],
        vouches: vec![],
    };
    let text = file.to_text().expect("it is small");
    for kind in ["review-request", "review-decision"] {
        let (from, to) =
            (format!("\"muster\":\"{kind}\""), format!("\"muster\":\"{kind}\"").replace("review-", "x-"));
        let other = text.replacen(&from, &to, 1);
        assert_ne!(other, text);
        assert_eq!(UnverifiedFile::read(other.as_bytes()).err(), Some(ReadDocumentError::OtherKind));
    }
    for (at, _) in text.match_indices("\"format\":1") {
        let newer = format!("{}\"format\":3{}", &text[..at], &text[at + 10..]);
        assert_eq!(UnverifiedFile::read(newer.as_bytes()).err(), Some(ReadDocumentError::Newer(3)));
    }
}

#[test]
fn an_approval_that_was_moved_to_another_document_opens_neither() {
    let case = case();
    let other = case.ana.sign(ReviewRequest { why: "Another plan".into(), ..request() });
    let (first, second) = (case.bea.sign(approval(&case.request, T0)), case.bea.sign(approval(&other, T0)));
    let signature = |text: &str| {
        let document: Value = serde_json::from_str(text).expect("JSON");
        document["signature"].as_str().expect("a signature").to_owned()
    };
    let (first, second) = (first.to_text(), second.to_text());
    let moved = second.replace(&signature(&second), &signature(&first));
    assert!(is_open::<Decision>(&second) && !is_open::<Decision>(&moved));
    let read = Unverified::<Decision>::read(moved.as_bytes()).expect("its hash is right");
    // Nor with the answer for the document that the signature is of, or for the one with the right signature.
    for text in [first, second] {
        let genuine = Unverified::<Decision>::read(text.as_bytes()).expect("it was written");
        let answers = [answered(genuine.check())];
        assert_eq!(read.clone().verified(&answers).err(), Some(VerifyError::NotChecked));
        assert!(genuine.verified(&answers).is_ok());
    }
}

#[test]
fn a_key_that_shows_the_same_words_is_another_one() {
    let case = case();
    let beas = case.bea.signer.key.fingerprint();
    let digits = beas.to_string();
    let bytes = |digits: &str| -> [u8; 32] {
        std::array::from_fn(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("digits"))
    };
    let mut alike = bytes(&digits);
    alike[31] ^= 1;
    let alike = Fingerprint::new(alike);
    assert_eq!((alike.words(), alike == beas), (beas.words(), false));
    assert_eq!(Fingerprint::new(bytes(&digits)), beas);
    // The operator names the one, and the other signs.
    let key = bytes(&alike.to_string());
    let rules = ReviewRules {
        approvals: 1,
        approvers: vec![Approver { name: "Bea".into(), key }],
        ..ReviewRules::default()
    };
    let mut trust = trusting(&[&case.ana]);
    assert_eq!(trust.take_named(&rules, decompose), []);
    let missing = |policy: &Policy, trust: &TrustStore| {
        let approval = case.bea.sign(approval(&case.request, T0));
        let (place, reviewed) = (place(), compared(case.request.body(), &group(&BEFORE)));
        let occasion = Occasion { now: T0, place: &place, trust, reviewed: &reviewed };
        policy.missing(&case.request, from_ref(&approval), occasion).uncounted.first().map(|(_, why)| *why)
    };
    assert_eq!(missing(&Policy::of(&rules), &trust), Some(Uncounted::UnknownKey));
    // A person who is trusted and not named is no approver either.
    let policy = Policy { approvers: BTreeSet::from([alike]), ..Policy::of(&rules) };
    assert_eq!(missing(&policy, &trusting(&[&case.ana, &case.bea])), Some(Uncounted::NotAnApprover));
}
