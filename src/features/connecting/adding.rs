//! The way to the form for a new connection, where this host lets people add any.

use hosting::Feature;
use leptos::prelude::*;

use crate::routing::paths;
use crate::state::config::use_config;
use i18n::text;
use ui::{Variant, link_button};

/// The link that looks like a button; nothing where adding is switched off.
pub fn add_connection(variant: Variant, is_small: bool, icon: &'static str) -> Option<AnyView> {
    use_config()
        .has(Feature::AddingConnections)
        .then(|| link_button(paths::new_connection(), text::shell_add_connection, variant, is_small, icon))
}
