//! The link to the form for a new connection, where this host allows adding connections.

use hosting::Feature;
use leptos::prelude::*;

use crate::routing::paths;
use crate::state::config::use_config;
use i18n::text;
use ui::{Variant, link_button};

/// A link styled as a button; `None` where adding connections is switched off.
pub fn add_connection(variant: Variant, is_small: bool, icon: &'static str) -> Option<AnyView> {
    use_config()
        .has(Feature::AddingConnections)
        .then(|| link_button(paths::new_connection(), text::shell_add_connection, variant, is_small, icon))
}
