//! The matrix: each person's scope in the group, and the scopes they could have.

use std::sync::Arc;

use domain::{Member, Scope};
use leptos::prelude::*;

use super::board::Board;
use crate::features::directory::list_columns::list_columns;
use crate::features::directory::order::Order;
use crate::features::reading::portrait::portrait;
use crate::features::scopes::scope_badge::scope_glyph;
use crate::features::words;
use domain::staged::{CurrentScope, Staged, is_offered};
use i18n::{format_date, format_number, text, without_isolates};
use ui::{Button, Column, DrawRow, Grid, GridColumns, GridRow, RowVersion, Tone, effect, empty_state, glyph};
use web_sys::Element;

/// The grid of the people who are shown, with a line below it that counts them.
pub fn matrix(board: Board, order: Order, grid_columns: GridColumns) -> AnyView {
    let people = board.people;
    let count = people.count();
    let columns = board.columns();
    let n_cells = columns.len() + 1;
    let scopes = StoredValue::new(columns);
    let mark = Callback::new(move |(place, cell): (usize, usize)| {
        let after = scopes.with_value(|scopes| cell.checked_sub(1).and_then(|idx| scopes.get(idx).copied()));
        if let (Some(person), Some(after)) = (people.person(place), after) {
            mark(board, &person, after);
        }
    });
    let draw: DrawRow = Arc::new(move |row: GridRow| {
        people.person(row.place).map(|person| cells(board, &person, row)).into_any()
    });
    let version: RowVersion = Arc::new(move |place| people.version(place));
    let is_empty = Memo::new(move |_| people.is_there().get() && count.get() == 0);
    let select = people.selection();
    let toggle = select.on_toggle;
    let grid = view! {
        <div hidden=is_empty>
            <Grid
                label=text::scopes_table
                class="matrix-grid"
                columns=grid_columns
                count=count
                of=people.of()
                row=draw
                version=version
                on_open=toggle
                cells=n_cells
                on_cell=mark
                selection=select
                sort=order.by()
                on_sort=order.on_sort()
                on_window=Callback::new(move |(first, end)| people.show(first, end))
            />
        </div>
        {move || is_empty.get().then(|| nobody(board))}
    };
    let foot = view! { <span role="status">{move || said(board)}</span> };
    ui::grid_card(Signal::derive(text::scopes_table), grid.into_any(), Some(foot.into_any()))
}

/// The columns as they were chosen. The scopes stay: all of them together say which one a person has.
pub fn matrix_columns(board: Board) -> GridColumns {
    let scopes = board.columns().into_iter().map(|standing| Column {
        label: Signal::derive(move || column_name(standing)),
        ..Column::new(slug(standing), String::new).with_class("mx-col").fixed()
    });
    let joined = Column::new("joined", text::scopes_joined)
        .with_class("lo c-joined")
        .sortable()
        .absent_if(board.people.lacks(|person| person.joined_at.is_some()));
    let person = Column::new("name", text::scopes_person).with_class("mx-person").sortable().fixed();
    list_columns("scopes", std::iter::once(person).chain(scopes).chain([joined]).collect())
}

/// How many are shown, of how many that were read.
fn said(board: Board) -> String {
    let n_shown = format_number(board.people.count().get() as f64);
    let n_read = board.status.with(|status| status.counts.n_people);
    text::scopes_shown_all(&text::scopes_shown(n_read, &n_shown))
}

fn nobody(board: Board) -> AnyView {
    if board.status.with(|status| status.counts.n_people == 0) {
        return empty_state("users", text::scopes_empty_title(), text::scopes_empty_body(), None);
    }
    let clear = view! { <Button label=text::scopes_show_all on_press=board.show_all /> };
    empty_state("search", text::scopes_no_match_title(), text::scopes_no_match_body(), Some(clear.into_any()))
}

/// The scope a member has. Assumed: a member who is listed without one is a participant.
fn scope_now(person: &Member) -> Scope {
    person.scope.unwrap_or(Scope::Participant)
}

fn mark(board: Board, person: &Member, after: CurrentScope) {
    let before = scope_now(person);
    if !is_offered(before, after) {
        return;
    }
    board.staged.update(|staged| staged.mark(&person.id, person.name.clone(), before, after));
    board.reasons.update(|reasons| {
        reasons.remove(&person.id);
    });
}

fn cells(board: Board, person: &Member, row: GridRow) -> AnyView {
    let before = scope_now(person);
    let intent = {
        let id = person.id.clone();
        Memo::new(move |_| board.staged.with(|staged: &Staged| staged.intent(&id).map(|intent| intent.after)))
    };
    let drawn = intent.get_untracked();
    let name = person.label().to_owned();
    let columns = board.columns();
    let scopes = columns.iter().enumerate().map(|(idx, standing)| {
        let look = CellLook::new(*standing, before, drawn);
        cell_view(row.cell_id(idx + 1), *standing, look, &name)
    });
    let scopes = scopes.collect_view();
    let joined = person.joined_at.map(|at| format_date(at as f64));
    let who = who(board, person, before, intent);
    follow_intent(row, columns, before, name, (intent, drawn));
    view! {
        <div class=person_class(drawn) role="rowheader">
            {who}
        </div>
        {scopes}
        <div class="vcell muted nowrap c-joined" role="gridcell">
            {joined}
        </div>
    }
    .into_any()
}

fn person_class(intent: Option<CurrentScope>) -> &'static str {
    if intent.is_some() { "vcell v-person is-staged" } else { "vcell v-person" }
}

