//! The directory of a vendor that can list people: everyone is read, and then found, sorted, filtered and selected here.

use std::sync::Arc;

use directory_worker::message::{ListAnswer, ListQuestion};
use directory_worker::{
    ACTIVE, DomainCount, GroupBy, INACTIVE, ListCounts, Only, RoleCount, ViewFilter, ViewSpec,
};
use domain::{Connection, Member, Query};
use leptos::prelude::*;

use super::person::{actions_for, person_drawer};
use crate::features::directory::filters::{FilterOption, FilterValues, filter_bar};
use crate::features::directory::grouping::Grouping;
use crate::features::directory::list_columns::{list_columns, people_view_button};
use crate::features::directory::list_foot::list_foot;
use crate::features::directory::nobody::{nobody_known, nobody_matches};
use crate::features::directory::order::Order;
use crate::features::directory::people_view::PeopleView;
use crate::features::directory::reading_line::reading_line;
use crate::features::directory::selection_bar::selection_bar;
use crate::features::reading::not_read::not_read;
use crate::features::reading::person_details::active_words;
use crate::features::reading::portrait::person_cell;
use crate::routing::query;
use crate::state::caller::caller;
use crate::state::directory::{DirectoryOf, PeopleDirectory, ReadingStage, ReadingStatus};
use crate::state::reads::{Failure, Read, read_page, reading};
use crate::state::runs::use_runs;
use crate::state::session::use_session;
use i18n::{format_date, format_number, text};
use ui::{Column, DrawRow, Drawer, Grid, GridColumns, RowVersion, SearchInput, VElement, effect, skeleton};

/// The names of the states in the URL.
const STATES: [(&str, bool); 2] = [(ACTIVE, true), (INACTIVE, false)];

/// The id that was looked up, and whom it is of.
type FoundPerson = (String, Option<Member>);

/// The state of the page. Copies share the same signals.
#[derive(Clone, Copy)]
struct Page {
    connection: StoredValue<Arc<Connection>>,
    directory: StoredValue<PeopleDirectory, LocalStorage>,
    status: RwSignal<ReadingStatus>,
    people: PeopleView,
    columns: GridColumns,
    order: Order,
    grouping: Grouping,
    filters: Filters,
    is_selected_only: RwSignal<bool>,
    /// The id of the person in the drawer.
    open: Memo<String>,
    set_open: SignalSetter<Option<String>>,
}

/// The search and the filters in the URL.
#[derive(Clone, Copy)]
struct Filters {
    typed: RwSignal<String>,
    /// The search, once typing pauses.
    find: Memo<String>,
    role: FilterValues,
    state: FilterValues,
    domain: FilterValues,
}

impl Filters {
    fn of_page(status: RwSignal<ReadingStatus>) -> Self {
        let counts = Memo::new(move |_| status.with(|status| status.counts.clone()));
        let options = move |of: fn(&ListCounts) -> Vec<FilterOption>| Signal::derive(move || counts.with(of));
        let roles = options(|counts| {
            let option = |role: &RoleCount| FilterOption::named(&role.id, &role.name).counted(role.n_people);
            counts.roles.iter().map(option).collect()
        });
        let states = options(|counts| {
            let n = |is_active| if is_active { counts.n_active } else { counts.n_inactive };
            let states = STATES.iter().filter(|(_, is_active)| n(*is_active) > 0);
            let option = |(name, is_active): &(&str, bool)| {
                FilterOption::new(name, active_words(*is_active)).counted(n(*is_active))
            };
            states.map(option).collect()
        });
        let domains = options(|counts| {
            let option =
                |one: &DomainCount| FilterOption::named(&one.domain, &one.domain).counted(one.n_people);
            counts.domains.iter().map(option).collect()
        });
        let (typed, find) = query::search("q");
        Self {
            typed,
            find,
            role: FilterValues::of_page("role", text::members_role, text::directory_any_role, roles),
            state: FilterValues::of_page("state", text::members_state, text::directory_any_state, states)
                .single()
                .known_in(STATES.map(|(name, _)| name).into()),
            domain: FilterValues::of_page(
                "domain",
                text::directory_domain,
                text::directory_any_domain,
                domains,
            ),
        }
    }

    fn all(self) -> [FilterValues; 3] {
        [self.role, self.state, self.domain]
    }

    /// The grouping by what can be filtered.
    fn grouping(self) -> Grouping {
        const BY: [GroupBy; 3] = [GroupBy::Role, GroupBy::State, GroupBy::Domain];
        let offered = move || {
            let filters = BY.into_iter().zip(self.all()).filter(|(_, filter)| filter.differs());
            filters.map(|(by, _)| by).collect::<Vec<_>>()
        };
        Grouping::of_page(&BY, Signal::derive(offered))
    }
}

