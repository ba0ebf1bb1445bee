//! The matrix: each person's scope in the group, and the scopes they could have.

use std::sync::Arc;

use domain::{Member, Scope};
use leptos::prelude::*;

use super::board::Board;
use crate::features::directory::filters::Order;
use crate::features::reading::portrait::portrait;
use crate::features::scopes::scope_badge::scope_glyph;
use crate::features::words;
use domain::staged::{CurrentScope, Staged, is_offered};
use i18n::{format_date, format_number, text, without_isolates};
use ui::{Button, Column, DrawRow, Grid, GridRow, RowVersion, Tone, empty_state, glyph};

/// The grid of the people who are shown, with a line below it that counts them.
pub fn matrix(board: Board, order: Order) -> AnyView {
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
        people.person(row.place).map(|person| cells(board, &person, &row)).into_any()
    });
    let version: RowVersion = Arc::new(move |place| people.version(place));
    let no_joined = people.lacks(|person| person.joined_at.is_some());
    let is_empty = Memo::new(move |_| people.is_there().get() && count.get() == 0);
    let select = people.selection();
    let toggle = select.on_toggle;
    let grid = view! {
        <div class:without-joined=no_joined hidden=is_empty>
            <Grid
                label=text::scopes_table
                class="matrix-grid"
                columns=heads(board)
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

fn heads(board: Board) -> Vec<Column> {
    let scopes = board.columns().into_iter().map(|standing| Column {
        key: slug(standing),
        label: Signal::derive(move || column_name(standing)),
        class: "mx-col",
        sortable: false,
    });
    std::iter::once(Column::new("name", text::scopes_person).with_class("mx-person").sortable())
        .chain(scopes)
        .chain([Column::new("joined", text::scopes_joined).with_class("lo c-joined").sortable()])
        .collect()
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

fn cells(board: Board, person: &Member, row: &GridRow) -> AnyView {
    let before = scope_now(person);
    let name = person.label().to_owned();
    let intent = {
        let id = person.id.clone();
        Memo::new(move |_| board.staged.with(|staged: &Staged| staged.intent(&id).map(|intent| intent.after)))
    };
    let scopes = board.columns().into_iter().enumerate().map(|(idx, standing)| {
        let cell = Cell { id: row.cell_id(idx + 1), standing, before, intent, name: name.clone() };
        cell_view(cell)
    });
    let scopes = scopes.collect_view();
    let joined = person.joined_at.map(|at| at as f64);
    view! {
        <div class="vcell v-person" role="rowheader" class:is-staged=move || intent.get().is_some()>
            {who(board, person, before, intent)}
        </div>
        {scopes}
        <div class="vcell lo muted nowrap c-joined" role="gridcell">
            {move || joined.map(format_date)}
        </div>
    }
    .into_any()
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
    let lift_first = move || {
        (before == Scope::Banned && intent.get().is_none())
            .then(|| view! { <span class="tiny muted mx-hint">{text::scopes_lift_short}</span> })
    };
    let reason = move || {
        let reason = board.reasons.with(|reasons| reasons.get(&id).cloned())?;
        let whole = reason.clone();
        Some(view! {
            <span class="tiny is-refused mx-hint" title=without_isolates(&whole)>
                {Tone::Refused.glyph()}
                {reason}
            </span>
        })
    };
    view! {
        <span class="person">
            {portrait(person, false)} <span class="person-text">
                <span class="person-name">
                    <bdi translate="no">{name}</bdi>
                    {badge}
                </span>
                {shown_id}
                {lift_first}
                {reason}
            </span>
        </span>
    }
    .into_any()
}

/// The data of one cell.
struct Cell {
    id: String,
    standing: CurrentScope,
    before: Scope,
    intent: Memo<Option<CurrentScope>>,
    name: String,
}

fn cell_view(cell: Cell) -> AnyView {
    let Cell { id, standing, before, intent, name } = cell;
    let is_now = move || intent.get().unwrap_or(Some(before)) == standing;
    let was = move || intent.get().is_some() && standing == Some(before);
    let is_off = !is_offered(before, standing);
    let spoken = move || {
        let place = column_name(standing);
        let spoken = if was() {
            text::scopes_cell_was(text::ScopesCellWas { name: &name, place: &place })
        } else {
            text::scopes_cell(text::ScopesCell { name: &name, place: &place })
        };
        without_isolates(&spoken)
    };
    view! {
        <div class="vcell mx-col" role="gridcell" id=id>
            <span
                role="radio"
                class=move || if was() { "mx was" } else { "mx" }
                class:is-off=is_off
                class:is-now=is_now
                title=move || is_off.then(text::scopes_lift_first)
                aria-label=spoken
                aria-checked=move || if is_now() { "true" } else { "false" }
                aria-disabled=is_off.then_some("true")
            >
                <span class=["mx-dot mx-", slug(standing)].concat() aria-hidden="true">
                    {glyph(scope_glyph(standing))}
                    <span class="mx-name">{move || column_name(standing)}</span>
                </span>
            </span>
        </div>
    }
    .into_any()
}

/// "you", "owner" or both, beside the name; tracked.
fn standing_words(board: Board, id: &str) -> Option<String> {
    let is_you = board.connection.with_value(|connection| connection.acting_as.as_deref() == Some(id));
    let is_owner =
        board.read.with(|read| read.as_ref().is_some_and(|read| read.group.owner.as_deref() == Some(id)));
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
