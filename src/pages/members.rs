//! The page for the people of a connection.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for the people of a connection.
#[component]
pub fn MembersPage() -> impl IntoView {
    use_title(text::members_title);
    view! { <h1>{text::members_title}</h1> }.into_any()
}
