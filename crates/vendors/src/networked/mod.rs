//! Networked: people with roles and plans in one community, added directly or by email invite.

mod client;
pub(crate) mod endpoints;
pub(crate) mod errors;
pub(crate) mod examined;
mod profile;
mod reads;
pub(crate) mod reversal;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use profile::PROFILE;

use domain::{ApiError, Batch, BatchFailure, Credentials, Cursor, Page, Paging, Query, Reply, Vendor};
use http::{HeaderName, HeaderValue};

use crate::protocol::key_header;
use crate::{Changes, Protocol, Request, Response};

/// Networked's [`Protocol`].
#[derive(Clone, Copy, Debug)]
pub struct Networked;

impl Protocol for Networked {
    fn vendor(&self) -> Vendor {
        Vendor::Networked
    }

    fn encode_query(
        &self,
        query: &Query,
        cursor: Option<Cursor>,
        _: Option<&str>,
    ) -> Result<Request, ApiError> {
        reads::encode(query, cursor)
    }

    fn paging(&self, query: &Query) -> Option<Paging> {
        matches!(query, Query::People { .. }).then_some(wire::USERS)
    }

    fn decode_page(
        &self,
        query: &Query,
        cursor: Option<Cursor>,
        response: &Response,
    ) -> Result<Page, ApiError> {
        reads::decode(query, cursor, response)
    }

    fn probe(&self) -> Option<Query> {
        Some(Query::Community)
    }

    fn authorization(&self, credentials: &Credentials) -> Option<(HeaderName, HeaderValue)> {
        key_header(wire::KEY_HEADER, credentials)
    }
}

impl Changes for Networked {
    fn encode(&self, batch: &Batch, _acting_as: Option<&str>) -> Result<Request, ApiError> {
        client::encode(batch)
    }

    fn decode(&self, batch: &Batch, response: &Response) -> Result<Reply, BatchFailure> {
        client::decode(batch, response).map_err(BatchFailure::sent)
    }
}
