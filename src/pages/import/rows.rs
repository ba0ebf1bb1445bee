//! Rows of the file, asked for again when something changes.

use import_worker::message::MAX_SHOWN;
use import_worker::{ImportRow, RowFilter};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::importing::Importing;
use ui::effect;

/// The rows that a filter takes, after skipping the first ones; `None` until they are here.
pub(super) fn rows(
    importing: Importing,
    filter: Signal<RowFilter>,
    skip: Signal<usize>,
    most: Signal<usize>,
) -> RwSignal<Option<Vec<ImportRow>>> {
    let rows = RwSignal::new(None);
    effect(move || {
        importing.n_changes.track();
        let (filter, skip, most) = (filter.get(), skip.get(), most.get());
        if !importing.is_open() {
            return;
        }
        spawn_local(async move {
            // The worker answers in order, so an older answer never comes last.
            if let Some(found) = importing.rows(filter, skip, most, MAX_SHOWN).await {
                let _ = rows.try_set(Some(found));
            }
        });
    });
    rows
}
