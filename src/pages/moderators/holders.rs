//! The people with power as a table: once for each of their groups, searched, filtered by scope and sorted.

use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use browser::search::search_for;
use domain::scope_review::{HoldingCounts, REVIEWED_SCOPES, ScopeHolding};
use domain::{Scope, order};
use leptos::prelude::*;

use super::all_groups::ReviewHere;
use crate::features::directory::filters::{FilterOption, FilterValues, filter_bar};
use crate::features::directory::list_columns::{list_columns, view_button};
use crate::features::directory::order::Order;
use crate::features::reading::portrait::person_cell;
use crate::features::scopes::scope_badge::scope_element;
use crate::features::words;
use crate::routing::{paths, query, use_go};
use i18n::{compare, format_time, text};
use ui::{Button, Column, DrawRow, Grid, GridColumns, RowVersion, SearchInput, Sort, VElement, empty_state};

/// A column that sorts.
#[derive(Clone, Copy)]
enum By {
    Person,
    Id,
    Scope,
    Group,
    Read,
}

/// The columns, by their names in the URL.
const COLUMNS: [(&str, By); 5] =
    [("name", By::Person), ("id", By::Id), ("scope", By::Scope), ("group", By::Group), ("read", By::Read)];

/// The owners, by their name in the URL: owning a group is no scope.
const OWNER: &str = "owner";

type Holdings = Vec<Arc<ScopeHolding>>;

/// What is shown, as it is in the URL. Copies share state.
#[derive(Clone, Copy)]
struct Shown {
    typed: RwSignal<String>,
    /// Names of scopes, and [`OWNER`].
    scope: FilterValues,
    order: Order,
    rows: Memo<Holdings>,
}

/// The table with its tools.
pub(super) fn holders(here: ReviewHere) -> AnyView {
    let shown = Shown::of_page(here);
    let columns = list_columns("moderators", heads());
    let count = Memo::new(move |_| shown.rows.with(Vec::len));
    let is_empty = Memo::new(move |_| count.get() == 0);
    let go = use_go();
    let connection = here.connection.with_value(|connection| connection.id.clone());
    let open = {
        let connection = connection.clone();
        Callback::new(move |place: usize| {
            if let Some(holding) = shown.at(place) {
                go(&paths::group(connection.as_str(), holding.group.as_str()));
            }
        })
    };
    let draw: DrawRow = Arc::new(move |place| {
        let cells = |holding: Arc<ScopeHolding>| {
            let href = paths::group(connection.as_str(), holding.group.as_str());
            cells(&holding, href)
        };
        shown.at(place).map(cells).unwrap_or_default().into()
    });
    let version: RowVersion =
        Arc::new(move |place| shown.rows.with(|rows| rows.get(place).map(|row| hash(row))));
    let grid = view! {
        <div hidden=is_empty>
            <Grid
                label=text::moderators_review_table
                class="review-grid"
                columns=columns
                count=count
                of=move || [&*shown.typed.get(), " ", &shown.scope.get().join(" ")].concat()
                row=draw
                version=version
                on_open=open
                sort=shown.order.by()
                on_sort=shown.order.on_sort()
            />
        </div>
        {move || is_empty.get().then(|| none(shown))}
    };
    let counted = move || said(shown.rows.with(|rows| HoldingCounts::of(rows.iter().map(|row| &**row))));
    view! {
        <div class="stack-3">
            {tools(here, shown, columns)}
            {ui::grid_card(
                Signal::derive(text::moderators_review_table),
                grid.into_any(),
                Some(here.foot(counted)),
            )}
        </div>
    }
    .into_any()
}

impl Shown {
    fn of_page(here: ReviewHere) -> Self {
        let (typed, _) = query::search("q");
        let options = Signal::derive(|| {
            let scopes = REVIEWED_SCOPES.map(|scope| FilterOption::new(scope.slug(), words::scope(scope)));
            scopes.into_iter().chain([FilterOption::new(OWNER, text::groups_owner())]).collect()
        });
        let scope = FilterValues::of_page("scope", text::scopes_scope, text::scopes_any_scope, options)
            .known_in(REVIEWED_SCOPES.map(Scope::slug).into_iter().chain([OWNER]).collect());
        let order = Order::of_columns(COLUMNS.map(|(name, _)| name).into());
        let rows = Memo::new(move |_| {
            let wanted = search_for(&typed.get());
            let names = scope.get();
            let scopes: Vec<Scope> = names.iter().filter_map(|slug| Scope::from_slug(slug)).collect();
            let wants_owners = names.iter().any(|name| name == OWNER);
            let now = order.now();
            let by = COLUMNS.iter().find(|(name, _)| *name == now.key).map_or(By::Person, |(_, by)| *by);
            let is_descending = now.sort == Sort::Descending;
            let mut rows: Holdings = here.holdings.get();
            rows.retain(|row| {
                let ScopeHolding { person, group, group_name, is_owner, .. } = &**row;
                let texts = [person.label(), &*person.id, &**group_name, group.as_str()];
                let has_scope = person.scope.is_some_and(|scope| scopes.contains(&scope));
                let has_it = has_scope || (*is_owner && wants_owners) || (scopes.is_empty() && !wants_owners);
                has_it && wanted.finds_any(texts)
            });
            order::sort_by(&mut rows, |one, other| {
                let compared = compare_by(by, one, other);
                let compared = if is_descending { compared.reverse() } else { compared };
                // A person's groups stand together.
                compared
                    .then_with(|| compare_by(By::Person, one, other))
                    .then_with(|| compare_by(By::Group, one, other))
            });
            rows
        });
        Self { typed, scope, order, rows }
    }

