//! One page of a list that a vendor returns page by page, addressed by its number in the URL.

use std::sync::Arc;

use domain::{Connection, ConnectionId, Cursor, Items, Millis, Query};
use leptos::prelude::*;

use crate::features::reading::not_read::not_read;
use crate::state::reads::{Read, Reading, read_page, reading};
use crate::state::session::{Failure, Session};
use browser::clock;
use i18n::{format_number, format_time, text};
use ui::{self, Button, Column, DataTable, Load, Pagination, Variant, effect, effect_after, empty_state};

/// Maximum number of pages read to reach the one in the URL.
const MAX_PAGES_ON_THE_WAY: usize = 20;

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListPage {
    pub items: Items,
    /// The total number of items, if the vendor tells it.
    pub total: Option<u64>,
    /// Page number from 0; less than requested if the list is shorter.
    place: usize,
    has_more: bool,
    per_page: usize,
    read_at: Millis,
    n_calls: usize,
}

impl ListPage {
    /// Number of items on the page.
    pub fn count(&self) -> usize {
        count(&self.items)
    }
}

fn count(items: &Items) -> usize {
    match items {
        Items::Members(members) => members.len(),
        Items::Groups(groups) => groups.len(),
        Items::Roles(roles) => roles.len(),
        Items::Prices(prices) => prices.len(),
    }
}

/// The start cursors of the pages read so far: vendors return only the next one.
#[derive(Clone, Debug, Default)]
struct Trail {
    query: Option<Query>,
    starts: Vec<Cursor>,
    per_page: usize,
}

/// A list that is read page by page. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub struct PagedList {
    /// The visible page.
    pub read: Reading<ListPage>,
    /// Its number, from 0.
    page: RwSignal<usize>,
    /// Reads the page again, discarding the known cursors.
    pub again: Callback<()>,
}

/// Reads the page numbered `page` of `query`, tracking both. A new query starts at the first page.
pub fn paged_list(
    session: Session,
    id: ConnectionId,
    query: Memo<Query>,
    page: RwSignal<usize>,
) -> PagedList {
    let trail = StoredValue::new(Trail::default());
    effect_after(move |before: Option<Query>| {
        let query = query.get();
        if before.is_some_and(|before| before != query) {
            page.set(0);
        }
        query
    });
    let wanted = Memo::new(move |_| (query.get(), page.get()));
    let read = reading(move || {
        let (id, (query, place)) = (id.clone(), wanted.get());
        async move { read_list_page(session, &id, query, place, trail).await }
    });
    effect(move || {
        let place = read.ready().map(|shown| shown.place);
        if let Some(place) = place.filter(|place| *place != page.get_untracked()) {
            page.set(place);
        }
    });
    let again = Callback::new(move |()| {
        trail.set_value(Trail::default());
        read.again();
    });
    PagedList { read, page, again }
}

async fn read_list_page(
    session: Session,
    id: &ConnectionId,
    query: Query,
    wanted: usize,
    trail: StoredValue<Trail>,
) -> Result<ListPage, Failure> {
    let mut known =
        trail.try_get_value().filter(|trail| trail.query.as_ref() == Some(&query)).unwrap_or_default();
    let mut place = wanted.min(known.starts.len());
    let mut n_calls = 0;
    loop {
        let start = place.checked_sub(1).map(|before| known.starts[before]);
        let page = read_page(session, id, &query, start).await?;
        n_calls += 1;
        let n_here = count(&page.items);
        if let Some(next) = page.next {
            known.per_page = n_here;
            if known.starts.len() == place {
                known.starts.push(next);
            }
        }
        if place == wanted || page.next.is_none() || n_calls == MAX_PAGES_ON_THE_WAY {
            let per_page = known.per_page.max(n_here).max(1);
            // Does nothing if the page is gone.
            trail.try_update_value(|trail| *trail = Trail { query: Some(query), ..known });
            return Ok(ListPage {
                items: page.items,
                total: page.total,
                place,
                has_more: page.next.is_some(),
                per_page,
                read_at: clock::now(),
                n_calls,
            });
        }
        place += 1;
    }
}

