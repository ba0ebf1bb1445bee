//! A drop zone around a file input.

use super::icon::icon;
use super::id::next_id;
use leptos::ev::DragEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::File;

/// A drop zone with a file input; `on_file` gets the first file chosen or dropped.
#[component]
pub fn Upload(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] help: Signal<String>,
    /// Accepted types, such as `.csv,text/csv`.
    accept: &'static str,
    #[prop(into)] on_file: UnsyncCallback<File>,
) -> impl IntoView {
    let id = next_id("file");
    let help_id = format!("{id}-help");
    let node = NodeRef::<html::Input>::new();
    let is_over = RwSignal::new(false);
    let chosen = move |_| {
        if let Some(input) = node.get_untracked() {
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                on_file.run(file);
            }
            // Makes choosing the same file again fire a change event.
            input.set_value("");
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0))
        {
            on_file.run(file);
        }
    };
    view! {
        <div
            class=move || if is_over.get() { "dropzone is-over" } else { "dropzone" }
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                is_over.set(true);
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=dropped
        >
            {icon("file-up")}
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type="file"
                accept=accept
                aria-describedby=help_id.clone()
                node_ref=node
                on:change=chosen
            />
            <p class="help" id=help_id>
                {help}
            </p>
        </div>
    }
    .into_any()
}
