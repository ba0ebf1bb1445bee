//! Reads: lists page by page, and single objects.

use domain::person::{Role, RoleLevel};
use domain::{ApiError, ConsoleCode, Cursor, ErrorClass, Items, Page, Paging, Query, RoleId, Scope};
use serde_json::Value;

use super::answers::{envelope, failure_in, group, has_id, member};
use super::request::call;
use super::wire;
use super::{codes, endpoints};
use crate::answer::{id_at, misshapen, name_at, number, prose_at};
use crate::catalogue::unsupported;
use crate::{Request, Response};

/// Encodes a query for one page. `onBehalfOf` is sent only on calls whose pages document it.
pub(super) fn encode(
    query: &Query,
    cursor: Option<Cursor>,
    acting_as: Option<&str>,
) -> Result<Request, ApiError> {
    let endpoint = endpoints::of_query(query).ok_or_else(unsupported)?;
    let asked = asked(query, cursor);
    let (per_page, page) = (asked.len.to_string(), asked.page_number().to_string());
    let list = |ids: &[&str], field: (&str, &str), acting_as| {
        call(endpoint, ids, &[field, ("perPage", &*per_page), ("page", &*page)], acting_as)
    };
    match query {
        Query::People { search } => list(&[], ("searchKey", search.trim()), None),
        Query::Person { id } => call(endpoint, &[id], &[], acting_as),
        Query::Groups { search } => list(&[], ("searchKey", search.trim()), acting_as),
        Query::Group { group } => call(endpoint, &[group.as_str()], &[], acting_as),
        Query::GroupMembers { group, scopes } => {
            let asked: Vec<_> =
                scopes.iter().filter(|scope| scope.is_member()).map(|scope| scope.slug()).collect();
            if asked.is_empty() && !scopes.is_empty() {
                // Banned people have a list of their own.
                return Err(unsupported());
            }
            list(&[group.as_str()], ("scopes", &asked.join(",")), None)
        }
        Query::Banned { group } => list(&[group.as_str()], ("", ""), None),
        Query::Roles => list(&[], ("", ""), None),
        Query::Community | Query::Prices => Err(unsupported()),
    }
}

/// Decodes a query's response. Rows without an id are skipped.
pub(super) fn decode(query: &Query, cursor: Option<Cursor>, response: &Response) -> Result<Page, ApiError> {
    let endpoint = endpoints::of_query(query).ok_or_else(unsupported)?;
    let body = envelope(endpoint.id, response).map_err(|error| of_query(query, error))?;
    let data = &body["data"];
    let single = |items: Option<Items>| {
        let items = items.ok_or_else(|| misshapen(response))?;
        Ok(Page::whole(items))
    };
    match query {
        Query::Person { .. } => return single(member(data).map(|person| Items::Members(vec![person]))),
        Query::Group { .. } => return single(group(data).map(|one| Items::Groups(vec![one]))),
        Query::People { .. }
        | Query::Groups { .. }
        | Query::GroupMembers { .. }
        | Query::Banned { .. }
        | Query::Roles
        | Query::Community
        | Query::Prices => {}
    }
    let rows = rows(data).ok_or_else(|| misshapen(response))?;
    if let Some(said) = rows.iter().copied().filter(|row| !has_id(row)).find_map(failure_in) {
        // An error in place of a row: the list is incomplete.
        return Err(said.into_error(endpoint.id, Some(response.status().as_u16())));
    }
    if !rows.is_empty() && !rows.iter().copied().any(has_id) {
        return Err(misshapen(response));
    }
    let items = match query {
        Query::Groups { .. } => Items::Groups(rows.iter().copied().filter_map(group).collect()),
        Query::Roles => Items::Roles(rows.iter().copied().filter_map(role).collect()),
        Query::Banned { .. } => {
            // Their `scope`, if present, is the one before the ban.
            let banned = rows.iter().copied().filter_map(member);
            Items::Members(
                banned.map(|person| domain::Member { scope: Some(Scope::Banned), ..person }).collect(),
            )
        }
        _ => Items::Members(rows.iter().copied().filter_map(member).collect()),
    };
    let n_rows = rows.len() as u64;
    let asked = asked(query, cursor);
    let Followed { goes_on, total, per_page } = follow(&body, n_rows, asked);
    let page_size =
        per_page.or(Some(n_rows).filter(|_| goes_on)).filter(|size| *size > 0 && *size < asked.len);
    let next = goes_on.then(|| asked.next()).filter(|next| next.start > asked.start);
    Ok(Page { items, next, total, page_size })
}

