//! The people of a long list as a table: whom the list names, with which scope, and what is wrong with a row. Fetched
//! with the engine: a short list needs no table.

use std::sync::Arc;

use domain::list::{EntryStatus, ListEntry};
use domain::order;
use domain::{ProblemCode, Vendor};
use leptos::prelude::*;

use super::row_states::{row_problem, state_filter};
use crate::features::words;
use crate::state::code::Code;
use crate::state::runs::fetched_engine;
use i18n::text;
use ui::{Button, Column, DrawRow, Grid, RowVersion, Selection, Tone, Variant, none_or};

const STATES: [EntryStatus; 3] = [EntryStatus::Refused, EntryStatus::Duplicate, EntryStatus::Usable];
const FILTERS: [Option<EntryStatus>; STATES.len() + 1] = none_or(STATES);

/// Draws the table of a list, for a vendor with or without scopes; the callback removes an entry.
type Draw = fn(Memo<Vec<ListEntry>>, Vendor, bool, Callback<usize>) -> AnyView;

thread_local! {
    static TABLE: Code<Draw> = const { Code::new() };
}

/// Makes the table drawable; what names it contains its code.
pub fn install_people_table() {
    TABLE.with(|code| code.install(people_table));
}

/// What draws the table, once the engine is here; tracked.
pub(super) fn table() -> Option<Draw> {
    fetched_engine()?;
    TABLE.with(Code::fetched)
}

/// The rows of the table with a filter, and the chosen row with a button that removes it.
fn people_table(
    entries: Memo<Vec<ListEntry>>,
    vendor: Vendor,
    has_scopes: bool,
    remove: Callback<usize>,
) -> AnyView {
    let filter = Selection::new(&FILTERS, None);
    // Positions in the list, rows with problems first.
    let shown = Memo::new(move |_| {
        let filter = filter.get();
        entries.with(|entries| {
            let is_shown = |idx: &usize| filter.is_none_or(|wanted| entries[*idx].status == wanted);
            let mut shown: Vec<usize> = (0..entries.len()).filter(is_shown).collect();
            order::sort_by_key(&mut shown, |idx| (rank(entries[*idx].status), *idx));
            shown
        })
    });
    let chosen = RwSignal::new(None::<usize>);
    let at = move |place: usize| shown.with(|shown| shown.get(place).copied());
    let draw: DrawRow = Arc::new(move |place| {
        // Redrawn by version; nothing in it tracks the list.
        let entry = untrack(|| at(place).and_then(|idx| entries.with(|entries| entries.get(idx).cloned())));
        entry.map(|entry| cells(vendor, &entry, has_scopes)).into_any().into()
    });
    let n_changes = StoredValue::new(0_u64);
    let version = Memo::new(move |_| {
        entries.track();
        shown.track();
        n_changes.update_value(|n| *n += 1);
        n_changes.get_value()
    });
    let version: RowVersion = Arc::new(move |_| Some(version.get()));
    let mut columns = vec![Column::new("person", text::activity_col_person)];
    if has_scopes {
        columns.push(Column::new("scope", text::scopes_scope));
    }
    columns.push(Column::new("problem", text::add_col_problem));
    let choose = Callback::new(move |place| {
        let idx = untrack(|| at(place));
        chosen.update(|chosen| *chosen = idx.filter(|idx| *chosen != Some(*idx)));
    });
    let open = Signal::derive(move || {
        let chosen = chosen.get()?;
        shown.with(|shown| shown.iter().position(|idx| *idx == chosen))
    });
    let removal = move || {
        let idx = chosen.get()?;
        let name = entries.with(|entries| entries.get(idx).map(label))?;
        let press = move || {
            chosen.set(None);
            remove.run(idx);
        };
        Some(view! {
            <Button
                label=move || text::ui_take_out(&name)
                small=true
                icon="x"
                variant=Variant::Plain
                on_press=press
            />
        })
    };
    view! {
        <div class="people-table stack-2">
            {move || filters(entries, filter)}
            <Grid
                label=text::add_recognised
                class=if has_scopes { "people-grid with-scopes" } else { "people-grid" }
                columns=columns
                count=Signal::derive(move || shown.with(Vec::len))
                of=move || filter.get().map_or("", slug).to_owned()
                row=draw
                version=version
                open=open
                on_open=choose
            /> {removal}
        </div>
    }
    .into_any()
}

fn rank(status: EntryStatus) -> u8 {
    match status {
        EntryStatus::Refused => 0,
        EntryStatus::Duplicate => 1,
        EntryStatus::Usable => 2,
    }
}

fn slug(status: EntryStatus) -> &'static str {
    match status {
        EntryStatus::Refused => "invalid",
        EntryStatus::Duplicate => "duplicate",
        EntryStatus::Usable => "usable",
    }
}

/// The states of the list to choose from; none while all rows are usable.
fn filters(entries: Memo<Vec<ListEntry>>, filter: Selection<Option<EntryStatus>>) -> Option<AnyView> {
    let n_of = |status: EntryStatus| {
        entries.with(|entries| entries.iter().filter(|entry| entry.status == status).count())
    };
    let counted = STATES.map(|status| (status, n_of(status)));
    let words = |status, n| match status {
        EntryStatus::Refused => text::add_n_not_usable(n),
        EntryStatus::Duplicate => text::add_n_twice(n),
        EntryStatus::Usable => text::add_n_recognised(n),
    };
    state_filter(text::add_show_people, filter, counted.into(), EntryStatus::Usable, words)
}

fn label(entry: &ListEntry) -> String {
    entry.person.as_ref().map_or_else(|| entry.typed.to_string(), |person| person.label().to_owned())
}

fn cells(vendor: Vendor, entry: &ListEntry, has_scopes: bool) -> AnyView {
    let name = label(entry);
    let key = entry.person.as_ref().map(|person| person.key.as_str().to_owned()).filter(|key| *key != name);
    let key = key.map(|key| {
        view! {
            " "
            <bdi translate="no" class="id">
                {key}
            </bdi>
        }
    });
    let scope = has_scopes.then(|| {
        view! {
            <div class="vcell" role="gridcell">
                {entry.scope.map(words::scope)}
            </div>
        }
    });
    let tone = match entry.status {
        EntryStatus::Usable => Tone::Info,
        EntryStatus::Duplicate => Tone::Same,
        EntryStatus::Refused => Tone::Refused,
    };
    let said: Vec<String> = entry
        .problems
        .iter()
        .filter(|problem| problem.code != ProblemCode::Duplicate || entry.status == EntryStatus::Duplicate)
        .map(|problem| words::problem(problem, vendor))
        .collect();
    let problem = row_problem(tone, said.join(" "));
    view! {
        <div class="vcell" role="rowheader">
            <bdi translate="no">{name}</bdi>
            {key}
        </div>
        {scope}
        <div class="vcell" role="gridcell">
            {problem}
        </div>
    }
    .into_any()
}
