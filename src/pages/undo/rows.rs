//! The changes: those that can be undone, of which some are chosen, and those that stay, with the reason.

use std::sync::Arc;

use domain::{LeftOut, State, Undo, UndoRow, Vendor};
use leptos::prelude::*;

use super::changes::{Changes, Source, ToUndo, WhyStays};
use crate::features::directory::list_columns::list_columns;
use crate::features::results::change::{both_states, person_header, state_now};
use crate::features::results::run_words;
use crate::features::reviewing::reversal_words::{field, irreversible, undone};
use crate::features::words;
use i18n::{format_list, format_number, text};
use ui::{Column, DrawRow, Grid, GridSelection, RowVersion, SelectedAll, effect, grid_card};

/// The chosen rows, by index, and what becomes of each.
pub(super) type Chosen = Memo<Arc<(Vec<usize>, Undo)>>;

/// The rows on the page. Copies share the same signals.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    changes: StoredValue<Arc<Changes>>,
    vendor: Vendor,
    /// What becomes of each row that is known whole: if it is chosen, with the others that are chosen, or else with all.
    fates: StoredValue<Vec<Option<UndoRow>>>,
    /// Counts the changes of that. All rows in the document are drawn again then, as they are few.
    version: RwSignal<u64>,
    /// The rows that can be undone, by index.
    undoable: StoredValue<Vec<usize>>,
    /// The rows that changed something and stay as they are.
    left: StoredValue<Vec<usize>>,
    /// Whether each row is chosen.
    chosen: RwSignal<Vec<bool>>,
}

impl Rows {
    /// The rows of changes, of which `only` is chosen, or all that can be undone. `all` is what becomes of those that are
    /// known whole, if all are undone: a row that stays then is not offered.
    pub(super) fn new(
        changes: Arc<Changes>,
        all: impl Iterator<Item = (usize, UndoRow)>,
        only: Option<usize>,
        vendor: Vendor,
    ) -> Self {
        let n_rows = changes.rows.len();
        let mut fates = vec![None; n_rows];
        all.for_each(|(idx, fate)| fates[idx] = Some(fate));
        let is_undoable = |fate: &Option<UndoRow>| {
            !matches!(fate, None | Some(UndoRow::LeftOut(_)))
                || *fate == Some(UndoRow::LeftOut(LeftOut::CancelsOut))
        };
        let not_done = Some(UndoRow::LeftOut(LeftOut::NotDone));
        let has_several = !changes.sources.is_empty();
        let with = |is_wanted: &dyn Fn(&Option<UndoRow>) -> bool| -> Vec<usize> {
            let mut found: Vec<usize> = (0..n_rows).filter(|idx| is_wanted(&fates[*idx])).collect();
            // Of several runs, the last is undone first. The rows of one run are in its order.
            if has_several {
                found.reverse();
            }
            found
        };
        let undoable = with(&is_undoable);
        let left = with(&|fate| !is_undoable(fate) && *fate != not_done);
        let is_only = |idx: usize| only.is_none_or(|only| only == idx);
        let chosen = fates.iter().enumerate().map(|(idx, fate)| is_undoable(fate) && is_only(idx)).collect();
        Self {
            changes: StoredValue::new(changes),
            vendor,
            fates: StoredValue::new(fates),
            version: RwSignal::new(0),
            undoable: StoredValue::new(undoable),
            left: StoredValue::new(left),
            chosen: RwSignal::new(chosen),
        }
    }

    /// Whether a row is chosen; tracked.
    pub(super) fn is_chosen(self, idx: usize) -> bool {
        self.chosen.with(|chosen| chosen[idx])
    }

    /// How many rows are chosen; tracked.
    fn n_chosen(self) -> usize {
        self.chosen.with(|chosen| chosen.iter().filter(|is| **is).count())
    }

    /// Shows what becomes of the chosen rows.
    pub(super) fn follow(self, undo: Chosen) {
        effect(move || {
            let undo = undo.get();
            let (chosen, undo) = &*undo;
            self.fates.update_value(|fates| {
                for (idx, row) in chosen.iter().zip(&undo.rows) {
                    fates[*idx] = Some(row.clone());
                }
            });
            self.version.update(|version| *version += 1);
        });
    }

    pub(super) fn view(self) -> AnyView {
        let (n, n_left) = (self.undoable.with_value(Vec::len), self.left.with_value(Vec::len));
        let undoable = (n > 0).then(|| {
            let foot = move || text::undo_chosen(self.n_chosen(), &format_number(n as f64));
            let grid = self.grid(self.undoable, text::undo_rows, text::undo_col, true);
            let foot = view! { <span role="status">{foot}</span> };
            grid_card(Signal::derive(text::undo_rows), grid, Some(foot.into_any()))
        });
        let left = (n_left > 0).then(|| {
            let grid = self.grid(self.left, text::undo_left, text::run_col_reason, false);
            view! {
                <div class="stack-2">
                    <h2>{move || text::undo_n_left(n_left)}</h2>
                    {grid_card(Signal::derive(text::undo_left), grid, None)}
                </div>
            }
        });
        view! {
            {undoable}
            {left}
        }
        .into_any()
    }

