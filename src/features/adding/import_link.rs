//! The link from a form to the import of a file.

use domain::form::people::Purpose;
use domain::{Connection, GroupId};
use hosting::Feature;
use leptos::prelude::*;

use crate::routing::paths;
use crate::state::config::use_config;
use i18n::text;
use ui::{Variant, link_button};

/// A link that imports a file for this purpose; `None` where importing is switched off.
pub fn import_link(connection: &Connection, purpose: Purpose, group: Option<&GroupId>) -> Option<AnyView> {
    use_config().has(Feature::Import).then(|| {
        let group = group.map(GroupId::as_str);
        let href = paths::import_for(connection.id.as_str(), purpose.slug(), group);
        link_button(href, text::import_button, Variant::Quiet, false, "file-up")
    })
}