/// The directory with its search, filters and the drawer of one person.
pub fn remote(connection: Arc<Connection>) -> AnyView {
    let page = Page::new(&connection);
    page.look_up_what_is_not_here();
    let is_open = Memo::new(move |_| !page.open.with(String::is_empty));
    let line = page.directory.with_value(|directory| reading_line(directory, &connection));
    let stage = Memo::new(move |_| {
        page.status.with(|status| (status.is_blank(), status.stage == ReadingStage::Reading))
    });
    let is_there = Memo::new(move |_| !stage.get().0);
    view! {
        <div class="page-body members-body" class:with-drawer=is_open>
            <div class="members-main stack-3">
                {page.toolbar()} {line} {move || (stage.get() == (true, true)).then(skeleton)}
                {move || is_there.get().then(|| page.list())}
            </div>
            {move || is_open.get().then(|| page.one_person())}
        </div>
    }
    .into_any()
}

impl Page {
    fn new(connection: &Arc<Connection>) -> Self {
        let (session, runs) = (use_session(), use_runs());
        let directory = PeopleDirectory::open(session, runs, connection, DirectoryOf::Everyone);
        let status: RwSignal<ReadingStatus> = directory.status().into();
        let filters = Filters::of_page(status);
        let (order, grouping) = (Order::of_page(), filters.grouping());
        let is_selected_only = RwSignal::new(false);
        let spec = Memo::new(move |_| {
            let boxed = |values: FilterValues| values.get().into_iter().map(Into::into).collect();
            let states = filters.state.get();
            let state = STATES.iter().find(|(known, _)| states.last().is_some_and(|state| state == known));
            let filter = ViewFilter {
                roles: boxed(filters.role),
                domains: boxed(filters.domain),
                is_active: state.map(|(_, is_active)| *is_active),
                only: if is_selected_only.get() { Only::Selected } else { Only::All },
                ..ViewFilter::default()
            };
            ViewSpec { search: filters.typed.get(), sort: order.sort(), filter, group_by: grouping.get() }
        });
        let (open, set_open) = query::choice("person");
        let people = PeopleView::new(&directory, spec);
        Self {
            connection: StoredValue::new(Arc::clone(connection)),
            people,
            columns: list_columns("members", heads(people, has_emails(connection))),
            status,
            directory: StoredValue::new_local(directory),
            order,
            grouping,
            filters,
            is_selected_only,
            open,
            set_open,
        }
    }

    /// While not everyone is here, the vendor is searched as well.
    fn look_up_what_is_not_here(self) {
        let is_partial = Memo::new(move |_| {
            self.status.with(|status| {
                matches!(
                    status.stage,
                    ReadingStage::Asking(..) | ReadingStage::Paused | ReadingStage::Failed(_)
                ) && !status.is_blank()
            })
        });
        effect(move || {
            let find = self.filters.find.get();
            if !find.trim().is_empty() && is_partial.get() {
                self.directory.with_value(|directory| directory.look_up(&find));
            }
        });
    }

    fn toolbar(self) -> AnyView {
        let tools = view! {
            <div class="toolbar mem-tools">
                <SearchInput label=text::members_search value=self.filters.typed />
                {self.filters.all().map(FilterValues::facet).into_any()}
                {people_view_button(self.columns, self.grouping)}
            </div>
        };
        filter_bar(tools.into_any(), self.filters.all().map(FilterValues::chips).into())
    }

    fn list(self) -> AnyView {
        let people = self.people;
        let connection = self.connection.get_value();
        let has_emails = has_emails(&connection);
        let draw: DrawRow = Arc::new(move |place| {
            people.person(place).map(|person| cells(&person, has_emails)).unwrap_or_default().into()
        });
        let version: RowVersion = Arc::new(move |place| people.version(place));
        let count = people.count();
        let is_empty = Memo::new(move |_| people.is_there().get() && count.get() == 0);
        let show = move |place| {
            let id = people.person(place).map(|person| person.id.to_string()).filter(|id| !id.is_empty());
            self.set_open.set(id.filter(|id| self.open.with_untracked(|open| open != id)));
        };
        let grid = view! {
            <div hidden=is_empty>
                <Grid
                    label=text::members_title
                    class="members-grid"
                    columns=self.columns
                    count=people.n_rows()
                    of=people.of()
                    row=draw
                    version=version
                    open=Signal::derive(move || {
                        let open = self.open.get();
                        people.place_here(&open)
                    })
                    on_open=Callback::new(show)
                    selection=people.selection()
                    groups=people.groups()
                    sort=self.order.by()
                    on_sort=self.order.on_sort()
                    on_window=Callback::new(move |(first, end)| people.show(first, end))
                />
            </div>
            {move || is_empty.get().then(|| self.nobody())}
        };
        let bar = selection_bar(people, self.is_selected_only, move || actions_for(&connection, people));
        view! {
            {ui::grid_card(Signal::derive(text::members_title), grid.into_any(), Some(self.foot()))}
            {bar}
        }
        .into_any()
    }

    fn foot(self) -> AnyView {
        let count = self.people.count();
        let said = move || {
            let n_all = self.status.with(|status| status.counts.n_people);
            text::members_n_of(count.get(), &format_number(n_all as f64))
        };
        let loaded = Signal::derive(move || self.status.with(ReadingStatus::loaded));
        let again = Callback::new(move |()| self.directory.with_value(PeopleDirectory::again));
        list_foot(said, loaded, again)
    }

