//! What stands where rows would: nothing there, or not there yet.

use super::icon::icon;
use i18n::text;
use leptos::prelude::*;

/// Says that there is nothing, why, and what to do: an icon, a heading, a sentence, an action.
pub fn empty_state(icon_name: &str, title: String, body: String, action: Option<AnyView>) -> AnyView {
    view! { <div class="empty">{icon(icon_name)}<h2>{title}</h2><p>{body}</p>{action}</div> }.into_any()
}

/// Grey bars while something is read; screen readers hear that it is.
pub fn skeleton() -> AnyView {
    view! {
        <div class="stack-2 skeletons" role="status">
            <span class="sr-only">{text::ui_loading}</span>
            <span class="skeleton skeleton-60"></span>
            <span class="skeleton skeleton-80"></span>
            <span class="skeleton skeleton-40"></span>
        </div>
    }
    .into_any()
}
