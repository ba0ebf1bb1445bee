//! The page for adding people.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for adding people.
#[component]
pub fn AddMembersPage() -> impl IntoView {
    use_title(text::add_title);
    view! { <h1>{text::add_title}</h1> }.into_any()
}
