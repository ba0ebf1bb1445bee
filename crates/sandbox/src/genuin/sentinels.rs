//! The values that provoke an error at Genuin.

use super::auth::{ODD_KEYS, WRONG_SECRET};
use super::triggers::SENTINEL_CODES;
use crate::{faults::NAMED, sentinels::Sentinels};

pub(super) fn add(sentinels: &mut Sentinels) {
    for named in &NAMED {
        sentinels.add("user id", named.user, named.provokes, named.text);
        sentinels.add("phone", named.phone, named.provokes, named.text);
        sentinels.add("community id", named.community, named.provokes, named.text);
        sentinels.add("chat id", named.chat, named.provokes, named.text);
    }
    for code in &SENTINEL_CODES {
        sentinels.add_code("user id", code.user, code.code);
        sentinels.add_code("phone", code.phone, code.code);
        sentinels.add_code("community id", code.community, code.code);
        sentinels.add_code("chat id", code.chat, code.code);
    }
    for (key, provokes) in ODD_KEYS {
        sentinels.add_code("api key", key, provokes);
    }
    sentinels.add_code("api secret", WRONG_SECRET, "5166");
}
