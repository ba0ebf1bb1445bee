//! Connections that the operator configures. Users can neither change nor remove them.

use domain::capabilities::Capabilities;
use domain::connection::{KeyStorage, KnownGroup};
use domain::{BaseUrl, Connection, ConnectionId, ConnectionKind, GroupId, GroupKind, Vendor};
use serde_json::Value;

use crate::config::Config;
use crate::origin::Origin;
use crate::problem::Reason;
use crate::read::{Fields, Reader};

/// The first character of the ids of configured connections. Ids that users add consist of letters, digits
/// and hyphens, so the two never collide.
pub const NAMED_PREFIX: char = '~';

const MAX_CONNECTIONS: usize = 100;
const MAX_GROUPS: usize = 1000;
const MAX_ID: usize = 40;
const MAX_NAME: usize = 80;
const MAX_GROUP_ID: usize = 100;

const FIELDS: [&str; 10] = [
    "id",
    "vendor",
    "name",
    "reach",
    "base_url",
    "acting_as",
    "small_plan",
    "calls_per_minute",
    "communities",
    "groups",
];
const REACHES: [&str; 2] = ["relay", "direct"];

/// Returns true if the operator configured this connection.
pub fn is_named(id: &ConnectionId) -> bool {
    id.as_str().starts_with(NAMED_PREFIX)
}

/// Reads `connections` into `config`.
pub(crate) fn read(reader: &mut Reader, fields: Fields<'_>, config: &mut Config) {
    let mut seen: Vec<(ConnectionId, String)> = Vec::new();
    for (path, value) in reader.list(fields, "connections", MAX_CONNECTIONS) {
        let Some(fields) = reader.object(&path, value, &FIELDS) else { continue };
        let Some(connection) = connection(reader, fields) else { continue };
        if let Some((_, first)) = seen.iter().find(|(id, _)| *id == connection.id) {
            reader.note(fields.path_of("id"), Reason::Twice { first: first.clone() });
        }
        seen.push((connection.id.clone(), fields.path_of("id")));
        config.connections.push(connection);
    }
}

/// Notes all problems before returning `None`.
fn connection(reader: &mut Reader, fields: Fields<'_>) -> Option<Connection> {
    let id = reader.required(fields, "id").and_then(|value| id(reader, &fields.path_of("id"), value));
    let vendor = reader.required(fields, "vendor").and_then(|value| {
        reader.word(&fields.path_of("vendor"), value, &Vendor::SLUGS).map(|at| Vendor::ALL[at])
    });
    let name = reader
        .required(fields, "name")
        .and_then(|value| reader.label(&fields.path_of("name"), value, MAX_NAME));
    let kind = reader.required(fields, "reach").and_then(|value| {
        let at = reader.word(&fields.path_of("reach"), value, &REACHES)?;
        Some([ConnectionKind::Relay, ConnectionKind::Direct][at])
    });
    let base_url = reader.required(fields, "base_url").and_then(|value| address(reader, fields, value, kind));
    let can = vendor.map(vendors::capabilities);
    let acting_as = fields.get("acting_as").and_then(|value| acting_as(reader, fields, value, can.as_ref()));
    let is_small_plan = reader.flag(fields, "small_plan");
    if is_small_plan && vendor.is_some_and(|vendor| !vendors::profile(vendor).has_small_plan) {
        reader.note(fields.path_of("small_plan"), Reason::NoSmallPlan);
    }
    let calls_per_minute = vendor.and_then(|vendor| pace(reader, fields, vendor));
    let mut known_groups = groups(reader, fields, "communities", GroupKind::Community, can.as_ref());
    known_groups.extend(groups(reader, fields, "groups", GroupKind::Group, can.as_ref()));
    Some(Connection {
        id: id?,
        vendor: vendor?,
        name: name?,
        kind: kind?,
        base_url: base_url?,
        acting_as,
        is_small_plan,
        calls_per_minute,
        known_groups,
        key_storage: KeyStorage::default(),
        is_power_known: false,
    })
}

