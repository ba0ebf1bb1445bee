//! The page for one connection.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for one connection.
#[component]
pub fn ConnectionPage() -> impl IntoView {
    use_title(text::connections_one_title);
    view! { <h1>{text::connections_one_title}</h1> }.into_any()
}
