//! Who has to approve changes before they are sent.

use serde_json::Value;

use crate::problem::Reason;
use crate::read::{Fields, Reader};

/// Maximum number of approvers, and of required approvals.
const MAX_APPROVERS: u32 = 100;
const MAX_NAME: usize = 80;
/// The longest life of a request, in hours: 90 days.
const MAX_REQUEST_HOURS: u32 = 90 * 24;
/// The longest life of an approval, in hours: 7 days.
const MAX_APPROVAL_HOURS: u32 = 7 * 24;

const FIELDS: [&str; 6] =
    ["approvals", "approvers", "author_may_approve", "for", "request_hours", "approval_hours"];

/// The operator's rules for reviews, as data: `review::Policy` applies them. The default requires nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewRules {
    /// How many people have to approve a change; 0 for none, and then nothing else of a policy matters.
    pub approvals: u32,
    /// Those who may approve; empty for everyone whose key is trusted.
    pub approvers: Vec<Approver>,
    /// Whether the author's own approval counts.
    pub author_may_approve: bool,
    /// The kinds of changes that have to be approved, out of [`KINDS`](Self::KINDS); empty for all changes.
    pub kinds: Vec<&'static str>,
    /// Maximum life of a request, in hours.
    pub request_hours: Option<u32>,
    /// Maximum life of an approval, in hours.
    pub approval_hours: Option<u32>,
}

/// Someone who may approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approver {
    /// The person's name.
    pub name: Box<str>,
    /// The fingerprint of the person's key: a SHA-256 digest.
    pub key: [u8; 32],
}

impl ReviewRules {
    /// The values of `for`, those of `review::Danger`.
    pub const KINDS: [&str; 5] = ["admin", "ban", "deletion", "message", "moderator"];

    /// Reads the `reviews` object.
    pub(crate) fn read(reader: &mut Reader, fields: Fields<'_>) -> Self {
        let mut rules = Self::default();
        let Some(value) = fields.get("reviews") else { return rules };
        let path = fields.path_of("reviews");
        let Some(fields) = reader.object(&path, value, &FIELDS) else { return rules };
        // Required, so that nobody takes a list of approvers alone for a rule.
        if reader.required(fields, "approvals").is_some() {
            rules.approvals = reader.number(fields, "approvals", 0, MAX_APPROVERS).unwrap_or_default();
        }
        rules.approvers = approvers(reader, fields);
        // Those with mistakes included, which have reasons of their own.
        let listed = fields.get("approvers").and_then(Value::as_array).map_or(0, Vec::len) as u32;
        if listed > 0 && rules.approvals > listed {
            let needed = rules.approvals;
            reader.note(fields.path_of("approvals"), Reason::TooFewApprovers { needed, listed });
        }
        rules.author_may_approve = reader.flag(fields, "author_may_approve");
        rules.kinds = kinds(reader, fields);
        rules.request_hours = reader.number(fields, "request_hours", 1, MAX_REQUEST_HOURS);
        rules.approval_hours = reader.number(fields, "approval_hours", 1, MAX_APPROVAL_HOURS);
        rules
    }

    /// True if there are changes that cannot be sent without an approval.
    pub fn is_policy(&self) -> bool {
        self.approvals > 0
    }
}

/// The approvers, with neither a key nor a name twice: two keys would pass for two people.
fn approvers(reader: &mut Reader, fields: Fields<'_>) -> Vec<Approver> {
    let mut seen: Vec<(Approver, String)> = Vec::new();
    for (path, value) in list(reader, fields, "approvers", MAX_APPROVERS as usize) {
        let Some(fields) = reader.object(&path, value, &["name", "key"]) else { continue };
        let name = reader.required(fields, "name");
        let name = name.and_then(|value| reader.label(&fields.path_of("name"), value, MAX_NAME));
        let key = reader.required(fields, "key");
        let key = key.and_then(|value| fingerprint(reader, &fields.path_of("key"), value));
        let (Some(name), Some(key)) = (name, key) else { continue };
        if let Some((_, first)) = seen.iter().find(|(other, _)| other.key == key) {
            reader.note(fields.path_of("key"), Reason::Twice { first: format!("{first}.key") });
        }
        let is_same = |other: &Approver| other.name.to_lowercase() == name.to_lowercase();
        if let Some((_, first)) = seen.iter().find(|(other, _)| is_same(other)) {
            reader.note(fields.path_of("name"), Reason::Twice { first: format!("{first}.name") });
        }
        seen.push((Approver { name, key }, path));
    }
    seen.into_iter().map(|(approver, _)| approver).collect()
}

/// A list with its paths, which is not empty: that would read as nobody or nothing, and mean everyone or everything.
fn list<'a>(reader: &mut Reader, fields: Fields<'a>, field: &str, most: usize) -> Vec<(String, &'a Value)> {
    if fields.get(field).and_then(Value::as_array).is_some_and(Vec::is_empty) {
        reader.note(fields.path_of(field), Reason::NoEntries);
    }
    reader.list(fields, field, most)
}

fn fingerprint(reader: &mut Reader, path: &str, value: &Value) -> Option<[u8; 32]> {
    let digits = reader.text(path, value)?.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let mut key = [0; 32];
    let mut is_ok = digits.len() == 2 * key.len();
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        match (digit(pair[0]), digit(pair[1])) {
            (Some(high), Some(low)) => *byte = high << 4 | low,
            _ => is_ok = false,
        }
    }
    if !is_ok {
        reader.note(path, Reason::BadFingerprint);
    }
    is_ok.then_some(key)
}

fn kinds(reader: &mut Reader, fields: Fields<'_>) -> Vec<&'static str> {
    let mut seen: Vec<(&'static str, String)> = Vec::new();
    for (path, value) in list(reader, fields, "for", ReviewRules::KINDS.len()) {
        let Some(at) = reader.word(&path, value, &ReviewRules::KINDS) else { continue };
        let kind = ReviewRules::KINDS[at];
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == kind) {
            reader.note(&path, Reason::Twice { first: first.clone() });
        }
        seen.push((kind, path));
    }
    seen.into_iter().map(|(kind, _)| kind).collect()
}
