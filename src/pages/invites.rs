//! The page for invitations.

use crate::components::shell::use_title;
use crate::i18n::text;
use leptos::prelude::*;

/// The page for invitations.
#[component]
pub fn InvitesPage() -> impl IntoView {
    use_title(text::invites_title);
    view! { <h1>{text::invites_title}</h1> }.into_any()
}
