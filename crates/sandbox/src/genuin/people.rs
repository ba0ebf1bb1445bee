//! How Genuin's calls identify people.

use serde_json::Value;

use super::{Event, Genuin};
use crate::{digest::uuid, emulator::Context};

/// A person as identified in a request.
#[derive(Debug)]
pub(super) enum Named {
    /// The user id of a person in the brand.
    Known(String),
    /// A phone number not yet in use.
    NewPhone(String),
    /// An unknown person.
    Nobody,
}

/// Reads a `users` or `members` list; `None` if it is malformed.
pub(super) fn read(genuin: &Genuin, list: &Value, context: Context<'_>) -> Option<Vec<Named>> {
    list.as_array()?.iter().map(|item| read_one(genuin, item, context)).collect()
}

fn read_one(genuin: &Genuin, item: &Value, context: Context<'_>) -> Option<Named> {
    let known = |id: &str| match genuin.state.people.contains_key(id) {
        true => Named::Known(id.to_owned()),
        false => Named::Nobody,
    };
    match item {
        // Assumed: Genuin also accepts `users` as bare strings; a switch refuses them.
        Value::String(id) if context.settings.genuin.bare_user_ids => Some(known(id)),
        Value::Object(fields) => match (fields.get("user_id"), fields.get("phone_number")) {
            (Some(Value::String(id)), _) => Some(known(id)),
            (None, Some(Value::String(phone))) => Some(by_phone(genuin, phone)),
            // Assumed: a Genuin person identified by anything else (such as an e-mail address) is unknown.
            (None, None) => Some(Named::Nobody),
            _ => None,
        },
        _ => None,
    }
}

/// Genuin, Create Group API: phone numbers are digits only, country code first.
fn by_phone(genuin: &Genuin, phone: &str) -> Named {
    match genuin.state.by_phone(phone) {
        Some(id) => Named::Known(id),
        None if phone.len() >= 7 && phone.bytes().all(|byte| byte.is_ascii_digit()) => {
            Named::NewPhone(phone.to_owned())
        }
        None => Named::Nobody,
    }
}

/// The person's user id. A new phone number creates a person without a name, as in Genuin's samples.
// Assumed: a phone number new to Genuin creates a person, who is added like any other.
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
