//! The page for what is connected and what happened last.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for what is connected and what happened last.
#[component]
pub fn OverviewPage() -> impl IntoView {
    use_title(text::overview_title);
    view! { <h1>{text::overview_title}</h1> }.into_any()
}
