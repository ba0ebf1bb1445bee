//! Genuin: communities, groups (called loops) and moderators. Six calls write, one signs in, none reads.

mod answers;
mod client;
pub(crate) mod errors;
mod examined;
mod sign_in;
#[cfg(test)]
mod tests;
mod wire;

use std::ops::RangeInclusive;

pub(crate) use examined::EXAMINED;

use domain::capabilities::{
    AddForm, AddTarget, Directory, GroupForm, Groups, IdShape, Identity, Invites, Moderation,
};
use domain::connection::Pace;
use domain::picture::PictureKind;
use domain::{
    ApiError, Batch, BatchFailure, Capabilities, Credentials, Cursor, Effect, Flow, Limits, Millis, Page,
    Query, Reply, Secret, Vendor, Window,
};
use http::{HeaderName, HeaderValue, header};

use crate::{Protocol, Request, Response, catalogue};

/// Genuin's [`Protocol`].
#[derive(Clone, Copy, Debug)]
pub struct Genuin;

/// Assumed: no page limits the people in a call, and a lost response leaves all of them unknown.
const MAX_PEOPLE_PER_CALL: usize = 50;

/// Default calls per minute. Assumed: no page names a rate limit, and this is low enough for any server.
const GENTLE: u32 = 30;

/// The range of calls per minute for users who know what their contract allows.
pub(crate) const CALLS_PER_MINUTE: RangeInclusive<u32> = 1..=600;

/// The limit per minute, and at most a thirtieth of it per second to avoid bursts.
fn windows(per_minute: u32) -> Vec<Window> {
    let per_minute = per_minute.clamp(*CALLS_PER_MINUTE.start(), *CALLS_PER_MINUTE.end());
    vec![Window { span_ms: 1_000, max: per_minute.div_ceil(30) }, Window { span_ms: 60_000, max: per_minute }]
}

/// Maximum people per call.
fn batch_size(effect: &Effect) -> usize {
    match effect {
        Effect::AddToCommunity { .. }
        | Effect::MakeModerator { .. }
        | Effect::AddToGroup { .. }
        | Effect::Kick { .. }
        | Effect::Unsubscribe { .. } => MAX_PEOPLE_PER_CALL,
        Effect::Register { .. }
        | Effect::Invite { .. }
        | Effect::SetScope { .. }
        | Effect::Ban { .. }
        | Effect::Unban { .. }
        | Effect::CreateGroup(_)
        | Effect::EditGroup { .. }
        | Effect::DeleteGroup { .. }
        | Effect::CreateCommunity(_) => 1,
    }
}

impl Protocol for Genuin {
    fn vendor(&self) -> Vendor {
        Vendor::Genuin
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            identity: Identity {
                takes_ids: true,
                takes_phones: true,
                // Moderators come back without a phone, and removals take bare ids (Genuin, Add Moderator
                // API; Add or manage group members).
                phones_only_add: true,
                takes_emails: false,
                id_shape: IdShape::Uuid,
                needs_name: false,
                takes_scopes: false,
            },
            directory: Directory::Ledger,
            add: AddForm {
                target: AddTarget::Communities,
                flows: &[Flow::Direct, Flow::Invite, Flow::SingleTap, Flow::ApproveRequest],
                // The page names the flags of these flows but prints their values as "any".
                undocumented_flows: &[Flow::Invite, Flow::SingleTap, Flow::ApproveRequest],
                scopes: &[],
                has_roles: false,
                has_prices: false,
                has_password: false,
                has_onboarding: true,
            },
            moderation: Moderation::ByCall,
            invites: Invites::ByFlow,
            groups: Some(Groups {
                can_list: false,
                can_list_members: false,
                can_create: true,
                can_create_community: true,
                can_edit: true,
                can_delete: false,
                has_blind_membership: true,
                has_subscribers: true,
                scopes: &[],
                soft_limit: None,
                has_acting_person: false,
                belongs_to_community: true,
                form: GroupForm {
                    // Requests name files that were uploaded before; how is undocumented (Community API).
                    picture: PictureKind::FileName,
                    has_topics: true,
                    // The response to a creation does not say who was added; that to an addition does.
                    ..GroupForm::LEAST
                },
            }),
            silence_is_unknown: true,
            can_remove_added: false,
            has_community_details: false,
        }
    }

    fn limits(&self, pace: Pace) -> Limits {
        let windows = windows(pace.calls_per_minute.unwrap_or(GENTLE));
        Limits { windows, batch_size, max_in_flight: 1 }
    }

    fn encode(&self, batch: &Batch, _acting_as: Option<&str>) -> Result<Request, ApiError> {
        client::encode(batch)
    }

    fn decode(&self, batch: &Batch, response: &Response) -> Result<Reply, BatchFailure> {
        answers::decode(batch, response).map_err(BatchFailure::sent)
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
