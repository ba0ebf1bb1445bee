//! The scopes of a group whose people can be read: the matrix, the bar of marked changes, the review.

use std::collections::BTreeMap;
use std::sync::Arc;

use directory_worker::{GroupBy, Only, ViewFilter, ViewSpec};
use domain::{Connection, GroupId, Scope};
use leptos::prelude::*;

use super::bars::{selected_bar, staged_bar, toolbar};
use super::board::{Board, Show};
use super::edit::Editing;
use super::matrix::{matrix, matrix_columns};
use super::review::Review;
use super::{CHANGING, add_people, crumbs};
use crate::features::adding::unsent::{Unsent, unsent};
use crate::features::directory::filters::{FilterOption, FilterValues};
use crate::features::directory::grouping::Grouping;
use crate::features::directory::joined::JoinedFilter;
use crate::features::directory::order::Order;
use crate::features::directory::people_view::PeopleView;
use crate::features::directory::reading_line::reading_line;
use crate::features::fetched::with_code;
use crate::features::words;
use crate::routing::query;
use crate::shell::page_head::named_head;
use crate::state::directory::{DirectoryOf, PeopleDirectory, ReadingStage, ReadingStatus};
use crate::state::group_read::GroupRead;
use crate::state::runs::use_runs;
use crate::state::session::use_session;
use domain::staged::Staged;
use i18n::{format_list, format_time, text};
use ui::{Button, Selection, Variant, effect, link_button, skeleton, toast};

