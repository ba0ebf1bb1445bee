//! The values that provoke an error at Networked.

use super::triggers;
use crate::{faults::NAMED, sentinels::Sentinels};

pub(super) fn add(sentinels: &mut Sentinels) {
    for named in &NAMED {
        sentinels.add("e-mail", named.host, named.provokes, named.text);
    }
    for (host, key, _, provokes) in triggers::CALLS {
        sentinels.add_code("e-mail", host, provokes);
        sentinels.add_code("api key", key, provokes);
    }
    for (host, _, provokes) in triggers::ROWS {
        sentinels.add_code("e-mail", host, provokes);
    }
}
