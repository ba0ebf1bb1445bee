//! What a run becomes in the ledger.

use std::borrow::Cow;

use domain::receipt::ReceiptRow;
use domain::{Approval, GroupId, Outcome, PersonKey, Receipt, Title, TitlePlace, plain};
use review::{ChainChange, ChainEvent, ChainPlace, Digest, PersonalData};

use crate::state::runs::RunSummary;

/// An event, and whom it is about, without the salt.
pub(super) type EventAbout = (ChainEvent, Option<About>);

/// Whom a change is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    key: PersonKey,
    name: Option<Box<str>>,
    message: Option<Box<str>>,
}

impl About {
    /// The personal data of an entry. `salt` is used once.
    pub(super) fn salted(self, salt: [u8; 16]) -> PersonalData {
        PersonalData::new(salt, self.key, self.name, self.message)
    }
}

/// Why changes were made, and who approved them.
#[derive(Clone, Debug, Default)]
struct Grounds {
    why: Box<str>,
    request: Option<Digest>,
    decisions: Vec<Digest>,
}

/// The grounds of a run: those of its review, if it had one.
fn grounds(approval: Option<&Approval>) -> Grounds {
    let Some(Approval { request, decisions, why }) = approval else { return Grounds::default() };
    Grounds {
        why: why.clone(),
        request: Digest::parse(request).ok(),
        decisions: decisions.iter().filter_map(|decision| Digest::parse(decision).ok()).collect(),
    }
}

/// A mark for a row of a receipt, which changes when the row is sent again or its outcome is found out. Empty while it
/// waits.
pub(super) fn mark(row: &ReceiptRow) -> Box<str> {
    let Some(outcome) = &row.outcome else { return "".into() };
    let call = row.batch.map(|batch| batch.0.to_string()).unwrap_or_default();
    [outcome.verdict().slug(), " ", &call].concat().into()
}

/// The events of a run that has ended: a change for each row whose mark is new, and the end.
pub(super) fn events(
    run: &RunSummary,
    receipt: &Receipt,
    approval: Option<&Approval>,
    logged: &[Box<str>],
) -> Vec<EventAbout> {
    let place = place(run);
    let grounds = grounds(approval);
    let is_new = |(idx, row): &(usize, &ReceiptRow)| {
        row.outcome.is_some() && logged.get(*idx).is_none_or(|logged| *logged != mark(row))
    };
    let changes = receipt.rows.iter().enumerate().filter(is_new);
    let mut events: Vec<_> = changes.filter_map(|(_, row)| changed(run, row, &place, &grounds)).collect();
    let ended = ChainEvent::Ended {
        place,
        run: run.id.clone(),
        title: plain_title(&run.title),
        tally: run.tally,
        is_stopped: run.status == domain::Status::Stopped,
    };
    events.push((ended, None));
    events
}

fn changed(run: &RunSummary, row: &ReceiptRow, place: &ChainPlace, grounds: &Grounds) -> Option<EventAbout> {
    let (change, outcome) = (&row.change, row.outcome.as_ref()?);
    let error = outcome.error();
    let event = ChainEvent::Changed(Box::new(ChainChange {
        place: place.clone(),
        run: run.id.clone(),
        operation: change.operation.name().into(),
        group: change.operation.group().map(|group| GroupId::new(escaped(group.as_str()))),
        before: change.before,
        after: change.after(),
        outcome: Outcome::verdict(outcome),
        code: error.map(|error| plain::name(&error.code).into()),
        why: plain::prose(&grounds.why).into(),
        request: grounds.request,
        decisions: grounds.decisions.clone(),
    }));
    let message = error.and_then(|error| error.message.clone());
    Some((
        event,
        Some(About { key: plain_key(&change.person.key), name: change.person.name.clone(), message }),
    ))
}

fn place(run: &RunSummary) -> ChainPlace {
    ChainPlace {
        vendor: run.vendor,
        id: escaped(run.connection.as_str()).into(),
        name: plain::name(&run.connection_name).into(),
    }
}

fn plain_title(title: &Title) -> Title {
    let place = match &title.place {
        TitlePlace::Named(name) => TitlePlace::Named(plain::name(name).into()),
        other => other.clone(),
    };
    Title { place, ..title.clone() }
}

/// The key, which stays exact: hidden characters are written so that they show.
fn plain_key(key: &PersonKey) -> PersonKey {
    match key {
        PersonKey::Id(text) => PersonKey::Id(escaped(text).into()),
        PersonKey::Phone(text) => PersonKey::Phone(escaped(text).into()),
        PersonKey::Email(text) => PersonKey::Email(escaped(text).into()),
        PersonKey::Group(text) => PersonKey::Group(escaped(text).into()),
    }
}

fn escaped(text: &str) -> Cow<'_, str> {
    plain::escaped(text)
}
