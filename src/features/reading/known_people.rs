//! People known from this session, for a vendor that cannot list them.

use domain::{GroupId, Member};

/// The first available identifier: phone, e-mail or id.
pub fn key(person: &Member) -> String {
    let keys = [person.phone.as_deref(), person.email.as_deref(), Some(&*person.id)];
    keys.into_iter().flatten().find(|key| !key.is_empty()).map(String::from).unwrap_or_default()
}

/// The key of a person's row in the URL. It includes the group, because a person can be in several.
pub fn place(group: &GroupId, person: &Member) -> String {
    [group.as_str(), " ", &key(person)].concat()
}