/// The search of a list.
#[derive(Clone, Copy, Debug)]
pub struct ListSearch {
    /// The text in the field.
    pub typed: RwSignal<String>,
    /// The debounced text that the list follows.
    pub find: Memo<String>,
}

/// The texts of a list.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The label of the table.
    pub label: fn() -> String,
    /// The empty state without a search.
    pub nothing: Callback<(), AnyView>,
    /// Title of the empty state of a search.
    pub no_match_title: fn() -> String,
    /// Body of the empty state of a search, given the searched text.
    pub no_match_body: fn(&str) -> String,
    /// Formats "n of total".
    pub n_of: fn(usize, &str) -> String,
    /// Formats the number shown.
    pub n_here: fn(usize) -> String,
}

impl PagedList {
    /// The table of the page with its empty states and its foot, or why it could not be read.
    pub fn view(
        self,
        connection: &Arc<Connection>,
        search: ListSearch,
        words: Words,
        columns: Vec<Column>,
        rows: Callback<(Items,), AnyView>,
    ) -> AnyView {
        let read = self.read;
        let connection = connection.clone();
        let failed = move || match read.get() {
            Read::Failed(failure) => Some(not_read(&connection, &failure, self.again)),
            Read::Loading | Read::Ready(_) => None,
        };
        let is_failed = Memo::new(move |_| matches!(read.get(), Read::Failed(_)));
        let table = move || (!is_failed.get()).then(|| self.table(search, words, columns.clone(), rows));
        view! {
            {failed}
            {table}
        }
        .into_any()
    }

    fn table(
        self,
        search: ListSearch,
        words: Words,
        columns: Vec<Column>,
        rows: Callback<(Items,), AnyView>,
    ) -> AnyView {
        let read = self.read;
        let state = move || match read.get() {
            Read::Loading => Load::Loading,
            Read::Ready(shown) if shown.count() == 0 => Load::Empty,
            Read::Ready(_) => Load::Ready(()),
            Read::Failed(_) => Load::Failed(ui::Failure::default()),
        };
        let empty = move || {
            if search.find.with(|find| find.trim().is_empty()) {
                return words.nothing.run(());
            }
            let clear = view! { <Button label=text::members_clear_search on_press=move || search.typed.set(String::new()) /> };
            let body = (words.no_match_body)(&search.find.get());
            empty_state("search", (words.no_match_title)(), body, Some(clear.into_any()))
        };
        let n_rows = move || read.ready().and_then(|shown| shown.total).map(|total| total as usize);
        view! {
            <DataTable
                label=words.label
                columns=columns
                state=Signal::derive(state)
                empty=empty
                row_count=Signal::derive(n_rows)
                foot=move || self.foot(words)
            >
                {move || read.ready().map(|shown| rows.run((shown.items,)))}
            </DataTable>
        }
        .into_any()
    }

    /// The line below the list: how many, which page, when it was read, and a way to read it again. It stays
    /// while the next page is read, so that the focus is kept.
    fn foot(self, words: Words) -> AnyView {
        let read = self.read;
        let said = move |shown: &ListPage| match shown.total {
            Some(total) => (words.n_of)(shown.count(), &format_number(total as f64)),
            None => (words.n_here)(shown.count()),
        };
        let last = Memo::new(move |before: Option<&Option<ListPage>>| {
            read.ready().or_else(|| before.cloned().flatten())
        });
        let count = move || last.with(|shown| shown.as_ref().map(said));
        let pages = move || {
            last.with(|shown| {
                let shown = shown.as_ref()?;
                Some((shown.total? as usize).div_ceil(shown.per_page))
            })
        };
        let has_more = move || last.with(|shown| shown.as_ref().is_some_and(|shown| shown.has_more));
        let when = move || {
            let when =
                |shown: &ListPage| text::members_read_at(shown.n_calls, &format_time(shown.read_at as f64));
            last.with(|shown| shown.as_ref().map(when))
        };
        view! {
            <span>{count}</span>
            <Pagination page=self.page pages=Signal::derive(pages) has_more=Signal::derive(has_more) />
            <span class="push">{when}</span>
            <Button label=text::members_read_again variant=Variant::Link small=true on_press=self.again />
        }
        .into_any()
    }
}
