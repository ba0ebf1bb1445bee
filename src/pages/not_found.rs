//! The page for an unknown URL.

use crate::routing::paths;
use crate::shell::frame::use_title;
use i18n::text;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use ui::{Variant, icon, link_button};

/// The page for an unknown URL.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    use_title(text::settings_not_found_title);
    let path = use_location().pathname;
    view! {
        <div class="empty">
            {icon("search")} <h1>{text::settings_not_found_title}</h1>
            <p>{move || text::settings_not_found_body(&path.get())}</p>
            {link_button(paths::overview(), text::settings_not_found_home, Variant::Plain, false, "house")}
        </div>
    }
    .into_any()
}
