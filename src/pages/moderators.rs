//! The page for who moderates.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for who moderates.
#[component]
pub fn ModeratorsPage() -> impl IntoView {
    use_title(text::moderators_title);
    view! { <h1>{text::moderators_title}</h1> }.into_any()
}
