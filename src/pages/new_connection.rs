//! The page for adding a connection.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for adding a connection.
#[component]
pub fn NewConnectionPage() -> impl IntoView {
    use_title(text::connections_new_title);
    view! { <h1>{text::connections_new_title}</h1> }.into_any()
}
