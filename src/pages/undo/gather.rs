//! Finds the changes that the address of the page names: in the runs of this device, or else in its activity.

use std::collections::BTreeMap;
use std::sync::Arc;

use browser::storage::StorageError;
use domain::receipt::ReceiptRow;
use domain::{Connection, ConnectionId, Millis, Person, PersonKey, PlanId, Receipt, Vendor, order, plain};
use ledger_worker::LedgerFilter;
use ledger_worker::message::{LedgerAnswer, LedgerPart, LedgerQuestion, LedgerRow};
use leptos::prelude::*;
use review::{ChainChange, ChainEvent};

use super::changes::{Changes, Source, Staying, ToUndo, WhyStays, is_done};
use crate::state::ledger::{ChainReader, ReadingError, author, ledger};
use crate::state::runs::{RunSummary, Runs};
use crate::state::session::Session;
use crate::state::undoing::{ChosenChanges, chosen, entry_at_hand};

/// Most entries of a run that was deleted.
const MAX_ENTRIES: usize = 100_000;

/// What the address names.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wanted {
    pub(super) runs: Vec<PlanId>,
    pub(super) entries: Vec<String>,
    /// The key of a choice that is in the memory of this page.
    pub(super) chosen: String,
}

/// What was found.
#[derive(Clone, Debug)]
pub(super) enum Gathered {
    /// The address names nothing, or a choice that is no longer in memory.
    ChooseAgain,
    Found(Arc<Found>),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// The changes by connection, that of the last change first.
    pub(super) places: Vec<PlaceChanges>,
    /// How many entries were not found.
    pub(super) n_missing: usize,
    /// How many runs have not ended.
    pub(super) n_running: usize,
}

/// The changes made through a connection.
#[derive(Clone, Debug)]
pub(super) struct PlaceChanges {
    pub(super) id: ConnectionId,
    pub(super) vendor: Vendor,
    pub(super) name: Box<str>,
    pub(super) changes: Arc<Changes>,
    /// Whether changes come from entries alone, which do not say where their connection led.
    pub(super) is_place_unsure: bool,
}

impl PlaceChanges {
    /// The connection in the URL. A connection of a colleague may have the ID of one to another vendor here.
    pub(super) fn key(&self) -> String {
        [self.vendor.slug(), ":", self.id.as_str()].concat()
    }
}

/// A change, and where it was made.
struct Item {
    connection: (ConnectionId, Vendor, Box<str>),
    /// When its run ended, and its place among the changes of the run.
    at: (Millis, u64),
    run: PlanId,
    source: Source,
    row: ToUndo,
    is_recorded: bool,
}

/// A run of this device.
#[derive(Clone)]
struct OwnRun {
    summary: RunSummary,
    receipt: Arc<Receipt>,
    /// The rows that were done, as entries name them.
    rows: Arc<BTreeMap<String, usize>>,
}

struct Gathering {
    session: Session,
    runs: Runs,
    reader: Option<ChainReader>,
    own: BTreeMap<PlanId, Option<OwnRun>>,
    items: Vec<Item>,
    found: Found,
}

/// Finds the changes.
///
/// # Errors
/// If runs or the activity cannot be read.
pub(super) async fn gather(session: Session, runs: Runs, wanted: &Wanted) -> Result<Gathered, ReadingError> {
    let mut gathering = Gathering {
        session,
        runs,
        reader: None,
        own: BTreeMap::new(),
        items: Vec::new(),
        found: Found::default(),
    };
    let chosen = chosen(&wanted.chosen);
    let (ids, keys) = match chosen.as_deref() {
        None => (order::distinct(wanted.runs.iter()), order::distinct(wanted.entries.iter())),
        Some(ChosenChanges::Runs(ids)) => (ids.iter().collect(), Vec::new()),
        Some(ChosenChanges::Entries(entries)) => {
            for (_, row) in entries {
                gathering.take_entry(row).await?;
            }
            return Ok(gathering.finish());
        }
    };
    if ids.is_empty() && keys.is_empty() {
        return Ok(Gathered::ChooseAgain);
    }
    for id in &ids {
        gathering.take_run(id).await?;
    }
    for key in keys {
        match gathering.entry(key).await? {
            Some(row) => match &row.event {
                ChainEvent::Changed(change) if ids.contains(&&change.run) => {}
                _ => gathering.take_entry(&row).await?,
            },
            None => gathering.found.n_missing += 1,
        }
    }
    Ok(gathering.finish())
}

