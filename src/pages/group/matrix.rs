//! The matrix: each person's scope in the group, and the scopes they could have.

use domain::{Member, Scope};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use super::board::Board;
use super::staged::{CurrentScope, is_offered};
use crate::features::reading::portrait::portrait;
use crate::features::scopes::scope_badge::scope_glyph;
use crate::features::words;
use i18n::{format_date, format_number, text};
use ui::{Button, KeyedRow, Tone, Variant, effect_after, empty_state, glyph, grid_card, keyed, next_id};

/// Number of rows drawn at first and added by each "Show more".
const ROWS_AT_ONCE: usize = 100;

/// The table of all matching people, with a line below it that counts them.
pub fn matrix(board: Board) -> AnyView {
    let limit = RwSignal::new(ROWS_AT_ONCE);
    // Other people are shown, so start at the top again.
    effect_after(move |before: Option<()>| {
        board.filter.track();
        if before.is_some() {
            limit.set(ROWS_AT_ONCE);
        }
    });
    let rows = move || {
        let ids = board.visible.get();
        board.roster.with(|roster| {
            let people = &roster.people;
            let has_joined = people.iter().any(|person| person.joined_at.is_some());
            let shown = ids.iter().take(limit.get()).filter_map(|idx| people.get(*idx));
            shown.map(|person| keyed_row(board, person.clone(), has_joined)).collect()
        })
    };
    let heads = board
        .columns()
        .into_iter()
        .map(|standing| {
            view! {
                <th class="mx-col" role="columnheader" scope="col">
                    <span>{glyph(scope_glyph(standing))}{move || column_name(standing)}</span>
                </th>
            }
        })
        .collect_view();
    let has_joined =
        move || board.roster.with(|roster| roster.people.iter().any(|person| person.joined_at.is_some()));
    let table = view! {
        <table
            class="grid matrix"
            role="table"
            aria-label=text::scopes_table
            aria-rowcount=move || (board.visible.with(Vec::len) + 1).to_string()
        >
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">
                        {text::scopes_person}
                    </th>
                    {heads}
                    {move || {
                        has_joined()
                            .then(|| {
                                view! {
                                    <th class="lo" role="columnheader" scope="col">
                                        {text::scopes_joined}
                                    </th>
                                }
                            })
                    }}
                </tr>
            </thead>
            <tbody role="rowgroup" on:keydown=|event| on_key(&event)>
                {keyed(rows)}
            </tbody>
        </table>
        {move || board.visible.with(Vec::is_empty).then(|| nobody(board))}
    };
    let foot = view! {
        <span role="status">{move || said(board, limit.get())}</span>
        {move || {
            let hidden = board.visible.with(Vec::len).saturating_sub(limit.get());
            (hidden > 0)
                .then(|| {
                    view! {
                        <Button
                            label=move || text::scopes_show_more(hidden.min(ROWS_AT_ONCE))
                            variant=Variant::Link
                            small=true
                            on_press=move || limit.update(|limit| *limit += ROWS_AT_ONCE)
                        />
                    }
                })
        }}
        {move || {
            board
                .roster
                .with(|roster| roster.next.is_some())
                .then(|| {
                    view! {
                        <Button
                            label=text::scopes_read_more
                            small=true
                            busy=board.is_reading
                            on_press=board.read_more
                        />
                    }
                })
        }}
    };
    grid_card(Signal::derive(text::scopes_table), table.into_any(), Some(foot.into_any()))
}

/// How many are shown, of how many that were read, of how many there are.
fn said(board: Board, limit: usize) -> String {
    let n_matching = board.visible.with(Vec::len);
    let n_shown = n_matching.min(limit);
    let (n_read, n_members, has_more) =
        board.roster.with(|roster| (roster.people.len(), roster.group.n_members, roster.next.is_some()));
    let shown = text::scopes_shown(n_read, &format_number(n_shown as f64));
    match n_members.filter(|_| has_more) {
        Some(n_members) => text::scopes_shown_partly(text::ScopesShownPartly {
            shown: &shown,
            total: &format_number(n_members as f64),
        }),
        None if has_more => text::scopes_shown_partly_uncounted(&shown),
        None => text::scopes_shown_all(&shown),
    }
}

