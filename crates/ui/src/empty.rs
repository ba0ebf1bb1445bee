//! Placeholders for rows: an empty state and a loading state.

use super::icon::icon;
use i18n::text;
use leptos::prelude::*;

/// An empty state: an icon, a heading, an explanation and an optional action.
pub fn empty_state(icon_name: &str, title: String, body: String, action: Option<AnyView>) -> AnyView {
    view! { <div class="empty">{icon(icon_name)}<h2>{title}</h2><p>{body}</p>{action}</div> }.into_any()
}

/// Grey bars while loading, announced to screen readers.
pub fn skeleton() -> AnyView {
    view! {
        <div class="stack-2 skeletons" role="status">
            <span class="sr-only">{text::ui_loading}</span>
            <span class="skeleton skeleton-60" />
            <span class="skeleton skeleton-80" />
            <span class="skeleton skeleton-40" />
        </div>
    }
    .into_any()
}