fn id(reader: &mut Reader, path: &str, value: &Value) -> Option<ConnectionId> {
    let text = reader.text(path, value)?;
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let is_joined = !text.starts_with('-') && !text.ends_with('-') && !text.contains("--");
    if text.is_empty() || text.len() > MAX_ID || !is_plain || !is_joined {
        reader.note(path, Reason::BadId);
        return None;
    }
    Some(ConnectionId::new(format!("{NAMED_PREFIX}{text}")))
}

fn address(
    reader: &mut Reader,
    fields: Fields<'_>,
    value: &Value,
    kind: Option<ConnectionKind>,
) -> Option<BaseUrl> {
    let path = fields.path_of("base_url");
    let text = reader.text(&path, value)?;
    // Parsed as for a page served over HTTPS, so that a file that works locally also works when hosted.
    let address = match BaseUrl::parse(text, true) {
        Ok(address) => address,
        Err(error) => {
            reader.note(path, Reason::BadAddress(error));
            return None;
        }
    };
    if let Err(error) = Origin::of(&address) {
        reader.note(path, Reason::BadOrigin(error));
        return None;
    }
    if address.is_same_origin() && kind == Some(ConnectionKind::Direct) {
        reader.note(path, Reason::DirectPath);
        return None;
    }
    Some(address)
}

fn acting_as(
    reader: &mut Reader,
    fields: Fields<'_>,
    value: &Value,
    can: Option<&Capabilities>,
) -> Option<Box<str>> {
    let path = fields.path_of("acting_as");
    let text = reader.text(&path, value)?;
    let can = can?;
    if !can.groups.is_some_and(|groups| groups.has_acting_person) {
        reader.note(path, Reason::NoActingPerson);
    } else if domain::key::id(text, can.identity.id_shape).is_ok_and(|id| &*id == text) {
        return Some(text.into());
    } else {
        reader.note(path, Reason::BadActingPerson);
    }
    None
}

fn pace(reader: &mut Reader, fields: Fields<'_>, vendor: Vendor) -> Option<u32> {
    const FIELD: &str = "calls_per_minute";
    if let Some(range) = vendors::profile(vendor).pace_range.clone() {
        return reader.number(fields, FIELD, *range.start(), *range.end());
    }
    if fields.has(FIELD) {
        reader.note(fields.path_of(FIELD), Reason::PaceIsDocumented);
    }
    None
}

fn groups(
    reader: &mut Reader,
    fields: Fields<'_>,
    field: &str,
    kind: GroupKind,
    can: Option<&Capabilities>,
) -> Vec<KnownGroup> {
    if fields.has(field) && can.is_some_and(|can| can.groups.is_none_or(|groups| groups.can_list)) {
        reader.note(fields.path_of(field), Reason::GroupsAreListed);
        return Vec::new();
    }
    let mut known: Vec<(KnownGroup, String)> = Vec::new();
    for (path, value) in reader.list(fields, field, MAX_GROUPS) {
        let Some(fields) = reader.object(&path, value, &["id", "name"]) else { continue };
        let mut label = |field, most| {
            let value = reader.required(fields, field)?;
            reader.label(&fields.path_of(field), value, most)
        };
        let (Some(id), Some(name)) = (label("id", MAX_GROUP_ID), label("name", MAX_NAME)) else { continue };
        let group = KnownGroup { id: GroupId::new(&id), name, kind };
        let at = fields.path_of("id");
        if let Some((_, first)) = known.iter().find(|(other, _)| other.id == group.id) {
            reader.note(&at, Reason::Twice { first: first.clone() });
        }
        known.push((group, at));
    }
    known.into_iter().map(|(group, _)| group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_the_order_of_what_they_mean() {
        let kind = |word: &str| format!("\"{word}\"");
        assert_eq!(
            REACHES.map(kind),
            [ConnectionKind::Relay, ConnectionKind::Direct].map(|it| serde_json::to_string(&it).unwrap())
        );
    }
}
