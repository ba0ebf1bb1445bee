//! Encodes changes to groups and their people, and decodes their outcomes.

use domain::api_error::ErrorOrigin;
use domain::{
    ApiError, Batch, BatchFailure, BatchItem, ConsoleCode, ErrorClass, GroupId, Member, Operation, Outcome,
    PersonKey, Reply, Scope,
};
use serde_json::Value;

use super::answers::{entry_outcome, envelope, group, member};
use super::edited::shows;
use super::request::{call, call_with};
use super::wire::{AddMembers, ChangeScope, GroupFields, array_name};
use super::{codes, endpoints};
use crate::answer::misshapen;
use crate::catalogue::unsupported;
use crate::path::bad_id;
use crate::{Request, Response};

/// Encodes a batch. `onBehalfOf` is allowed on all of these calls ("CometChat, Group Members",
/// "Groups", "Banned Users"), but changing the owner works only without it.
pub(super) fn encode(batch: &Batch, acting_as: Option<&str>) -> Result<Request, ApiError> {
    let endpoint = endpoints::of(batch.operation()).ok_or_else(unsupported)?;
    match batch.operation() {
        Operation::AddToGroup { group, .. } => {
            let body = AddMembers::new(people(&batch.items, group)?).ok_or_else(unsupported)?;
            return call_with(endpoint, &[group.as_str()], acting_as, &body);
        }
        // "Groups: Create": `members` are sent with the group.
        Operation::CreateGroup(new) => {
            let fields = GroupFields::create(new, &people(&batch.items[1..], &new.id)?)?;
            return call_with(endpoint, &[], acting_as, &fields);
        }
        _ => {}
    }
    let [item] = &*batch.items else { return Err(unsupported()) };
    match &*item.operation {
        Operation::SetScope { scope: Scope::Banned, .. } => Err(unsupported()),
        Operation::SetScope { group, scope } => {
            let ids = [group.as_str(), uid(item)?];
            call_with(endpoint, &ids, acting_as, &ChangeScope { scope: scope.slug() })
        }
        Operation::Kick { group } | Operation::Ban { group } | Operation::Unban { group } => {
            call(endpoint, &[group.as_str(), uid(item)?], &[], acting_as)
        }
        Operation::EditGroup { group, edit } => {
            // "Groups: Update": `owner` is ignored when `onBehalfOf` is present.
            let acting_as = acting_as.filter(|_| edit.owner.is_none());
            call_with(endpoint, &[group.as_str()], acting_as, &GroupFields::edit(edit)?)
        }
        Operation::DeleteGroup { group } => call(endpoint, &[group.as_str()], &[], acting_as),
        _ => Err(unsupported()),
    }
}

/// Decodes the outcome of each change. People missing from the response are omitted.
pub(super) fn decode(batch: &Batch, response: &Response) -> Result<Reply, BatchFailure> {
    let endpoint = endpoints::of(batch.operation()).ok_or_else(|| BatchFailure::sent(unsupported()))?;
    let body = match envelope(endpoint.id, response) {
        Ok(body) => body,
        Err(error) if error.class == ErrorClass::AlreadyDone => return whole_call_already(batch, error),
        Err(error) => return Err(BatchFailure::sent(error)),
    };
    let data = &body["data"];
    match batch.operation() {
        Operation::AddToGroup { .. } => return Ok(added(&batch.items, data, response)),
        Operation::CreateGroup(new) => {
            let group = group(data).ok_or_else(|| BatchFailure::sent(misshapen(response)))?;
            let is_as_asked = is_same_id(group.id.as_str(), new.id.as_str());
            // The group is created even if single first members failed ("Groups: Create").
            let mut reply =
                if is_as_asked { added(&batch.items[1..], data, response) } else { Reply::default() };
            let outcome = if is_as_asked { Outcome::Applied } else { differs() };
            reply.outcomes.insert(0, (batch.items[0].change, outcome));
            return Ok(Reply { group: Some(group), ..reply });
        }
        _ => {}
    }
    let [item] = &*batch.items else { return Err(BatchFailure::sent(unsupported())) };
    let (outcome, members, group) = match &*item.operation {
        Operation::SetScope { scope, .. } => {
            let member = member(data).ok_or_else(|| BatchFailure::sent(misshapen(response)))?;
            let is_as_asked =
                member.scope == Some(*scope) && is_same_id(&member.id, item.person.key.as_str());
            (if is_as_asked { Outcome::Applied } else { differs() }, vec![member], None)
        }
        Operation::EditGroup { group: id, edit } => {
            let group = group(data).ok_or_else(|| BatchFailure::sent(misshapen(response)))?;
            let is_as_asked = is_same_id(group.id.as_str(), id.as_str()) && shows(edit, data);
            (if is_as_asked { Outcome::Applied } else { differs() }, Vec::new(), Some(group))
        }
        // `{success, message}` names no person: the message of an unban may say "banned".
        _ if data.get("success").is_none() && data.get("error").is_none() => {
            return Err(BatchFailure::sent(misshapen(response)));
        }
        _ => match entry_outcome(endpoint.id, data, response) {
            Outcome::Applied => (Outcome::Accepted, Vec::new(), None),
            other => (other, Vec::new(), None),
        },
    };
    Ok(Reply { outcomes: vec![(item.change, outcome)], members, group })
}

