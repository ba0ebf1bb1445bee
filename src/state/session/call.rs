//! One call: sign in if needed, authorise, send, and drop an expired token.

use domain::api_error::ErrorOrigin;
use domain::{
    ApiError, BatchFailure, CallId, Connection, ConnectionKind, ConsoleCode, Credentials, ErrorClass, Millis,
    Secret,
};
use http::HeaderValue;
use vendors::{Protocol, Request, Response, secrets};

use super::keys::Token;
use super::{CallRecord, Session};
use browser::clock;
use browser::transport::{Authorization, Transport};

/// Why a read or a call failed, with the call for the details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub error: ApiError,
    /// The last call; `None` if there was none. Boxed because it is large and rare.
    pub call: Option<Box<CallRecord>>,
    /// False if the request was certainly not sent.
    pub is_sent: bool,
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self { error, call: None, is_sent: false }
    }
}

/// What one call needs.
struct Line<'a> {
    session: Session,
    connection: &'a Connection,
    protocol: &'static dyn Protocol,
    transport: Transport,
    credentials: Credentials,
}

impl Session {
    /// Sends a request through a connection. The caller paces it by [`Session::budget`] and notes it there; a
    /// sign-in made for it is noted here. The record has no answer: adding that ([`CallRecord::with_answer`]) reads all
    /// of a response, and few are shown.
    ///
    /// # Errors
    /// If no response came or signing in failed. Error statuses are responses, except for a refused access
    /// token from an earlier sign-in: the next call gets a new one ([`BatchFailure::token_expired`]).
    pub async fn call(
        self,
        connection: &Connection,
        request: Request,
    ) -> Result<(Response, CallRecord), Failure> {
        self.call_with(connection, Credentials::None, request).await
    }

    /// Sends a request with typed credentials, such as for a connection that is not saved yet. With
    /// [`Credentials::None`] it uses the key held for exactly this destination.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn call_with(
        self,
        connection: &Connection,
        credentials: Credentials,
        request: Request,
    ) -> Result<(Response, CallRecord), Failure> {
        self.line(connection, credentials).call(&request).await
    }

    /// Makes one attempt of a call that changes something, under its call id.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn call_once(
        self,
        connection: &Connection,
        request: Request,
        call: CallId,
    ) -> Result<(Response, CallRecord), Failure> {
        let line = self.line(connection, Credentials::None);
        let (response, record) = Line { transport: line.transport.once(call), ..line }.call(&request).await?;
        let record = record.with_answer(&response);
        Ok((response, record))
    }

    /// Drops a token that the vendor refused, unless a newer one has replaced it.
    async fn drop_token(self, connection: &Connection, refused: Option<&Secret>) {
        let slot = self.token_slot(&connection.id);
        let mut slot = slot.lock().await;
        if slot.as_ref().map(|token| &token.secret) == refused {
            *slot = None;
        }
    }

    /// Signs in as [`Session::call_with`] does and drops the token: for vendors whose harmless probe of a key
    /// is signing in. Returns `None` if this vendor has no sign-in.
    ///
    /// # Errors
    /// If the vendor refused or no response came.
    pub async fn try_sign_in(
        self,
        connection: &Connection,
        credentials: Credentials,
    ) -> Result<Option<()>, Failure> {
        let line = self.line(connection, credentials);
        match line.protocol.sign_in(&line.credentials) {
            Some(request) => line.sign_in(&request).await.map(|_| Some(())),
            None => Ok(None),
        }
    }

    fn line(self, connection: &Connection, credentials: Credentials) -> Line<'_> {
        let protocol = vendors::protocol(connection.vendor);
        let credentials = match credentials {
            Credentials::None => self.credentials(connection),
            typed => typed,
        };
        Line { session: self, connection, protocol, transport: self.transport(connection), credentials }
    }
}

/// The authorization of one call.
struct Ticket {
    header: Option<Authorization>,
    /// The access token in the header, if it is one.
    token: Option<Secret>,
    /// The token's age; `None` if it was fetched for this very call.
    age: Option<Millis>,
}

