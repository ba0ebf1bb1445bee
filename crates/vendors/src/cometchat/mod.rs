//! CometChat's REST API v3: groups, their members with scopes, bans, and the app's roles.
//!
//! Sources: the vendor's pages "Group Members", "Groups", "Banned Users", "Users", "Roles", "Rate Limits",
//! "Properties and Constraints", "Error Guide" and the OpenAPI document `chat-apis.json`. Paths are those
//! below `/v3`. Where the vendor leaves something open, the decision is marked `Assumed:`.

mod answers;
mod client;
mod codes;
mod edited;
pub(crate) mod endpoints;
pub(crate) mod errors;
pub(crate) mod examined;
mod pace;
mod profile;
mod reads;
mod request;
pub(crate) mod reversal;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use profile::PROFILE;

use domain::{
    ApiError, Batch, BatchFailure, Credentials, Cursor, Millis, Page, Paging, Query, RateHint, Reply, Vendor,
};
use http::{HeaderName, HeaderValue};

use crate::protocol::key_header;
use crate::{Changes, Protocol, Request, Response};

/// CometChat's [`Protocol`].
#[derive(Clone, Copy, Debug)]
pub struct CometChat;

impl Protocol for CometChat {
    fn vendor(&self) -> Vendor {
        Vendor::CometChat
    }

    fn encode_query(
        &self,
        query: &Query,
        cursor: Option<Cursor>,
        acting_as: Option<&str>,
    ) -> Result<Request, ApiError> {
        reads::encode(query, cursor, acting_as)
    }

    fn paging(&self, query: &Query) -> Option<Paging> {
        Some(reads::paging(query))
    }

    fn decode_page(
        &self,
        query: &Query,
        cursor: Option<Cursor>,
        response: &Response,
    ) -> Result<Page, ApiError> {
        reads::decode(query, cursor, response)
    }

    fn rate_hint(&self, response: &Response, now: Millis) -> Option<RateHint> {
        pace::rate_hint(response, now)
    }

    /// Roles: at most 25 rows, and readable only with full access.
    fn probe(&self) -> Option<Query> {
        Some(Query::Roles)
    }

    /// "Authentication": the plain key in the header `apikey`.
    fn authorization(&self, credentials: &Credentials) -> Option<(HeaderName, HeaderValue)> {
        key_header("apikey", credentials)
    }
}

impl Changes for CometChat {
    fn encode(&self, batch: &Batch, acting_as: Option<&str>) -> Result<Request, ApiError> {
        client::encode(batch, acting_as)
    }

    fn decode(&self, batch: &Batch, response: &Response) -> Result<Reply, BatchFailure> {
        client::decode(batch, response)
    }
}
