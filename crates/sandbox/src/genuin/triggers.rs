//! Genuin's sentinels: ids and phones whose digits encode what they provoke, and keys.

use serde_json::Value;

use super::auth::EXPIRED;
use crate::{
    call::Call,
    faults::{self, Fault, FoundSentinel, NAMED},
};

/// A Genuin code with the ids and the phone that provoke it.
#[derive(Debug)]
pub(crate) struct SentinelCode {
    pub(crate) code: &'static str,
    pub(crate) user: &'static str,
    pub(crate) community: &'static str,
    pub(crate) chat: &'static str,
    pub(crate) phone: &'static str,
}

macro_rules! code {
    ($code:literal) => {
        SentinelCode {
            code: $code,
            user: concat!("0000", $code, "-0000-4000-8000-000000000001"),
            community: concat!("0000", $code, "-0000-4000-8000-00000000000c"),
            chat: concat!("0000", $code, "-0000-4000-8000-00000000000d"),
            phone: concat!("9990000", $code),
        }
    };
}

/// Genuin's documented and seen codes, and an unknown one.
pub(crate) const SENTINEL_CODES: [SentinelCode; 7] =
    [code!("1099"), code!("5159"), code!("5166"), code!("5218"), code!("5025"), code!("5168"), code!("9999")];

/// The sentinels in a request: any id, phone or key in the path, bearer token or body.
pub(super) fn triggers(call: &Call<'_>) -> Vec<FoundSentinel> {
    let mut texts = call.path.clone();
    if let Some(bearer) = call.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) {
        texts.push(bearer.to_owned());
    }
    if let Some(body) = call.json() {
        leaves(&body, &mut texts);
    }
    texts
        .into_iter()
        .filter_map(|value| fault_of(&value).map(|fault| FoundSentinel { value, fault }))
        .collect()
}

fn fault_of(text: &str) -> Option<Fault> {
    if text == EXPIRED {
        return None;
    }
    let named =
        NAMED.iter().find(|named| [named.user, named.community, named.chat, named.phone].contains(&text));
    let code = || {
        let found = SENTINEL_CODES
            .iter()
            .find(|code| [code.user, code.community, code.chat, code.phone].contains(&text));
        found.map(|code| Fault::Code(code.code))
    };
    named.map(|named| named.fault).or_else(|| faults::of_key(text)).or_else(code)
}

fn leaves(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| leaves(field, texts)),
        _ => {}
    }
}
