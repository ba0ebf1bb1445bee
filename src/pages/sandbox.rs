//! The page for names that provoke each error in the sandbox.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for names that provoke each error in the sandbox.
#[component]
pub fn SandboxPage() -> impl IntoView {
    use_title(text::sandbox_title);
    view! { <h1>{text::sandbox_title}</h1> }.into_any()
}
