//! Searches the entries by what was done, where, and to whom.

use domain::Search;
use leptos::prelude::untrack;

use crate::features::words;
use crate::state::activity::ActivityEntry;
use crate::state::runs::Runs;

/// Whether the search matches the entry's title or its connection or, if its run is in memory, a person or
/// group of it.
pub fn fits(runs: Runs, entry: &ActivityEntry, wanted: &Search) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let has = |text: &str| wanted.finds(text);
    let is_of_person = || {
        untrack(|| runs.loaded(&entry.plan).map(|run| run.receipt())).is_some_and(|receipt| {
            receipt.rows.iter().any(|row| {
                let group = row.change.operation.group().map(domain::GroupId::as_str).unwrap_or_default();
                has(row.change.person.label()) || has(row.change.person.key.as_str()) || has(group)
            })
        })
    };
    has(&words::of_entry(entry)) || has(&entry.connection_name) || has(entry.vendor.name()) || is_of_person()
}
