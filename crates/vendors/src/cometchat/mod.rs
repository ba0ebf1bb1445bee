//! CometChat's REST API v3: groups, their members with scopes, bans, and the app's users and roles.
//!
//! Sources: the vendor's pages "Group Members", "Groups", "Banned Users", "Users", "Roles", "Rate Limits",
//! "Properties and Constraints", "Error Guide" and the OpenAPI document `chat-apis.json`. Paths are those
//! below `/v3`. Where the vendor leaves something open, the decision is marked `Assumed:`.

mod answers;
mod client;
mod edited;
pub(crate) mod errors;
mod examined;
mod pace;
mod reads;
mod request;
#[cfg(test)]
mod tests;
pub mod users;
mod wire;

pub(crate) use examined::EXAMINED;

use domain::capabilities::{
    AddForm, AddTarget, Directory, GroupForm, Groups, IdShape, Identity, Invites, Moderation, SearchMatch,
};
use domain::connection::Pace;
use domain::picture::PictureKind;
use domain::{
    ApiError, Batch, BatchFailure, Capabilities, Credentials, Cursor, Effect, Flow, Limits, Millis, Page,
    Query, RateHint, Reply, Scope, Vendor, Window,
};
use http::{HeaderName, HeaderValue};

use crate::protocol::key_header;
use crate::{Protocol, Request, Response};

/// CometChat's [`Protocol`].
#[derive(Clone, Copy, Debug)]
pub struct CometChat;

impl Protocol for CometChat {
    fn vendor(&self) -> Vendor {
        Vendor::CometChat
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            identity: Identity {
                takes_ids: true,
                takes_phones: false,
                phones_only_add: false,
                takes_emails: false,
                // "Properties and Constraints": a-z 0-9 - _, at most 100, folded on create.
                id_shape: IdShape::Slug { max: 100 },
                needs_name: false,
                takes_scopes: true,
            },
            // "Users: List": `searchKey` matches the beginning of uid and name.
            directory: Directory::Remote { search: SearchMatch::StartsWith },
            add: AddForm {
                target: AddTarget::Group,
                flows: &[Flow::Direct],
                undocumented_flows: &[],
                scopes: &Scope::ALL,
                has_roles: false,
                has_prices: false,
                has_password: false,
                has_onboarding: false,
            },
            moderation: Moderation::ByScope,
            invites: Invites::None,
            groups: Some(Groups {
                can_list: true,
                can_list_members: true,
                can_create: true,
                can_create_community: false,
                can_edit: true,
                can_delete: true,
                has_blind_membership: false,
                has_subscribers: false,
                scopes: &Scope::ALL,
                // "Rate Limits": above this, conversations, unread counts, receipts and typing stop.
                soft_limit: Some(300),
                has_acting_person: true,
                belongs_to_community: false,
                form: GroupForm {
                    picture: PictureKind::Address,
                    can_clear_picture: true,
                    has_topics: false,
                    has_metadata: true,
                    // A call holds 25 changes, one of which is the group itself.
                    n_first_members: Some(wire::MAX_PEOPLE - 1),
                    max: Some(wire::TEXT_LIMITS),
                },
            }),
            silence_is_unknown: false,
            can_remove_added: true,
            has_community_details: false,
        }
    }

    /// "Rate Limits": 10,000 core calls and 20,000 others per minute, 500 in total on the small
    /// ("Build") plan. All calls count as core, because the vendor does not classify scopes and bans.
    fn limits(&self, pace: Pace) -> Limits {
        let max = if pace.is_small_plan { 500 } else { 10_000 };
        Limits {
            windows: vec![Window { span_ms: 60_000, max }],
            batch_size,
            // A run has at most one call in flight per group, because the vendor does not guarantee to
            // process two in order. Order between groups does not matter. Browsers open six connections per
            // host; more calls would only queue in the browser.
            max_in_flight: 6,
        }
    }

    fn encode(&self, batch: &Batch, acting_as: Option<&str>) -> Result<Request, ApiError> {
        client::encode(batch, acting_as)
    }

    fn decode(&self, batch: &Batch, response: &Response) -> Result<Reply, BatchFailure> {
        client::decode(batch, response)
    }

    fn encode_query(
        &self,
        query: &Query,
        cursor: Option<Cursor>,
        acting_as: Option<&str>,
    ) -> Result<Request, ApiError> {
        reads::encode(query, cursor, acting_as)
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

/// "Properties and Constraints": 25 people in an add, over all four arrays; one in every other call.
fn batch_size(effect: &Effect) -> usize {
    match effect {
        Effect::AddToGroup { .. } => wire::MAX_PEOPLE,
        Effect::AddToCommunity { .. }
        | Effect::MakeModerator { .. }
        | Effect::Register { .. }
        | Effect::Invite { .. }
        | Effect::SetScope { .. }
        | Effect::Kick { .. }
        | Effect::Ban { .. }
        | Effect::Unban { .. }
        | Effect::Unsubscribe { .. }
        | Effect::CreateGroup(_)
        | Effect::EditGroup { .. }
        | Effect::DeleteGroup { .. }
        | Effect::CreateCommunity(_) => 1,
    }
}
