//! The page for who does what in one group.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for who does what in one group.
#[component]
pub fn GroupPage() -> impl IntoView {
    use_title(text::scopes_title);
    view! { <h1>{text::scopes_title}</h1> }.into_any()
}
