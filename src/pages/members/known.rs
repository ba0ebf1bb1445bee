//! The people known from this session, for a vendor that cannot list them: from its responses, and from imported lists.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use domain::ledger::KnownPerson;
use domain::{Connection, order};
use leptos::prelude::*;

use super::person::{actions_for, person_drawer};
use crate::features::directory::list_columns::{list_columns, view_button};
use crate::features::directory::nobody::{nobody_known, nobody_matches};
use crate::features::directory::order::Order;
use crate::features::directory::selection_bar::{SelectedPeople, selection_bar};
use crate::features::reading::known_people::{key, place};
use crate::features::reading::portrait::person_cell;
use crate::features::scopes::scope_badge::scope_element;
use crate::routing::query;
use crate::state::session::use_session;
use browser::search::search_for;
use i18n::{compare, format_date_time, text};
use ui::{
    Column, DrawRow, Grid, GridColumns, GridSelection, RowVersion, SearchInput, SelectedAll, Sort, SortBy,
    Tone, VElement, notice,
};

/// The columns that sort, by their names in the URL. The first sorts without one.
const COLUMNS: [&str; 2] = ["name", "since"];

/// A person, prepared for searching.
#[derive(Debug)]
struct Row {
    known: KnownPerson,
    /// Identifies the row, also in the URL.
    place: Box<str>,
    /// What a search looks into.
    folded: Box<str>,
    /// A number that changes with what the row says.
    version: u64,
}

type Rows = Vec<Arc<Row>>;

/// The state of the page. Copies share the same signals.
#[derive(Clone, Copy)]
struct Page {
    connection: StoredValue<Arc<Connection>>,
    columns: GridColumns,
    /// Everyone, by name.
    all: Memo<Rows>,
    shown: Memo<Rows>,
    typed: RwSignal<String>,
    order: Order,
    /// The places of the selected rows.
    selected: RwSignal<BTreeSet<Box<str>>>,
    is_selected_only: RwSignal<bool>,
    /// The place of the person in the drawer.
    open: Memo<String>,
    set_open: SignalSetter<Option<String>>,
}

/// The list of known people, with a note that explains why it is incomplete.
pub fn known(connection: Arc<Connection>) -> AnyView {
    let vendor = connection.vendor.name();
    let page = Page::new(&connection);
    let is_open = Memo::new(move |_| !page.open.with(String::is_empty));
    let drawer = {
        let connection = connection.clone();
        let close = Callback::new(move |()| page.set_open.set(None));
        // Includes people whom the search leaves out.
        let found = Memo::new(move |_| {
            let open = page.open.get();
            let is_it = |row: &&Arc<Row>| !open.is_empty() && *row.place == *open;
            page.all.with(|all| all.iter().find(is_it).map(|row| row.known.member.clone()))
        });
        move || found.get().map(|person| person_drawer(&connection, person, close))
    };
    view! {
        <div class="page-body members-body" class:with-drawer=is_open>
            <div class="members-main stack-3">
                {notice(Tone::Info, move || text::members_known_only(vendor))} <div class="toolbar mem-tools">
                    <SearchInput label=text::members_search_known value=page.typed />
                    {view_button(page.columns)}
                </div> {page.list()}
            </div>
            {drawer}
        </div>
    }
    .into_any()
}

impl Page {
    fn new(connection: &Arc<Connection>) -> Self {
        let (session, id) = (use_session(), connection.id.clone());
        let (typed, _) = query::search("q");
        let order = Order::of_columns(COLUMNS.into());
        let (selected, is_selected_only) = (RwSignal::new(BTreeSet::new()), RwSignal::new(false));
        // Comparing names is slow, so it is done once for every change of the people.
        let all = Memo::new_with_compare(
            move |_| {
                i18n::current();
                by_name(session.known_people(&id))
            },
            |_, _| true,
        );
        let shown = Memo::new_with_compare(
            move |_| {
                let search = typed.with(|typed| search_for(typed));
                let is_only = is_selected_only.get();
                let mut shown = all.get();
                shown.retain(|row| {
                    let is_picked = || selected.with(|selected| selected.contains(&row.place));
                    row.folded.contains(search.wanted()) && (!is_only || is_picked())
                });
                sort(&mut shown, order.now());
                shown
            },
            |_, _| true,
        );
        let (open, set_open) = query::choice("person");
        let connection = StoredValue::new(Arc::clone(connection));
        let columns = list_columns("known", heads());
        Self { connection, columns, all, shown, typed, order, selected, is_selected_only, open, set_open }
    }

    fn at(self, place: usize) -> Option<Arc<Row>> {
        self.shown.with_untracked(|shown| shown.get(place).cloned())
    }

