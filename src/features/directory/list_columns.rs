//! Which columns of a list are shown, and in which order, kept on this device, and the button that changes it.

use browser::local_storage;
use i18n::text;
use leptos::prelude::*;
use ui::{Checkbox, Column, ColumnChoice, GridColumns, GridOptions, Segment, Segments, effect_after};

use super::grouping::Grouping;
use crate::shell::preferences::{Density, Preferences};

/// The `localStorage` keys begin with it.
const PREFIX: &str = "muster.columns.";

/// The columns of a list as they were chosen on this device.
pub fn list_columns(list: &str, columns: Vec<Column>) -> GridColumns {
    let key = [PREFIX, list].concat();
    let stored = local_storage().and_then(|storage| storage.get_item(&key).ok().flatten());
    let columns = GridColumns::new(columns, ColumnChoice::read(&stored.unwrap_or_default()));
    effect_after(move |before: Option<String>| {
        let now = columns.choice().to_string();
        if before.is_some_and(|before| before != now)
            && let Some(storage) = local_storage()
        {
            // Private windows may refuse to store: then the choice lasts as long as the page.
            let _ = if now.is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, &now) };
        }
        now
    });
    columns
}

/// Forgets the columns of all lists.
pub fn forget() {
    let Some(storage) = local_storage() else { return };
    let n_keys = storage.length().unwrap_or_default();
    let keys: Vec<String> = (0..n_keys).filter_map(|idx| storage.key(idx).ok().flatten()).collect();
    for key in keys.iter().filter(|key| key.starts_with(PREFIX)) {
        // Without storage nothing is there.
        let _ = storage.remove_item(key);
    }
}

/// The button that opens the view of a list: its columns, and the density and the pages of all lists.
pub fn view_button(columns: GridColumns) -> AnyView {
    view_of(columns, None)
}

/// The button that opens the view of a list of people, which can also be grouped.
pub fn people_view_button(columns: GridColumns, grouping: Grouping) -> AnyView {
    view_of(columns, Some(Callback::new(move |()| grouping.field())))
}

/// `own` is what only this list has.
fn view_of(columns: GridColumns, own: Option<Callback<(), AnyView>>) -> AnyView {
    let Preferences { density, paged_lists, .. } = expect_context();
    view! {
        <GridOptions columns=columns>
            {own.map(|own| own.run(()))} <p class="label">{text::settings_all_lists}</p>
            <Segments legend=text::settings_density value=density segments=densities() />
            {paging(paged_lists)}
        </GridOptions>
    }
    .into_any()
}

/// The densities to choose from.
pub fn densities() -> Vec<Segment<Density>> {
    vec![
        Segment::new(Density::Comfortable, text::settings_density_comfortable),
        Segment::new(Density::Compact, text::settings_density_compact),
    ]
}

/// The checkbox that shows long lists in pages.
pub fn paging(paged_lists: RwSignal<bool>) -> AnyView {
    view! { <Checkbox label=text::settings_pages help=text::settings_pages_help checked=paged_lists /> }
        .into_any()
}
