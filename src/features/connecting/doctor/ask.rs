//! Makes the calls of an examination and reports what each showed.

use domain::api_error::ErrorOrigin;
use domain::examination::{Blame, ExaminationStep, Probe, ProbeResponse, Responder, Seen, Silence};
use domain::{
    ApiError, Connection, ConnectionKind, ConsoleCode, Credentials, ErrorClass, GroupId, Items, Millis, Page,
};
use http::{HeaderName, HeaderValue};
use leptos::prelude::document;
use vendors::{Response, examine};

use crate::state::caller::wait_for_slot;
use crate::state::session::{CallRecord, Failure, Session};
use browser::clock;
use browser::transport::{KeylessMode, TransportError};

/// What the steps of an examination share: the connection, its credentials, and what earlier steps found.
pub(super) struct Examiner<'a> {
    pub session: Session,
    pub connection: &'a Connection,
    pub credentials: Credentials,
    /// Names of the headers to try one by one.
    pub headers: Vec<Box<str>>,
    /// One of the groups found by an earlier step.
    pub group: Option<GroupId>,
}

impl Examiner<'_> {
    /// Performs one step, at the connection's pace.
    pub async fn take(&mut self, step: ExaminationStep) -> (Seen, Option<CallRecord>) {
        match step {
            ExaminationStep::ProbeKeyless => {
                self.probe_keyless(examine::probe_keyless(self.connection.vendor), KeylessMode::Plain).await
            }
            ExaminationStep::ProbeOpaque => {
                self.probe_keyless(examine::probe_keyless(self.connection.vendor), KeylessMode::Blind).await
            }
            ExaminationStep::ProbeHeader(at) => self.probe_header(at).await,
            ExaminationStep::Anonymous => {
                // A relay that forwards without authentication shows best on a request that reads something.
                let read = self.probe(0).and_then(|probe| self.encode(probe).ok().flatten());
                let request = read.unwrap_or_else(|| examine::probe_keyless(self.connection.vendor));
                self.probe_keyless(request, KeylessMode::Anonymous).await
            }
            ExaminationStep::Unlisted => self.probe_keyless(examine::unlisted(), KeylessMode::Plain).await,
            ExaminationStep::SignIn => self.sign_in().await,
            ExaminationStep::Look(at) => self.look(at).await,
        }
    }

    fn probe(&self, at: usize) -> Option<Probe> {
        examine::setting(self.connection, true, false, true).probes.get(at).copied()
    }

    /// The request for a probe; `None` if there is nothing to request.
    fn encode(&self, probe: Probe) -> Result<Option<vendors::Request>, ApiError> {
        let Some(query) = examine::query(probe, self.connection, self.group.as_ref()) else {
            return Ok(None);
        };
        // Only reading the acting person is done on their behalf: every other read tests the key's own
        // rights.
        let acting_as = self.connection.acting_as.as_deref().filter(|_| probe == Probe::Acting);
        vendors::protocol(self.connection.vendor).encode_query(&query, None, acting_as).map(Some)
    }

    async fn probe_header(&self, at: usize) -> (Seen, Option<CallRecord>) {
        let mut request = examine::probe_keyless(self.connection.vendor);
        let Some(name) = self.headers.get(at).and_then(|name| name.parse::<HeaderName>().ok()) else {
            return (Seen::Skipped, None);
        };
        // A preflight asks for headers by name, so no value is needed, except where an empty one would not
        // trigger a preflight.
        let value = if name == http::header::CONTENT_TYPE { "application/json" } else { "" };
        request.headers_mut().insert(name, HeaderValue::from_static(value));
        self.probe_keyless(request, KeylessMode::Plain).await
    }

    async fn probe_keyless(
        &self,
        request: vendors::Request,
        mode: KeylessMode,
    ) -> (Seen, Option<CallRecord>) {
        let slot = match wait_for_slot(self.session, self.connection).await {
            Ok(slot) => slot,
            Err(failure) => return (Seen::Nothing(no_room(&failure.error)), None),
        };
        let (result, record) = self.session.probe_keyless(self.connection, &request, mode).await;
        drop(slot);
        let seen = match result {
            Ok(Some(response)) => self.heard(&response, &record, self.probe(0)).0,
            Ok(None) => Seen::Unreadable { took_ms: record.took_ms },
            Err(error) => Seen::Nothing(silence(error)),
        };
        (seen, Some(record))
    }

    async fn sign_in(&self) -> (Seen, Option<CallRecord>) {
        // The session takes the call from the budget itself.
        let began = clock::now();
        let result = self.session.try_sign_in(self.connection, self.credentials.clone()).await;
        let took_ms = clock::now().saturating_sub(began);
        match result {
            Ok(Some(())) => {
                let answer = ProbeResponse::new(200, Responder::Vendor, took_ms);
                (Seen::Answer(Box::new(answer)), None)
            }
            Ok(None) => (Seen::Skipped, None),
            Err(failure) => self.failed(failure, took_ms),
        }
    }

    async fn look(&mut self, at: usize) -> (Seen, Option<CallRecord>) {
        let Some(probe) = self.probe(at) else { return (Seen::Skipped, None) };
        let request = match self.encode(probe) {
            Ok(Some(request)) => request,
            Ok(None) => return (Seen::Skipped, None),
            Err(error) => return self.failed(error.into(), 0),
        };
        let mut slot = match wait_for_slot(self.session, self.connection).await {
            Ok(slot) => slot,
            Err(failure) => return (Seen::Nothing(no_room(&failure.error)), None),
        };
        let (response, record) = if self.connection.kind == ConnectionKind::Relay {
            // A relay needs no key, and its own answers have to be seen unprocessed.
            match self.session.probe_keyless(self.connection, &request, KeylessMode::Plain).await {
                (Ok(Some(response)), record) => (response, record),
                (Ok(None), record) => return (Seen::Unreadable { took_ms: record.took_ms }, Some(record)),
                (Err(error), record) => return (Seen::Nothing(silence(error)), Some(record)),
            }
        } else {
            let began = clock::now();
            let call = || self.session.call_with(self.connection, self.credentials.clone(), request.clone());
            let mut result = call().await;
            if matches!(&result, Err(failure) if failure.error.is(ConsoleCode::TokenExpired)) {
                result = call().await; // with a new token
            }
            match result {
                Ok((response, record)) => {
                    let record = record.with_answer(&response);
                    (response, record)
                }
                Err(failure) => return self.failed(failure, clock::now().saturating_sub(began)),
            }
        };
        slot.note(vendors::protocol(self.connection.vendor).rate_hint(&response, clock::now()));
        drop(slot);
        let (seen, page) = self.heard(&response, &record, Some(probe));
        if let Some(Items::Groups(groups)) = page.map(|page| page.items).filter(|_| probe == Probe::Groups) {
            self.group = groups.into_iter().next().map(|group| group.id);
        }
        (seen, Some(record))
    }

    /// Interprets a response, as one to `probe` if given.
    fn heard(&self, response: &Response, record: &CallRecord, probe: Option<Probe>) -> (Seen, Option<Page>) {
        let vendor = self.connection.vendor;
        let responder = examine::responder(vendor, response, own_page().as_deref());
        let mut answer = ProbeResponse::new(response.status().as_u16(), responder, record.took_ms);
        let query = probe.and_then(|probe| examine::query(probe, self.connection, self.group.as_ref()));
        let page = query.map(|query| vendors::protocol(vendor).decode_page(&query, None, response));
        let page = match page {
            Some(Ok(page)) => Some(page),
            Some(Err(error)) => {
                answer.error = Some((examine::blame(vendor, &error), error));
                None
            }
            None => None,
        };
        if let Some(Items::Groups(groups)) = page.as_ref().map(|page| &page.items)
            && probe == Some(Probe::Community)
        {
            answer.name = groups.first().map(|group| group.name.clone());
        }
        answer.rates = examine::rates(vendor, response);
        answer.limit = examine::limit(vendor, response);
        answer.ahead_ms = ahead(response, record);
        answer.shows_more = examine::shows_more(response);
        (Seen::Answer(Box::new(answer)), page)
    }

    /// What a failed call with a key showed.
    fn failed(&self, failure: Failure, took_ms: Millis) -> (Seen, Option<CallRecord>) {
        let error = failure.error;
        let record = failure.call.map(|call| *call);
        let is_here = matches!(error.origin, ErrorOrigin::Network | ErrorOrigin::Console);
        let seen = match error.origin {
            _ if is_here && error.is(ConsoleCode::NetOffline) => Seen::Nothing(Silence::Offline),
            _ if is_here && error.is(ConsoleCode::NetBlockedByPolicy) => Seen::Nothing(Silence::Blocked),
            _ if is_here && error.is(ConsoleCode::NetInsecure) => Seen::Nothing(Silence::Insecure),
            ErrorOrigin::Network if error.is(ConsoleCode::NetTimedOut) => Seen::Nothing(Silence::TimedOut),
            ErrorOrigin::Network if error.is(ConsoleCode::HttpUnexpected) => {
                Seen::Nothing(Silence::Redirected)
            }
            ErrorOrigin::Network => Seen::Nothing(Silence::Lost),
            ErrorOrigin::Vendor | ErrorOrigin::Decoding | ErrorOrigin::Console => {
                let blame = match error.class {
                    ErrorClass::Auth if error.origin == ErrorOrigin::Console => Blame::Key,
                    _ => examine::blame(self.connection.vendor, &error),
                };
                let responder = match error.origin {
                    ErrorOrigin::Decoding => Responder::Other,
                    _ => Responder::Vendor,
                };
                let status = error.status.unwrap_or_default();
                let mut answer = ProbeResponse::new(status, responder, took_ms);
                answer.error = Some((blame, error));
                Seen::Answer(Box::new(answer))
            }
        };
        (seen, record)
    }
}

