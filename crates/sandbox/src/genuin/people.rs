//! How Genuin's calls name people.

use serde_json::Value;

use super::{Event, Genuin};
use crate::{digest::uuid, emulator::Desk};

/// A person as a request names them.
#[derive(Debug)]
pub(super) enum Named {
    /// Somebody whom the brand knows.
    Known(String),
    /// A phone that nobody has yet.
    NewPhone(String),
    /// Somebody who does not exist.
    Nobody,
}

/// The people of a `users` or `members` list, or `None` if the list has a form that is refused.
pub(super) fn read(genuin: &Genuin, list: &Value, desk: Desk<'_>) -> Option<Vec<Named>> {
    list.as_array()?.iter().map(|item| read_one(genuin, item, desk)).collect()
}

fn read_one(genuin: &Genuin, item: &Value, desk: Desk<'_>) -> Option<Named> {
    let known = |id: &str| match genuin.state.people.contains_key(id) {
        true => Named::Known(id.to_owned()),
        false => Named::Nobody,
    };
    match item {
        // Assumed: Genuin takes `users` as bare strings too; a switch refuses them.
        Value::String(id) if desk.settings.bare_user_ids => Some(known(id)),
        Value::Object(fields) => match (fields.get("user_id"), fields.get("phone_number")) {
            (Some(Value::String(id)), _) => Some(known(id)),
            (None, Some(Value::String(phone))) => Some(by_phone(genuin, phone)),
            // Assumed: a Genuin person named by anything else (an e-mail) is nobody.
            (None, None) => Some(Named::Nobody),
            _ => None,
        },
        _ => None,
    }
}

/// Genuin, Create Group API: phones are digits only, country code first.
fn by_phone(genuin: &Genuin, phone: &str) -> Named {
    match genuin.state.by_phone(phone) {
        Some(id) => Named::Known(id),
        None if phone.len() >= 7 && phone.bytes().all(|byte| byte.is_ascii_digit()) => {
            Named::NewPhone(phone.to_owned())
        }
        None => Named::Nobody,
    }
}

/// The id of a named person; a new phone becomes a person without a name, as in Genuin's samples.
// Assumed: a phone that Genuin does not know yet makes a new person, who is added like any other.
pub(super) fn settle(genuin: &mut Genuin, named: Named, events: &mut Vec<Event>) -> Option<String> {
    match named {
        Named::Known(id) => Some(id),
        Named::Nobody => None,
        Named::NewPhone(phone) => {
            if let Some(id) = genuin.state.by_phone(&phone) {
                return Some(id);
            }
            let user_id = uuid(&format!("genuin person {phone}"));
            genuin.happen(Event::PersonCreated { user_id: user_id.clone(), phone }, events);
            Some(user_id)
        }
    }
}