/// The error as it concerns a query: only one code means that the group does not exist. Any other vendor code
/// of this class is about the acting user or the path.
fn of_query(query: &Query, error: ApiError) -> ApiError {
    let is_elsewhere = error.class == ErrorClass::NotFound
        && matches!(query, Query::Group { .. })
        && !error.is(ConsoleCode::HttpNotFound)
        && *error.code != *codes::GUID_NOT_FOUND;
    if is_elsewhere { ApiError { class: ErrorClass::Refused, ..error } } else { error }
}

/// The page that is asked for.
fn asked(query: &Query, cursor: Option<Cursor>) -> Cursor {
    let first = Cursor { start: 0, len: wire::PER_PAGE.min(paging(query).most()) };
    cursor.filter(|cursor| cursor.len > 0).unwrap_or(first)
}

/// How large pages can be: up to 1000 for users, groups and members; not stated for banned users and roles, whose
/// default is 100 ("CometChat, List Users", "List Groups", "List Members", "List Banned Members").
pub(super) fn paging(query: &Query) -> Paging {
    match query {
        Query::People { .. } | Query::Groups { .. } | Query::GroupMembers { .. } => {
            Paging::Pages(wire::MAX_PER_PAGE)
        }
        Query::Banned { .. }
        | Query::Roles
        | Query::Person { .. }
        | Query::Group { .. }
        | Query::Community
        | Query::Prices => Paging::Pages(wire::PER_PAGE),
    }
}

/// The rows of a list. One sample of the vendor shows an object instead: then its values with an id are the
/// rows. A non-empty object without any is not a list.
fn rows(data: &Value) -> Option<Vec<&Value>> {
    match data {
        Value::Array(rows) => Some(rows.iter().collect()),
        Value::Object(fields) => {
            let rows: Vec<_> = fields.values().filter(|row| has_id(row)).collect();
            (fields.is_empty() || !rows.is_empty()).then_some(rows)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// What a page says of its list.
struct Followed {
    goes_on: bool,
    /// The credible total.
    total: Option<u64>,
    per_page: Option<u64>,
}

/// Whether the list goes on, and the credible total. A list ends only if everything said about its length agrees: a page
/// may be shorter than requested because the vendor caps it. Vendor samples have `total` and `total_pages` of
/// 0 beside rows, so both are used only if they fit the rows. If the length is not given, a short page is the
/// last.
fn follow(body: &Value, n_rows: u64, asked: Cursor) -> Followed {
    let page = asked.page_number();
    let meta = |field: &str| body.pointer(&format!("/meta/pagination/{field}")).and_then(number);
    let said_per_page = meta("per_page").filter(|n| *n > 0);
    let per_page = said_per_page.unwrap_or(asked.len);
    let current = meta("current_page").unwrap_or(page).max(page);
    let n_seen = (page - 1).saturating_mul(per_page).saturating_add(n_rows);
    let total_pages = meta("total_pages").filter(|n| *n > 0);
    let total = meta("total").filter(|total| *total >= n_rows && *total > 0);
    // The rows up to this page, if all pages were like this one. Unknown for an empty page of
    // unknown size.
    let n_up_to_here = match said_per_page {
        Some(per_page) => Some(page.saturating_mul(per_page)),
        None => Some(page.saturating_mul(n_rows)).filter(|_| n_rows > 0),
    };
    let pages_go_on = total_pages.map(|n| current < n);
    let total_goes_on = total.zip(n_up_to_here).map(|(total, n)| n < total);
    let goes_on = match (pages_go_on, total_goes_on) {
        (None, None) => n_rows >= per_page,
        (pages, total) => pages == Some(true) || total == Some(true),
    };
    Followed {
        goes_on,
        total: meta("total").filter(|total| *total >= n_seen || n_rows == 0),
        per_page: said_per_page,
    }
}

fn role(row: &Value) -> Option<Role> {
    let id = id_at(row, "role")?;
    Some(Role {
        name: name_at(row, "name").unwrap_or_else(|| id.clone()),
        id: RoleId::new(id),
        description: prose_at(row, "description").unwrap_or_default(),
        // A role is app-wide and says nothing about a group ("CometChat, RBAC Overview").
        level: RoleLevel::Other,
    })
}
