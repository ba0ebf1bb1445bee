//! Content that opens on demand.

use super::icon::icon_sm;
use super::id::next_id;
use leptos::prelude::*;

/// A button and the content it opens. Closed content is not in the document.
#[component]
pub fn Disclosure(#[prop(into)] label: Signal<String>, children: ChildrenFn) -> impl IntoView {
    let id = next_id("more");
    let open = RwSignal::new(false);
    let expanded = move || if open.get() { "true" } else { "false" };
    let controls = id.clone();
    view! {
        <button
            class="btn btn-quiet btn-sm disclosure"
            type="button"
            aria-expanded=expanded
            aria-controls=controls
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {label}
            {move || icon_sm(if open.get() { "chevron-up" } else { "chevron-down" })}
        </button>
        <div class="details" id=id hidden=move || !open.get()>
            {move || open.get().then(|| children())}
        </div>
    }
    .into_any()
}
