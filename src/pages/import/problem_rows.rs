//! The rows with one kind of problem, and below them the open one with a field for what is wrong in it. Only the rows
//! around those on the screen are here.

use std::sync::Arc;

use domain::order;
use import_worker::message::MAX_SHOWN;
use import_worker::{ImportChange, ImportRow, RowFilter, Standing};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::columns::column_name;
use super::importing::Importing;
use super::picked::Picked;
use super::problems::{Done, focus_unless_elsewhere, row_id, why};
use i18n::{format_number, text};
use ui::{
    Button, Column, DrawRow, Grid, GridSelection, KeyedRow, RowVersion, TextInput, Tone, Variant, effect,
    keyed,
};

/// Rows are fetched in such portions: the one on the screen, the one before, and two after.
const PORTION: usize = 50;

/// The rows of one kind. Copies share state.
#[derive(Clone, Copy)]
pub(super) struct ProblemRows {
    importing: Importing,
    standing: Standing,
    /// Number of rows of this kind.
    n: Signal<usize>,
    done: Done,
    /// Whether a row of this kind was mended or left out, and its controls will go.
    is_acting: StoredValue<bool>,
    here: RwSignal<RowsHere>,
    /// The place of the first row to fetch.
    from: RwSignal<usize>,
    open: RwSignal<OpenRow>,
    cursor: RwSignal<Option<usize>>,
    picked: RwSignal<Picked>,
}

/// The rows that are here.
#[derive(Clone, Debug, Default)]
struct RowsHere {
    from: usize,
    rows: Vec<ImportRow>,
    /// A number for each row that changes with what it says.
    versions: Vec<u64>,
    n_versions: u64,
}

/// The row that can be mended.
#[derive(Clone, Debug, PartialEq)]
enum OpenRow {
    /// The first one, as soon as it is here.
    First,
    Row(Box<ImportRow>),
    /// It was closed.
    Nobody,
}

impl RowsHere {
    fn at(&self, place: usize) -> Option<(&ImportRow, u64)> {
        let idx = place.checked_sub(self.from)?;
        Some((self.rows.get(idx)?, *self.versions.get(idx)?))
    }

    fn place_of(&self, number: u32) -> Option<usize> {
        self.rows.iter().position(|row| row.row == number).map(|idx| self.from + idx)
    }

    fn take(&mut self, from: usize, rows: Vec<ImportRow>) {
        let mut versions = Vec::with_capacity(rows.len());
        for (idx, row) in rows.iter().enumerate() {
            let known = self.at(from + idx).filter(|(known, _)| *known == row).map(|(_, version)| version);
            versions.push(known.unwrap_or_else(|| {
                self.n_versions += 1;
                self.n_versions
            }));
        }
        (self.from, self.rows, self.versions) = (from, rows, versions);
    }

    /// What becomes of the open row, of `n` rows of the kind. One that is gone is replaced by the next one.
    fn open_after(&self, open: &OpenRow, n: usize) -> OpenRow {
        let number = match open {
            OpenRow::Nobody => return OpenRow::Nobody,
            OpenRow::First => 0,
            OpenRow::Row(row) => row.row,
        };
        // Rows are in the order of the file.
        let next = self.rows.iter().find(|row| row.row >= number);
        let is_before = self.from > 0 && self.rows.first().is_some_and(|first| number < first.row);
        let is_after = next.is_none() && self.from + self.rows.len() < n;
        match next.or(self.rows.last()) {
            Some(next) if !is_before && !is_after => OpenRow::Row(Box::new(next.clone())),
            _ => open.clone(),
        }
    }
}

impl ProblemRows {
    pub(super) fn new(importing: Importing, standing: Standing, n: Signal<usize>, done: Done) -> Self {
        let rows = Self {
            importing,
            standing,
            n,
            done,
            is_acting: StoredValue::new(false),
            here: RwSignal::default(),
            from: RwSignal::new(0),
            open: RwSignal::new(OpenRow::First),
            cursor: RwSignal::new(None),
            picked: RwSignal::default(),
        };
        rows.fetch();
        effect(move || {
            importing.n_changes.track();
            rows.unselect_gone();
        });
        rows
    }