    fn list(self) -> AnyView {
        let connection = self.connection.get_value();
        let count = Memo::new(move |_| self.shown.with(Vec::len));
        let is_empty = Memo::new(move |_| count.get() == 0);
        let draw: DrawRow =
            Arc::new(move |place| self.at(place).map(|row| cells(&row.known)).unwrap_or_default().into());
        let version: RowVersion =
            Arc::new(move |place| self.shown.with(|shown| shown.get(place).map(|row| row.version)));
        let show = move |place| {
            let place = self.at(place).map(|row| row.place.to_string());
            self.set_open.set(place.filter(|place| self.open.with_untracked(|open| open != place)));
        };
        let open = Signal::derive(move || {
            let open = self.open.get();
            self.shown.with(|shown| shown.iter().position(|row| !open.is_empty() && *row.place == *open))
        });
        let grid = view! {
            <div hidden=is_empty>
                <Grid
                    label=text::members_title
                    class="known-grid"
                    columns=self.columns
                    count=count
                    of=move || {
                        [&*self.typed.get(), if self.is_selected_only.get() { " 1" } else { "" }].concat()
                    }
                    row=draw
                    version=version
                    open=open
                    on_open=Callback::new(show)
                    selection=self.selection()
                    sort=self.order.by()
                    on_sort=self.order.on_sort()
                />
            </div>
            {move || is_empty.get().then(|| self.nobody())}
        };
        let foot = view! { <span role="status">{move || text::common_people(count.get())}</span> };
        let people = SelectedPeople::from(self);
        let bar = selection_bar(people.clone(), self.is_selected_only, move || {
            actions_for(&connection, people.clone())
        });
        view! {
            {ui::grid_card(Signal::derive(text::members_title), grid.into_any(), Some(foot.into_any()))}
            {bar}
        }
        .into_any()
    }

    fn nobody(self) -> AnyView {
        if self.all.with(Vec::is_empty) {
            let (title, body) = (text::members_known_empty_title(), text::members_known_empty_body());
            return self.connection.with_value(|connection| nobody_known(connection, title, body));
        }
        let clear = move || {
            self.typed.set(String::new());
            self.is_selected_only.set(false);
        };
        nobody_matches(&self.typed.get(), clear)
    }

    fn selection(self) -> GridSelection {
        let Self { shown, selected, .. } = self;
        let place_of = move |place: usize| self.at(place).map(|row| row.place.clone());
        let is_selected = move |place: usize| {
            shown.with(|shown| {
                shown.get(place).is_some_and(|row| selected.with(|selected| selected.contains(&row.place)))
            })
        };
        let all = Memo::new(move |_| {
            let is_picked = |row: &&Arc<Row>| selected.with(|selected| selected.contains(&row.place));
            let (n, n_rows) = shown.with(|shown| (shown.iter().filter(is_picked).count(), shown.len()));
            match n {
                0 => SelectedAll::None,
                n if n == n_rows => SelectedAll::All,
                _ => SelectedAll::Some,
            }
        });
        let toggle = move |place: usize| {
            let Some(place) = place_of(place) else { return };
            selected.update(|selected| {
                if !selected.remove(&place) {
                    selected.insert(place);
                }
            });
        };
        let range = move |(from, to): (usize, usize)| {
            let picked = (from.min(to)..=from.max(to)).filter_map(place_of);
            selected.update(|selected| selected.extend(picked));
        };
        // Those whom the search leaves out stay as they are.
        let select_all = move |is_all: bool| {
            let places: BTreeSet<Box<str>> =
                shown.with_untracked(|shown| shown.iter().map(|row| row.place.clone()).collect());
            selected.update(|selected| {
                if is_all {
                    selected.extend(places);
                } else {
                    selected.retain(|place| !places.contains(place));
                }
            });
        };
        let label = move |place: usize| {
            self.at(place).map(|row| row.known.member.label().to_owned()).unwrap_or_default()
        };
        GridSelection {
            is_selected: Arc::new(is_selected),
            all: all.into(),
            on_toggle: Callback::new(toggle),
            on_start: None,
            on_range: Callback::new(range),
            on_all: Callback::new(select_all),
            row_label: Arc::new(label),
        }
    }
}

impl From<Page> for SelectedPeople {
    fn from(page: Page) -> Self {
        let Page { all, selected, .. } = page;
        let is_picked = move |row: &&Arc<Row>| selected.with(|selected| selected.contains(&row.place));
        // A person may be gone, or known in another way by now.
        let n_selected = Memo::new(move |_| all.with(|all| all.iter().filter(is_picked).count()));
        let read = move || {
            let people = untrack(|| {
                all.with(|all| all.iter().filter(is_picked).map(|row| row.known.member.clone()).collect())
            });
            Box::pin(std::future::ready(Some(people))) as _
        };
        Self {
            n_selected: n_selected.into(),
            read: Arc::new(read),
            clear: Callback::new(move |()| selected.set(BTreeSet::new())),
        }
    }
}

/// Everyone by name, prepared for searching.
fn by_name(people: Vec<KnownPerson>) -> Rows {
    let mut rows: Rows = people.into_iter().map(|known| Arc::new(Row::of(known))).collect();
    order::sort_by(&mut rows, |a, b| {
        let by_place = || a.place.cmp(&b.place);
        compare(a.known.member.label(), b.known.member.label()).then_with(by_place)
    });
    rows
}

