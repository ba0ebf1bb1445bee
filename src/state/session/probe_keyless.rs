//! Calls without a key, for examining a connection.

use domain::Connection;
use vendors::{Request, Response};

use super::{CallRecord, Session};
use browser::clock;
use browser::transport::{KeylessMode, TransportError};

impl Session {
    /// Sends a request to a connection's destination without its key. The caller paces it. `None` is a
    /// response hidden from the page.
    pub(crate) async fn probe_keyless(
        self,
        connection: &Connection,
        request: &Request,
        mode: KeylessMode,
    ) -> (Result<Option<Response>, TransportError>, CallRecord) {
        let sent_at = clock::now();
        let result = self.transport(connection).probe_keyless(request, mode).await;
        let record = CallRecord::of(request, sent_at, clock::now());
        match result {
            Ok(Some(response)) => {
                let record = record.with_answer(&response);
                (Ok(Some(response)), record)
            }
            other => (other, record),
        }
    }
}
