//! The groups of a vendor that can list them: all are read, and then found, sorted and filtered here.

use std::sync::Arc;

use domain::group::{Access, AccessKind};
use domain::{Connection, Group};
use leptos::prelude::*;

use super::found::{ACCESS, COLUMNS, FoundGroups, Wanted};
use crate::features::directory::filters::{FilterOption, FilterValues, filter_bar};
use crate::features::directory::list_columns::{list_columns, view_button};
use crate::features::directory::list_foot::list_foot;
use crate::features::directory::order::Order;
use crate::features::directory::reading_line::ReadingLine;
use crate::routing::paths;
use crate::routing::query;
use crate::routing::use_go;
use crate::state::directory::{ReadingStage, ReadingStatus};
use crate::state::group_list::GroupList;
use crate::state::runs::use_runs;
use crate::state::session::use_session;
use i18n::{format_date, format_number, text};
use ui::{
    Button, Column, DrawRow, Grid, GridColumns, RowVersion, SearchInput, effect, empty_state, skeleton,
};

/// The state of the page. Copies share the same signals.
#[derive(Clone, Copy)]
struct Page {
    connection: StoredValue<Arc<Connection>>,
    list: StoredValue<GroupList, LocalStorage>,
    status: RwSignal<ReadingStatus>,
    found: FoundGroups,
    columns: GridColumns,
    typed: RwSignal<String>,
    /// The search, once typing pauses.
    find: Memo<String>,
    access: FilterValues,
    order: Order,
}

/// The list with its search and filter.
pub fn list(connection: &Arc<Connection>) -> AnyView {
    let page = Page::new(connection);
    page.look_up_what_is_not_here();
    let status = page.list.with_value(GroupList::status);
    let line = reading_line(page.list).view(status, connection);
    let stage = Memo::new(move |_| {
        page.status.with(|status| (status.is_blank(), status.stage == ReadingStage::Reading))
    });
    let is_there = Memo::new(move |_| !stage.get().0);
    view! {
        <div class="page-body members-body">
            <div class="members-main stack-3">
                {page.toolbar()} {line} {move || (stage.get() == (true, true)).then(skeleton)}
                {move || is_there.get().then(|| page.table())}
            </div>
        </div>
    }
    .into_any()
}

impl Page {
    fn new(connection: &Arc<Connection>) -> Self {
        let list = GroupList::open(use_session(), use_runs(), connection);
        let (typed, find) = query::search("q");
        let order = Order::of_columns(COLUMNS.into());
        let wanted = Wanted { search: typed, access: query::quiet_choice("access").0, order: order.by() };
        let found = FoundGroups::new(list.groups(), wanted);
        let kinds = Signal::derive(move || {
            let kinds = found.counts().into_iter().filter(|(_, _, count)| *count > 0);
            kinds
                .map(|(name, kind, count)| FilterOption::new(name, access_name(kind)).counted(count))
                .collect()
        });
        let access = FilterValues::of_page("access", text::groups_access, text::groups_any_access, kinds);
        Self {
            connection: StoredValue::new(Arc::clone(connection)),
            found,
            columns: list_columns("groups", heads()),
            status: list.status().into(),
            list: StoredValue::new_local(list),
            typed,
            find,
            access: access.single().known_in(ACCESS.map(|(name, _)| name).into()),
            order,
        }
    }

    /// While not all groups are here, or if no group fits, the vendor is searched as well.
    fn look_up_what_is_not_here(self) {
        let count = self.found.count();
        let missing = Memo::new(move |_| {
            let is_needed = self.status.with(|status| match status.stage {
                ReadingStage::Reading | ReadingStage::Waiting(_) | ReadingStage::Ended => false,
                ReadingStage::Asking(..) | ReadingStage::Paused | ReadingStage::Failed(_) => {
                    !status.is_blank()
                }
                ReadingStage::Done => count.get() == 0,
            });
            let is_settled = || self.find.with(|find| self.typed.with(|typed| typed.trim() == find));
            if is_needed && is_settled() { self.find.get() } else { String::new() }
        });
        effect(move || {
            let find = missing.get();
            if !find.is_empty() {
                self.list.with_value(|list| list.look_up(&find));
            }
        });
    }

    fn again(self) -> Callback<()> {
        Callback::new(move |()| self.list.with_value(GroupList::again))
    }

    fn toolbar(self) -> AnyView {
        let tools = view! {
            <div class="toolbar mem-tools">
                <SearchInput label=text::groups_search value=self.typed />
                {self.access.facet()}
                {view_button(self.columns)}
            </div>
        };
        filter_bar(tools.into_any(), vec![self.access.chips()])
    }

