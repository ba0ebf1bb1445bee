//! Preformatted text that can be copied.

use super::icon::icon;
use super::toast::{announce, announce_now};
use i18n::text;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// A block of monospaced text with a copy button.
#[component]
pub fn CodeBlock(
    /// The heading of the block.
    #[prop(into)]
    title: Signal<String>,
    #[prop(into)] code: Signal<String>,
    /// The label of the copy button.
    #[prop(into)]
    copy_label: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="code">
            <div class="code-head">
                {title}
                <button
                    class="btn btn-quiet btn-sm"
                    type="button"
                    on:click=move |_| copy_text(code.get_untracked())
                >
                    {icon("copy")}
                    {copy_label}
                </button>
            </div>
            <pre translate="no" tabindex="0" role="region" aria-label=title>
                {code}
            </pre>
        </div>
    }
    .into_any()
}

/// Copies a text and announces the result.
pub fn copy_text(content: String) {
    spawn_local(async move {
        let clipboard = window().navigator().clipboard();
        match JsFuture::from(clipboard.write_text(&content)).await {
            Ok(_) => announce(text::ui_copied()),
            Err(_) => announce_now(text::ui_not_copied()),
        }
    });
}
