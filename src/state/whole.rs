//! Reads whole lists: several pages at once, within the connection's budget and after its runs.

use std::sync::Arc;

use domain::api_error::ErrorOrigin;
use domain::whole::{Found, WholeList, key_of};
use domain::{Connection, Cursor, ErrorClass, Items, Member, Millis, Page, Paging, Query};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use leptos::prelude::*;

use super::caller::{Caller, DecodePage, FreshPage, caller};
use super::runs::Runs;
use super::session::{Failure, Session};
use browser::clock;

/// Most pages read at once: browsers open six connections to a host, and a run needs one.
const MAX_AT_ONCE: usize = 4;
/// How often a reading looks whether a run has ended.
const LOOK_AGAIN_MS: Millis = 300;

/// What happened while a list was read.
#[derive(Debug)]
pub enum ReadEvent {
    /// A page was read.
    Page(FreshPage),
    /// It goes on then, because of the vendor's limits; or when the runs of the connection have ended.
    Waits(Option<Millis>),
}

/// The reading of one list. It can be stopped by dropping its future, and continued.
pub struct ListReading {
    /// What is read.
    pub query: Query,
    /// How far it is.
    pub list: WholeList<u64>,
    /// Decodes the pages after the first in a worker.
    pub decode: Option<DecodePage>,
}

impl std::fmt::Debug for ListReading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListReading")
            .field("query", &self.query)
            .field("list", &self.list)
            .finish_non_exhaustive()
    }
}

impl ListReading {
    /// A list that was not begun.
    ///
    /// # Errors
    /// If the code for it could not be fetched.
    pub async fn new(connection: &Connection, query: Query) -> Result<Self, Failure> {
        Self::with(connection, query, calls_at_once(connection)).await
    }

    /// A list that was not begun, of which one page is read after another: several lists are read at once.
    ///
    /// # Errors
    /// As [`ListReading::new`].
    pub async fn page_by_page(connection: &Connection, query: Query) -> Result<Self, Failure> {
        Self::with(connection, query, 1).await
    }

    /// A list that was [saved](WholeList::saved); `None` if it has other pages now.
    ///
    /// # Errors
    /// As [`ListReading::new`].
    pub async fn resumed(
        connection: &Connection,
        query: Query,
        saved: &[u8],
    ) -> Result<Option<Self>, Failure> {
        let paging = paging(caller().await?, connection, &query);
        let list = WholeList::resumed(paging, calls_at_once(connection), saved);
        Ok(list.map(|list| Self { query, list, decode: None }))
    }

    async fn with(connection: &Connection, query: Query, at_once: usize) -> Result<Self, Failure> {
        let paging = paging(caller().await?, connection, &query);
        Ok(Self { query, list: WholeList::new(paging, at_once), decode: None })
    }

    /// Reads on to the end, or until `on_event` returns false. Runs of the connection go first.
    ///
    /// # Errors
    /// If a page could not be read. Pages that were read before have been passed to `on_event`.
    pub async fn read_on(
        &mut self,
        session: Session,
        runs: Option<Runs>,
        connection: &Arc<Connection>,
        mut on_event: impl FnMut(&WholeList<u64>, ReadEvent) -> bool,
    ) -> Result<(), Failure> {
        let caller = caller().await?;
        self.list.stopped();
        let mut under_way = FuturesUnordered::new();
        let (mut failure, mut goes_on) = (None, true);
        loop {
            while goes_on && failure.is_none() && !is_sending(runs, connection) {
                let Some(page) = self.list.ask() else { break };
                under_way.push(read(session, caller, connection, self, page));
            }
            match under_way.next().await {
                Some((page, Ok(read))) => {
                    self.list.took(page, found(&read.page));
                    goes_on &= on_event(&self.list, ReadEvent::Page(read));
                }
                Some((page, Err(failed))) => {
                    self.list.failed(page);
                    failure = Some(failed);
                }
                None if self.list.is_over() || !goes_on => return Ok(()),
                None => {
                    let until =
                        failure.take().map(|failed| allowed_again(&failed).ok_or(failed)).transpose()?;
                    goes_on &= wait(until, || on_event(&self.list, ReadEvent::Waits(until))).await;
                }
            }
        }
    }
}

fn read(
    session: Session,
    caller: Caller,
    connection: &Arc<Connection>,
    reading: &ListReading,
    page: Cursor,
) -> impl Future<Output = (Cursor, Result<FreshPage, Failure>)> + use<> {
    // Everyone needs the first page: the palette finds its people.
    let decode = reading.decode.clone().filter(|_| page.start > 0);
    let read = caller.read_fresh(session, Arc::clone(connection), reading.query.clone(), page, decode);
    async move { (page, read.await) }
}

fn paging(caller: Caller, connection: &Connection, query: &Query) -> Paging {
    caller.paging(connection, query).unwrap_or(Paging::Offset(u64::MAX))
}

/// Most calls of a reading that are under way at the same time.
pub(super) fn calls_at_once(connection: &Connection) -> usize {
    vendors::limits(connection.vendor, connection).max_in_flight.min(MAX_AT_ONCE)
}

/// Waits until then, or for a moment. Ends early, and returns false, if `goes_on` is false.
async fn wait(until: Option<Millis>, mut goes_on: impl FnMut() -> bool) -> bool {
    let until = until.unwrap_or_else(|| clock::now() + LOOK_AGAIN_MS);
    while goes_on() {
        let left = until.saturating_sub(clock::now());
        if left == 0 {
            return true;
        }
        clock::sleep(LOOK_AGAIN_MS.min(left)).await;
    }
    false
}

/// When the budget allows more calls, if that is why it failed.
fn allowed_again(failure: &Failure) -> Option<Millis> {
    let error = &failure.error;
    let is_budget = error.class == ErrorClass::RateLimited && error.origin == ErrorOrigin::Console;
    error.retry_after_ms.filter(|_| is_budget).map(|ms| clock::now() + ms)
}

fn is_sending(runs: Option<Runs>, connection: &Connection) -> bool {
    runs.is_some_and(|runs| untrack(|| runs.is_sending(&connection.id)))
}

fn found(page: &Page) -> Found<u64> {
    let keys = match &page.items {
        Items::Members(people) => people.iter().map(person_key).collect(),
        Items::Groups(groups) => groups.iter().map(|group| key_of(group.id.as_str())).collect(),
        Items::Roles(roles) => roles.iter().map(|role| key_of(role.id.as_str())).collect(),
        Items::Prices(prices) => prices.iter().map(|price| key_of(price.id.as_str())).collect(),
    };
    Found { keys, page_size: page.page_size, total: page.total, is_last: page.next.is_none() }
}

fn person_key(person: &Member) -> u64 {
    if person.id.is_empty() {
        key_of(person.email.as_deref().unwrap_or_default())
    } else {
        key_of(&person.id)
    }
}
