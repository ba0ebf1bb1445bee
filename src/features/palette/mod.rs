//! The command palette: finds pages, connections, groups, people, runs and actions by their names. And the list of
//! shortcuts.

mod actions;
mod entries;
mod keys;
mod shortcut_list;

use domain::finder::{Findable, FoundGroup};
use leptos::prelude::*;

use self::actions::Doer;
use self::entries::{Entry, Kind, Sources};
use crate::shell::shortcuts::Shortcuts;
use browser::search::words_for;
use i18n::{format_number, text};
use ui::{Palette, PaletteGroup, PaletteOption};

/// Most results that are listed of a kind.
const MOST: usize = 6;
/// How many choices are remembered, until the page is closed: they can be names of people.
const N_RECENT: usize = 5;

/// Draws both dialogs, closed, and listens to the keys that open them.
pub fn dialogs(shortcuts: Shortcuts) -> AnyView {
    keys::listen(shortcuts);
    view! {
        {palette(shortcuts)}
        {shortcut_list::shortcut_list(shortcuts)}
    }
    .into_any()
}

fn palette(shortcuts: Shortcuts) -> AnyView {
    let open = shortcuts.is_palette_open;
    let (sources, doer) = (Sources::new(), Doer::new(shortcuts));
    let query = RwSignal::new(String::new());
    let recent = RwSignal::new(Vec::<Box<str>>::new());
    // Collected when the palette opens, and when connections, keys or runs change meanwhile.
    let entries = Memo::new(move |_| if open.get() { sources.entries() } else { Vec::new() });
    let found = Memo::new(move |_| {
        let search = words_for(&query.get());
        entries.with(|entries| {
            let items: Vec<&Findable> = entries.iter().map(|entry| &entry.item).collect();
            search.find(&items, &recent.get(), MOST)
        })
    });
    let groups = Signal::derive(move || {
        entries.with(|entries| found.with(|found| found.iter().map(|found| shown(entries, found)).collect()))
    });
    let status = move || {
        let typed = query.get();
        let n_found = found.with(|found| found.iter().map(|found| found.n_all).sum());
        match n_found {
            _ if words_for(&typed).is_empty() => text::palette_hint(),
            0 => text::palette_none(typed.trim()),
            n_found => text::palette_results(n_found),
        }
    };
    let choose = move |key: String| {
        let chosen =
            untrack(|| entries.with(|entries| entries.iter().find(|entry| *entry.item.key == *key).cloned()));
        if let Some(entry) = chosen {
            recent.update(|recent| remember(recent, entry.item.key));
            doer.act(entry.act);
        }
    };
    view! {
        <Palette
            label=text::palette_label
            open=open
            query=query
            groups=groups
            status=Signal::derive(status)
            on_choose=Callback::new(choose)
        />
    }
    .into_any()
}

fn remember(recent: &mut Vec<Box<str>>, key: Box<str>) {
    recent.retain(|known| *known != key);
    recent.insert(0, key);
    recent.truncate(N_RECENT);
}

fn shown(entries: &[Entry], found: &FoundGroup) -> PaletteGroup {
    let title = match found.group {
        None => text::palette_recent(),
        Some(group) => Kind::ALL[group].title(),
    };
    let total = format_number(found.n_all as f64);
    let count = if found.n_all > found.places.len() {
        text::palette_count(text::PaletteCount {
            shown: &format_number(found.places.len() as f64),
            total: &total,
        })
    } else {
        total
    };
    let option = |place: &usize| {
        let entry = &entries[*place];
        PaletteOption {
            key: entry.item.key.to_string(),
            name: entry.item.name.to_string(),
            is_data: entry.is_data,
            meta: entry.meta.clone(),
            mark: entry.mark,
        }
    };
    PaletteGroup { title, count, options: found.places.iter().map(option).collect() }
}
