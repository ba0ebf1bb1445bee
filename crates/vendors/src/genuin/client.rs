//! Encodes batches.

use domain::group::{Access, PictureEdit};
use domain::{ApiError, Batch, Flow, GroupEdit, NewCommunity, NewGroup, Operation, Picture, Scope};
use http::header;
use serde::Serialize;

use super::{endpoints, wire};
use crate::endpoint::Endpoint;
use crate::{Request, catalogue};

/// Encodes a batch.
pub(super) fn encode(batch: &Batch) -> Result<Request, ApiError> {
    let endpoint = endpoints::of(batch.operation()).ok_or_else(catalogue::unsupported)?;
    match batch.operation() {
        Operation::AddToCommunity { community, flow, is_onboarding } => {
            let body = wire::AddUsers {
                communities: vec![community.as_str()],
                users: users(batch)?,
                onboarding_communities: is_onboarding.then_some(true),
                single_tap_join: (*flow == Flow::SingleTap).then_some(true),
                invite_members: (*flow == Flow::Invite).then_some(true),
                join_request_approved: (*flow == Flow::ApproveRequest).then_some(true),
            };
            request(endpoint, &[], &body)
        }
        Operation::MakeModerator { community } => {
            let users = ids(batch)?.into_iter().map(wire::User::UserId).collect();
            let body = wire::AddModerators { community_id: community.as_str(), users };
            request(endpoint, &[], &body)
        }
        Operation::CreateCommunity(new) => create_community(new),
        Operation::CreateGroup(new) => create_group(batch, new),
        Operation::AddToGroup { group, scope: Scope::Participant } => {
            update(group.as_str(), &wire::UpdateGroup { members_added: users(batch)?, ..Default::default() })
        }
        Operation::Kick { group } => {
            update(group.as_str(), &wire::UpdateGroup { members_removed: ids(batch)?, ..Default::default() })
        }
        Operation::Unsubscribe { group } => update(
            group.as_str(),
            &wire::UpdateGroup { subscribers_removed: ids(batch)?, ..Default::default() },
        ),
        Operation::EditGroup { group, edit } => edit_group(group.as_str(), edit),
        _ => Err(catalogue::unsupported()),
    }
}

fn create_community(new: &NewCommunity) -> Result<Request, ApiError> {
    // Unlike when creating a group, only ids are documented here.
    let users = new.members.iter().map(|key| wire::User::of(key).filter(|user| user.id().is_some()));
    let body = wire::CreateCommunity {
        handle: &new.handle,
        name: &new.name,
        r#type: wire::community_type(new.is_private),
        actions: wire::COMMUNITY_ACTIONS,
        description: &new.description,
        tags: &new.tags,
        dp: new.picture.as_ref().map(Picture::as_str),
        banner: new.banner.as_ref().map(Picture::as_str),
        categories: wire::Categories { existing: &new.categories.existing, new: &new.categories.new },
        is_ai_generated: new.made_by_ai.community,
        is_ai_generated_dp: new.made_by_ai.picture,
        is_ai_generated_banner: new.made_by_ai.banner,
        users: users.collect::<Option<_>>().ok_or_else(catalogue::unsupported)?,
    };
    request(&endpoints::CREATE_COMMUNITY, &[], &body)
}

fn create_group(batch: &Batch, new: &NewGroup) -> Result<Request, ApiError> {
    let is_known = new.owner.is_none() && new.access == Access::Public && new.metadata.is_empty();
    let community = new.community.as_ref().filter(|_| is_known).ok_or_else(catalogue::unsupported)?;
    let members = batch.items[1..].iter().map(|item| match &*item.operation {
        // Members of a group have no selectable scopes.
        Operation::AddToGroup { group, scope: Scope::Participant } if *group == new.id => {
            wire::User::of(&item.person.key)
        }
        _ => None,
    });
    let members = members.collect::<Option<_>>().ok_or_else(catalogue::unsupported)?;
    let body = wire::CreateGroup::new(community.as_str(), new, members);
    request(&endpoints::CREATE_GROUP, &[], &body)
}

// Assumed: an empty `description` or `tags` takes away what was there; no page says how else.
fn edit_group(group: &str, edit: &GroupEdit) -> Result<Request, ApiError> {
    let dp = match &edit.picture {
        Some(PictureEdit::Set(picture)) => Some(picture.as_str()),
        // How to remove a picture is undocumented.
        Some(PictureEdit::Clear) => return Err(catalogue::unsupported()),
        None => None,
    };
    if edit.access.is_some() || edit.owner.is_some() || edit.metadata.is_some() {
        return Err(catalogue::unsupported());
    }
    let body = wire::UpdateGroup {
        name: edit.name.as_deref(),
        description: edit.description.as_deref(),
        tags: edit.tags.as_deref(),
        dp,
        topics: edit.topics.as_deref(),
        settings: edit.is_discoverable.map(|discoverable| wire::Settings { discoverable }),
        ..Default::default()
    };
    update(group, &body)
}

fn update(group: &str, body: &wire::UpdateGroup<'_>) -> Result<Request, ApiError> {
    request(&endpoints::UPDATE_GROUP, &[group], body)
}

/// The people that Genuin can address. The others are rejected when the response is decoded.
fn users(batch: &Batch) -> Result<Vec<wire::User<'_>>, ApiError> {
    let users: Vec<_> = batch.items.iter().filter_map(|item| wire::User::of(&item.person.key)).collect();
    if users.is_empty() { Err(catalogue::unsupported()) } else { Ok(users) }
}

fn ids(batch: &Batch) -> Result<Vec<&str>, ApiError> {
    let ids: Vec<_> = users(batch)?.into_iter().filter_map(wire::User::id).collect();
    if ids.is_empty() { Err(catalogue::unsupported()) } else { Ok(ids) }
}

fn request(endpoint: &Endpoint, ids: &[&str], body: &impl Serialize) -> Result<Request, ApiError> {
    Ok(request_to(endpoint, &endpoint.path_of(ids)?, body))
}

/// A request to an endpoint whose path is complete.
pub(super) fn request_to(endpoint: &Endpoint, path: &str, body: &impl Serialize) -> Request {
    http::Request::builder()
        .method(endpoint.method.clone())
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(serde_json::to_vec(body).expect("a body has text keys only"))
        .expect("a path is a constant and at most one encoded segment of limited length")
}