    fn nobody(self) -> AnyView {
        if self.status.with(|status| status.counts.n_people == 0) {
            let (title, body) = (text::members_empty_title(), text::members_empty_body());
            return self.connection.with_value(|connection| nobody_known(connection, title, body));
        }
        let clear = move || {
            self.filters.typed.set(String::new());
            self.is_selected_only.set(false);
            self.filters.all().into_iter().for_each(FilterValues::clear);
        };
        nobody_matches(&self.filters.typed.get(), clear)
    }

    /// The drawer. Finds the person in the directory, or else reads them by id where the vendor supports it.
    fn one_person(self) -> AnyView {
        let session = use_session();
        let connection = self.connection.get_value();
        let is_over = Memo::new(move |_| self.status.with(|status| !status.is_under_way()));
        let version = Memo::new(move |_| self.status.with(|status| status.version > 0));
        let close = Callback::new(move |()| self.set_open.set(None));
        let read = {
            let connection = connection.clone();
            reading(move || {
                let (connection, id) = (connection.clone(), self.open.get());
                let (is_over, _) = (is_over.get(), version.get());
                let found =
                    self.directory.with_value(|directory| directory.ask(&ListQuestion::Find((*id).into())));
                async move {
                    if let Ok(ListAnswer::People(people)) = found.await
                        && let Some(person) = people.into_iter().next()
                    {
                        return Ok((id, Some(person)));
                    }
                    let query = Query::Person { id: id.as_str().into() };
                    if caller().await?.can_read(&connection, &query) {
                        let page = read_page(session, &connection.id, &query, None).await?;
                        return Ok((id, page.into_members().into_iter().next()));
                    }
                    if is_over {
                        return Ok((id, None));
                    }
                    // The directory is still being read; this runs again when it was.
                    std::future::pending().await
                }
            })
        };
        // While the same person is looked up again, the drawer stays; it has the focus.
        let shown =
            Memo::new(move |before: Option<&Option<Result<FoundPerson, Failure>>>| match read.get() {
                Read::Ready(found) => Some(Ok(found)),
                Read::Failed(failure) => Some(Err(failure)),
                Read::Loading => {
                    let is_it = |(id, _): &&FoundPerson| self.open.with(|open| open == id);
                    let before = before.and_then(Option::as_ref).and_then(|before| before.as_ref().ok());
                    before.filter(is_it).cloned().map(Ok)
                }
            });
        view! {
            {move || match shown.get() {
                Some(Ok((_, Some(person)))) => person_drawer(&connection, person, close),
                Some(Ok((_, None))) => said_drawer(text::members_not_on_page().into_any(), close),
                None => said_drawer(skeleton(), close),
                Some(Err(failure)) => {
                    said_drawer(not_read(&connection, &failure, Callback::new(move |()| read.again())), close)
                }
            }}
        }
        .into_any()
    }
}

/// Whether people of a vendor are known by their email address.
fn has_emails(connection: &Connection) -> bool {
    vendors::capabilities(connection.vendor).identity.takes_emails
}

/// The columns; those that nobody has are left out.
fn heads(people: PeopleView, has_emails: bool) -> Vec<Column> {
    let key = if has_emails {
        Column::new("email", text::members_email)
    } else {
        Column::new("id", text::members_id)
    };
    vec![
        Column::new("name", text::members_name).sortable().fixed(),
        key.sortable(),
        Column::new("phone", text::members_phone)
            .with_class("lo")
            .sortable()
            .absent_if(people.lacks(|person| person.phone.is_some())),
        Column::new("role", text::members_role).with_class("mid").sortable(),
        Column::new("state", text::members_state)
            .with_class("mid")
            .sortable()
            .absent_if(people.lacks(|person| person.is_active.is_some())),
        Column::new("created", text::members_created)
            .with_class("lo")
            .sortable()
            .absent_if(people.lacks(|person| person.created_at.is_some())),
    ]
}

fn cells(person: &Member, has_emails: bool) -> Vec<VElement> {
    let key = if has_emails { person.email.as_deref().unwrap_or_default() } else { &*person.id }.to_owned();
    let role = person.role.as_ref().map(|(_, name)| name.to_string()).unwrap_or_default();
    let phone = person.phone.as_deref().unwrap_or_default().to_owned();
    let active = person.is_active.map(|is_active| {
        let class = if is_active { "presence presence-on" } else { "presence" };
        VElement::of_class("span", "row")
            .with(VElement::of_class("span", class))
            .text(active_words(is_active))
    });
    let created = person.created_at.map(|at| format_date(at as f64)).unwrap_or_default();
    vec![
        person_cell(person),
        VElement::cell("").with(VElement::name("id id-clip", key)),
        VElement::cell("muted").with(VElement::name("", phone)),
        VElement::cell("").with(VElement::name("", role)),
        VElement::cell("").with_all(active),
        VElement::cell("muted").text(created),
    ]
}

fn said_drawer(body: AnyView, close: Callback<()>) -> AnyView {
    view! {
        <Drawer title=text::members_one_person on_close=close>
            {body}
        </Drawer>
    }
    .into_any()
}
