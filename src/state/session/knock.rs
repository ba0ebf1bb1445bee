//! Calls that carry no key, for examining a connection.

use domain::Connection;
use vendors::{Request, Response};

use super::{CallRecord, Session};
use browser::clock;
use browser::transport::{Manner, TransportError};

impl Session {
    /// Sends a request to where a connection leads, without its key. The caller paces it. `None` is an answer that
    /// the page does not get to see.
    pub(crate) async fn knock(
        self,
        connection: &Connection,
        request: &Request,
        manner: Manner,
    ) -> (Result<Option<Response>, TransportError>, CallRecord) {
        let sent_at = clock::now();
        let result = self.transport(connection).knock(request, manner).await;
        let mut record = CallRecord::of(request, sent_at, clock::now());
        if let Ok(Some(response)) = &result {
            record.note_answer(response);
        }
        (result, record)
    }
}