    /// Fetches the rows around those on the screen, again when something has changed.
    fn fetch(self) {
        let from = Memo::new(move |_| self.from.get());
        effect(move || {
            self.importing.n_changes.track();
            let from = from.get();
            if !self.importing.is_open() {
                return;
            }
            let filter = RowFilter::Only(self.standing);
            spawn_local(async move {
                // The worker answers in order, so an older answer never comes last.
                if let Some(found) = self.importing.rows(filter, from, 4 * PORTION, MAX_SHOWN).await {
                    self.arrive(from, found);
                }
            });
        });
    }

    fn arrive(self, from: usize, found: Vec<ImportRow>) {
        // Gone with its page, or with the last row of its kind.
        if self.here.is_disposed() {
            return;
        }
        self.here.update(|here| here.take(from, found));
        let next = untrack(|| {
            let n = self.n.get();
            self.here.with(|here| self.open.with(|open| here.open_after(open, n)))
        });
        if self.is_acting.try_update_value(std::mem::take) == Some(true) {
            let number = match &next {
                OpenRow::Row(row) => Some(row.row),
                OpenRow::First | OpenRow::Nobody => None,
            };
            self.cursor.set(number.and_then(|number| self.here.with_untracked(|here| here.place_of(number))));
            request_animation_frame(move || focus_unless_elsewhere(number));
        }
        if self.open.with_untracked(|open| *open != next) {
            self.open.set(next);
        }
    }

    /// Rows that are gone are no longer selected; others are, also those that were selected before the answer.
    fn unselect_gone(self) {
        if self.picked.with_untracked(Picked::names_none) {
            return;
        }
        let filter = RowFilter::Only(self.standing);
        spawn_local(async move {
            let Some(left) = self.importing.rows(filter, 0, usize::MAX, 0).await else { return };
            let left = order::set(left.iter().map(|row| row.row));
            let _ = self.picked.try_update(|picked| picked.retain(&left));
        });
    }

    /// Changes rows of this kind.
    fn change(self, changes: Vec<ImportChange>) {
        self.done.set_value(true);
        self.is_acting.set_value(true);
        self.importing.change(changes);
    }

    fn number_at(self, place: usize) -> Option<u32> {
        self.here.with_untracked(|here| here.at(place).map(|(row, _)| row.row))
    }

    fn toggle_open(self, place: usize) {
        let Some(row) = self.here.with_untracked(|here| here.at(place).map(|(row, _)| row.clone())) else {
            return;
        };
        self.open.update(|open| {
            let is_open = matches!(open, OpenRow::Row(own) if own.row == row.row);
            *open = if is_open { OpenRow::Nobody } else { OpenRow::Row(Box::new(row)) };
        });
    }

    /// The rows, what can be done with the selected ones, and the open one.
    pub(super) fn view(self, label: Signal<String>) -> AnyView {
        let Self { here, n, .. } = self;
        let vendor = self.importing.connection().vendor;
        let draw: DrawRow = Arc::new(move |place| {
            let row = here.with_untracked(|here| here.at(place).map(|(row, _)| row.clone()));
            row.map(|row| cells(&row, why(vendor, &row))).into_any().into()
        });
        let version: RowVersion =
            Arc::new(move |place| here.with(|here| here.at(place).map(|(_, version)| version)));
        let open = Signal::derive(move || match self.open.get() {
            OpenRow::Row(row) => here.with(|here| here.place_of(row.row)),
            OpenRow::First | OpenRow::Nobody => None,
        });
        let columns = vec![
            Column::new("line", text::import_line).with_class("num"),
            Column::new("value", text::import_wrong_value),
            Column::new("reason", text::import_reason),
        ];
        let show = move |(first, _): (usize, usize)| {
            let from = (first / PORTION).saturating_sub(1) * PORTION;
            if self.from.get_untracked() != from {
                self.from.set(from);
            }
        };
        let opened = move || {
            let OpenRow::Row(row) = self.open.get() else { return Vec::new() };
            let key = [&row.row.to_string(), " ", &*row.cells.join("\u{1f}")].concat();
            vec![KeyedRow::new(key, move || self.mend(*row))]
        };
        view! {
            {self.bar()}
            <Grid
                label=label
                class="problem-grid"
                columns=columns
                count=n
                of=Signal::stored(String::new())
                row=draw
                version=version
                open=open
                on_open=Callback::new(move |place| self.toggle_open(place))
                selection=self.selection()
                on_window=Callback::new(show)
                cursor=self.cursor
            />
            {keyed(opened)}
        }
        .into_any()
    }

