//! The shape of a vendor's contract, read from the client's end.

use domain::connection::Pace;
use domain::{
    ApiError, Batch, BatchFailure, Capabilities, Credentials, Cursor, Limits, Millis, Page, Query, RateHint,
    Reply, Secret, Vendor,
};

/// A request as path, query, headers and body: without host and without key.
pub type Request = http::Request<Vec<u8>>;
/// An answer.
pub type Response = http::Response<Vec<u8>>;

/// A vendor's contract as encoders and decoders.
pub trait Protocol: Sync {
    /// Whose contract it is.
    fn vendor(&self) -> Vendor;

    /// What the vendor's API can do.
    fn capabilities(&self) -> Capabilities;

    /// How fast, and how many people in a call, at a connection's pace.
    fn limits(&self, pace: Pace) -> Limits;

    /// The request that applies a batch. `acting_as` is the person that the call acts for, where the vendor
    /// knows that; it is ignored elsewhere.
    ///
    /// # Errors
    /// If this vendor has no call for the effect (class [`Refused`](domain::ErrorClass::Refused), code
    /// `console.unsupported`); a plan made with the vendor's capabilities never holds such an effect.
    fn encode(&self, batch: &Batch, acting_as: Option<&str>) -> Result<Request, ApiError>;

    /// What an answer says about each change of the batch. Changes it does not name are left out.
    ///
    /// # Errors
    /// If the call as a whole came to nothing, or the answer cannot be read.
    fn decode(&self, batch: &Batch, response: &Response) -> Result<Reply, BatchFailure>;

    /// The request that reads, from `cursor` on.
    ///
    /// # Errors
    /// If this vendor cannot be asked that (code `console.unsupported`).
    fn encode_query(
        &self,
        query: &Query,
        cursor: Option<Cursor>,
        acting_as: Option<&str>,
    ) -> Result<Request, ApiError>;

    /// What an answer to a query holds. `cursor` is the one that was sent.
    ///
    /// # Errors
    /// If the vendor refused, or the answer cannot be read.
    fn decode_page(
        &self,
        query: &Query,
        cursor: Option<Cursor>,
        response: &Response,
    ) -> Result<Page, ApiError>;

    /// What an answer's headers say of the pace, where the vendor documents such headers and the browser may
    /// read them. `now` is the moment of the answer, as some vendors name a moment and no span.
    fn rate_hint(&self, response: &Response, now: Millis) -> Option<RateHint> {
        let _ = (response, now);
        None
    }

    /// A harmless call that shows whether the key is accepted; `None` where signing in is that call.
    fn probe(&self) -> Option<Query>;

    /// The call that exchanges the credentials for a token, where the vendor works so. Unlike all other
    /// requests it carries the credentials, in its body.
    fn sign_in(&self, credentials: &Credentials) -> Option<Request> {
        let _ = credentials;
        None
    }

    /// The token in the answer to [`sign_in`](Protocol::sign_in).
    ///
    /// # Errors
    /// If the vendor refused, or answered without a token (code `auth.no_token`).
    fn decode_sign_in(&self, response: &Response) -> Result<Secret, ApiError> {
        let _ = response;
        Err(ApiError::new(
            domain::ErrorClass::Unknown,
            domain::api_error::Origin::Console,
            "console.unsupported",
        ))
    }

    /// True if the answer may mean that a token of this age, in milliseconds, has expired: sign in once more and
    /// repeat once.
    fn is_token_expired(&self, response: &Response, age: Millis) -> bool {
        let _ = (response, age);
        false
    }

    /// The header that carries the key or token, to be added by the transport alone. `None` if the
    /// credentials are of no use for calls as they are.
    fn authorization(&self, credentials: &Credentials) -> Option<(http::HeaderName, http::HeaderValue)>;
}

/// The header that carries a key as it is. Marked as sensitive, so that it hides itself in debug output.
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
