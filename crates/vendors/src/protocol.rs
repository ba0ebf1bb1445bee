//! A vendor's contract, from the client's side.

use domain::{
    ApiError, Batch, BatchFailure, Credentials, Cursor, Millis, Page, Paging, Query, RateHint, Reply, Secret,
    Vendor,
};

use crate::catalogue;

/// A request: path, query, headers and body, without host and credentials.
pub type Request = http::Request<Vec<u8>>;
/// A response.
pub type Response = http::Response<Vec<u8>>;

/// A vendor's contract as encoders and decoders, except for changes.
pub trait Protocol: Sync {
    /// The vendor of this contract.
    fn vendor(&self) -> Vendor;

    /// Encodes a query for the page at `cursor`.
    ///
    /// # Errors
    /// If this vendor does not support the query (code `console.unsupported`).
    fn encode_query(
        &self,
        query: &Query,
        cursor: Option<Cursor>,
        acting_as: Option<&str>,
    ) -> Result<Request, ApiError>;

    /// How the pages of a query's list are addressed; `None` if it is not a list in pages.
    fn paging(&self, query: &Query) -> Option<Paging> {
        let _ = query;
        None
    }

    /// Decodes a page. `cursor` is the one that was requested.
    ///
    /// # Errors
    /// If the vendor refused, or the response is unreadable.
    fn decode_page(
        &self,
        query: &Query,
        cursor: Option<Cursor>,
        response: &Response,
    ) -> Result<Page, ApiError>;

    /// The rate limit state in the response's headers, if the vendor documents such headers and the browser
    /// may read them. `now` is the time of the response, because some vendors send a point in time instead of
    /// a duration.
    fn rate_hint(&self, response: &Response, now: Millis) -> Option<RateHint> {
        let _ = (response, now);
        None
    }

    /// A harmless query that shows whether the key is accepted; `None` if signing in shows that.
    fn probe(&self) -> Option<Query>;

    /// The request that exchanges the credentials for a token, if the vendor requires that. Unlike all other
    /// requests it contains credentials, in its body.
    fn sign_in(&self, credentials: &Credentials) -> Option<Request> {
        let _ = credentials;
        None
    }

    /// Decodes the token in the response to [`sign_in`](Protocol::sign_in).
    ///
    /// # Errors
    /// If the vendor refused, or the response has no token (code `auth.no_token`).
    fn decode_sign_in(&self, response: &Response) -> Result<Secret, ApiError> {
        let _ = response;
        Err(catalogue::unsupported())
    }

    /// Whether the response may mean that a token of this age, in milliseconds, has expired: the caller then
    /// signs in again and retries once.
    fn is_token_expired(&self, response: &Response, age: Millis) -> bool {
        let _ = (response, age);
        false
    }

    /// The header with the credentials, which only the transport adds. `None` if the credentials cannot
    /// authorize calls as they are.
    fn authorization(&self, credentials: &Credentials) -> Option<(http::HeaderName, http::HeaderValue)>;
}

/// The part of a vendor's contract that changes something. Apart from [`Protocol`], so that a program that only
/// reads does not link it.
pub trait Changes: Sync {
    /// Encodes a batch. `acting_as` is the person on whose behalf the call is made; ignored if the vendor
    /// does not support that.
    ///
    /// # Errors
    /// If this vendor has no call for the operation (class [`Refused`](domain::ErrorClass::Refused), code
    /// `console.unsupported`); a plan made with the vendor's capabilities never holds such an operation.
    fn encode(&self, batch: &Batch, acting_as: Option<&str>) -> Result<Request, ApiError>;

    /// Decodes the outcome of each change. Changes missing from the response are omitted.
    ///
    /// # Errors
    /// If the call as a whole failed, or the response is unreadable.
    fn decode(&self, batch: &Batch, response: &Response) -> Result<Reply, BatchFailure>;
}

/// A header with the plain key, marked as sensitive so that debug output hides it.
pub(crate) fn key_header(
    name: &'static str,
    credentials: &Credentials,
) -> Option<(http::HeaderName, http::HeaderValue)> {
    match credentials {
        Credentials::Key(key) => {
            let mut value = http::HeaderValue::from_str(key.expose()).ok()?;
            value.set_sensitive(true);
            Some((http::HeaderName::from_static(name), value))
        }
        Credentials::None | Credentials::KeyAndSecret { .. } | Credentials::Token(_) => None,
    }
}