    /// What can be done with the selected rows, while there are any.
    fn bar(self) -> AnyView {
        let n_picked = Memo::new(move |_| self.picked.with(|picked| picked.count(self.n.get())));
        let leave_out = move || {
            let changes = self.picked.with_untracked(|picked| picked.leave_out(self.standing));
            self.picked.set(Picked::default());
            self.change(changes);
        };
        let clear = move || self.picked.set(Picked::default());
        view! {
            <Show when=move || n_picked.get() != 0>
                <div class="selection-bar" role="region" aria-label=text::directory_selection>
                    <p role="status">
                        <b>{move || text::directory_selected(n_picked.get())}</b>
                    </p>
                    <Button label=text::import_leave_out_selected small=true on_press=leave_out />
                    <Button label=text::directory_clear small=true variant=Variant::Quiet on_press=clear />
                </div>
            </Show>
        }
        .into_any()
    }

    fn selection(self) -> GridSelection {
        let Self { here, picked, n, .. } = self;
        let is_selected = move |place| {
            let number = here.with(|here| here.at(place).map(|(row, _)| row.row));
            number.is_some_and(|number| picked.with(|picked| picked.has(number)))
        };
        let toggle = move |place| {
            if let Some(number) = self.number_at(place) {
                picked.update(|picked| picked.toggle(number));
            }
        };
        let label = move |place| {
            let line = here.with_untracked(|here| here.at(place).map(|(row, _)| row.line));
            line.map(|line| text::import_line_n(&format_number(f64::from(line)))).unwrap_or_default()
        };
        GridSelection {
            is_selected: Arc::new(is_selected),
            all: Memo::new(move |_| picked.with(|picked| picked.how_many(n.get()))).into(),
            on_toggle: Callback::new(toggle),
            on_start: None,
            on_range: Callback::new(move |(from, to)| self.pick_range(from, to)),
            on_all: Callback::new(move |is_all| picked.set(Picked::all(is_all))),
            row_label: Arc::new(label),
        }
    }

    /// Adds rows to the selection, of which some may not be here.
    fn pick_range(self, from: usize, to: usize) {
        let (from, to) = (from.min(to), from.max(to));
        let filter = RowFilter::Only(self.standing);
        spawn_local(async move {
            let Some(found) = self.importing.rows(filter, from, to - from + 1, 0).await else { return };
            let _ = self.picked.try_update(|picked| found.iter().for_each(|row| picked.add(row.row)));
        });
    }

    /// One row, with a field for what is wrong in it.
    fn mend(self, row: ImportRow) -> AnyView {
        let Self { importing, standing, n, .. } = self;
        let vendor = importing.connection().vendor;
        let summary = importing.summary.get_untracked();
        let number = row.row;
        let why = Signal::stored(why(vendor, &row));
        let leave_out = move || {
            self.change(vec![ImportChange::LeaveOut { row: number, is_out: true }]);
        };
        let leave_out = view! { <Button label=text::import_leave_out variant=Variant::Link small=true on_press=leave_out /> };
        let line = format_number(f64::from(row.line));
        let Some(column) = row.column else {
            return view! {
                <div class="import-mend" id=row_id(number)>
                    <p>
                        <strong>{move || text::import_line_n(&line)}</strong>
                        " "
                        {why}
                    </p>
                    <div class="cluster">{leave_out}</div>
                </div>
            }
            .into_any();
        };
        let name = summary.and_then(|summary| {
            let own = summary.columns.get(column as usize)?;
            Some(column_name(column as usize, own))
        });
        let name = name.unwrap_or_else(|| text::import_column_n(&(column + 1).to_string()));
        let typed = row.cells.get(column as usize).cloned().unwrap_or_default();
        let value = RwSignal::new(typed.clone());
        let label = move || text::import_cell(text::ImportCell { line: &line, column: &name });
        let is_changed = {
            let typed = typed.clone();
            Memo::new(move |_| value.with(|value| *value != typed))
        };
        let save = move || {
            let text = value.get_untracked().into();
            self.change(vec![ImportChange::Cell { row: number, column, text }]);
        };
        let save_like = {
            let from: Box<str> = typed.clone().into();
            move || {
                let to = value.get_untracked().into();
                self.change(vec![ImportChange::CellsLike { column, from: from.clone(), to }]);
            }
        };
        let has_like = !typed.trim().is_empty() && standing != Standing::Contradiction;
        view! {
            <div class="import-mend" id=row_id(number)>
                <TextInput label=label value=value help=why mono=true />
                <div class="cluster">
                    <Show when=move || is_changed.get()>
                        <Button label=text::import_save small=true on_press=save />
                    </Show>
                    <Show when=move || {
                        is_changed.get() && has_like && n.get() != 1
                    }>
                        {
                            let press = save_like.clone();
                            view! { <Button label=text::import_save_like small=true on_press=press /> }
                        }
                    </Show>
                    {leave_out}
                </div>
            </div>
        }
        .into_any()
    }
}

