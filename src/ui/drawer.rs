//! Details beside a list; on a narrow screen a sheet from below.

use super::icon::icon;
use super::id::next_id;
use crate::i18n::text;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// A panel with a title, a close button and an optional foot. Escape closes it.
#[component]
pub fn Drawer(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] on_close: Callback<()>,
    #[prop(optional, into)] foot: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let title_id = next_id("drawer");
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            on_close.run(());
        }
    };
    view! {
        <aside class="drawer" aria-labelledby=title_id.clone() on:keydown=escape>
            <div class="drawer-head">
                <h2 id=title_id.clone() class="grow"><bdi>{title}</bdi></h2>
                <button
                    class="btn btn-quiet btn-icon btn-sm"
                    type="button"
                    aria-label=text::ui_close
                    on:click=move |_| on_close.run(())
                >
                    {icon("x")}
                </button>
            </div>
            <div class="drawer-body">{children()}</div>
            {foot.map(|foot| view! { <div class="drawer-foot">{foot.run()}</div> })}
        </aside>
    }
    .into_any()
}
