//! The changes that are chosen to be undone together. The address of the page that undoes them names a few; more of them
//! stay in the memory of this page, and so do the entries of colleagues, which this device does not store.

use std::cell::RefCell;
use std::sync::Arc;

use domain::PlanId;
use ledger_worker::message::LedgerRow;

use crate::routing::paths;
use browser::random;

/// Most runs or entries that an address names.
const MAX_IN_ADDRESS: usize = 20;

/// What was chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum ChosenChanges {
    /// All changes of these runs.
    Runs(Vec<PlanId>),
    /// Entries of the activity, by their keys in the URL.
    Entries(Vec<(Box<str>, LedgerRow)>),
}

thread_local! {
    /// What was chosen last, with its key in the URL.
    static CHOSEN: RefCell<Option<(String, Arc<ChosenChanges>)>> = const { RefCell::new(None) };
}

/// Chooses the changes of runs. Returns the address of the page that undoes them.
pub fn choose_runs(runs: Vec<PlanId>) -> String {
    let address = (runs.len() <= MAX_IN_ADDRESS).then(|| paths::undo_runs(runs.iter().map(PlanId::as_str)));
    keep(ChosenChanges::Runs(runs), address)
}

/// Chooses entries. Returns the address of the page that undoes them.
pub fn choose_entries(entries: Vec<(Box<str>, LedgerRow)>) -> String {
    let is_short = entries.len() <= MAX_IN_ADDRESS;
    let address = is_short.then(|| paths::undo_entries(entries.iter().map(|(key, _)| &**key)));
    keep(ChosenChanges::Entries(entries), address)
}

fn keep(chosen: ChosenChanges, address: Option<String>) -> String {
    let key = random::bits().to_string();
    let address = address.unwrap_or_else(|| paths::undo_chosen(&key));
    CHOSEN.set(Some((key, Arc::new(chosen))));
    address
}

/// What was chosen under a key in the URL; `None` after a reload, or once something else was chosen.
pub fn chosen(key: &str) -> Option<Arc<ChosenChanges>> {
    let is_it = |(own, chosen): &(String, Arc<ChosenChanges>)| (own == key).then(|| Arc::clone(chosen));
    CHOSEN.with_borrow(|chosen| chosen.as_ref().and_then(is_it))
}

/// An entry of the last choice, by its key in the URL.
pub fn entry_at_hand(key: &str) -> Option<LedgerRow> {
    CHOSEN.with_borrow(|chosen| match &**chosen.as_ref().map(|(_, chosen)| chosen)? {
        ChosenChanges::Entries(entries) => {
            entries.iter().find(|(own, _)| **own == *key).map(|(_, row)| row.clone())
        }
        ChosenChanges::Runs(_) => None,
    })
}