fn cells(row: &ImportRow, why: String) -> AnyView {
    let line = f64::from(row.line);
    // A row that is wrong as a whole shows all of it.
    let value = match row.column {
        Some(column) => row.cells.get(column as usize).cloned().unwrap_or_default(),
        None => row.cells.join(" "),
    };
    let whole = i18n::without_isolates(&why);
    view! {
        <div class="vcell num" role="rowheader">
            {move || format_number(line)}
        </div>
        <div class="vcell" role="gridcell">
            <bdi translate="no" class="id id-clip">
                {value}
            </bdi>
        </div>
        <div class="vcell" role="gridcell">
            <span class=["row small ", Tone::Refused.class()].concat() title=whole>
                {Tone::Refused.glyph()}
                <span class="clip">{why}</span>
            </span>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn row(number: u32, cell: &str) -> ImportRow {
        ImportRow {
            row: number,
            line: number + 2,
            cells: vec![cell.to_owned()],
            standing: Standing::Contradiction,
            column: Some(0),
            contradicts: None,
            problems: Vec::new(),
        }
    }

    fn here(from: usize, numbers: &[u32]) -> RowsHere {
        let mut here = RowsHere::default();
        here.take(from, numbers.iter().map(|number| row(*number, "x")).collect());
        here
    }

    fn opened(open: &OpenRow) -> Option<u32> {
        match open {
            OpenRow::Row(row) => Some(row.row),
            OpenRow::First | OpenRow::Nobody => None,
        }
    }

    #[wasm_bindgen_test]
    fn the_row_after_one_that_is_gone_is_open() {
        let open = |number: u32| OpenRow::Row(Box::new(row(number, "x")));
        for (before, from, numbers, n, expected) in [
            (OpenRow::First, 0, &[4, 6][..], 2, Some(4)),
            (OpenRow::First, 0, &[], 0, None),
            (OpenRow::Nobody, 0, &[4, 6], 2, None),
            (open(4), 0, &[4, 6], 2, Some(4)),
            (open(4), 0, &[6, 9], 2, Some(6)),
            (open(9), 0, &[4, 6], 2, Some(6)),
            // It may be beyond those that are here.
            (open(9), 0, &[4, 6], 7, Some(9)),
            (open(3), 50, &[40, 60], 52, Some(3)),
            (open(50), 50, &[40, 60], 52, Some(60)),
        ] {
            assert_eq!(
                opened(&here(from, numbers).open_after(&before, n)),
                expected,
                "{before:?} {numbers:?}"
            );
        }
    }

    #[wasm_bindgen_test]
    fn a_row_is_drawn_again_only_with_what_it_says() {
        let mut here = here(0, &[1, 2, 3]);
        let before: Vec<u64> = here.versions.clone();
        here.take(1, vec![row(2, "x"), row(3, "y")]);
        assert_eq!((here.at(1).map(|(_, version)| version), here.at(0)), (Some(before[1]), None));
        assert!(here.at(2).is_some_and(|(_, version)| version > before[2]));
    }
}
