//! Reads: people, roles, plans and the community.

use domain::person::{Price, Role, RoleLevel};
use domain::query::Items;
use domain::{ApiError, Cursor, Group, GroupId, GroupKind, Member, Page, PriceId, Query, RoleId};
use serde_json::Value;

use super::{client, endpoints, wire};
use crate::answer::{self, address_at, flag_at, id_at, items, name_at, number_at, prose_at};
use crate::{Request, Response, catalogue, path};

/// Encodes a query.
pub(super) fn encode(query: &Query, cursor: Option<Cursor>) -> Result<Request, ApiError> {
    let endpoint = endpoints::of_query(query).ok_or_else(catalogue::unsupported)?;
    let uri = match query {
        Query::People { search } => users(search.trim(), cursor),
        _ => endpoint.path.to_owned(),
    };
    http::Request::builder()
        .method(endpoint.method.clone())
        .uri(uri)
        .body(Vec::new())
        .map_err(|_| path::bad_id())
}

fn users(search: &str, cursor: Option<Cursor>) -> String {
    let Cursor { start, len } = cursor.unwrap_or(wire::USERS.first());
    let (start, count) = (start.to_string(), len.to_string());
    let mut fields = vec![
        ("start", start.as_str()),
        ("count", count.as_str()),
        // Sic. Inactive people are members too.
        ("showInActive", "true"),
        ("sortType", "recent"),
    ];
    if !search.is_empty() {
        fields.push(("keyword", search));
    }
    format!("{}?{}", endpoints::LIST_USERS.path, path::form(fields))
}

/// Decodes one page of a query's result.
pub(super) fn decode(query: &Query, cursor: Option<Cursor>, response: &Response) -> Result<Page, ApiError> {
    let body = client::success(response)?;
    let data = body.get("data").ok_or_else(|| answer::misshapen(response))?;
    let page = match query {
        Query::People { .. } => people(data, cursor.unwrap_or(wire::USERS.first())),
        Query::Roles => roles(data).map(|roles| Page::whole(Items::Roles(roles))),
        Query::Prices => prices(data).map(|prices| Page::whole(Items::Prices(prices))),
        Query::Community => community(data).map(|group| Page::whole(Items::Groups(vec![group]))),
        _ => return Err(catalogue::unsupported()),
    };
    page.ok_or_else(|| answer::misshapen(response))
}

/// `nextStart` says whether there is more, not where; `count` is unreliable (Networked, Users List and the
/// pages of its sibling lists, which disagree).
fn people(data: &Value, asked: Cursor) -> Option<Page> {
    let rows =
        data.get("content").and_then(items).or_else(|| data.as_array().map(|rows| rows.iter().collect()))?;
    let n_rows = rows.len() as u64;
    let end = asked.start.saturating_add(n_rows);
    let total = number_at(data, "totalUsers").filter(|total| *total >= end);
    let has_more = flag_at(data, "nextStart").unwrap_or_else(|| total.is_some_and(|total| total > end));
    // Stop if the server ignores the cursor, which would loop forever.
    let is_elsewhere = number_at(data, "start").is_some_and(|found| found != asked.start);
    let next =
        (has_more && end > asked.start && !is_elsewhere).then_some(Cursor { start: end, len: asked.len });
    let page_size = next.map(|_| n_rows).filter(|n_rows| *n_rows < asked.len);
    let members = read_rows(&rows, member)?;
    Some(Page { items: Items::Members(members), next, total, page_size })
}

/// The readable rows. `None` if there are rows but none is readable: then this is not the list, and
/// returning no rows would pass it off as an empty one.
fn read_rows<T>(rows: &[&Value], read: fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    let found: Vec<T> = rows.iter().filter_map(|row| read(row)).collect();
    (rows.is_empty() || !found.is_empty()).then_some(found)
}

fn member(row: &Value) -> Option<Member> {
    let id = id_at(row, "userId").unwrap_or_default();
    let email = id_at(row, "email");
    if id.is_empty() && email.is_none() {
        return None;
    }
    let role = row.get("affiliatedTag").and_then(|tag| {
        let id = id_at(tag, "id")?;
        let name = name_at(tag, "name").unwrap_or_else(|| id.clone());
        Some((id, name))
    });
    Some(Member {
        id,
        name: name_at(row, "name"),
        email,
        role,
        is_active: flag_at(row, "isActive"),
        picture: address_at(row, "image"),
        ..Member::default()
    })
}

/// The API calls roles tags. Names may be padded; `type` need not be unique (Networked, Roles List).
fn roles(data: &Value) -> Option<Vec<Role>> {
    read_rows(&items(data)?, |row| {
        let id = id_at(row, "tagId")?;
        Some(Role {
            name: name_at(row, "name").unwrap_or_else(|| id.clone()),
            description: prose_at(row, "description").unwrap_or_default(),
            level: match number_at(row, "type") {
                Some(wire::ROLE_ADMIN) => RoleLevel::Admin,
                Some(wire::ROLE_MODERATOR) => RoleLevel::Moderator,
                _ => RoleLevel::Other,
            },
            id: RoleId::new(id),
        })
    })
}

/// Assumed: the response is undocumented. `data` itself or its first list; rows without an id are skipped.
fn prices(data: &Value) -> Option<Vec<Price>> {
    let rows = match data {
        Value::Array(rows) => rows,
        Value::Object(fields) => fields.values().find_map(Value::as_array)?,
        _ => return None,
    };
    read_rows(&rows.iter().collect::<Vec<_>>(), |row| {
        let id = wire::PLAN_ID_FIELDS.iter().find_map(|field| id_at(row, field))?;
        let name = wire::PLAN_NAME_FIELDS.iter().find_map(|field| name_at(row, field));
        let name = name.unwrap_or_else(|| id.clone());
        Some(Price { id: PriceId::new(id), name })
    })
}

fn community(data: &Value) -> Option<Group> {
    let community = data.get("community")?;
    let id = id_at(community, "communityId")?;
    let name = name_at(community, "communityName").unwrap_or_else(|| id.clone());
    // `communityVisibility` is undocumented, and `directoryPeople` is not a member count.
    Some(Group {
        description: prose_at(data, "about"),
        owner: data.get("communityAdmin").and_then(|owner| id_at(owner, "id")),
        created_at: number_at(community, "timeStamp"),
        ..Group::new(GroupId::new(id), GroupKind::Community, name)
    })
}
