//! Genuin: communities, groups (called loops) and moderators. Six calls write, one signs in, none reads.

mod answers;
mod client;
pub(crate) mod endpoints;
pub(crate) mod errors;
pub(crate) mod examined;
mod profile;
pub(crate) mod reversal;
mod sign_in;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use profile::PROFILE;

use domain::{
    ApiError, Batch, BatchFailure, Credentials, Cursor, Millis, Page, Query, Reply, Secret, Vendor,
};
use http::{HeaderName, HeaderValue, header};

use crate::{Changes, Protocol, Request, Response, catalogue};

/// Genuin's [`Protocol`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Genuin;

impl Protocol for Genuin {
    fn vendor(&self) -> Vendor {
        Vendor::Genuin
    }

    fn encode_query(&self, _: &Query, _: Option<Cursor>, _: Option<&str>) -> Result<Request, ApiError> {
        Err(catalogue::unsupported())
    }

    fn decode_page(&self, _: &Query, _: Option<Cursor>, _: &Response) -> Result<Page, ApiError> {
        Err(catalogue::unsupported())
    }

    fn probe(&self) -> Option<Query> {
        None
    }

    fn sign_in(&self, credentials: &Credentials) -> Option<Request> {
        match credentials {
            Credentials::KeyAndSecret { key, secret } => Some(sign_in::request(key, secret)),
            Credentials::None | Credentials::Key(_) | Credentials::Token(_) => None,
        }
    }

    fn decode_sign_in(&self, response: &Response) -> Result<Secret, ApiError> {
        sign_in::decode(response)
    }

    fn is_token_expired(&self, response: &Response, age: Millis) -> bool {
        sign_in::is_token_expired(response, age)
    }

    fn authorization(&self, credentials: &Credentials) -> Option<(HeaderName, HeaderValue)> {
        let Credentials::Token(token) = credentials else {
            return None;
        };
        let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
        value.set_sensitive(true);
        Some((header::AUTHORIZATION, value))
    }
}

impl Changes for Genuin {
    fn encode(&self, batch: &Batch, _acting_as: Option<&str>) -> Result<Request, ApiError> {
        client::encode(batch)
    }

    fn decode(&self, batch: &Batch, response: &Response) -> Result<Reply, BatchFailure> {
        answers::decode(batch, response).map_err(BatchFailure::sent)
    }
}