impl Gathering {
    /// Takes all changes of a run: from its results, or if it was deleted, from its entries.
    async fn take_run(&mut self, id: &PlanId) -> Result<(), ReadingError> {
        if let Some(run) = self.own_run(id).await? {
            if !run.summary.is_over() {
                self.found.n_running += 1;
                return Ok(());
            }
            for idx in run.rows.values() {
                self.take_row(&run, *idx);
            }
            return Ok(());
        }
        let entries = self.entries_of(id).await?;
        if entries.is_empty() {
            self.found.n_missing += 1;
        }
        for row in &entries {
            self.take_recorded(row);
        }
        Ok(())
    }

    /// Takes the change of an entry: from its run, or if it is not here, as it is recorded.
    async fn take_entry(&mut self, row: &LedgerRow) -> Result<(), ReadingError> {
        let ChainEvent::Changed(change) = &row.event else {
            self.found.n_missing += 1;
            return Ok(());
        };
        let own = if row.owner.is_none() { self.own_run(&change.run).await? } else { None };
        let place = own.as_ref().and_then(|run| {
            let person = row.person.as_ref()?;
            let group = change.group.as_ref().map(|group| group.as_str());
            run.rows.get(&row_name(&change.operation, group.unwrap_or_default(), &person.key)).copied()
        });
        match (own, place) {
            (Some(run), _) if !run.summary.is_over() => self.found.n_running = self.found.n_running.max(1),
            (Some(run), Some(idx)) => self.take_row(&run, idx),
            _ => self.take_recorded(row),
        }
        Ok(())
    }

    fn take_row(&mut self, run: &OwnRun, idx: usize) {
        let OwnRun { summary, receipt, .. } = run;
        let row = receipt.rows[idx].clone();
        let leads_elsewhere = |connection: &Arc<Connection>| {
            (summary.target.vendor, &summary.target.base_url) != (connection.vendor, &connection.base_url)
        };
        let row = if self.session.connection_now(&summary.connection).as_ref().is_some_and(leads_elsewhere) {
            let (before, after) = (row.change.before, row.change.after());
            let person = row.change.person;
            ToUndo::Stays(Box::new(Staying { person, before, after, why: WhyStays::Moved }))
        } else {
            ToUndo::Known(row)
        };
        let name = (*summary.connection_name).into();
        self.items.push(Item {
            connection: (summary.connection.clone(), summary.vendor, name),
            at: (summary.last_at, idx as u64),
            run: summary.id.clone(),
            source: Source {
                at: summary.last_at,
                run: Some((summary.title.clone(), summary.tally)),
                by: None,
            },
            row,
            is_recorded: false,
        });
    }

    /// Takes a change as its entry records it.
    fn take_recorded(&mut self, row: &LedgerRow) {
        let ChainEvent::Changed(change) = &row.event else { return };
        let ChainChange { place, before, after, .. } = &**change;
        let recorded = row.person.as_ref().and_then(|person| change.recorded(person));
        let stays = || {
            let why = if row.is_redacted { WhyStays::PersonDeleted } else { WhyStays::RunDeleted };
            let person = match &row.person {
                Some(person) => Person { key: person.key.clone(), name: person.name.clone() },
                None => Person::by_id("–"),
            };
            ToUndo::Stays(Box::new(Staying { person, before: *before, after: *after, why }))
        };
        let is_recorded = recorded.is_some();
        let by = row.owner.is_some().then(|| author(&row.by.name, row.by.key).into());
        self.items.push(Item {
            connection: (ConnectionId::new(&*place.id), place.vendor, place.name.clone()),
            at: (row.at, row.seq),
            run: change.run.clone(),
            source: Source { at: row.at, run: None, by },
            row: recorded.map_or_else(stays, ToUndo::Known),
            is_recorded,
        });
    }