/// Shows what is staged for a person. One effect for all cells: each costs more than the change itself.
fn follow_intent(
    row: GridRow,
    columns: Vec<CurrentScope>,
    before: Scope,
    name: String,
    (intent, mut drawn): (Memo<Option<CurrentScope>>, Option<CurrentScope>),
) {
    effect(move || {
        let now = intent.get();
        if std::mem::replace(&mut drawn, now) == now {
            return;
        }
        if let Some(who) = row.element().and_then(|row| row.query_selector("[role=rowheader]").ok()?) {
            who.set_class_name(person_class(now));
        }
        for (idx, standing) in columns.iter().enumerate() {
            if let Some(radio) = row.cell(idx + 1).and_then(|cell| cell.first_element_child()) {
                CellLook::new(*standing, before, now).show_on(&radio, *standing, &name);
            }
        }
    });
}

/// The person: picture, name, what they are in this group, and why a change is still marked.
fn who(board: Board, person: &Member, before: Scope, intent: Memo<Option<CurrentScope>>) -> AnyView {
    let (id, name) = (person.id.clone(), person.label().to_owned());
    let shown_id = (name != *id).then(|| {
        view! {
            <bdi translate="no" class="id id-clip">
                {id.to_string()}
            </bdi>
        }
    });
    let badge = {
        let id = id.clone();
        move || {
            standing_words(board, &id).map(|words| {
                view! {
                    " "
                    <span class="badge">{words}</span>
                }
            })
        }
    };
    let hint = move || {
        if let Some(reason) = board.reasons.with(|reasons| reasons.get(&id).cloned()) {
            let whole = without_isolates(&reason);
            let refused = view! {
                <span class="tiny is-refused mx-hint" title=whole>
                    {Tone::Refused.glyph()}
                    {reason}
                </span>
            };
            return Some(refused.into_any());
        }
        let is_banned = before == Scope::Banned && intent.get().is_none();
        let lift =
            || view! { <span class="tiny muted mx-hint">{text::scopes_lift_short()}</span> }.into_any();
        is_banned.then(lift)
    };
    view! {
        <span class="person">
            {portrait(person, false)} <span class="person-text">
                <span class="person-name">
                    <bdi translate="no">{name}</bdi>
                    {badge}
                </span>
                {shown_id}
                {hint}
            </span>
        </span>
    }
    .into_any()
}

/// How a cell looks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct CellLook {
    /// The person has this scope, or will have it.
    is_now: bool,
    /// The person has this scope, and will not.
    was: bool,
    is_off: bool,
}

impl CellLook {
    fn new(standing: CurrentScope, before: Scope, intent: Option<CurrentScope>) -> Self {
        Self {
            is_now: intent.unwrap_or(Some(before)) == standing,
            was: intent.is_some() && standing == Some(before),
            is_off: !is_offered(before, standing),
        }
    }

    fn class(self) -> String {
        let parts = [
            "mx",
            if self.was { " was" } else { "" },
            if self.is_off { " is-off" } else { "" },
            if self.is_now { " is-now" } else { "" },
        ];
        parts.concat()
    }

    fn spoken(self, standing: CurrentScope, name: &str) -> String {
        let place = column_name(standing);
        let spoken = if self.was {
            text::scopes_cell_was(text::ScopesCellWas { name, place: &place })
        } else {
            text::scopes_cell(text::ScopesCell { name, place: &place })
        };
        without_isolates(&spoken)
    }

    fn aria_checked(self) -> &'static str {
        if self.is_now { "true" } else { "false" }
    }

    /// Changes a cell that was drawn.
    fn show_on(self, radio: &Element, standing: CurrentScope, name: &str) {
        radio.set_class_name(&self.class());
        let spoken = self.spoken(standing, name);
        for (attribute, value) in [("aria-label", &*spoken), ("aria-checked", self.aria_checked())] {
            // Setting fails only for an invalid name.
            let _ = radio.set_attribute(attribute, value);
        }
    }
}

fn cell_view(id: String, standing: CurrentScope, look: CellLook, name: &str) -> AnyView {
    view! {
        <div class="vcell mx-col" role="gridcell" id=id>
            <span
                role="radio"
                class=look.class()
                title=look.is_off.then(text::scopes_lift_first)
                aria-label=look.spoken(standing, name)
                aria-checked=look.aria_checked()
                aria-disabled=look.is_off.then_some("true")
            >
                <span class=["mx-dot mx-", slug(standing)].concat() aria-hidden="true">
                    {glyph(scope_glyph(standing))}
                    <span class="mx-name">{column_name(standing)}</span>
                </span>
            </span>
        </div>
    }
    .into_any()
}

/// "you", "owner" or both, beside the name; tracked.
fn standing_words(board: Board, id: &str) -> Option<String> {
    let is_you = board.connection.with_value(|connection| connection.acting_as.as_deref() == Some(id));
    let is_owner = board.owner.with(|owner| owner.as_deref() == Some(id));
    match (is_you, is_owner) {
        (true, true) => Some(text::scopes_you_owner()),
        (true, false) => Some(text::scopes_you()),
        (false, true) => Some(text::scopes_owner()),
        (false, false) => None,
    }
}

/// The name of a scope; "not in the group" for none.
pub fn column_name(standing: CurrentScope) -> String {
    standing.map_or_else(text::scopes_none, words::scope)
}

fn slug(standing: CurrentScope) -> &'static str {
    standing.map_or("none", Scope::slug)
}
