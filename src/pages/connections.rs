//! The page for every connection.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for every connection.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    use_title(text::connections_title);
    view! { <h1>{text::connections_title}</h1> }.into_any()
}
