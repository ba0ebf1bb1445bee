//! Signed documents: what is changed is refused.

use std::sync::OnceLock;

use proptest::prelude::*;
use review::{
    Decision, Document, MAX_BYTES, ParseJsonError, ReadDocumentError, ReviewRequest, Unsigned, Unverified,
    VerifyError, Vouch, canonical,
};

use crate::world::*;

/// Reads and verifies a text as a browser would. True if it opens.
fn opens<T: Document>(text: &[u8]) -> bool {
    Unverified::<T>::read(text).is_ok_and(|unverified| {
        let answers = [answered(unverified.check())];
        unverified.verified(&answers).is_ok()
    })
}

/// A signed request; signed once, because every property asks for it.
fn signed_request(seed: u8) -> String {
    static TEXTS: [OnceLock<String>; 2] = [OnceLock::new(), OnceLock::new()];
    let sign = || Colleague::new("Ana", seed).sign(request()).to_text();
    TEXTS[usize::from(seed - 2)].get_or_init(sign).clone()
}

#[test]
fn a_document_opens_as_it_was_signed() {
    for seed in [2, 3] {
        let ana = Colleague::new("Ana", seed);
        let signed = ana.sign(request());
        let text = signed.to_text();
        assert_eq!(canonical(text.as_bytes(), MAX_BYTES).as_ref(), Ok(&text), "it is in its canonical form");
        let read = Unverified::<ReviewRequest>::read(text.as_bytes()).expect("it was written");
        let answers = [answered(read.check())];
        let read = read.verified(&answers).expect("it was signed");
        assert_eq!((read.body(), read.by(), read.hash()), (&request(), &ana.signer, signed.hash()));
        assert_eq!(read.to_text(), text);
        // Files may end with a line break. Any other form is not the one that was signed.
        assert!(opens::<ReviewRequest>(format!("\n{text}\r\n").as_bytes()));
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let pretty = serde_json::to_string_pretty(&value).expect("JSON");
        let found = Unverified::<ReviewRequest>::read(pretty.as_bytes()).err();
        assert_eq!(found, Some(ReadDocumentError::Fields));
    }
}

#[test]
fn a_signature_counts_for_one_kind_only() {
    let ana = Colleague::new("Ana", 2);
    let text = joined(&ana, &Colleague::new("Ana", 4)).1.to_text();
    assert!(opens::<Vouch>(text.as_bytes()));
    assert_eq!(Unverified::<Decision>::read(text.as_bytes()).err(), Some(ReadDocumentError::OtherKind));
    let request = Unsigned::new(request(), ana.signer.clone()).expect("a valid body").to_sign().1;
    let lines: Vec<_> = str::from_utf8(&request).expect("text").lines().map(str::to_owned).collect();
    assert_eq!(lines[..3], ["Muster signed document", "review-request", "1"]);
    assert_eq!((lines.len(), lines[3].len()), (4, 64));
}

#[test]
fn an_answer_opens_no_other_document() {
    let (ana, bea) = (Colleague::new("Ana", 2), Colleague::new("Bea", 3));
    let read = |text: &str| Unverified::<ReviewRequest>::read(text.as_bytes()).expect("it was written");
    let texts = [ana.sign(request()).to_text(), bea.sign(request()).to_text()];
    let answer = answered(read(&texts[0]).check());
    assert_eq!(read(&texts[1]).verified(std::slice::from_ref(&answer)).err(), Some(VerifyError::NotChecked));
    assert_eq!(read(&texts[1]).verified(&[]).err(), Some(VerifyError::NotChecked));
    assert!(read(&texts[0]).verified(&[answer]).is_ok());
    let invalid = read(&texts[0]).check().answered(false);
    assert_eq!(read(&texts[0]).verified(&[invalid]).err(), Some(VerifyError::Invalid));
}

#[test]
fn an_edited_plan_is_refused() {
    let text = signed_request(2);
    let edits = [
        ("\"moderator\"", "\"admin\""),
        ("\"ada\"", "\"eve\""),
        ("hikers", "bikers"),
        ("New moderators", "Old moderators"),
        ("274b8c16", "274b8c17"),
        ("\"name\":\"Ana\"", "\"name\":\"Eva\""),
    ];
    for (from, to) in edits {
        let edited = text.replace(from, to);
        assert_ne!(edited, text, "{from}");
        let found = Unverified::<ReviewRequest>::read(edited.as_bytes()).err();
        assert_eq!(found, Some(ReadDocumentError::Hash), "{from}");
    }
}

