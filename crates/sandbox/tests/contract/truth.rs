//! Helpers that read the sandbox's state from its dump.

use domain::Scope;
use serde_json::Value;

/// A Genuin person's role number in a community.
pub(crate) fn genuin_role(dump: &Value, community: &str, user: &str) -> Option<u64> {
    dump["genuin"]["communities"][community]["members"][user].as_u64()
}

/// True if a Genuin community has invited a user.
pub(crate) fn genuin_invited(dump: &Value, community: &str, user: &str) -> bool {
    has(&dump["genuin"]["communities"][community]["invited"], user)
}

/// True if a user is in a list (`members`, `subscribers`) of a Genuin group.
pub(crate) fn genuin_in_group(dump: &Value, chat: &str, list: &str, user: &str) -> bool {
    has(&dump["genuin"]["groups"][chat][list], user)
}

/// The id of the Genuin person with a phone number.
pub(crate) fn genuin_by_phone(dump: &Value, phone: &str) -> Option<String> {
    let people = dump["genuin"]["people"].as_object()?;
    people.iter().find(|(_, person)| person["phone"] == phone).map(|(id, _)| id.clone())
}

fn has(list: &Value, text: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|item| item == text))
}

/// The Networked user with an address, ignoring case.
pub(crate) fn networked_user<'a>(dump: &'a Value, address: &str) -> Option<&'a Value> {
    rows(&dump["networked"]["users"]).find(|user| is_address(user, address))
}

/// The number of Networked's users.
pub(crate) fn networked_users(dump: &Value) -> usize {
    rows(&dump["networked"]["users"]).count()
}

/// True if Networked has invited an address, ignoring case.
pub(crate) fn networked_invited(dump: &Value, address: &str) -> bool {
    rows(&dump["networked"]["invites"]).any(|invite| is_address(invite, address))
}

/// A CometChat group.
pub(crate) fn group<'a>(dump: &'a Value, group: &str) -> &'a Value {
    &dump["cometchat"]["groups"][group]
}

/// A user's scope in a CometChat group; banned people have [`Scope::Banned`].
pub(crate) fn scope(dump: &Value, of: &str, uid: &str) -> Option<Scope> {
    let group = group(dump, of);
    if !group["banned"][uid].is_null() {
        return Some(Scope::Banned);
    }
    Scope::from_slug(group["members"][uid]["scope"].as_str()?)
}

/// The ids of all users with a scope in a CometChat group, sorted.
pub(crate) fn with_scope(dump: &Value, of: &str, wanted: Scope) -> Vec<String> {
    let list = if wanted == Scope::Banned { "banned" } else { "members" };
    let people = group(dump, of)[list].as_object().into_iter().flat_map(|people| people.keys());
    people.filter(|uid| scope(dump, of, uid) == Some(wanted)).cloned().collect()
}

fn rows(value: &Value) -> impl Iterator<Item = &Value> {
    let list = value.as_array().into_iter().flatten();
    list.chain(value.as_object().into_iter().flat_map(|fields| fields.values()))
}

fn is_address(row: &Value, address: &str) -> bool {
    row["email"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(address))
}
