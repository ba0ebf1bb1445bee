//! Genuin's codes. Sources: the pages "Add Member API", "Add Moderator API" and their siblings for documented
//! codes; 5025 and 5168 were observed in public client code; 429 is assumed.

use domain::ErrorClass::{Auth, NotFound, RateLimited, Refused, Server};
use domain::Vendor::Genuin;

use crate::catalogue::Entry;

pub(crate) static ENTRIES: &[Entry] = &[
    Entry::code(Genuin, "1099", "code_1099", Refused).with_status(400),
    Entry::code(Genuin, "5159", "code_5159", Auth).with_status(401),
    Entry::code(Genuin, "5166", "code_5166", Refused).with_status(412),
    Entry::code(Genuin, "5218", "code_5218", NotFound).with_status(404),
    Entry::code(Genuin, "5235", "code_5235", NotFound).with_status(404),
    Entry::status(Genuin, 500, "status_500", Server).after_wait(),
    Entry::status(Genuin, 429, "status_429", RateLimited).after_wait(),
    Entry::code(Genuin, "5025", "code_5025", NotFound).with_status(404),
    Entry::code(Genuin, "5168", "code_5168", NotFound).with_status(404),
    Entry::fallback(Genuin),
];
