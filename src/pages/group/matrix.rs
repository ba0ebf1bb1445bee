//! The matrix: each person's scope in the group, and the scopes they could have.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::Arc;

use domain::{Member, Scope};
use leptos::prelude::*;

use super::board::Board;
use crate::features::directory::list_columns::list_columns;
use crate::features::directory::order::Order;
use crate::features::reading::portrait::portrait_element;
use crate::features::words;
use domain::staged::{CurrentScope, Staged, is_offered};
use i18n::{format_date, format_number, text, without_isolates};
use ui::{
    Button, Column, DrawRow, Grid, GridColumns, RowVersion, Tone, VElement, empty_state, glyph_element,
};

/// The id of the words that a cell is named by as well whose scope the person has until the changes are sent.
const WAS: &str = "scope-until-sent";

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
    let is_touched = is_touched();
    let draw: DrawRow = Arc::new(move |place| {
        people.with_person(place, |person| cells(board, person, is_touched)).unwrap_or_default().into()
    });
    let version: RowVersion = Arc::new(move |place| {
        let version = people.version(place)?;
        people.with_person(place, |person| {
            let mut hasher = DefaultHasher::new();
            (version, Said::of(board, person)).hash(&mut hasher);
            hasher.finish()
        })
    });
    let is_empty = Memo::new(move |_| people.is_there().get() && count.get() == 0);
    let select = people.selection();
    let toggle = select.on_toggle;
    let grid = view! {
        <div hidden=is_empty>
            <span id=WAS hidden>
                {text::scopes_cell_was}
            </span>
            <Grid
                label=text::scopes_table
                class="matrix-grid"
                columns=grid_columns
                count=people.n_rows()
                of=people.of()
                row=draw
                version=version
                on_open=toggle
                cells=n_cells
                on_cell=mark
                selection=select
                groups=people.groups()
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

/// What a row says besides the person, and what changes it.
#[derive(Hash)]
struct Said {
    /// The marked scope.
    intent: Option<CurrentScope>,
    /// Why the change is still marked.
    reason: Option<String>,
    is_you: bool,
    is_owner: bool,
}

impl Said {
    /// Tracked.
    fn of(board: Board, person: &Member) -> Self {
        let id = &person.id;
        Self {
            intent: board.staged.with(|staged: &Staged| staged.intent(id).map(|intent| intent.after)),
            reason: board.reasons.with(|reasons| reasons.get(id).cloned()),
            is_you: board.connection.with_value(|connection| connection.acting_as.as_deref() == Some(&**id)),
            is_owner: board.owner.with(|owner| owner.as_deref() == Some(&**id)),
        }
    }
}

/// Whether the user points with fingers, and so never at a row before pressing it.
fn is_touched() -> bool {
    let media = window().match_media("(hover: none)").ok().flatten();
    media.is_some_and(|media| media.matches())
}

fn cells(board: Board, person: &Member, is_touched: bool) -> Vec<VElement> {
    let before = scope_now(person);
    let said = untrack(|| Said::of(board, person));
    let intent = said.intent;
    let one = |standing: &CurrentScope| {
        let look = CellLook::new(*standing, before, intent);
        scope_cell(*standing, look, is_touched && !look.is_off)
    };
    let joined = person.joined_at.map(|at| format_date(at as f64)).unwrap_or_default();
    let mut cells = vec![who(person, before, said)];
    cells.extend(board.columns().iter().map(one));
    cells.push(VElement::cell("muted nowrap c-joined").text(joined));
    cells
}

/// The person: picture, name, what they are in this group, and why a change is still marked.
fn who(person: &Member, before: Scope, said: Said) -> VElement {
    let name = person.label().to_owned();
    let id = (name != *person.id).then(|| VElement::name("id id-clip", person.id.to_string()));
    let badge = standing_words(&said).map(|words| VElement::of_class("span", "badge").text(words));
    let name_class = if badge.is_some() { "person-name has-badge" } else { "person-name" };
    let is_staged = said.intent.is_some();
    let is_banned = before == Scope::Banned && !is_staged;
    let hint = match said.reason {
        Some(reason) => {
            let hint = VElement::of_class("span", "tiny is-refused mx-hint");
            let glyph = glyph_element(Tone::Refused.glyph_name());
            Some(hint.attribute("title", without_isolates(&reason)).with(glyph).text(reason))
        }
        None => is_banned
            .then(|| VElement::of_class("span", "tiny muted mx-hint").text(text::scopes_lift_short())),
    };
    let class = if is_staged { "vcell person v-person is-staged" } else { "vcell person v-person" };
    VElement::of_class("div", class)
        .attribute("role", "rowheader")
        .with(portrait_element(person))
        .with(VElement::name(name_class, name).naming_row())
        .with_all(badge)
        .with_all(id)
        .with_all(hint)
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

    /// Where no glyph is needed there is none: each takes its time in every row.
    fn class(self, standing: CurrentScope, has_glyph: bool) -> String {
        let glyph = if has_glyph || self.is_now || self.was { slug(standing) } else { "" };
        let parts = [
            "mx",
            if glyph.is_empty() { "" } else { " has-glyph mx-" },
            glyph,
            if self.was { " was" } else { "" },
            if self.is_off { " is-off" } else { "" },
            if self.is_now { " is-now" } else { "" },
        ];
        parts.concat()
    }

    fn aria_checked(self) -> &'static str {
        if self.is_now { "true" } else { "false" }
    }
}

/// A cell is named by the person and the head of its column. The style sheet draws the glyph.
fn scope_cell(standing: CurrentScope, look: CellLook, has_glyph: bool) -> VElement {
    let radio = VElement::of_class("span", look.class(standing, has_glyph))
        .attribute("role", "radio")
        .named_by_row_and_column(slug(standing), look.was.then_some(WAS))
        .maybe("title", look.is_off.then(text::scopes_lift_first))
        .attribute("aria-checked", look.aria_checked())
        .maybe("aria-disabled", look.is_off.then_some("true"));
    let radio = if look.is_now { radio.text(column_name(standing)) } else { radio };
    VElement::cell("mx-col").with(radio)
}

/// "you", "owner" or both, beside the name.
fn standing_words(said: &Said) -> Option<String> {
    match (said.is_you, said.is_owner) {
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
