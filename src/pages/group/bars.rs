//! The bars around the matrix: the tools above it, the marked changes below it.

use std::collections::BTreeMap;

use domain::Scope;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board::{Board, Show};
use super::matrix::column_name;
use super::review::Review;
use super::scopes::Shown;
use crate::features::directory::filters::filter_bar;
use crate::features::directory::list_columns::people_view_button;
use crate::features::directory::selection_bar::selection_bar;
use domain::staged::{CurrentScope, Staged, StagedKind};
use i18n::{format_list, format_number, text};
use ui::{Button, Chosen, GridColumns, Menu, MenuItem, SearchInput, Segment, Segments, Variant, announce};

/// The tools above the matrix: search, visibility, filter by scope.
pub fn toolbar(board: Board, shown: Shown, columns: GridColumns) -> AnyView {
    let n_all = move || board.status.with(|status| status.counts.n_people);
    let n_staged = move || board.staged.with(Staged::count);
    let n_banned = move || board.status.with(|status| status.counts.n_banned);
    let segment = |value, label: fn(&str) -> String, count: Signal<usize>| Segment {
        value,
        label: Signal::derive(move || label(&format_number(count.get() as f64))),
        icon: "",
    };
    let segments = vec![
        segment(Show::All, text::scopes_show_n_all, Signal::derive(n_all)),
        segment(Show::Staged, text::scopes_show_n_staged, Signal::derive(n_staged)),
        segment(Show::Banned, text::scopes_show_n_banned, Signal::derive(n_banned)),
    ];
    let tools = view! {
        <div class="toolbar">
            <SearchInput label=text::scopes_find value=shown.typed />
            <Segments legend=text::scopes_show value=shown.show segments=segments quiet=true />
            {shown.scope.select()}
            {shown.joined.select()}
            {people_view_button(columns, shown.grouping)}
        </div>
        {shown.joined.dates()}
    };
    filter_bar(tools.into_any(), vec![shown.scope.chips(), shown.joined.chips()])
}

/// The bar of the selected people, with the scopes that can be staged for all of them.
pub fn selected_bar(board: Board) -> AnyView {
    let stage = move |after: CurrentScope| {
        spawn_local(async move {
            let Some(people) = board.people.selected().await else { return };
            let n_staged = board.staged.try_update(|staged| {
                for person in &people {
                    // Assumed: a member who is listed without a scope is a participant.
                    let scope = person.scope.unwrap_or(Scope::Participant);
                    staged.mark(&person.id, person.name.clone(), scope, after);
                }
                staged.count()
            });
            if let Some(n_staged) = n_staged {
                announce(text::scopes_n_staged(n_staged));
            }
        });
    };
    let item = move |after: CurrentScope| MenuItem {
        label: Signal::derive(move || column_name(after)),
        icon: "",
        chosen: Chosen::Action,
        on_select: Callback::new(move |()| stage(after)),
    };
    let items = Signal::derive(move || board.columns().into_iter().map(item).collect::<Vec<_>>());
    let actions =
        move || view! { <Menu label=text::scopes_set_scope icon="shield" items=items /> }.into_any();
    selection_bar(board.people, board.is_selected_only, actions)
}

/// The bar that sums up the marked changes, while there are any.
pub fn staged_bar(board: Board, review: Review) -> AnyView {
    let discard = move || {
        board.staged.update(Staged::clear);
        board.reasons.update(BTreeMap::clear);
        announce(text::scopes_discarded());
    };
    view! {
        <div class="staged-bar bar-bottom" role="region" aria-label=text::scopes_staged>
            <p class="grow" role="status">
                <b>{move || text::scopes_n_staged(board.staged.with(Staged::count))}</b>
                " "
                {move || board.staged.with(kinds)}
            </p>
            <Button label=text::scopes_discard variant=Variant::Quiet on_press=discard />
            <Button
                label=text::scopes_review
                variant=Variant::Primary
                expanded=review.is_open
                on_press=move || review.open()
            />
        </div>
    }
    .into_any()
}

/// Formats a count.
type Words = fn(usize) -> String;

/// "2 promoted, 1 stepped down and 1 removed."
fn kinds(staged: &Staged) -> String {
    let words: [(StagedKind, Words); 5] = [
        (StagedKind::Promoted, text::scopes_n_promoted),
        (StagedKind::SteppedDown, text::scopes_n_stepped_down),
        (StagedKind::Removed, text::scopes_n_removed),
        (StagedKind::Banned, text::scopes_n_banned),
        (StagedKind::Unbanned, text::scopes_n_unbanned),
    ];
    let counted = words.into_iter().map(|(kind, words)| (staged.count_of(kind), words));
    let parts: Vec<String> = counted.filter(|(n, _)| *n > 0).map(|(n, words)| words(n)).collect();
    text::scopes_kinds(&format_list(&parts))
}
