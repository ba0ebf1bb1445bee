//! Messages that stay on the page: notices beside their subject, and banners across the page.

use super::tone::Tone;
use leptos::prelude::*;

/// A message in the colour and shape of a tone; a refused one is announced immediately.
pub fn notice(tone: Tone, body: impl IntoView + 'static) -> AnyView {
    view! {
        <div class=format!("notice {}", tone.class()) role=(tone == Tone::Refused).then_some("alert")>
            {tone.glyph()}
            <div class="notice-body">{body.into_any()}</div>
        </div>
    }
    .into_any()
}

/// A message with a bold title, followed by possible actions.
pub fn titled_notice(tone: Tone, title: String, body: String, actions: Option<AnyView>) -> AnyView {
    let actions = actions.map(|actions| view! { <div class="notice-actions">{actions}</div> });
    notice(
        tone,
        view! {
            <p>
                <span class="notice-title">{title}</span>
                " "
                {body}
            </p>
            {actions}
        },
    )
}

/// A line across the page, such as the number of selected rows or that the browser is offline.
pub fn banner(tone: Tone, body: impl IntoView + 'static) -> AnyView {
    view! {
        <div class=format!("banner {}", tone.class()) role="status">
            {tone.glyph()}
            {body.into_any()}
        </div>
    }
    .into_any()
}