    fn table(self) -> AnyView {
        let (found, count) = (self.found, self.found.count());
        let id = self.connection.with_value(|connection| connection.id.clone());
        let address = move |group: &Group| paths::group(id.as_str(), group.id.as_str());
        let draw: DrawRow = {
            let address = address.clone();
            Arc::new(move |place| {
                found.group(place).map(|group| cells(&group, address(&group))).into_any().into()
            })
        };
        let version: RowVersion = Arc::new(move |place| found.version(place));
        let go = use_go();
        let open = move |place| {
            if let Some(group) = found.group(place) {
                go(&address(&group));
            }
        };
        let is_empty = Memo::new(move |_| count.get() == 0);
        let grid = view! {
            <div hidden=is_empty>
                <Grid
                    label=text::groups_title
                    class="groups-grid"
                    columns=self.columns
                    count=count
                    of=move || [self.typed.get(), self.access.get().concat()].join(" ")
                    row=draw
                    version=version
                    on_open=open
                    sort=self.order.by()
                    on_sort=self.order.on_sort()
                />
            </div>
            {move || is_empty.get().then(|| self.none())}
        };
        ui::grid_card(Signal::derive(text::groups_title), grid.into_any(), Some(self.foot()))
    }

    fn foot(self) -> AnyView {
        let count = self.found.count();
        let said = move || text::groups_n_of(count.get(), &format_number(self.found.n_all() as f64));
        let loaded = Signal::derive(move || self.status.with(ReadingStatus::loaded));
        list_foot(said, loaded, self.again())
    }

    fn none(self) -> AnyView {
        if self.found.n_all() == 0 {
            return empty_state(
                "messages-square",
                text::groups_empty_title(),
                text::groups_empty_body(),
                None,
            );
        }
        let clear = move || {
            self.typed.set(String::new());
            self.access.clear();
        };
        let clear = view! { <Button label=text::members_clear_search on_press=clear /> };
        let find = self.typed.get();
        let body = match find.trim() {
            "" => text::groups_no_match_filter(),
            find => text::groups_no_match_body(find),
        };
        empty_state("search", text::groups_no_match_title(), body, Some(clear.into_any()))
    }
}

/// How far the reading of a list of groups is.
pub(super) fn reading_line(list: StoredValue<GroupList, LocalStorage>) -> ReadingLine {
    ReadingLine {
        reading: text::groups_reading,
        moved: text::groups_moved,
        unsure: |total, vendor| text::groups_unsure(text::GroupsUnsure { total, vendor }),
        pause: Callback::new(move |()| list.with_value(GroupList::pause)),
        go_on: Callback::new(move |()| list.with_value(GroupList::go_on)),
        agree: Callback::new(move |()| list.with_value(GroupList::agree)),
        again: Callback::new(move |()| list.with_value(GroupList::again)),
    }
}

fn heads() -> Vec<Column> {
    vec![
        Column::new("name", text::groups_name).sortable().fixed(),
        Column::new("id", text::groups_id).with_class("mid").sortable(),
        Column::new("access", text::groups_access).with_class("mid").sortable(),
        Column::new("members", text::groups_members).with_class("num").sortable(),
        Column::new("owner", text::groups_owner).with_class("lo"),
        Column::new("created", text::groups_created_on).with_class("lo end").sortable(),
    ]
}

fn cells(group: &Group, href: String) -> AnyView {
    let members = group.n_members.map(|n_members| format_number(n_members as f64));
    let created = group.created_at.map(|at| format_date(at as f64));
    let owner = group.owner.as_deref().unwrap_or_default().to_owned();
    let access = group.access.as_ref().map(Access::kind).map(access_name);
    view! {
        <div class="vcell" role="rowheader">
            <a class="title" href=href tabindex="-1">
                <bdi translate="no">{group.name.to_string()}</bdi>
            </a>
        </div>
        <div class="vcell" role="gridcell">
            <bdi translate="no" class="id id-clip">
                {group.id.to_string()}
            </bdi>
        </div>
        <div class="vcell" role="gridcell">
            {access}
        </div>
        <div class="vcell num" role="gridcell">
            {members}
        </div>
        <div class="vcell" role="gridcell">
            <bdi translate="no" class="id id-clip">
                {owner}
            </bdi>
        </div>
        <div class="vcell muted end" role="gridcell">
            {created}
        </div>
    }
    .into_any()
}

/// The name of a kind of access.
pub(super) fn access_name(access: AccessKind) -> String {
    match access {
        AccessKind::Public => text::groups_access_public(),
        AccessKind::Private => text::groups_access_private(),
        AccessKind::Password => text::groups_access_password(),
    }
}
