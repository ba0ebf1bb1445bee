//! The calls of a run: encode, send, decode. What comes of one is never lost: it is an answer of its own.

use std::sync::Arc;

use domain::api_error::Origin;
use domain::{
    ApiError, Batch, BatchFailure, BatchId, Budget, Connection, Millis, Page, RateHint, ReadId, Reading,
    Reply,
};

use super::view::Progress;
use crate::clock;
use crate::session::{CallRecord, Failure, Session};

/// What came of one call.
#[derive(Debug)]
pub(super) struct Answer {
    of: Of,
    call: Option<CallRecord>,
    hint: Option<RateHint>,
}

#[derive(Debug)]
enum Of {
    Batch(BatchId, Result<Reply, BatchFailure>),
    Page(ReadId, Result<Page, BatchFailure>),
}

impl Answer {
    /// That nothing was sent because it could not be written down first.
    pub(super) fn not_sent(batch: BatchId) -> Self {
        Self { of: Of::Batch(batch, Err(not_sent())), call: None, hint: None }
    }

    /// The same for a page that was to be read.
    pub(super) fn not_read(read: ReadId) -> Self {
        Self { of: Of::Page(read, Err(not_sent())), call: None, hint: None }
    }

    /// Lets the run and the budget take it in.
    pub(super) fn record(self, progress: &mut Progress, now: Millis, budget: &mut Budget) {
        match self.of {
            Of::Batch(id, result) => {
                if let Some(call) = self.call {
                    progress.keep_call(id, call);
                }
                if let Ok(reply) = &result {
                    progress.keep_named(&reply.members, reply.group.as_ref());
                }
                progress.run.record(id, result, now, budget);
            }
            Of::Page(id, result) => progress.run.record_page(id, result, now, budget),
        }
        if let Some(hint) = self.hint {
            budget.note_rate(hint, now);
        }
    }
}

fn not_sent() -> BatchFailure {
    // As without a network: what was to be sent waits again.
    BatchFailure::unsent(ApiError::new(domain::ErrorClass::Refused, Origin::Network, "console.not_sent"))
}

/// Sends a batch.
pub(super) async fn send(session: Session, connection: Arc<Connection>, batch: Batch) -> Answer {
    let protocol = vendors::protocol(connection.vendor);
    let of = |result| Of::Batch(batch.id, result);
    let request = match protocol.encode(&batch, connection.acting_as.as_deref()) {
        Ok(request) => request,
        Err(error) => return Answer { of: of(Err(BatchFailure::unsent(error))), call: None, hint: None },
    };
    match session.call(&connection, request).await {
        Ok((response, call)) => Answer {
            of: of(protocol.decode(&batch, &response)),
            call: Some(call),
            hint: protocol.rate_hint(&response, clock::now()),
        },
        Err(failure) => {
            let (failure, call) = failed(failure);
            Answer { of: of(Err(failure)), call, hint: None }
        }
    }
}

/// Reads a page that tells what came of a lost answer.
pub(super) async fn read(session: Session, connection: Arc<Connection>, reading: Reading) -> Answer {
    let protocol = vendors::protocol(connection.vendor);
    let Reading { id, query, cursor } = reading;
    let of = |result| Of::Page(id, result);
    let request = match protocol.encode_query(&query, cursor, connection.acting_as.as_deref()) {
        Ok(request) => request,
        Err(error) => return Answer { of: of(Err(BatchFailure::unsent(error))), call: None, hint: None },
    };
    match session.call(&connection, request).await {
        Ok((response, _)) => Answer {
            of: of(protocol.decode_page(&query, cursor, &response).map_err(BatchFailure::sent)),
            call: None,
            hint: protocol.rate_hint(&response, clock::now()),
        },
        Err(failure) => Answer { of: of(Err(failed(failure).0)), call: None, hint: None },
    }
}

fn failed(failure: Failure) -> (BatchFailure, Option<CallRecord>) {
    let Failure { error, call, is_sent } = failure;
    (BatchFailure { error, is_sent }, call.map(|call| *call))
}
