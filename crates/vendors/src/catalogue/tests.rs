//! Compares the tables with `contracts/errors.yaml` and the locale.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::*;
use crate::fixture::contract;

#[derive(Debug, Deserialize)]
struct Document {
    errors: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    vendor: Vendor,
    code: Option<String>,
    http: Option<u16>,
    http_hint: Option<u16>,
    class: ErrorClass,
    #[serde(default)]
    class_for: BTreeMap<String, ErrorClass>,
    retryable: String,
}

fn rows() -> Vec<Row> {
    let document: Document =
        serde_norway::from_str(&contract("errors.yaml")).expect("errors.yaml has this shape");
    document.errors
}

impl Row {
    fn status(&self) -> Option<u16> {
        self.http.or(self.http_hint)
    }

    fn entry(&self) -> Option<&'static ErrorEntry> {
        let table = crate::entries(self.vendor);
        match self.code.as_deref() {
            Some("*") => table.iter().find(|entry| entry.is_fallback),
            Some(code) => table.iter().find(|entry| entry.code == Some(code)),
            None => {
                let mut plain = table.iter().filter(|entry| entry.code.is_none() && !entry.is_fallback);
                plain.find(|entry| entry.status == self.status())
            }
        }
    }
}

#[test]
fn says_what_the_contract_says() {
    for row in rows() {
        let entry = row.entry().unwrap_or_else(|| panic!("no entry for {row:?}"));
        assert_eq!(entry.vendor, Some(row.vendor), "{row:?}");
        assert_eq!(entry.class, row.class, "{row:?}");
        assert_eq!(entry.status, row.status(), "{row:?}");
        let again = match row.retryable.as_str() {
            "no" => Again::No,
            "yes" => Again::Yes,
            "after_wait" => Again::AfterWait,
            other => panic!("{other} in {row:?}"),
        };
        assert_eq!(entry.helps_again, again, "{row:?}");
        let class_for: BTreeMap<String, ErrorClass> =
            entry.class_for.iter().map(|(endpoint, class)| ((*endpoint).to_owned(), *class)).collect();
        assert_eq!(class_for, row.class_for, "{row:?}");
    }
}

#[test]
fn knows_no_code_that_the_contract_lacks() {
    let rows = rows();
    for vendor in Vendor::ALL {
        let n_rows = rows.iter().filter(|row| row.vendor == vendor).count();
        assert_eq!(crate::entries(vendor).len(), n_rows, "{vendor:?}");
    }
}

#[test]
fn every_entry_has_its_words() {
    let english: Value =
        serde_json::from_str(&contract("../locales/en.json")).expect("the English texts are JSON");
    let text = |key: &str| key.split('.').try_fold(&english, |at, part| at.get(part)).and_then(Value::as_str);
    let mut keys = BTreeSet::new();
    for entry in all() {
        for key in [entry.meaning_key(), entry.operator_key()] {
            assert!(text(&key).is_some_and(|text| text.ends_with('.')), "{key} has no sentence");
            assert!(keys.insert(key.clone()), "{key} is there twice");
        }
        for key in [entry.sent_key(), entry.read_operator_key()] {
            assert!(text(&key).is_none_or(|text| text.ends_with('.')), "{key} is no sentence");
            keys.insert(key);
        }
    }
    for (table, errors) in english["errors"].as_object().expect("the texts of errors") {
        for (name, sentences) in errors.as_object().expect("texts by key") {
            for part in sentences.as_object().expect("sentences").keys() {
                let key = format!("errors.{table}.{name}.{part}");
                assert!(keys.contains(&key), "{key} belongs to no entry");
            }
        }
    }
}

/// Only runs report these errors, never a read. Exempt from the check below.
const OF_RUNS: [&str; 10] = [
    "console_not_sent",
    "row_not_so",
    "row_unconfirmed",
    "console_stopped",
    "console_skipped",
    "console_interrupted",
    "console_journal_damaged",
    "row_missing",
    "row_skipped",
    "console_changed",
];