    fn grid(
        self,
        rows: StoredValue<Vec<usize>>,
        label: fn() -> String,
        last: fn() -> String,
        is_selectable: bool,
    ) -> AnyView {
        let has_several = self.changes.with_value(|changes| !changes.sources.is_empty());
        let source = has_several.then(|| Column::new("source", text::undo_col_source));
        let columns = [
            Some(Column::new("person", text::activity_col_person).fixed()),
            Some(Column::new("change", text::run_col_change)),
            source,
            Some(Column::new("undo", last).fixed()),
        ];
        let name = if has_several { "undo-several" } else { "undo" };
        let columns = list_columns(name, columns.into_iter().flatten().collect());
        let draw: DrawRow =
            Arc::new(move |place| untrack(|| self.cells(rows.with_value(|rows| rows[place]))).into());
        let version: RowVersion = Arc::new(move |_| Some(self.version.get()));
        let toggle = move |place: usize| {
            if is_selectable {
                self.choose(rows.with_value(|rows| vec![rows[place]]), None);
            }
        };
        let selection = is_selectable.then(|| self.selection(rows));
        view! {
            <Grid
                label=label
                class=if has_several { "undo-grid undo-several" } else { "undo-grid" }
                columns=columns
                count=Signal::stored(rows.with_value(Vec::len))
                of=Signal::stored(String::new())
                row=draw
                version=version
                on_open=Callback::new(toggle)
                nostrip:selection=selection
            />
        }
        .into_any()
    }

    /// Chooses rows or leaves them out; without a value, the other way round.
    fn choose(self, rows: Vec<usize>, value: Option<bool>) {
        self.chosen.update(|chosen| {
            for idx in rows {
                chosen[idx] = value.unwrap_or(!chosen[idx]);
            }
        });
    }

    fn selection(self, rows: StoredValue<Vec<usize>>) -> GridSelection {
        let at = move |place: usize| rows.with_value(|rows| rows[place]);
        let range = move |(from, to): (usize, usize)| {
            self.choose((from.min(to)..=from.max(to)).map(at).collect(), Some(true));
        };
        let all = Memo::new(move |_| match self.n_chosen() {
            0 => SelectedAll::None,
            n if n == rows.with_value(Vec::len) => SelectedAll::All,
            _ => SelectedAll::Some,
        });
        let name = move |place| {
            self.changes.with_value(|changes| changes.rows[at(place)].person().label().to_owned())
        };
        GridSelection {
            is_selected: Arc::new(move |place| self.is_chosen(at(place))),
            all: all.into(),
            on_toggle: Callback::new(move |place| self.choose(vec![at(place)], None)),
            on_start: None,
            on_range: Callback::new(range),
            on_all: Callback::new(move |is_all| self.choose(rows.get_value(), Some(is_all))),
            row_label: Arc::new(name),
        }
    }

    fn cells(self, idx: usize) -> AnyView {
        let (row, source) =
            self.changes.with_value(|changes| (changes.rows[idx].clone(), changes.source(idx).cloned()));
        let (before, after) = row.states();
        let fate = match &row {
            ToUndo::Known(_) => {
                self.fates.with_value(|fates| fates[idx].as_ref().map(|fate| self.fate(fate)))
            }
            ToUndo::Stays(staying) => Some(why_it_stays(staying.why)),
        };
        view! {
            {person_header(row.person())}
            <div class="vcell" role="gridcell">
                {both_states(before, after)}
            </div>
            {source.map(source_cell)}
            <div class="vcell v-undo" role="gridcell">
                {fate}
            </div>
        }
        .into_any()
    }

    /// What becomes of a row, in words.
    fn fate(self, row: &UndoRow) -> AnyView {
        let said = match row {
            UndoRow::Undone { lost, is_checked } => {
                let undone = undone(lost);
                if *is_checked {
                    undone
                } else {
                    [undone, text::undo_unchecked(self.vendor.name())].join(" ")
                }
            }
            UndoRow::WithGroup => text::undo_with_group(),
            UndoRow::LeftOut(LeftOut::ChangedSince { is, .. }) => return changed_since(*is),
            UndoRow::LeftOut(why) => self.left_out(why),
        };
        view! { <span>{said}</span> }.into_any()
    }

    fn left_out(self, why: &LeftOut) -> String {
        match why {
            LeftOut::NotDone => text::undo_not_done(),
            LeftOut::Irreversible(why) => irreversible(*why, self.vendor),
            LeftOut::ChangedSince { .. } => text::undo_changed_since(),
            LeftOut::FieldsChangedSince(fields) => {
                let fields: Vec<String> = fields.iter().map(|one| field(*one)).collect();
                text::undo_fields_changed_since(&format_list(&fields))
            }
            LeftOut::PeopleChangedSince { n_people } => text::undo_people_changed_since(*n_people),
            LeftOut::CancelsOut => text::undo_cancels_out(),
            LeftOut::Unread => text::undo_unread(),
            LeftOut::AsBefore => text::undo_as_before(),
            LeftOut::GroupGone => text::undo_group_gone(),
        }
    }
}

fn changed_since(now: State) -> AnyView {
    view! { <span class="change">{text::undo_changed_since()} {state_now(now)}</span> }.into_any()
}

/// Why a change stays, whatever is true now.
fn why_it_stays(why: WhyStays) -> AnyView {
    let said = match why {
        WhyStays::RunDeleted => text::undo_run_deleted(),
        WhyStays::PersonDeleted => text::undo_person_deleted(),
        WhyStays::Moved => text::undo_row_moved(),
    };
    view! { <span>{said}</span> }.into_any()
}

/// What made a change: when, and who if it was someone else, or else in which run.
fn source_cell(source: Source) -> AnyView {
    let what = match (source.by, source.run) {
        (Some(by), _) => view! { <bdi translate="no">{by.to_string()}</bdi> }.into_any(),
        (None, Some((title, tally))) => {
            view! { <bdi translate="yes">{words::ended_title(&title, &tally)}</bdi> }.into_any()
        }
        (None, None) => view! { <span class="muted">{text::ledger_run_removed()}</span> }.into_any(),
    };
    view! {
        <div class="vcell v-source" role="gridcell">
            <span>{what}</span>
            <span class="muted">{run_words::moment(source.at as f64)}</span>
        </div>
    }
    .into_any()
}
