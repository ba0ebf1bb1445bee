//! `/activity`: the ledger of this device.

mod chart_tables;
mod chart_words;
mod charts;
mod days;
mod deleting;
mod details;
mod entries;
mod entry_words;
mod export;
mod filters;
mod joining;
mod list;
mod selecting;
mod signed_state;
mod standing;
mod summary;

pub use summary::{Charting, provide_charting};

pub use deleting::{Deleting, provide_deleting};

use leptos::prelude::*;

use crate::features::results::under_way::under_way;
use crate::routing::paths;
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::runs::use_runs;
use entries::{Entries, Reading};
use filters::Filters;
use i18n::text;
use ui::{Variant, empty_state, link_button};

/// The ledger of this device.
#[component]
pub fn ActivityPage() -> impl IntoView {
    use_title(text::activity_title);
    let runs = use_runs();
    let state = RwSignal::new(None);
    let filters = Filters::of_page(state.into());
    let entries = Entries::new(Memo::new(move |_| filters.get()));
    // What can be filtered by stays while entries are verified again.
    ui::effect(move || {
        if let Some(read) = entries.state() {
            state.set(Some(read));
        }
    });
    let is_listed = Memo::new(move |_| state.with(Option::is_some));
    let is_empty = Memo::new(move |_| entries.reading() == Reading::Empty && !is_listed.get());
    let body = move || {
        if is_empty.get() {
            let go =
                link_button(paths::overview(), text::activity_empty_action, Variant::Plain, false, "house");
            let empty =
                empty_state("scroll-text", text::activity_empty_title(), text::ledger_empty_body(), Some(go));
            return view! { <div class="card">{empty}</div> }.into_any();
        }
        is_listed.get().then(|| list::list(entries, filters)).into_any()
    };
    view! {
        {page_head(
            None,
            Vec::new(),
            Signal::derive(text::activity_title),
            Signal::derive(text::ledger_sub),
            Some(export::buttons(entries)),
        )}
        <div class="stack">
            {under_way(runs)} {standing::notices(entries)} {body}
            {move || is_listed.get().then(|| signed_state::card(entries, runs.session()))}
            {move || is_listed.get().then(|| deleting::retention_card(entries))}
        </div>
    }
    .into_any()
}
