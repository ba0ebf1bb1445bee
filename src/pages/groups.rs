//! The page for the groups of a connection.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for the groups of a connection.
#[component]
pub fn GroupsPage() -> impl IntoView {
    use_title(text::groups_title);
    view! { <h1>{text::groups_title}</h1> }.into_any()
}