impl Line<'_> {
    async fn call(&self, request: &Request) -> Result<(Response, CallRecord), Failure> {
        let Ticket { header, token, age } = self.authorization().await?;
        let (response, record) = self.exchange(request, header.as_ref(), token.as_ref()).await?;
        // A token fetched for this call cannot have expired, so the vendor's refusal stands.
        if age.is_some_and(|age| self.protocol.is_token_expired(&response, age)) {
            self.session.drop_token(self.connection, token.as_ref()).await;
            let BatchFailure { error, is_sent } = BatchFailure::token_expired();
            let record = record.with_answer(&response);
            return Err(Failure { error, call: Some(Box::new(record)), is_sent });
        }
        Ok((response, record))
    }

    /// The authorization for this call; signs in if needed.
    async fn authorization(&self) -> Result<Ticket, Failure> {
        if self.connection.kind == ConnectionKind::Direct && self.credentials == Credentials::None {
            return Err(ApiError::new(ErrorClass::Auth, ErrorOrigin::Console, ConsoleCode::NoKey).into());
        }
        let Some(request) = self.protocol.sign_in(&self.credentials) else {
            let header = self.protocol.authorization(&self.credentials);
            return Ok(Ticket { header, token: None, age: None });
        };
        let slot = self.session.token_slot(&self.connection.id);
        let mut slot = slot.lock().await;
        let destination = self.connection.destination();
        // A token belongs to the key and destination it was fetched with.
        let is_good = |token: &Token| token.of == self.credentials && token.destination == destination;
        let known = slot.take().filter(is_good);
        let age = known.as_ref().map(|token| clock::moment().steady.saturating_sub(token.got_at));
        let token = match known {
            Some(token) => token,
            None => Token {
                of: self.credentials.clone(),
                destination,
                // Whatever became of the sign-in, the call itself has not been sent.
                secret: self
                    .sign_in(&request)
                    .await
                    .map_err(|failure| Failure { is_sent: false, ..failure })?,
                got_at: clock::moment().steady,
            },
        };
        let secret = token.secret.clone();
        *slot = Some(token);
        let header = self.protocol.authorization(&Credentials::Token(secret.clone()));
        Ok(Ticket { header, token: Some(secret), age })
    }

    async fn sign_in(&self, request: &Request) -> Result<Secret, Failure> {
        let _slot = self.session.draw_now(self.connection).await;
        let (mut response, record) = self.send(request, None).await?;
        // Decode before erasing the key: a token may contain it.
        let token = self.protocol.decode_sign_in(&response).ok();
        self.take_secrets_out(request, &mut response, None);
        let token = token.map_or_else(|| self.protocol.decode_sign_in(&response), Ok);
        token.map_err(|error| {
            let record = record.with_answer(&response).without_answer();
            Failure { error, call: Some(Box::new(record)), is_sent: true }
        })
    }

    async fn exchange(
        &self,
        request: &Request,
        authorization: Option<&Authorization>,
        token: Option<&Secret>,
    ) -> Result<(Response, CallRecord), Failure> {
        let (mut response, record) = self.send(request, authorization).await?;
        self.take_secrets_out(request, &mut response, token);
        Ok((response, record))
    }

    /// Sends a request. The record does not contain the response yet.
    async fn send(
        &self,
        request: &Request,
        authorization: Option<&Authorization>,
    ) -> Result<(Response, CallRecord), Failure> {
        let sent_at = clock::now();
        let result = self.transport.send(request, authorization).await;
        let record = CallRecord::of(request, sent_at, clock::now());
        match result {
            Ok(response) => Ok((response, record)),
            Err(error) => {
                let is_sent = !error.is_unsent();
                Err(Failure { error: error.into(), call: Some(Box::new(record)), is_sent })
            }
        }
    }

    /// Erases sent secrets from the response.
    fn take_secrets_out(&self, request: &Request, response: &mut Response, token: Option<&Secret>) {
        self.credentials.secrets().chain(token).for_each(|secret| erase(secret, response));
        secrets::erase_carried(request, response);
    }
}

/// Some services echo the request in an error. Secrets must not reach a record, a journal or a screen.
fn erase(secret: &Secret, response: &mut Response) {
    if let Some(body) = secret.erase_from(response.body()) {
        *response.body_mut() = body;
    }
    for value in response.headers_mut().values_mut() {
        let erased = secret.erase_from(value.as_bytes());
        if let Some(erased) = erased.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok()) {
            *value = erased;
        }
    }
}