#[test]
fn a_document_that_is_hashed_anew_lacks_its_signature() {
    let (ana, eve) = (Colleague::new("Ana", 2), Colleague::new("Eve", 4));
    let mut edited = request();
    edited.why = "Something else".into();
    let unsigned =
        |body: &ReviewRequest| Unsigned::new(body.clone(), ana.signer.clone()).expect("a valid body");
    let message = |body: &ReviewRequest| unsigned(body).to_sign().1;
    let is_ok = |body: &ReviewRequest, signature| {
        let unverified = unsigned(body).signed(signature);
        let answers = [answered(unverified.check())];
        unverified.verified(&answers).is_ok()
    };
    assert!(is_ok(&edited, ana.sign_bytes(&message(&edited))));
    assert!(!is_ok(&edited, eve.sign_bytes(&message(&edited))), "Eve cannot sign for Ana");
    assert!(!is_ok(&edited, ana.sign_bytes(&message(&request()))), "nor copy a signature of hers");
}

#[test]
fn a_newer_version_and_a_large_file_are_told_apart() {
    let text = signed_request(2);
    let newer = text.replace("\"format\":1", "\"format\":2");
    assert_eq!(Unverified::<ReviewRequest>::read(newer.as_bytes()).err(), Some(ReadDocumentError::Newer(2)));
    // Whatever else the newer version has.
    let newer = br#"{"muster":"review-request","format":99,"new":[]}"#;
    assert_eq!(Unverified::<ReviewRequest>::read(newer).err(), Some(ReadDocumentError::Newer(99)));
    for other in ["0", "-1", "\"1\"", "null"] {
        let text = text.replace("\"format\":1", &format!("\"format\":{other}"));
        assert_eq!(Unverified::<ReviewRequest>::read(text.as_bytes()).err(), Some(ReadDocumentError::Fields));
    }
    let large = " ".repeat(50_000_000);
    let too_large = ReadDocumentError::Json(ParseJsonError::TooLarge(MAX_BYTES));
    assert_eq!(Unverified::<ReviewRequest>::read(large.as_bytes()).err(), Some(too_large));
}

#[test]
fn there_is_no_field_that_a_reader_passes_over() {
    let text = signed_request(2);
    let places = ["{\"body\":{", "{\"algorithm\":", "\"place\":{", "{\"by\":\"id\"", "\"by\":{\"key\":{"];
    for place in places {
        assert!(text.contains(place), "{place}");
        let (front, back) = place.split_at(place.find('{').expect("an object") + 1);
        let added = text.replacen(place, &format!("{front}\"base_url\":\"https://x.example\",{back}"), 1);
        // With a hash of its own, as someone would send it who signs it.
        let found = Unverified::<ReviewRequest>::read(added.as_bytes()).err();
        assert_eq!(found, Some(ReadDocumentError::Fields), "{place}");
    }
    let doubled = text.replacen("\"why\":", "\"why\":\"x\",\"why\":", 1);
    let found = Unverified::<ReviewRequest>::read(doubled.as_bytes()).err();
    assert_eq!(found, Some(ReadDocumentError::Json(ParseJsonError::DuplicateName)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_changed_bit_is_refused(at in any::<prop::sample::Index>(), bit in 0..8_u8, seed in 2..4_u8) {
        let text = signed_request(seed);
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(!opens::<ReviewRequest>(&bytes), "byte {at} of {text}");
    }

    #[test]
    fn any_part_that_is_cut_or_repeated_is_refused(from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), is_cut in any::<bool>()) {
        let text = signed_request(2);
        let (from, to) = (from.index(text.len()), to.index(text.len()));
        let (from, to) = (from.min(to), from.max(to) + 1);
        let changed = if is_cut {
            format!("{}{}", &text[..from], &text[to..])
        } else {
            format!("{}{}", &text[..to], &text[from..])
        };
        prop_assert!(!opens::<ReviewRequest>(changed.as_bytes()), "{changed}");
    }
}
