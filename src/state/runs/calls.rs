//! The calls of a run: encode, send, decode. Failures are answers too, so that no result is lost.

use std::sync::Arc;

use domain::driver::Event;
use domain::outcome::Verdict;
use domain::{
    Batch, BatchFailure, BatchId, CallId, Connection, Items, Operation, Page, PlanId, RateHint, ReadId,
    Reading, Reply,
};

use super::view::Progress;
use crate::state::session::{CallRecord, Failure, Session};
use browser::clock;

/// The result of one call.
#[derive(Debug)]
pub(super) struct CallResult {
    of: Of,
    call: Option<CallRecord>,
    hint: Option<RateHint>,
}

#[derive(Debug)]
enum Of {
    Batch(BatchId, Result<Reply, BatchFailure>),
    Page(ReadId, Result<Page, BatchFailure>),
}

impl CallResult {
    /// Keeps what pages show, and turns the rest into an event for the driver.
    pub(super) fn record(self, progress: &mut Progress) -> Event {
        let hint = self.hint;
        match self.of {
            Of::Batch(batch, result) => {
                if let Some(call) = self.call {
                    progress.record_call(batch, call);
                }
                if let Ok(reply) = &result {
                    progress.record_named(&reply.members, reply.group.as_ref());
                }
                Event::Answered { batch, result, hint }
            }
            Of::Page(read, result) => Event::PageRead { read, result, hint },
        }
    }
}

pub(super) async fn send(
    session: Session,
    connection: Arc<Connection>,
    run: PlanId,
    batch: Batch,
) -> CallResult {
    let (protocol, changes) = (vendors::protocol(connection.vendor), vendors::changes(connection.vendor));
    let of = |result| Of::Batch(batch.id, result);
    let request = match changes.encode(&batch, connection.acting_as.as_deref()) {
        Ok(request) => request,
        Err(error) => return CallResult { of: of(Err(BatchFailure::unsent(error))), call: None, hint: None },
    };
    match session.call_once(&connection, request, CallId::of(&run, &batch)).await {
        Ok((response, call)) => {
            let result = changes.decode(&batch, &response);
            if let Ok(reply) = &result {
                note_groups(session, &connection, &batch, reply);
            }
            CallResult { of: of(result), call: Some(call), hint: protocol.rate_hint(&response, clock::now()) }
        }
        Err(failure) => {
            let (failure, call) = failed(failure);
            CallResult { of: of(Err(failure)), call, hint: None }
        }
    }
}

/// Remembers a group that was created or changed, and forgets one that was deleted, so that lists of groups show it
/// before they are read again.
fn note_groups(session: Session, connection: &Connection, batch: &Batch, reply: &Reply) {
    if let Some(group) = &reply.group {
        session.note_seen(connection, &Page::whole(Items::Groups(vec![group.clone()])));
    }
    let is_done = || reply.outcomes.iter().any(|(_, outcome)| outcome.verdict() == Verdict::Done);
    if let Operation::DeleteGroup { group } = batch.operation()
        && is_done()
    {
        session.forget_group(&connection.id, group);
    }
}

/// Reads a page to find out the outcome of a call whose response was lost.
pub(super) async fn read(session: Session, connection: Arc<Connection>, reading: Reading) -> CallResult {
    let protocol = vendors::protocol(connection.vendor);
    let Reading { id, query, cursor } = reading;
    let of = |result| Of::Page(id, result);
    let request = match protocol.encode_query(&query, cursor, connection.acting_as.as_deref()) {
        Ok(request) => request,
        Err(error) => return CallResult { of: of(Err(BatchFailure::unsent(error))), call: None, hint: None },
    };
    match session.call(&connection, request).await {
        Ok((response, _)) => CallResult {
            of: of(protocol.decode_page(&query, cursor, &response).map_err(BatchFailure::sent)),
            call: None,
            hint: protocol.rate_hint(&response, clock::now()),
        },
        Err(failure) => CallResult { of: of(Err(failed(failure).0)), call: None, hint: None },
    }
}

fn failed(failure: Failure) -> (BatchFailure, Option<CallRecord>) {
    let Failure { error, call, is_sent } = failure;
    (BatchFailure { error, is_sent }, call.map(|call| *call))
}
