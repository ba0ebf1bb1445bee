//! Which entries are selected, and undoing those of them that are changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::outcome::Verdict;
use ledger_worker::message::{LedgerRow, SeenEntry};
use leptos::prelude::*;
use leptos::task::spawn_local;
use review::ChainEvent;

use super::entries::{Entries, key_of};
use super::entry_words::event_name;
use crate::features::directory::selection_bar::bar_of;
use crate::routing::use_go;
use crate::state::undoing::choose_entries;
use i18n::{format_number, text};
use ui::{Button, GridSelection, Latest, SelectedAll, effect, toast};

/// Most entries that are selected at once.
const MAX_SELECTED: usize = 20_000;

/// The selected entries, by their keys. Copies share state.
#[derive(Clone, Copy)]
pub(super) struct Selecting {
    entries: Entries,
    rows: RwSignal<BTreeMap<Box<str>, LedgerRow>>,
    /// The entry at which ranges start, and its place then.
    start: StoredValue<Option<(usize, SeenEntry)>>,
    /// Whether all entries that the filter takes were selected at once.
    is_all: RwSignal<bool>,
    /// What was chosen: an answer to an earlier question selects nothing.
    choices: Latest,
}

impl Selecting {
    pub(super) fn new(entries: Entries) -> Self {
        let selecting = Self {
            entries,
            rows: RwSignal::default(),
            start: StoredValue::new(None),
            is_all: RwSignal::new(false),
            choices: Latest::new(),
        };
        let filter = entries.filter();
        effect(move || {
            filter.track();
            selecting.choices.begin();
            selecting.is_all.set(false);
        });
        selecting
    }

    /// What the grid has to know.
    pub(super) fn of_grid(self) -> GridSelection {
        let Self { entries, rows, is_all, .. } = self;
        let key_at = move |place| entries.row(place).map(|row| Box::from(key_of(&row)));
        let is_selected = move |place| {
            // The row changes with the entries that are here.
            let is_here = entries.version(place).is_some();
            rows.with(|rows| is_here && key_at(place).is_some_and(|key: Box<str>| rows.contains_key(&key)))
        };
        let toggle = move |place| {
            let Some(row) = entries.row(place) else { return };
            let key = Box::from(key_of(&row));
            rows.update(|rows| {
                if rows.remove(&key).is_none() {
                    rows.insert(key, row);
                }
            });
            is_all.set(false);
        };
        let all = Memo::new(move |_| match rows.with(BTreeMap::is_empty) {
            true => SelectedAll::None,
            false if is_all.get() => SelectedAll::All,
            false => SelectedAll::Some,
        });
        let name = move |place| entries.row(place).map(|row| label(&row)).unwrap_or_default();
        GridSelection {
            is_selected: Arc::new(is_selected),
            all: all.into(),
            on_toggle: Callback::new(toggle),
            on_start: Some(Callback::new(move |place| self.start.set_value(Some((place, self.seen(place)))))),
            on_range: Callback::new(move |range| self.select_range(range)),
            on_all: Callback::new(move |is_on| {
                let ends = [0, usize::MAX].map(SeenEntry::Place);
                if is_on { self.add(ends, true) } else { self.clear() }
            }),
            row_label: Arc::new(name),
        }
    }

    /// The entry in a row, as the user sees it.
    fn seen(self, place: usize) -> SeenEntry {
        self.entries.row(place).map_or(SeenEntry::Place(place), |row| SeenEntry::Hash(row.hash))
    }

    /// Selects the entries between two rows as they were seen: a run that ends moves all of them down.
    fn select_range(self, (from, to): (usize, usize)) {
        let (place, start) = self.start.get_value().unwrap_or((from, SeenEntry::Place(from)));
        let end = if place == from { to } else { from };
        self.add([start, self.seen(end)], false);
    }

    /// Selects the entries between two, also those that are not here.
    fn add(self, ends: [SeenEntry; 2], is_all: bool) {
        let choice = self.choices.begin();
        spawn_local(async move {
            // One more than is selected shows that there are more.
            let found = self.entries.range(ends, MAX_SELECTED + 1).await;
            if !choice.is_latest() {
                return;
            }
            let Ok(mut found) = found else { return toast(text::ledger_failed_worker(), None) };
            let is_cut = found.len() > MAX_SELECTED;
            found.truncate(MAX_SELECTED);
            self.rows.update(|rows| rows.extend(found.into_iter().map(|row| (key_of(&row).into(), row))));
            self.is_all.set(is_all && !is_cut);
            if is_cut {
                toast(text::undo_selected_most(&format_number(MAX_SELECTED as f64)), None);
            }
        });
    }

    fn clear(self) {
        self.choices.begin();
        self.rows.update(BTreeMap::clear);
        self.is_all.set(false);
    }

    /// The bar, while entries are selected.
    pub(super) fn bar(self) -> AnyView {
        let go = use_go();
        let counts = Memo::new(move |_| {
            self.rows.with(|rows| (rows.len(), rows.values().filter(|row| is_undoable(row)).count()))
        });
        let undo = Callback::new(move |()| {
            let chosen = self.rows.with_untracked(|rows| {
                let changes = rows.iter().filter(|(_, row)| is_undoable(row));
                changes.map(|(key, row)| (key.clone(), row.clone())).collect()
            });
            go(&choose_entries(chosen));
        });
        let reason = move || (counts.get().1 == 0).then(text::undo_none_done);
        let actions = move || {
            view! {
                <Button
                    label=move || text::undo_entries(counts.get().1)
                    small=true
                    icon="undo-2"
                    disabled_reason=Signal::derive(reason)
                    on_press=move || undo.run(())
                />
            }
            .into_any()
        };
        bar_of(Signal::derive(move || counts.get().0), actions, Callback::new(move |()| self.clear()))
    }
}

/// Whether an entry is a change that was made.
fn is_undoable(row: &LedgerRow) -> bool {
    matches!(&row.event, ChainEvent::Changed(change) if change.outcome == Verdict::Done)
}

/// The name of an entry, for its checkbox.
fn label(row: &LedgerRow) -> String {
    let person = row.person.as_ref().map(|person| person.name.as_deref().unwrap_or(person.key.as_str()));
    person.map_or_else(|| event_name(row.event.name()), str::to_owned)
}

/// The link that undoes the change of an entry, if it was made.
pub(super) fn undo_one(row: &LedgerRow) -> Option<AnyView> {
    is_undoable(row).then(|| {
        let row = row.clone();
        let go = use_go();
        let undo = move || go(&choose_entries(vec![(key_of(&row).into(), row.clone())]));
        view! { <Button label=text::undo_one icon="undo-2" small=true on_press=undo /> }.into_any()
    })
}