impl Row {
    fn of(known: KnownPerson) -> Self {
        let KnownPerson { group, member, list } = &known;
        let place = place(group, member).into();
        let search = search_for("");
        let texts = [member.name.as_deref(), member.phone.as_deref(), member.email.as_deref()];
        let list_name = list.as_ref().map(|list| &*list.name);
        let texts = texts.into_iter().flatten().chain([&*member.id, group.as_str()]).chain(list_name);
        let folded: Vec<String> = texts.map(|text| search.fold(text)).collect();
        let mut hasher = DefaultHasher::new();
        let said = (&place, member.label(), key(member), member.scope, member.joined_at);
        (said, list.as_ref().map(|list| (&list.name, list.at))).hash(&mut hasher);
        let version = hasher.finish();
        Self { place, folded: folded.join("\n").into(), version, known }
    }

    /// When the person joined, or the list that has them was sent.
    fn since(&self) -> Option<domain::Millis> {
        self.known.list.as_ref().map_or(self.known.member.joined_at, |list| Some(list.at))
    }
}

/// Sorts people who are in the order of names. Missing times are last in both directions.
fn sort(rows: &mut Rows, by: SortBy) {
    let is_descending = by.sort == Sort::Descending;
    if by.key == "name" {
        if is_descending {
            rows.reverse();
        }
        return;
    }
    order::sort_by(rows, |a, b| match (a.since(), b.since()) {
        (Some(a), Some(b)) if is_descending => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
}

fn heads() -> Vec<Column> {
    vec![
        Column::new("name", text::members_name).sortable().fixed(),
        Column::new("key", text::members_known_by),
        Column::new("group", text::members_in).with_class("mid"),
        Column::new("scope", text::members_role),
        Column::new("since", text::members_since).with_class("lo").sortable(),
    ]
}

fn cells(known: &KnownPerson) -> Vec<VElement> {
    let KnownPerson { group, member, list } = known;
    let scope = member.scope.map(scope_element);
    let from_list = list
        .is_some()
        .then(|| VElement::of_class("span", "small muted clip").text(text::members_from_list()));
    let since = match list {
        Some(list) => {
            let time = format_date_time(list.at as f64);
            text::members_list_at(text::MembersListAt { file: &list.name, time: &time })
        }
        None => member.joined_at.map(|at| format_date_time(at as f64)).unwrap_or_default(),
    };
    vec![
        person_cell(member),
        VElement::cell("").with(VElement::name("id id-clip", key(member))),
        VElement::cell("").with(VElement::name("id id-clip", group.to_string())),
        VElement::cell("").with_all(scope).with_all(from_list),
        VElement::cell("muted").text(since),
    ]
}

#[cfg(test)]
mod tests {
    use domain::ledger::ImportedList;
    use domain::{GroupId, Member, Scope};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn known(id: &str, name: &str, joined_at: Option<u64>, list: Option<(&str, u64)>) -> KnownPerson {
        let name = (!name.is_empty()).then(|| name.into());
        let list = list.map(|(name, at)| Arc::new(ImportedList { name: name.into(), at }));
        KnownPerson {
            group: GroupId::new("fans"),
            member: Member { id: id.into(), name, joined_at, ..Member::default() },
            list,
        }
    }

    fn ids(rows: &Rows) -> String {
        rows.iter().map(|row| &*row.known.member.id).collect()
    }

    #[wasm_bindgen_test]
    fn people_sort_by_name_and_by_when_they_became_known() {
        let people = vec![
            known("a", "Zoë", Some(3), None),
            known("b", "Äda", None, Some(("old.csv", 9))),
            known("c", "Bo", Some(7), None),
            known("d", "Cy", None, None),
        ];
        let rows = by_name(people);
        for (key, up, down) in [("name", "bcda", "adcb"), ("since", "acbd", "bcad")] {
            for (direction, expected) in [(Sort::Ascending, up), (Sort::Descending, down)] {
                let mut sorted = rows.clone();
                sort(&mut sorted, SortBy { key, sort: direction });
                assert_eq!(ids(&sorted), expected, "{key} {direction:?}");
            }
        }
    }

    #[wasm_bindgen_test]
    fn a_row_changes_with_what_it_says_and_is_found_by_its_list() {
        let row = |known: KnownPerson| Row::of(known);
        let listed = || known("a", "Ada", None, Some(("Fête.csv", 9)));
        let confirmed = known("a", "Ada", Some(9), None);
        let promoted = KnownPerson {
            member: Member { scope: Some(Scope::Moderator), ..confirmed.member.clone() },
            ..confirmed.clone()
        };
        let versions = [listed(), confirmed, promoted].map(|known| row(known).version);
        assert!(versions[0] != versions[1] && versions[1] != versions[2]);
        assert_eq!(row(listed()).version, versions[0]);
        assert!(row(listed()).folded.contains(search_for("fete").wanted()));
    }
}
