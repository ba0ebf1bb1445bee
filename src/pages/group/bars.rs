//! The bars around the matrix: the tools above it, the marked changes below it.

use std::collections::BTreeMap;

use domain::Scope;
use leptos::prelude::*;

use super::board::{Board, Show};
use super::review::Review;
use super::scopes::Shown;
use super::staged::{Staged, StagedKind};
use crate::features::words;
use i18n::{format_list, format_number, text};
use ui::{Button, SearchInput, Segment, Segments, Tone, Variant, announce, icon, notice};

/// The tools above the matrix: search, visibility, filter by scope.
pub fn toolbar(board: Board, shown: Shown) -> AnyView {
    let n_all = move || board.roster.with(|roster| roster.people.len());
    let n_staged = move || board.staged.with(Staged::count);
    let n_banned = move || board.roster.with(|roster| roster.n_banned);
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
    let scope = shown.scope;
    let options = board.columns().into_iter().flatten().filter(|scope| scope.is_member()).map(|one| {
        let selected = move || scope.get() == Some(one);
        view! {
            <option value=one.slug() prop:selected=selected>
                {move || words::scope(one)}
            </option>
        }
    });
    view! {
        <div class="toolbar">
            <SearchInput label=text::scopes_find value=shown.typed />
            <Segments legend=text::scopes_show value=shown.show segments=segments quiet=true />
            <span class="select scope-select">
                <select
                    class="input"
                    aria-label=text::scopes_scope
                    on:change=move |event| scope.set(Scope::from_slug(&event_target_value(&event)))
                >
                    <option value="" prop:selected=move || scope.get().is_none()>
                        {text::scopes_any_scope}
                    </option>
                    {options.collect_view()}
                </select>
                {icon("chevron-down")}
            </span>
        </div>
        {move || {
            board
                .roster
                .with(|roster| roster.next.is_some())
                .then(|| { notice(Tone::Info, text::scopes_partly_read) })
        }}
    }
    .into_any()
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