    fn at(self, place: usize) -> Option<Arc<ScopeHolding>> {
        self.rows.with_untracked(|rows| rows.get(place).cloned())
    }
}

fn compare_by(by: By, one: &ScopeHolding, other: &ScopeHolding) -> Ordering {
    let by_id = || one.person.id.cmp(&other.person.id);
    match by {
        By::Person => compare(one.person.label(), other.person.label()).then_with(by_id),
        By::Id => by_id(),
        // The highest first; an owner without a scope is last.
        By::Scope => {
            let rank = |holding: &ScopeHolding| (holding.person.scope.is_none(), holding.person.scope);
            rank(one).cmp(&rank(other))
        }
        By::Group => compare(&one.group_name, &other.group_name).then_with(|| one.group.cmp(&other.group)),
        By::Read => one.read_at.cmp(&other.read_at),
    }
}

fn tools(here: ReviewHere, shown: Shown, columns: GridColumns) -> AnyView {
    let tools = view! {
        <div class="toolbar">
            <SearchInput label=text::moderators_review_search value=shown.typed />
            {shown.scope.select()}
            {view_button(columns)}
            {here.exports()}
        </div>
    };
    filter_bar(tools.into_any(), vec![shown.scope.chips()])
}

/// "14 people in 9 groups: 11 admins, 20 moderators".
fn said(counts: HoldingCounts) -> String {
    text::moderators_review_counts(text::ModeratorsReviewCounts {
        people: &text::common_people(counts.n_people),
        groups: &text::groups_n_here(counts.n_groups),
        admins: &text::moderators_review_admins(counts.n_admins),
        moderators: &text::moderators_review_moderators(counts.n_moderators),
    })
}

fn none(shown: Shown) -> AnyView {
    let clear = move || {
        shown.typed.set(String::new());
        shown.scope.clear();
    };
    let clear = view! { <Button label=text::members_clear_search on_press=clear /> };
    empty_state("search", text::scopes_no_match_title(), text::scopes_no_match_body(), Some(clear.into_any()))
}

fn heads() -> Vec<Column> {
    vec![
        Column::new("name", text::scopes_person).sortable().fixed(),
        Column::new("id", text::members_id).with_class("mid").sortable(),
        Column::new("scope", text::scopes_scope).sortable(),
        Column::new("group", text::groups_pick_group).sortable(),
        Column::new("read", text::moderators_review_read).with_class("lo").sortable(),
    ]
}

fn cells(holding: &ScopeHolding, href: String) -> Vec<VElement> {
    let ScopeHolding { person, group_name, is_owner, read_at, .. } = holding;
    let scope = match person.scope {
        Some(scope) => Some(scope_element(scope)),
        // The badge beside it says enough.
        None if *is_owner => None,
        None => Some(VElement::new("span").text(text::results_none())),
    };
    let owner = is_owner.then(|| VElement::of_class("span", "badge").text(text::scopes_owner()));
    let link = VElement::new("a").attribute("href", href).attribute("tabindex", "-1");
    vec![
        person_cell(person),
        VElement::cell("").with(VElement::name("id id-clip", person.id.to_string())),
        VElement::cell("").with(VElement::of_class("span", "row").with_all(scope).with_all(owner)),
        VElement::cell("").with(link.with(VElement::name("", group_name.to_string()))),
        VElement::cell("muted").text(format_time(*read_at as f64)),
    ]
}

/// A number that changes with what a row says.
fn hash(holding: &ScopeHolding) -> u64 {
    let ScopeHolding { person, group, group_name, is_owner, read_at } = holding;
    let mut hasher = DefaultHasher::new();
    (&person.id, &person.name, person.scope, group, group_name, is_owner, read_at).hash(&mut hasher);
    hasher.finish()
}
