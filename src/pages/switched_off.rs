//! The page for features that the host has switched off.

use crate::routing::paths;
use crate::shell::frame::use_title;
use i18n::text;
use leptos::prelude::*;
use ui::{Variant, icon, link_button};

/// Says that the page exists, and that the host has switched it off.
#[component]
pub fn SwitchedOffPage() -> impl IntoView {
    use_title(text::shell_switched_off_title);
    view! {
        <div class="empty">
            {icon("ban")} <h1>{text::shell_switched_off_title}</h1> <p>{text::shell_switched_off_body}</p>
            {link_button(paths::overview(), text::settings_not_found_home, Variant::Plain, false, "house")}
        </div>
    }
    .into_any()
}
