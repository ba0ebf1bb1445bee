//! Values that provoke a particular error, for manual and automated tests.

use domain::Vendor;

use crate::{
    cometchat::{
        codes,
        marks::{BANS_HOLD_KEY, BANS_LIFT_KEY, JOINED_OTHERWISE, MISSING},
        op::Op,
    },
    faults::NAMED,
    genuin::{self, marks::SENTINEL_CODES},
    hostile, moods,
    networked::marks,
};

/// A value that makes the sandbox fail in one particular way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentinel {
    /// The vendor that reacts to it; `None` for all.
    pub vendor: Option<Vendor>,
    /// The kind of field: "uid", "group id", "acting uid", "e-mail", "user id", "phone", "community id",
    /// "chat id", "api key", "api secret", or "moody key" (the prefix of a key or pasted token).
    pub place: &'static str,
    /// The value to enter; for an e-mail, the host of the address.
    pub value: &'static str,
    /// What it provokes: a vendor code, a status, or the name of a fault.
    pub provokes: &'static str,
    /// The key of the message that explains it.
    pub key: &'static str,
}

/// The message key for vendor codes.
const CODE_TEXT: &str = "sandbox.provokes.code";

/// Every sentinel, in display order.
pub fn sentinels() -> Vec<Sentinel> {
    let mut all = Vec::new();
    let mut add =
        |vendor, place, value, provokes, key| all.push(Sentinel { vendor, place, value, provokes, key });
    for named in &NAMED {
        add(None, "api key", named.key, named.provokes, named.text);
    }
    add(None, "moody key", moods::FADING, "401", "sandbox.provokes.fading");
    add(None, "moody key", moods::STORMY, "429", "sandbox.provokes.stormy");

    for key in &hostile::KEYS {
        add(None, "moody key", key.begins, key.provokes, key.text);
    }

    let genuin = Some(Vendor::Genuin);
    for named in &NAMED {
        add(genuin, "user id", named.user, named.provokes, named.text);
        add(genuin, "phone", named.phone, named.provokes, named.text);
        add(genuin, "community id", named.community, named.provokes, named.text);
        add(genuin, "chat id", named.chat, named.provokes, named.text);
    }
    for code in &SENTINEL_CODES {
        add(genuin, "user id", code.user, code.code, CODE_TEXT);
        add(genuin, "phone", code.phone, code.code, CODE_TEXT);
        add(genuin, "community id", code.community, code.code, CODE_TEXT);
        add(genuin, "chat id", code.chat, code.code, CODE_TEXT);
    }
    for (key, provokes) in genuin::ODD_KEYS {
        add(genuin, "api key", key, provokes, CODE_TEXT);
    }
    add(genuin, "api secret", genuin::WRONG_SECRET, "5166", CODE_TEXT);

    let networked = Some(Vendor::Networked);
    for named in &NAMED {
        add(networked, "e-mail", named.host, named.provokes, named.text);
    }
    for (host, key, _, provokes) in marks::CALLS {
        add(networked, "e-mail", host, provokes, CODE_TEXT);
        add(networked, "api key", key, provokes, CODE_TEXT);
    }
    for (host, _, provokes) in marks::ROWS {
        add(networked, "e-mail", host, provokes, CODE_TEXT);
    }

    let cometchat = Some(Vendor::CometChat);
    for named in &NAMED {
        add(cometchat, "uid", named.name, named.provokes, named.text);
        add(cometchat, "group id", named.name, named.provokes, named.text);
    }
    for code in &codes::CODES {
        let is_about_user =
            code.ops.iter().all(|op| !matches!(op, Op::CreateGroup | Op::UpdateGroup | Op::DeleteGroup));
        if code.code.starts_with("AUTH_") {
            add(cometchat, "api key", code.sentinel, code.code, CODE_TEXT);
            continue;
        }
        if is_about_user && code.code != "ERR_GUID_NOT_FOUND" {
            add(cometchat, "uid", code.sentinel, code.code, CODE_TEXT);
        } else {
            add(cometchat, "group id", code.sentinel, code.code, CODE_TEXT);
        }
        if code.ops.is_empty() {
            add(cometchat, "acting uid", code.sentinel, code.code, CODE_TEXT);
        }
    }
    add(cometchat, "uid", MISSING, "row.missing", CODE_TEXT);
    add(cometchat, "uid", JOINED_OTHERWISE, "ERR_ALREADY_JOINED", "sandbox.provokes.joined_otherwise");
    add(cometchat, "moody key", BANS_HOLD_KEY, "ERR_BANNED_GROUPMEMBER", "sandbox.provokes.bans_hold");
    add(cometchat, "moody key", BANS_LIFT_KEY, "200", "sandbox.provokes.bans_lift");
    for (key, code) in codes::KEYS {
        add(cometchat, "api key", key, code, CODE_TEXT);
    }
    all
}
