//! What was chosen for imported files with the same header, kept on this device: never a person, only headings and words.

use browser::local_storage;
use domain::list::ColumnKind;
use domain::{Connection, ConnectionId, Vendor};
use import_worker::{ImportChange, ImportSummary};
use serde::{Deserialize, Serialize};

/// The `localStorage` key.
const KEY: &str = "muster.imports";
/// Most headers that are remembered.
const MAX: usize = 20;

/// What was chosen for files with one header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Remembered {
    vendor: Vendor,
    headings: Vec<Box<str>>,
    columns: Vec<ColumnKind>,
    /// Meanings of words, and the country, as they were chosen.
    changes: Vec<Choice>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Choice {
    /// The connection whose ids it names; `None` for what holds for all of the vendor.
    connection: Option<ConnectionId>,
    change: ImportChange,
}

impl Choice {
    fn of(connection: &Connection, change: &ImportChange) -> Self {
        let names_id = matches!(change, ImportChange::Meaning { kind, .. } if *kind != ColumnKind::Scope);
        Self { connection: names_id.then(|| connection.id.clone()), change: change.clone() }
    }

    fn is_same_question(&self, other: &Self) -> bool {
        self.connection == other.connection && is_same_question(&self.change, &other.change)
    }
}

fn all() -> Vec<Remembered> {
    let stored = local_storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    // What another release wrote may not be readable: then nothing is remembered.
    stored.and_then(|stored| serde_json::from_str(&stored).ok()).unwrap_or_default()
}

/// Forgets everything.
pub fn forget() {
    if let Some(storage) = local_storage() {
        // Without storage nothing is there.
        let _ = storage.remove_item(KEY);
    }
}

fn headings(summary: &ImportSummary) -> Vec<Box<str>> {
    summary.columns.iter().map(|column| column.heading.clone()).collect()
}

fn kinds(summary: &ImportSummary) -> Vec<ColumnKind> {
    summary.columns.iter().map(|column| column.kind).collect()
}

/// What was chosen for such a file before, as far as it differs from what was recognised.
pub fn changes(connection: &Connection, summary: &ImportSummary) -> Vec<ImportChange> {
    if !summary.has_header {
        return Vec::new();
    }
    let headings = headings(summary);
    let found = all().into_iter().find(|own| own.vendor == connection.vendor && own.headings == headings);
    let Some(found) = found else { return Vec::new() };
    let mut changes = Vec::new();
    if found.columns != kinds(summary) {
        changes.push(ImportChange::Columns(found.columns));
    }
    let is_own = |own: &Choice| own.connection.as_ref().is_none_or(|id| *id == connection.id);
    changes.extend(found.changes.into_iter().filter(is_own).map(|own| own.change));
    changes
}

/// Remembers what was chosen for files with this header.
pub fn keep(connection: &Connection, summary: &ImportSummary, changes: &[ImportChange]) {
    let is_kept =
        |change: &&ImportChange| matches!(change, ImportChange::Meaning { .. } | ImportChange::Country(_));
    let is_mapping = |change: &ImportChange| matches!(change, ImportChange::Columns(_)) || is_kept(&change);
    if !summary.has_header || !changes.iter().any(is_mapping) {
        return;
    }
    let mut all = all();
    let headings = headings(summary);
    let vendor = connection.vendor;
    let place = all.iter().position(|own| own.vendor == vendor && own.headings == headings);
    let mut own = match place {
        Some(place) => all.remove(place),
        None => Remembered { vendor, headings, columns: Vec::new(), changes: Vec::new() },
    };
    own.columns = kinds(summary);
    for change in changes.iter().filter(is_kept) {
        let choice = Choice::of(connection, change);
        own.changes.retain(|before| !before.is_same_question(&choice));
        own.changes.push(choice);
    }
    all.insert(0, own);
    all.truncate(MAX);
    if let (Some(storage), Ok(text)) = (local_storage(), serde_json::to_string(&all)) {
        // Full or blocked: then it is asked again next time.
        let _ = storage.set_item(KEY, &text);
    }
}

fn is_same_question(one: &ImportChange, other: &ImportChange) -> bool {
    match (one, other) {
        (ImportChange::Country(_), ImportChange::Country(_)) => true,
        (
            ImportChange::Meaning { kind, word, .. },
            ImportChange::Meaning { kind: other_kind, word: other_word, .. },
        ) => kind == other_kind && word == other_word,
        _ => false,
    }
}