fn nobody(board: Board) -> AnyView {
    if board.roster.with(|roster| roster.people.is_empty()) {
        empty_state("users", text::scopes_empty_title(), text::scopes_empty_body(), None)
    } else {
        let clear = view! { <Button label=text::scopes_show_all on_press=board.show_all /> };
        empty_state(
            "search",
            text::scopes_no_match_title(),
            text::scopes_no_match_body(),
            Some(clear.into_any()),
        )
    }
}

/// A row that keeps its elements, and with them the focus, until what it says of the person changes.
fn keyed_row(board: Board, person: Member, has_joined: bool) -> KeyedRow {
    let badge = standing_words(board, &person.id);
    let scope = person.scope.map_or("", Scope::slug);
    let key = format!(
        "{}\n{}\n{scope}\n{:?}\n{badge:?}\n{has_joined}",
        person.id,
        person.label(),
        person.joined_at
    );
    KeyedRow::new(key, move || row(board, &person, badge, has_joined))
}

fn row(board: Board, person: &Member, badge: Option<String>, has_joined: bool) -> AnyView {
    let id = person.id.clone();
    let name = person.label().to_owned();
    // Assumed: a member who is listed without a scope is a participant.
    let before = person.scope.unwrap_or(Scope::Participant);
    let intent = {
        let id = id.clone();
        Memo::new(move |_| board.staged.with(|staged| staged.intent(&id).map(|intent| intent.after)))
    };
    let reason = {
        let id = id.clone();
        move || board.reasons.with(|reasons| reasons.get(&id).cloned())
    };
    let group_name = next_id("scope");
    let cells = board
        .columns()
        .into_iter()
        .map(|standing| {
            let cell = Cell { standing, before, intent, name: name.clone(), group_name: group_name.clone() };
            let (id, person_name) = (id.clone(), person.name.clone());
            let mark = Callback::new(move |()| {
                board.staged.update(|staged| staged.mark(&id, person_name.clone(), before, standing));
                board.reasons.update(|reasons| {
                    reasons.remove(&id);
                });
            });
            cell_view(cell, mark)
        })
        .collect_view();
    let joined = person.joined_at.map(|at| at as f64);
    let has_id = person.label() != &*person.id;
    let shown_id = has_id.then(|| {
        view! {
            <bdi translate="no" class="id id-clip">
                {id.to_string()}
            </bdi>
        }
    });
    view! {
        <tr role="row" class:is-staged=move || intent.get().is_some()>
            <th scope="row" role="rowheader">
                <span class="person">
                    {portrait(person, false)} <span class="person-text">
                        <span class="person-name">
                            <bdi translate="no">{name.clone()}</bdi>
                            {badge
                                .map(|words| {
                                    view! {
                                        " "
                                        <span class="badge">{words}</span>
                                    }
                                })}
                        </span>
                        {shown_id}
                        {move || {
                            (before == Scope::Banned && intent.get().is_none())
                                .then(|| {
                                    view! {
                                        <span class="tiny muted mx-hint">{text::scopes_lift_short}</span>
                                    }
                                })
                        }}
                        {move || {
                            reason()
                                .map(|reason| {
                                    view! {
                                        <span class="tiny is-refused mx-hint">
                                            {Tone::Refused.glyph()}{reason}
                                        </span>
                                    }
                                })
                        }}
                    </span>
                </span>
            </th>
            {cells}
            {has_joined
                .then(|| {
                    view! {
                        <td role="cell" class="lo muted nowrap">
                            {move || joined.map(format_date)}
                        </td>
                    }
                })}
        </tr>
    }
    .into_any()
}

/// The data of one cell.
struct Cell {
    standing: CurrentScope,
    before: Scope,
    intent: Memo<Option<CurrentScope>>,
    name: String,
    group_name: String,
}

