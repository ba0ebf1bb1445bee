//! Calls vendors outside of runs. The code of all vendors' calls is fetched with the first call.

use std::rc::Rc;
use std::sync::Arc;

use domain::api_error::ErrorOrigin;
use domain::read::PageRead;
use domain::{
    ApiError, BatchFailure, Connection, ConsoleCode, Credentials, Cursor, ErrorClass, Page, Paging, Query,
};
use futures::future::LocalBoxFuture;
use vendors::Response;

use super::code::{self, Code, Fetch, NotFetched};
use crate::state::session::{CallRecord, Failure, Session, Slot, curl};
use browser::{clock, random};

/// Decodes the response to a query in a worker, which takes its people; `None` if it is no page.
pub type DecodePage = Rc<dyn Fn(&Query, Cursor, &Response) -> LocalBoxFuture<'static, Option<Page>>>;

/// A page that was just read.
#[derive(Clone, Debug)]
pub struct FreshPage {
    /// The page. Of people whom a worker has taken, it has only what identifies them, and their scopes.
    pub page: Page,
    /// Whether [`DecodePage`] has decoded it.
    pub is_taken: bool,
}

/// What is read: a query and a page of it; and how its response is decoded.
type Asked = (Query, Option<Cursor>, Option<DecodePage>);
type Answer<T> = LocalBoxFuture<'static, Result<T, Failure>>;

/// Reads from vendors, at the pace of each connection.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    read: fn(Session, Arc<Connection>, Asked) -> Answer<FreshPage>,
    probe: fn(Session, Arc<Connection>) -> Answer<()>,
    can_read: fn(&Connection, &Query) -> bool,
    paging: fn(&Connection, &Query) -> Option<Paging>,
    curl: fn(&CallRecord, &Connection) -> String,
}

thread_local! {
    static CALLER: Code<Caller> = const { Code::new() };
    static WORDS: Code<()> = const { Code::new() };
}

/// Sets how the words for failures are fetched and installed: few reads fail.
pub fn provide_words(fetch: Fetch<()>) {
    WORDS.with(|code| code.provide(fetch));
}

/// Waits for an answer, and for the words if it is a failure. Without them a failure is shown as a missing part.
async fn explained<T>(answer: Answer<T>) -> Result<T, Failure> {
    let result = answer.await;
    if result.is_err() {
        let _ = code::fetched(&WORDS).await;
    }
    result
}

/// Sets how the code of the calls is fetched.
pub fn provide_caller(fetch: Fetch<Caller>) {
    CALLER.with(|code| code.provide(fetch));
}

/// Makes calls possible without fetching their code, for a program that contains it.
pub fn install_caller() {
    CALLER.with(|code| code.install(Caller::new()));
}

/// Fetches the code of the calls, unless it is here.
///
/// # Errors
/// If it could not be fetched: [`ConsoleCode::NotLoaded`].
pub async fn caller() -> Result<Caller, Failure> {
    let not_loaded = |NotFetched| {
        Failure::from(ApiError::new(ErrorClass::Refused, ErrorOrigin::Console, ConsoleCode::NotLoaded))
    };
    code::fetched(&CALLER).await.map_err(not_loaded)
}

/// A call as a shell command; see [`curl`]. Empty before the first call, when there is nothing to show.
pub fn shell_command(call: &CallRecord, connection: &Connection) -> String {
    CALLER.with(Code::fetched).map(|caller| (caller.curl)(call, connection)).unwrap_or_default()
}

impl Caller {
    /// The code itself; what names it contains all vendors' calls.
    pub fn new() -> Self {
        Self {
            read: |session, connection, (query, cursor, decode)| {
                Box::pin(async move {
                    read_with(session, &connection, None, &query, (cursor, decode.as_ref())).await
                })
            },
            // Uses the session's key.
            probe: |session, connection| {
                Box::pin(async move { probe(session, &connection, Credentials::None).await })
            },
            can_read: |connection, query| {
                let protocol = vendors::protocol(connection.vendor);
                protocol.encode_query(query, None, connection.acting_as.as_deref()).is_ok()
            },
            paging: |connection, query| vendors::protocol(connection.vendor).paging(query),
            curl,
        }
    }