/// The page of one group: its people, the marked changes and their review.
pub fn scopes(connection: Arc<Connection>, id: GroupId) -> AnyView {
    let (board, shown) = board(&connection, &id);
    // Changes stay marked while people are read again.
    let reconcile = move |read: &GroupRead| {
        let n_outdated = board.staged.try_update(|staged| staged.reconcile(|id| read.state(id)));
        if let Some(n_outdated) = n_outdated.filter(|n_outdated| *n_outdated > 0) {
            toast(text::scopes_n_outdated(n_outdated), None);
        }
    };
    let read_at = Memo::new(move |_| board.status.with(|status| status.read_at));
    effect(move || {
        if read_at.get() > 0 {
            board.read.with_untracked(|read| read.as_ref().map(reconcile));
            board.reasons.update(|reasons| {
                board.staged.with_untracked(|staged| reasons.retain(|id, _| staged.intent(id).is_some()));
            });
        }
    });
    let again = Callback::new(move |()| board.directory.with_value(PeopleDirectory::again));
    let review = Review::new(board, again);
    let kept = Unsent {
        connection: connection.clone(),
        form: ["scopes:", id.as_str()].concat(),
        holds: Callback::new(move |()| Some(board.staged.get()).filter(|staged| staged.count() > 0)),
        restore: Callback::new(move |staged| {
            board.staged.set(staged);
            if read_at.get_untracked() > 0 {
                board.read.with_untracked(|read| read.as_ref().map(reconcile));
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
    let line = board.directory.with_value(|directory| reading_line(directory, &connection));
    let stage = Memo::new(move |_| {
        board.status.with(|status| (status.is_blank(), status.stage == ReadingStage::Reading))
    });
    let is_there = Memo::new(move |_| !stage.get().0 && !editing.is_gone.get());
    let rows = move || {
        view! {
            {line}
            {move || (stage.get() == (true, true)).then(skeleton)}
            {move || is_there.get().then(|| whole(board, shown, review))}
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

/// The filters in the URL.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    /// The text in the search field.
    pub typed: RwSignal<String>,
    /// Which people are shown.
    pub show: Selection<Show>,
    /// Shows only people with one of these scopes.
    pub scope: FilterValues,
    /// Shows only people who joined at this time.
    pub joined: JoinedFilter,
    /// The order.
    pub order: Order,
    /// What people are grouped by.
    pub grouping: Grouping,
}

fn board(connection: &Arc<Connection>, id: &GroupId) -> (Board, Shown) {
    let (session, runs) = (use_session(), use_runs());
    let directory = PeopleDirectory::open(session, runs, connection, DirectoryOf::Group(id.clone()));
    let (typed, _) = query::search("q");
    let shown = Shown {
        typed,
        show: query::selection("show", &Show::ALL, Show::name),
        scope: scope_filter(connection),
        joined: JoinedFilter::of_page(),
        order: Order::of_page(),
        grouping: Grouping::of_page(&[GroupBy::Scope], Signal::stored(vec![GroupBy::Scope])),
    };
    let (staged, is_selected_only) = (RwSignal::new(Staged::default()), RwSignal::new(false));
    let spec = Memo::new(move |_| {
        let show = shown.show.get();
        let only = match show {
            _ if is_selected_only.get() => Only::Selected,
            Show::Staged => Only::Ids(staged.with(Staged::ids)),
            Show::All | Show::Banned => Only::All,
        };
        let scopes = match show {
            Show::Banned => vec![Scope::Banned],
            Show::All | Show::Staged => {
                shown.scope.get().iter().filter_map(|slug| Scope::from_slug(slug)).collect()
            }
        };
        let (joined_from, joined_to) = shown.joined.limits();
        let filter = ViewFilter { scopes, joined_from, joined_to, only, ..ViewFilter::default() };
        let (sort, group_by) = (shown.order.sort(), shown.grouping.get());
        ViewSpec { search: shown.typed.get(), sort, filter, group_by }
    });
    let show_all = Callback::new(move |()| {
        shown.typed.set(String::new());
        shown.show.set(Show::All);
        shown.scope.clear();
        shown.joined.clear();
        is_selected_only.set(false);
    });
    let read: RwSignal<Option<GroupRead>> = directory.group().into();
    let owner = move |_: Option<&_>| {
        read.with(|read| read.as_ref().and_then(|read| read.group.owner.as_deref().map(str::to_owned)))
    };
    let board = Board {
        connection: StoredValue::new(connection.clone()),
        group: StoredValue::new(id.clone()),
        people: PeopleView::new(&directory, spec),
        status: directory.status().into(),
        read,
        owner: Memo::new(owner),
        directory: StoredValue::new_local(directory),
        is_selected_only,
        staged,
        reasons: RwSignal::new(BTreeMap::new()),
        show_all,
    };
    (board, shown)
}

/// The filter by scope, of those that the vendor has.
fn scope_filter(connection: &Connection) -> FilterValues {
    let scopes = vendors::capabilities(connection.vendor).groups.map_or(&[][..], |groups| groups.scopes);
    let members = move || scopes.iter().copied().filter(|scope| scope.is_member());
    let options = Signal::derive(move || {
        members().map(|scope| FilterOption::new(scope.slug(), words::scope(scope))).collect()
    });
    FilterValues::of_page("scope", text::scopes_scope, text::scopes_any_scope, options)
        .known_in(members().map(Scope::slug).collect())
}

fn head(board: Board, editing: Editing, again: Callback<()>) -> AnyView {
    let connection = board.connection.get_value();
    let id = board.group.get_value();
    let add = add_people(&connection, &id);
    // A group that could not be read, or is gone, offers no actions.
    let is_there = Memo::new(move |_| !board.status.with(ReadingStatus::is_blank) && !editing.is_gone.get());
    let is_reading = Signal::derive(move || {
        board.status.with(|status| matches!(status.stage, ReadingStage::Reading | ReadingStage::Waiting(_)))
    });
    let actions = view! {
        <Button
            label=text::scopes_read_again
            icon="refresh-cw"
            icon_only=true
            variant=Variant::Quiet
            busy=is_reading
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
        Signal::derive(move || board.group_read().name.to_string()),
        Signal::derive(move || facts(board)),
        Some(actions.into_any()),
    )
}

/// "287 members, 4 banned. You act as cap-admin, admin and owner. Loaded at 14:06 with 5 requests."
fn facts(board: Board) -> String {
    let group = board.group_read();
    let (counts, read_at, n_calls) =
        board.status.with(|status| (status.counts.clone(), status.read_at, status.n_calls));
    if counts.n_people == 0 && read_at == 0 {
        return String::new();
    }
    let n_members = group.n_members.map_or(counts.n_people - counts.n_banned, |n_members| n_members as usize);
    let counts = text::scopes_counts(text::ScopesCounts {
        banned: &text::scopes_banned(counts.n_banned),
        members: &text::scopes_members(n_members),
    });
    let acting_as = board.connection.with_value(|connection| connection.acting_as.clone());
    let acting = match &acting_as {
        Some(acting) => {
            let scope = board.with_read(|read| read.scopes.get(acting).copied()).map(words::scope);
            let is_owner = group.owner.as_ref() == Some(acting);
            let standing: Vec<String> = scope.into_iter().chain(is_owner.then(text::scopes_owner)).collect();
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
    let owner = group.owner.as_ref().filter(|owner| acting_as.as_ref() != Some(owner));
    let owner = owner.map(|owner| text::scopes_owned_by(owner)).unwrap_or_default();
    let read = match read_at {
        0 => String::new(),
        at => text::scopes_read_at(n_calls, &format_time(at as f64)),
    };
    text::scopes_facts(text::ScopesFacts { acting: &acting, counts: &counts, owner: &owner, read: &read })
}

fn whole(board: Board, shown: Shown, review: Review) -> AnyView {
    let columns = matrix_columns(board);
    view! {
        <div class="page-body" class:with-drawer=move || review.is_open.get()>
            <div class="scopes-main stack-3">
                {toolbar(board, shown, columns)} {matrix(board, shown.order, columns)} {selected_bar(board)}
            </div>
            {move || review.is_open.get().then(|| with_code(&CHANGING, move |code| (code.review)(review)))}
        </div>
        {move || (board.staged.with(Staged::count) > 0).then(|| staged_bar(board, review))}
    }
    .into_any()
}
