//! Erases keys that earlier releases kept in `sessionStorage`. Browsers write it to disk and leave it there
//! long after the tab is closed. Sealing would not help: whatever opens the keys after a reload would have to
//! be on disk too.

use leptos::prelude::window;

const PREFIX: &str = "muster.key.";

pub(super) fn clear() {
    let Ok(Some(storage)) = window().session_storage() else { return };
    let n_items = storage.length().unwrap_or_default();
    let names: Vec<String> = (0..n_items).filter_map(|n| storage.key(n).ok().flatten()).collect();
    for name in names.iter().filter(|name| name.starts_with(PREFIX)) {
        // Fails only where nothing could be stored either.
        let _ = storage.remove_item(name);
    }
}