fn cell_view(cell: Cell, mark: Callback<()>) -> AnyView {
    let Cell { standing, before, intent, name, group_name } = cell;
    let is_now = move || intent.get().unwrap_or(Some(before)) == standing;
    let was = move || intent.get().is_some() && standing == Some(before);
    let is_off = !is_offered(before, standing);
    let spoken = move || {
        let place = match standing {
            Some(scope) => words::scope(scope),
            None => text::common_scope_not_in_group(),
        };
        if was() {
            text::scopes_cell_was(text::ScopesCellWas { name: &name, place: &place })
        } else {
            text::scopes_cell(text::ScopesCell { name: &name, place: &place })
        }
    };
    let slug = slug(standing);
    view! {
        <td class="mx-col" role="cell">
            <label
                class=move || if was() { "mx was" } else { "mx" }
                class:is-off=is_off
                title=move || is_off.then(text::scopes_lift_first)
            >
                <input
                    type="radio"
                    name=group_name
                    disabled=is_off
                    prop:checked=is_now
                    on:change=move |_| mark.run(())
                />
                <span class=format!(
                    "mx-dot mx-{slug}",
                )>
                    {glyph(scope_glyph(standing))} <span class="mx-name" aria-hidden="true">
                        {move || column_name(standing)}
                    </span>
                </span>
                <span class="sr-only">{spoken}</span>
            </label>
        </td>
    }
    .into_any()
}

/// Arrow keys move without choosing, unlike in other groups of radio buttons: choosing here stages a change of
/// somebody's scope. Space and Enter choose.
fn on_key(event: &KeyboardEvent) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    let key = ui::pressed(event);
    if key == "Enter" {
        event.prevent_default();
        input.click();
        return;
    }
    let is_rtl =
        document().document_element().and_then(|html| html.get_attribute("dir")).as_deref() == Some("rtl");
    let (rows, columns) = match key.as_str() {
        "ArrowUp" => (-1, 0),
        "ArrowDown" => (1, 0),
        "ArrowLeft" => (0, if is_rtl { 1 } else { -1 }),
        "ArrowRight" => (0, if is_rtl { -1 } else { 1 }),
        _ => return,
    };
    event.prevent_default();
    if let Some(next) = beside(&input, rows, columns) {
        // Focusing can fail only for an element outside of the document.
        let _ = next.focus();
    }
}

/// The nearest cell in this direction whose scope can be chosen.
fn beside(input: &HtmlInputElement, rows: i32, columns: i32) -> Option<HtmlInputElement> {
    let mut row = input.closest("tr").ok().flatten()?;
    let mut column = cells_of(&row).iter().position(|cell| cell == input)? as i32;
    loop {
        column += columns;
        if rows != 0 {
            row = if rows < 0 { row.previous_element_sibling() } else { row.next_element_sibling() }?;
        }
        let cell = cells_of(&row).get(usize::try_from(column).ok()?)?.clone();
        if !cell.disabled() {
            return Some(cell);
        }
    }
}

fn cells_of(row: &Element) -> Vec<HtmlInputElement> {
    let cells = std::iter::successors(row.first_element_child(), Element::next_element_sibling);
    let inputs = cells.filter_map(|cell| cell.query_selector("input[type=radio]").ok().flatten());
    inputs.filter_map(|input| input.dyn_into().ok()).collect()
}

/// "you", "owner" or both, beside the name.
fn standing_words(board: Board, id: &str) -> Option<String> {
    let is_you = board.connection.with_value(|connection| connection.acting_as.as_deref() == Some(id));
    let is_owner = board.roster.with_untracked(|roster| roster.group.owner.as_deref() == Some(id));
    match (is_you, is_owner) {
        (true, true) => Some(text::scopes_you_owner()),
        (true, false) => Some(text::scopes_you()),
        (false, true) => Some(text::scopes_owner()),
        (false, false) => None,
    }
}

fn column_name(standing: CurrentScope) -> String {
    standing.map_or_else(text::scopes_none, words::scope)
}

fn slug(standing: CurrentScope) -> &'static str {
    standing.map_or("none", Scope::slug)
}
