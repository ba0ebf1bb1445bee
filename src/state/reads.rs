//! Reads from vendors, paced by the connection's budget.
//!
//! - [`read_page`] and [`read_all`] read once. [`reading`] reads again whenever a signal its closure reads
//!   changes, and is cancelled when its page is left.
//! - Reads and runs share the connection's budget. A read that would wait longer than a minute fails and says
//!   how long ([`ErrorClass::RateLimited`], [`ErrorOrigin::Console`]) instead of showing a spinner.
//! - Roles, price plans and the community are cached until the connection is locked or
//!   [`Session::drop_cache`] is called.

use domain::api_error::ErrorOrigin;
use domain::{ApiError, ConnectionId, ConsoleCode, Cursor, ErrorClass, Page, Query};
use futures::future::{AbortHandle, LocalBoxFuture, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::busy::Awaited;
use super::caller::caller;
pub use crate::state::session::Failure;
use crate::state::session::Session;
use ui::effect;

/// Reads one page.
///
/// # Errors
/// If the vendor refused, no response came, it cannot be read, or the rate limit does not allow it soon.
pub async fn read_page(
    session: Session,
    id: &ConnectionId,
    query: &Query,
    cursor: Option<Cursor>,
) -> Result<Page, Failure> {
    let connection = session
        .connection_now(id)
        .ok_or_else(|| ApiError::new(ErrorClass::NotFound, ErrorOrigin::Console, ConsoleCode::NotSent))?;
    let cache_key = cache_key(query).filter(|_| cursor.is_none());
    if let Some(page) = cache_key.and_then(|what| session.cached(id, what)) {
        return Ok(page);
    }
    let caller = caller().await?;
    let page = caller.read(session, connection.clone(), query.clone(), cursor).await?;
    session.note_seen(&connection, &page);
    session.note_total(&connection, query, &page);
    if let Some(what) = cache_key {
        session.keep(&connection, what, &page);
    }
    Ok(page)
}

/// Reads up to `max_pages` pages and passes each to `on_page`. Returns true if nothing is left to read.
///
/// # Errors
/// As [`read_page`]; pages before the failure have been passed.
pub async fn read_all(
    session: Session,
    id: &ConnectionId,
    query: &Query,
    max_pages: usize,
    mut on_page: impl FnMut(Page),
) -> Result<bool, Failure> {
    let mut cursor = None;
    for _ in 0..max_pages {
        let page = read_page(session, id, query, cursor).await?;
        let next = page.next;
        on_page(page);
        match next {
            None => return Ok(true),
            // A vendor that repeats a cursor never gets to the end.
            Some(next) if Some(next) == cursor => return Ok(false),
            Some(next) => cursor = Some(next),
        }
    }
    Ok(false)
}

/// The cache key of a query whose response rarely changes and is needed by many pages.
fn cache_key(query: &Query) -> Option<&'static str> {
    match query {
        Query::Community => Some("community"),
        Query::Roles => Some("roles"),
        Query::Prices => Some("prices"),
        Query::People { .. }
        | Query::Person { .. }
        | Query::Groups { .. }
        | Query::Group { .. }
        | Query::GroupMembers { .. }
        | Query::Banned { .. } => None,
    }
}

/// The state of something being read.
#[derive(Clone, Debug, Default)]
pub enum Read<T> {
    /// Not there yet.
    #[default]
    Loading,
    Ready(T),
    Failed(Failure),
}

/// A value that is read again whenever its dependencies change. Copies share state.
#[derive(Debug)]
pub struct Reading<T: Send + Sync + 'static> {
    state: RwSignal<Read<T>>,
    again: Trigger,
}

impl<T: Send + Sync + 'static> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Reading<T> {}

impl<T: Clone + Send + Sync + 'static> Reading<T> {
    /// The state; tracked.
    pub fn get(self) -> Read<T> {
        self.state.get()
    }

    /// The value, if it has been read; tracked.
    pub fn ready(self) -> Option<T> {
        self.state.with(|state| match state {
            Read::Ready(value) => Some(value.clone()),
            Read::Loading | Read::Failed(_) => None,
        })
    }

    /// Changes the value, if it has been read: for lists that grow page by page.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.state.update(|state| {
            if let Read::Ready(value) = state {
                change(value);
            }
        });
    }

    /// Reads again.
    pub fn again(self) {
        self.again.notify();
    }
}

/// Reads now, and again whenever a signal changes that `fetch` reads before its first await. That cancels the
/// read in progress, and so does leaving the page. The old value is dropped while reading again, because it
/// may be wrong.
pub fn reading<T, F>(fetch: impl Fn() -> F + 'static) -> Reading<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Failure>> + 'static,
{
    let state = RwSignal::new(Read::Loading);
    let again = follow(Box::new(move || {
        let task = fetch();
        state.set(Read::Loading);
        Box::pin(async move {
            state.try_set(match task.await {
                Ok(value) => Read::Ready(value),
                Err(failure) => Read::Failed(failure),
            });
        })
    }));
    Reading { state, again }
}

/// Starts a task now, and again whenever a signal changes that `start` reads or the trigger fires. Aborts the one
/// before, which must not touch signals then: they may be disposed.
fn follow(start: Box<dyn Fn() -> LocalBoxFuture<'static, ()>>) -> Trigger {
    let again = Trigger::new();
    let under_way = StoredValue::new_local(None::<AbortHandle>);
    let stop = move || {
        if let Some(handle) = under_way.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    };
    effect(move || {
        again.track();
        let (task, handle) = abortable(start());
        stop();
        under_way.set_value(Some(handle));
        let awaited = Awaited::new();
        spawn_local(async move {
            // `Err` if it was aborted.
            let _ = task.await;
            drop(awaited);
        });
    });
    on_cleanup(stop);
    again
}
