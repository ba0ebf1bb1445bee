//! Calls without a key, for examining a connection.

use domain::Connection;
use vendors::{Request, Response};

use super::{CallRecord, Session};
use browser::clock;
use browser::transport::{Manner, TransportError};

impl Session {
    /// Sends a request to a connection's destination without its key. The caller paces it. `None` is a
    /// response hidden from the page.
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