    /// A run of this device; `None` if it was deleted, or its connection was.
    async fn own_run(&mut self, id: &PlanId) -> Result<Option<OwnRun>, ReadingError> {
        if let Some(known) = self.own.get(id) {
            return Ok(known.clone());
        }
        let summary = untrack(|| self.runs.summary(id));
        let own = match summary {
            None => None,
            Some(summary) => match self.runs.results(id).await {
                Ok((receipt, _)) => Some(OwnRun::new(summary, receipt)),
                Err(StorageError::Missing) => None,
                Err(error) => return Err(error.into()),
            },
        };
        self.own.insert(id.clone(), own.clone());
        Ok(own)
    }

    /// An entry by its key in the URL: as it was chosen, or else of this device.
    async fn entry(&mut self, key: &str) -> Result<Option<LedgerRow>, ReadingError> {
        if let Some(row) = entry_at_hand(key) {
            return Ok(Some(row));
        }
        match self.reader().await?.ask(&LedgerQuestion::Entry(key.into())).await? {
            LedgerAnswer::Entry(row) => Ok(row.map(|row| *row)),
            _ => Err(ReadingError::Worker),
        }
    }

    /// The entries of this device that say what a run changed.
    async fn entries_of(&mut self, id: &PlanId) -> Result<Vec<LedgerRow>, ReadingError> {
        let filter = LedgerFilter {
            outcomes: vec!["done".into()],
            events: vec!["changed".into()],
            run: Some(id.clone()),
            ..LedgerFilter::default()
        };
        let all = LedgerPart { filter, from: 0, to: MAX_ENTRIES };
        let LedgerAnswer::Shown(shown) = self.reader().await?.ask(&LedgerQuestion::Show(all)).await? else {
            return Err(ReadingError::Worker);
        };
        Ok(shown.rows)
    }

    async fn reader(&mut self) -> Result<ChainReader, ReadingError> {
        if let Some(reader) = &self.reader {
            return Ok(reader.clone());
        }
        let reader = ChainReader::new(ledger(), self.session);
        reader.refresh().await?;
        self.reader = Some(reader.clone());
        Ok(reader)
    }

    /// The changes by connection, the oldest first.
    fn finish(mut self) -> Gathered {
        order::sort_by(&mut self.items, |one, other| (one.at, &one.run).cmp(&(other.at, &other.run)));
        // Each with the time of its newest change.
        let mut places: BTreeMap<(ConnectionId, Vendor), ((Millis, u64), PlaceChanges)> = BTreeMap::new();
        let mut sources: BTreeMap<(PlanId, Millis, Option<Box<str>>), u32> = BTreeMap::new();
        for Item { connection: (id, vendor, name), at, run, source, row, is_recorded } in self.items {
            let (newest, place) = places.entry((id.clone(), vendor)).or_insert_with(|| {
                (at, PlaceChanges { id, vendor, name, changes: Arc::default(), is_place_unsure: false })
            });
            *newest = at;
            place.is_place_unsure |= is_recorded;
            let changes = Arc::make_mut(&mut place.changes);
            let idx = *sources.entry((run, source.at, source.by.clone())).or_insert_with(|| {
                changes.sources.push(source);
                changes.sources.len() as u32 - 1
            });
            changes.source_of.push(idx);
            changes.rows.push(row);
        }
        let mut all: Vec<_> = places.into_values().collect();
        order::sort_by(&mut all, |(one, _), (other, _)| other.cmp(one));
        self.found.places = all.into_iter().map(|(_, place)| place).collect();
        Gathered::Found(Arc::new(self.found))
    }
}

impl OwnRun {
    fn new(summary: RunSummary, receipt: Receipt) -> Self {
        let name = |row: &ReceiptRow| {
            let change = &row.change;
            let group = change.operation.group().map(|group| plain::escaped(group.as_str()));
            row_name(change.operation.name(), &group.unwrap_or_default(), &change.person.key)
        };
        let done = receipt.rows.iter().enumerate().filter(|(_, row)| is_done(row));
        let rows = done.map(|(idx, row)| (name(row), idx)).collect();
        Self { summary, receipt: Arc::new(receipt), rows: Arc::new(rows) }
    }
}

/// What tells a row from others of its run, in entries as well.
fn row_name(operation: &str, group: &str, key: &PersonKey) -> String {
    [operation, "\n", group, "\n", key.kind(), "\n", &plain::escaped(key.as_str())].concat()
}