fn uid(item: &BatchItem) -> Result<&str, ApiError> {
    match &item.person.key {
        PersonKey::Id(uid) => Ok(uid),
        PersonKey::Phone(_) | PersonKey::Email(_) | PersonKey::Group(_) => Err(bad_id()),
    }
}

/// The people to add to the group, with their scopes.
fn people<'a>(items: &'a [BatchItem], group: &GroupId) -> Result<Vec<(&'a PersonKey, Scope)>, ApiError> {
    let person = |item: &'a BatchItem| match &*item.operation {
        Operation::AddToGroup { group: other, scope } if other == group => Ok((&item.person.key, *scope)),
        _ => Err(unsupported()),
    };
    items.iter().map(person).collect()
}

/// The outcomes of an add; people missing from the response are omitted.
fn added(items: &[BatchItem], data: &Value, response: &Response) -> Reply {
    let mut reply = Reply::default();
    for item in items {
        let Operation::AddToGroup { scope, .. } = &*item.operation else { continue };
        let uid = item.person.key.as_str();
        if let Some(outcome) = outcome_of(data, uid, *scope, response) {
            if outcome == Outcome::Applied {
                reply.members.push(Member { id: uid.into(), scope: Some(*scope), ..Member::default() });
            }
            let outcome = match outcome {
                Outcome::NoOp(Some(error)) => already(&item.operation, error),
                outcome => outcome,
            };
            reply.outcomes.push((item.change, outcome));
        }
    }
    reply
}

/// The outcome in `data.<scope>.<uid>`, for the requested scope or any other. The same under `data.members`,
/// which the older page and the creation of groups document.
fn outcome_of(data: &Value, uid: &str, asked: Scope, response: &Response) -> Option<Outcome> {
    let elsewhere = Scope::ALL.into_iter().filter(|scope| *scope != asked);
    std::iter::once(asked).chain(elsewhere).find_map(|scope| {
        let place = array_name(scope);
        let entry = [data.get(place), data.pointer(&format!("/members/{place}"))]
            .into_iter()
            .flatten()
            .find_map(|people| entry_of(people, uid))?;
        Some(match entry_outcome(endpoints::ADD_MEMBERS.id, entry, response) {
            // Added with another scope than requested, or added instead of banned.
            Outcome::Applied if scope != asked => differs(),
            outcome => outcome,
        })
    })
}

/// A person's entry by id; the server folds ids to lower case.
fn entry_of<'a>(people: &'a Value, uid: &str) -> Option<&'a Value> {
    let Value::Object(people) = people else { return None };
    people.get(uid).or_else(|| people.get(&uid.to_lowercase()))
}

/// The outcome of each item if "already so" is said of the whole call. With several people it does not say
/// who is meant, so each is unknown and read back.
fn whole_call_already(batch: &Batch, error: ApiError) -> Result<Reply, BatchFailure> {
    if batch.items.len() > 1 {
        let outcomes = batch.items.iter().map(|item| (item.change, Outcome::Unknown(error.clone())));
        return Ok(Reply { outcomes: outcomes.collect(), ..Reply::default() });
    }
    match already(batch.operation(), error) {
        Outcome::Unknown(error) => {
            let outcomes =
                batch.items.iter().map(|item| (item.change, already(&item.operation, error.clone())));
            Ok(Reply { outcomes: outcomes.collect(), ..Reply::default() })
        }
        Outcome::NoOp(Some(error)) | Outcome::Rejected(error) => Err(BatchFailure::sent(error)),
        _ => Ok(Reply::default()),
    }
}

/// The outcome of "already so" for an operation. `ERR_ALREADY_JOINED` does not tell the scope ("CometChat, Group
/// Members"), so the outcome is unknown until the scope is read. A code about another operation, such as a ban
/// in response to an add, is a refusal.
fn already(operation: &Operation, error: ApiError) -> Outcome {
    let is_of_membership = |operation: &Operation| match operation {
        Operation::AddToGroup { scope, .. } => scope.is_member(),
        Operation::SetScope { .. } => true,
        _ => false,
    };
    let proves = match (&*error.code, operation) {
        (codes::ALREADY_JOINED, operation) if is_of_membership(operation) => return Outcome::Unknown(error),
        (codes::SAME_SCOPE, operation) => is_of_membership(operation),
        (codes::ALREADY_BANNED, Operation::AddToGroup { scope, .. }) => !scope.is_member(),
        (codes::ALREADY_BANNED, operation) => matches!(operation, Operation::Ban { .. }),
        (codes::NOT_A_BANNED_USER, operation) => matches!(operation, Operation::Unban { .. }),
        (codes::NOT_A_MEMBER, operation) => matches!(operation, Operation::Kick { .. }),
        (codes::GUID_NOT_FOUND, operation) => matches!(operation, Operation::DeleteGroup { .. }),
        _ => false,
    };
    if proves {
        return Outcome::NoOp(Some(error));
    }
    Outcome::Rejected(ApiError { class: ErrorClass::Refused, ..error })
}

pub(super) fn is_same_id(told: &str, asked: &str) -> bool {
    told == asked || told == asked.to_lowercase()
}

/// The response is a success that shows something other than what was requested.
fn differs() -> Outcome {
    Outcome::Unknown(ApiError::new(ErrorClass::Unknown, ErrorOrigin::Vendor, ConsoleCode::RowDiffers))
}
