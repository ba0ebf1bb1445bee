//! Keys that earlier releases kept in a tab's `sessionStorage`. Browsers write that to files and leave it there long
//! after the tab is gone, where sealing does not help: what would open it again after a reload has to be in a
//! file as well. So nothing is kept there any more, and what is there is erased.

use leptos::prelude::window;

const PREFIX: &str = "muster.key.";

/// Erases every key of an earlier release.
pub(super) fn clear() {
    let Ok(Some(storage)) = window().session_storage() else { return };
    let n_items = storage.length().unwrap_or_default();
    let names: Vec<String> = (0..n_items).filter_map(|n| storage.key(n).ok().flatten()).collect();
    for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
        // Refused only where nothing could be kept either.
        let _ = storage.remove_item(name);
    }
}
