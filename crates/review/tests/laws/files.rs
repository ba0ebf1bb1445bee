//! Reviews as files and links.

use review::{
    FragmentError, MAX_FRAGMENT, ParseJsonError, ReadDocumentError, ReviewFile, UnverifiedFile, VerifyError,
    from_fragment, to_fragment,
};

use crate::world::*;

fn file() -> ReviewFile {
    let (ana, bea) = (Colleague::new("Ana", 2), Colleague::new("Bea", 3));
    let request = ana.sign(request());
    let decisions = vec![bea.sign(approval(&request, T0))];
    let (claim, vouch) = joined(&bea, &Colleague::new("Bea", 5));
    ReviewFile { request, decisions, results: vec![], claims: vec![claim], vouches: vec![vouch] }
}

#[test]
fn a_file_opens_once_all_its_signatures_are_verified() {
    let text = file().to_text().expect("it is small");
    let read = || UnverifiedFile::read(text.as_bytes()).expect("it was written");
    let answers: Vec<_> = read().checks().into_iter().map(answered).collect();
    assert_eq!(answers.len(), 4);
    let opened = read().verified(&answers).expect("all are valid");
    assert_eq!(opened.to_text().as_deref(), Ok(&*text));
    assert_eq!(opened.decisions[0].body().request, opened.request.hash());
    for left_out in 0..answers.len() {
        let mut some = answers.clone();
        some.remove(left_out);
        assert_eq!(read().verified(&some).err(), Some(VerifyError::NotChecked), "{left_out}");
        let mut bad = answers.clone();
        bad[left_out] = read().checks().swap_remove(left_out).answered(false);
        assert_eq!(read().verified(&bad).err(), Some(VerifyError::Invalid), "{left_out}");
    }
}

#[test]
fn files_of_another_kind_or_with_other_parts_are_refused() {
    let text = file().to_text().expect("it is small");
    let read = |text: &str| UnverifiedFile::read(text.as_bytes()).err();
    let request = file().request.to_text();
    assert_eq!(read(&request), Some(ReadDocumentError::OtherKind));
    assert_eq!(read("[]"), Some(ReadDocumentError::OtherKind));
    assert_eq!(read(r#"{"muster":"review","format":3}"#), Some(ReadDocumentError::Newer(3)));
    assert_eq!(read(r#"{"muster":"review","format":2}"#), Some(ReadDocumentError::Fields));
    assert_eq!(read(r#"{"muster":"review","format":1}"#), Some(ReadDocumentError::Fields));
    assert_eq!(read(&text.replacen('{', "{\"base_url\":\"x\",", 1)), Some(ReadDocumentError::Fields));
    let deep = "[".repeat(2_000_000);
    assert_eq!(read(&deep), Some(ReadDocumentError::Json(ParseJsonError::TooManyParts)));
    let mut many = file();
    for (n_claims, expected) in [(50, None), (51, Some(ReadDocumentError::Fields))] {
        many.claims = vec![many.claims[0].clone(); n_claims];
        assert_eq!(read(&many.to_text().expect("it is small")), expected, "{n_claims}");
    }
    // A decision in the place of a vouch.
    let swapped = text
        .replace("\"decisions\":", "\"x\":")
        .replace("\"vouches\":", "\"decisions\":")
        .replace("\"x\":", "\"vouches\":");
    assert_eq!(read(&swapped), Some(ReadDocumentError::Fields));
}

#[test]
fn a_fragment_is_for_this_page_only() {
    let fragment = to_fragment(&[1, 2, 255]).expect("it is short");
    assert!(fragment.starts_with("review=") && fragment.is_ascii());
    assert_eq!(from_fragment(&fragment), Ok(vec![1, 2, 255]));
    assert_eq!(from_fragment(&format!("#{fragment}")), Ok(vec![1, 2, 255]));
    for other in ["", "#", "#members", "#access_token=abc", "#REVIEW=AAAA", "##review=AAAA"] {
        assert_eq!(from_fragment(other), Err(FragmentError::Other), "{other}");
    }
    for damaged in ["#review=", "#review=AAA=", "#review=A", "#review=AAAA&x=1", "#review=%41"] {
        assert_eq!(from_fragment(damaged), Err(FragmentError::Damaged), "{damaged}");
    }
    assert_eq!(to_fragment(&[0; MAX_FRAGMENT]), Err(FragmentError::TooLong));
    let long = format!("#review={}", "A".repeat(MAX_FRAGMENT));
    assert_eq!(from_fragment(&long), Err(FragmentError::TooLong));
}
