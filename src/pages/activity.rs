//! The page for what was done.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for what was done.
#[component]
pub fn ActivityPage() -> impl IntoView {
    use_title(text::activity_title);
    view! { <h1>{text::activity_title}</h1> }.into_any()
}