#[test]
fn nothing_that_only_reads_speaks_of_sending() {
    let english: Value =
        serde_json::from_str(&contract("../locales/en.json")).expect("the English texts are JSON");
    let text = |key: &str| key.split('.').try_fold(&english, |at, part| at.get(part)).and_then(Value::as_str);
    let of_writes = ["may have", "arrived", "sending", "send ", " sent", "the change", "the rest", "retr"];
    for entry in all().filter(|entry| !OF_RUNS.contains(&entry.key)) {
        let operator = text(&entry.read_operator_key()).or_else(|| text(&entry.operator_key()));
        let said = [text(&entry.meaning_key()), operator].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let found = of_writes.iter().find(|word| said.contains(**word));
        // "No API key was sent" is about the key.
        assert!(
            found.is_none() || entry.key == "err_empty_apikey" || entry.key == "auth_err_empty_apikey",
            "{}: {said}",
            entry.key
        );
    }
}

#[test]
fn a_change_without_an_answer_is_said_to_be_open() {
    let english: Value =
        serde_json::from_str(&contract("../locales/en.json")).expect("the English texts are JSON");
    for code in ["net.unreachable", "net.timed_out", "net.cancelled", "relay.no_answer", "decode.empty"] {
        let key = find(Vendor::CometChat, code, None).sent_key();
        let text = key.split('.').try_fold(&english, |at, part| at.get(part)).and_then(Value::as_str);
        assert!(text.is_some_and(|text| text.contains("may have")), "{key}");
    }
}

#[test]
fn finds_entries_by_code_then_status() {
    use Vendor::*;
    let table = [
        (Genuin, "5218", Some(404), "code_5218"),
        (Genuin, "5218", None, "code_5218"),
        (Genuin, "9999", Some(400), "unknown"),
        (Genuin, "", Some(500), "status_500"),
        (Genuin, "", Some(503), "status_500"),
        (Genuin, "http.server", Some(503), "status_500"),
        (Genuin, "http.rate_limited", Some(429), "status_429"),
        (Genuin, "http.unauthorized", Some(401), "http_unauthorized"),
        (Genuin, "http.not_found", Some(404), "http_not_found"),
        (Genuin, "row.missing", Some(200), "row_missing"),
        (Genuin, "net.timed_out", None, "net_timed_out"),
        (Networked, "http.unauthorized", Some(401), "status_401"),
        (Networked, "http.not_found", Some(404), "status_400"),
        (Networked, "http.refused", Some(200), "status_400"),
        (Networked, "http.refused", Some(422), "status_400"),
        (Networked, "http.server", Some(502), "status_500"),
        (Networked, "http.server", Some(552), "status_552"),
        (Networked, "failure.duplicate", Some(200), "failure_duplicate"),
        (Networked, "row.skipped", Some(200), "row_skipped"),
        (Networked, "decode.not_json", Some(200), "decode_not_json"),
        (Networked, "", Some(200), "unknown"),
        (Networked, "", None, "unknown"),
        (CometChat, "ERR_GUID_NOT_FOUND", Some(404), "err_guid_not_found"),
        (CometChat, "row.missing", Some(200), "row_missing"),
        (CometChat, "ERR_NEW", Some(400), "unknown"),
        (CometChat, "console.stopped", None, "console_stopped"),
    ];
    for (vendor, code, status, key) in table {
        assert_eq!(find(vendor, code, status).key, key, "{vendor:?} {code:?} {status:?}");
    }
    assert_eq!(find(CometChat, "row.missing", None).vendor, Some(CometChat));
    assert_eq!(find(Genuin, "row.missing", None).vendor, None);
}

#[test]
fn operations_can_differ() {
    let entry = find(Vendor::CometChat, "ERR_GUID_NOT_FOUND", None);
    assert_eq!(entry.class_in("delete_group"), ErrorClass::AlreadyDone);
    assert_eq!(entry.class_in("get_group"), ErrorClass::NotFound);
}
