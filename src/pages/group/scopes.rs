//! The scopes of a group whose people can be read: the matrix, the bar of marked changes, the review.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Connection, GroupId, Scope};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bars::{staged_bar, toolbar};
use super::board::{Board, Filter, Show, matching};
use super::edit::Editing;
use super::matrix::matrix;
use super::review::Review;
use super::staged::Staged;
use super::{CHANGING, add_people, crumbs};
use crate::features::adding::unsent::{Unsent, unsent};
use crate::features::fetched::with_code;
use crate::features::reading::group_state::Roster;
use crate::features::reading::not_read::not_read;
use crate::features::words;
use crate::routing::query;
use crate::shell::page_head::named_head;
use crate::state::reads::{Read, reading};
use crate::state::session::use_session;
use browser::search::search_for;
use i18n::{format_list, format_time, text};
use ui::{Button, Selection, Variant, effect, link_button, none_or, skeleton, toast};

/// The page of one group: its people, the marked changes and their review.
pub fn scopes(connection: Arc<Connection>, id: GroupId) -> AnyView {
    let session = use_session();
    let read = {
        let (connection, id) = (connection.id.clone(), id.clone());
        reading(move || {
            let (connection, id) = (connection.clone(), id.clone());
            async move { Roster::read(session, &connection, &id).await }
        })
    };
    let (typed, find) = query::search("q");
    let show = query::selection("show", &Show::ALL, Show::name);
    let scope = query::selection("scope", &ANY_SCOPE, |scope| scope.map_or("", Scope::slug));
    let shown = Shown { typed, find, show, scope };
    let board = board(connection.clone(), id.clone(), shown);
    let has_read = RwSignal::new(false);
    // People stay on the screen while they are read again, and changes stay marked.
    let reconcile = move |roster: &Roster| {
        let n_outdated = board.staged.try_update(|staged| staged.reconcile(|id| roster.state(id)));
        if let Some(n_outdated) = n_outdated.filter(|n_outdated| *n_outdated > 0) {
            toast(text::scopes_n_outdated(n_outdated), None);
        }
    };
    effect(move || {
        if let Some(roster) = read.ready() {
            reconcile(&roster);
            board.reasons.update(|reasons| {
                board.staged.with_untracked(|staged| reasons.retain(|id, _| staged.intent(id).is_some()));
            });
            board.roster.set(roster);
            has_read.set(true);
        }
    });
    effect(move || board.is_reading.set(matches!(read.get(), Read::Loading)));
    let again = Callback::new(move |()| {
        board.trouble.set(None);
        read.again();
    });
    let review = Review::new(board, again);
    let kept = Unsent {
        connection: connection.clone(),
        form: ["scopes:", id.as_str()].concat(),
        holds: Callback::new(move |()| Some(board.staged.get()).filter(|staged| staged.count() > 0)),
        restore: Callback::new(move |staged| {
            board.staged.set(staged);
            if has_read.get_untracked() {
                board.roster.with_untracked(reconcile);
            }
        }),
        clear: Callback::new(move |()| {
            board.staged.update(Staged::clear);
            board.reasons.update(BTreeMap::clear);
        }),
        take_out: Callback::new(move |sent: Staged| board.staged.update(|staged| staged.take_out(&sent))),
        is_sent: review.is_sending(),
    };
    let editing = Editing::new(board);
    let failure = move || {
        let trouble = match read.get() {
            Read::Failed(failure) => Some(failure),
            Read::Loading | Read::Ready(_) => board.trouble.get(),
        };
        trouble.map(|failure| not_read(&connection, &failure, again))
    };
    // The layout depends only on whether something was ever read; reading again redraws rows only.
    let is_waiting = Memo::new(move |_| !has_read.get() && matches!(read.get(), Read::Loading));
    let rows = move || {
        view! {
            {failure}
            {move || is_waiting.get().then(skeleton)}
            {move || (has_read.get() && !editing.is_gone.get()).then(|| whole(board, shown, review))}
        }
        .into_any()
    };
    view! {
        <div class="scopes-page">
            {head(board, editing, again)} {editing.view(again)} {unsent(kept, rows)}
        </div>
    }
    .into_any()
}

/// Any scope, or one of them.
const ANY_SCOPE: [Option<Scope>; Scope::ALL.len() + 1] = none_or(Scope::ALL);

/// The filters in the URL.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    /// The text in the search field.
    pub typed: RwSignal<String>,
    find: Memo<String>,
    /// Which people are shown.
    pub show: Selection<Show>,
    /// Shows only people with this scope.
    pub scope: Selection<Option<Scope>>,
}