fn no_room(error: &ApiError) -> Silence {
    Silence::TooBusy(error.retry_after_ms.unwrap_or_default())
}

fn silence(error: TransportError) -> Silence {
    match error {
        TransportError::Offline => Silence::Offline,
        TransportError::BlockedByPolicy => Silence::Blocked,
        TransportError::Insecure => Silence::Insecure,
        TransportError::Redirected | TransportError::SignedOut => Silence::Redirected,
        TransportError::TimedOut => Silence::TimedOut,
        TransportError::Unreachable
        | TransportError::Cancelled
        | TransportError::RefusedByRelay
        | TransportError::SilentBehindRelay
        | TransportError::TooLarge
        // Only the calls of a run are numbered.
        | TransportError::AlreadyPassedOn => Silence::Lost,
    }
}

/// The address of this page's script, which is in the page's HTML and changes with every release.
fn own_page() -> Option<String> {
    let script = document().query_selector("script[src]").ok().flatten()?;
    script.get_attribute("src")
}

/// Milliseconds by which this device's clock is ahead of the response's `Date`, at the middle of the call.
fn ahead(response: &Response, record: &CallRecord) -> Option<i64> {
    let date = js_sys::Date::parse(response.headers().get(http::header::DATE)?.to_str().ok()?);
    let here = record.sent_at + record.took_ms / 2;
    date.is_finite().then_some((here as f64 - date) as i64)
}