    /// Reads one page.
    ///
    /// # Errors
    /// If the vendor refused, no response came, it cannot be read, or the rate limit does not allow it soon.
    pub async fn read(
        self,
        session: Session,
        connection: Arc<Connection>,
        query: Query,
        cursor: Option<Cursor>,
    ) -> Result<Page, Failure> {
        let read = explained((self.read)(session, connection, (query, cursor, None))).await;
        read.map(|fresh| fresh.page)
    }

    /// As [`read`](Self::read), with responses that a worker decodes where that works.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn read_fresh(
        self,
        session: Session,
        connection: Arc<Connection>,
        query: Query,
        cursor: Cursor,
        decode: Option<DecodePage>,
    ) -> Result<FreshPage, Failure> {
        explained((self.read)(session, connection, (query, Some(cursor), decode))).await
    }

    /// Makes one harmless call that shows whether the connection's key is accepted.
    ///
    /// # Errors
    /// As [`Caller::read`].
    pub async fn probe(self, session: Session, connection: Arc<Connection>) -> Result<(), Failure> {
        explained((self.probe)(session, connection)).await
    }

    /// How the pages of a list are addressed; `None` if it is not a list in pages.
    pub fn paging(self, connection: &Connection, query: &Query) -> Option<Paging> {
        (self.paging)(connection, query)
    }

    /// Whether the vendor has a call for this query.
    pub fn can_read(self, connection: &Connection, query: &Query) -> bool {
        (self.can_read)(connection, query)
    }
}

impl Default for Caller {
    fn default() -> Self {
        Self::new()
    }
}

/// Makes one harmless call that shows whether credentials are accepted.
async fn probe(session: Session, connection: &Connection, credentials: Credentials) -> Result<(), Failure> {
    match vendors::protocol(connection.vendor).probe() {
        Some(query) => {
            read_with(session, connection, Some(credentials), &query, (None, None)).await.map(drop)
        }
        None => session.try_sign_in(connection, credentials).await.map(drop),
    }
}

async fn read_with(
    session: Session,
    connection: &Connection,
    credentials: Option<Credentials>,
    query: &Query,
    part: (Option<Cursor>, Option<&DecodePage>),
) -> Result<FreshPage, Failure> {
    let mut read = wanted();
    loop {
        let once = read_once(session, connection, credentials.clone(), query, part, &mut read).await;
        let failure = match once {
            Ok(page) => return Ok(page),
            Err(failure) => failure,
        };
        // Failed before drawing from the budget: the error already says how long the wait would be.
        if failure.error.origin == ErrorOrigin::Console && failure.error.class == ErrorClass::RateLimited {
            return Err(failure);
        }
        let of_call = BatchFailure { error: failure.error.clone(), is_sent: failure.is_sent };
        if !session.retries(connection, &mut read, &of_call).await {
            return Err(failure);
        }
    }
}

/// A new read, starting now.
fn wanted() -> PageRead {
    PageRead::new(clock::now(), random::bits())
}

async fn read_once(
    session: Session,
    connection: &Connection,
    credentials: Option<Credentials>,
    query: &Query,
    (cursor, decode): (Option<Cursor>, Option<&DecodePage>),
    read: &mut PageRead,
) -> Result<FreshPage, Failure> {
    let protocol = vendors::protocol(connection.vendor);
    let request = protocol.encode_query(query, cursor, connection.acting_as.as_deref())?;
    let mut slot = session.draw(connection, read).await?;
    let result = match credentials {
        Some(credentials) => session.call_with(connection, credentials, request).await,
        None => session.call(connection, request).await,
    };
    let (response, call) = result?;
    slot.note(protocol.rate_hint(&response, clock::now()));
    let taken = match (decode, cursor) {
        (Some(decode), Some(cursor)) if response.status().is_success() => {
            decode(query, cursor, &response).await
        }
        _ => None,
    };
    let is_taken = taken.is_some();
    // Decoded here, a response that is no page says why.
    let page = taken.map_or_else(|| protocol.decode_page(query, cursor, &response), Ok);
    let page = page.map_err(|error| {
        let call = Some(Box::new(call.with_answer(&response)));
        Failure { error, call, is_sent: true }
    })?;
    slot.succeed();
    Ok(FreshPage { page, is_taken })
}

/// Draws one call from the budget shared by all runs and tabs, as soon as there is room.
pub(crate) async fn wait_for_slot(session: Session, connection: &Connection) -> Result<Slot, Failure> {
    Ok(session.draw(connection, &mut wanted()).await?)
}