fn board(connection: Arc<Connection>, id: GroupId, shown: Shown) -> Board {
    let session = use_session();
    let roster = RwSignal::new(Roster::unread(id.clone()));
    let staged = RwSignal::new(Staged::default());
    let is_reading = RwSignal::new(true);
    let trouble = RwSignal::new(None);
    let filter = Memo::new(move |_| Filter {
        find: search_for(&shown.find.get()),
        show: shown.show.get(),
        scope: shown.scope.get(),
    });
    let visible = Memo::new(move |_| {
        filter.with(|filter| {
            roster.with(|roster| {
                matching(roster, filter, |id| staged.with(|staged| staged.intent(id).is_some()))
            })
        })
    });
    let connection_id = connection.id.clone();
    let read_more = Callback::new(move |()| {
        let connection = connection_id.clone();
        let mut more = roster.get_untracked();
        is_reading.set(true);
        trouble.set(None);
        spawn_local(async move {
            let result = more.read_more(session, &connection).await;
            match result {
                // Fails only if the page is gone; then there is nothing to update.
                Ok(()) => drop(roster.try_set(more)),
                Err(failure) => drop(trouble.try_set(Some(failure))),
            }
            is_reading.try_set(false);
        });
    });
    let show_all = Callback::new(move |()| {
        shown.typed.set(String::new());
        shown.show.set(Show::All);
        shown.scope.set(None);
    });
    Board {
        connection: StoredValue::new(connection),
        group: StoredValue::new(id),
        roster,
        staged,
        reasons: RwSignal::new(BTreeMap::new()),
        filter,
        visible,
        is_reading,
        trouble,
        read_more,
        show_all,
    }
}

fn head(board: Board, editing: Editing, again: Callback<()>) -> AnyView {
    let connection = board.connection.get_value();
    let id = board.group.get_value();
    let add = add_people(&connection, &id);
    // A group that could not be read, or is gone, offers no actions.
    let is_there =
        Memo::new(move |_| board.roster.with(|roster| roster.read_at > 0) && !editing.is_gone.get());
    let actions = view! {
        <Button
            label=text::scopes_read_again
            icon="refresh-cw"
            icon_only=true
            variant=Variant::Quiet
            busy=board.is_reading
            on_press=again
        />
        {move || {
            is_there
                .get()
                .then(|| {
                    view! {
                        {editing.actions()}
                        {link_button(
                            add.clone(),
                            text::shell_section_add,
                            Variant::Primary,
                            false,
                            "user-plus",
                        )}
                    }
                })
        }}
    };
    named_head(
        &connection,
        crumbs(&connection, id.as_str()),
        Signal::derive(move || board.roster.with(|roster| roster.group.name.to_string())),
        Signal::derive(move || facts(board)),
        Some(actions.into_any()),
    )
}

/// "287 members, 4 banned. You act as cap-admin, admin and owner. Read at 14:06 in 5 calls."
fn facts(board: Board) -> String {
    board.roster.with(|roster| {
        if roster.read_at == 0 {
            return String::new();
        }
        let n_members = roster.people.len() - roster.n_banned;
        let n_members = roster.group.n_members.map_or(n_members, |n_members| n_members as usize);
        let counts = text::scopes_counts(text::ScopesCounts {
            banned: &text::scopes_banned(roster.n_banned),
            members: &text::scopes_members(n_members),
        });
        let acting_as = board.connection.with_value(|connection| connection.acting_as.clone());
        let acting = match &acting_as {
            Some(acting) => {
                let scope = roster.standing(acting).map(words::scope);
                let is_owner = roster.group.owner.as_ref() == Some(acting);
                let standing: Vec<String> =
                    scope.into_iter().chain(is_owner.then(text::scopes_owner)).collect();
                if standing.is_empty() {
                    text::scopes_acting(acting)
                } else {
                    text::scopes_acting_standing(text::ScopesActingStanding {
                        person: acting,
                        standing: &format_list(&standing),
                    })
                }
            }
            None => text::scopes_acting_app(),
        };
        let owner = roster.group.owner.as_ref().filter(|owner| acting_as.as_ref() != Some(owner));
        let owner = owner.map(|owner| text::scopes_owned_by(owner)).unwrap_or_default();
        let read = text::scopes_read_at(roster.n_calls, &format_time(roster.read_at as f64));
        text::scopes_facts(text::ScopesFacts { acting: &acting, counts: &counts, owner: &owner, read: &read })
    })
}

fn whole(board: Board, shown: Shown, review: Review) -> AnyView {
    view! {
        <div class="page-body" class:with-drawer=move || review.is_open.get()>
            <div class="scopes-main stack-3">{toolbar(board, shown)}{matrix(board)}</div>
            {move || review.is_open.get().then(|| with_code(&CHANGING, move |code| (code.review)(review)))}
        </div>
        {move || (board.staged.with(Staged::count) > 0).then(|| staged_bar(board, review))}
    }
    .into_any()
}
