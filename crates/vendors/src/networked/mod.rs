//! Networked: people with roles and plans in one community, added directly or by email invite.

mod client;
pub(crate) mod errors;
mod examined;
mod reads;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use examined::EXAMINED;

use domain::capabilities::{
    AddForm, AddTarget, Directory, IdShape, Identity, Invites, Moderation, SearchMatch,
};
use domain::connection::Pace;
use domain::{
    ApiError, Batch, BatchFailure, Capabilities, Credentials, Cursor, Effect, Flow, Limits, Page, Query,
    Reply, Vendor, Window,
};
use http::{HeaderName, HeaderValue};

use crate::protocol::key_header;
use crate::{Protocol, Request, Response};

/// Networked's [`Protocol`].
#[derive(Clone, Copy, Debug)]
pub struct Networked;

/// All three apply at once, to all calls of a key (Networked, User Authentication). Assumed: sliding windows.
const WINDOWS: [Window; 3] = [
    Window { span_ms: 60_000, max: 10 },
    Window { span_ms: 600_000, max: 50 },
    Window { span_ms: 3_600_000, max: 120 },
];

/// Assumed: no page says how many people fit in a call of invites.
const MAX_INVITES_PER_CALL: usize = 50;

/// Maximum people per call. Adding a user has flat fields, so one (Networked, Add New Users).
fn batch_size(effect: &Effect) -> usize {
    if matches!(effect, Effect::Invite { .. }) { MAX_INVITES_PER_CALL } else { 1 }
}

impl Protocol for Networked {
    fn vendor(&self) -> Vendor {
        Vendor::Networked
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            identity: Identity {
                takes_ids: false,
                takes_phones: false,
                phones_only_add: false,
                takes_emails: true,
                id_shape: IdShape::Hex24,
                needs_name: true,
                takes_scopes: false,
            },
            // `keyword` matches name, email or about (Networked, Users List).
            directory: Directory::Remote { search: SearchMatch::Anywhere },
            add: AddForm {
                target: AddTarget::Whole,
                // The page says of a direct add "Use with caution", so the invite is the default.
                flows: &[Flow::Invite, Flow::Direct],
                undocumented_flows: &[],
                scopes: &[],
                has_roles: true,
                has_prices: true,
                has_password: true,
                has_onboarding: false,
            },
            moderation: Moderation::ByRole,
            invites: Invites::ByEmail,
            groups: None,
            silence_is_unknown: false,
            can_remove_added: false,
            has_community_details: true,
        }
    }

    fn limits(&self, _pace: Pace) -> Limits {
        Limits { windows: WINDOWS.to_vec(), batch_size, max_in_flight: 1 }
    }

    fn encode(&self, batch: &Batch, _acting_as: Option<&str>) -> Result<Request, ApiError> {
        client::encode(batch)
    }

    fn decode(&self, batch: &Batch, response: &Response) -> Result<Reply, BatchFailure> {
        client::decode(batch, response).map_err(BatchFailure::sent)
    }

    fn encode_query(
        &self,
        query: &Query,
        cursor: Option<Cursor>,
        _: Option<&str>,
    ) -> Result<Request, ApiError> {
        reads::encode(query, cursor)
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
