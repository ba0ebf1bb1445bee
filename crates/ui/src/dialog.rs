//! A modal dialog. The browser traps the focus, closes it on Escape and restores the focus.

use super::icon::icon;
use super::id::next_id;
use super::keys::pressed;
use crate::effect::effect;
use i18n::text;
use leptos::ev::{Event, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

/// The signal of a [`Dialog`] that is open as soon as it is drawn. Calls back once it is closed.
pub fn opened_dialog(on_close: Callback<()>) -> RwSignal<bool> {
    let open = RwSignal::new(true);
    effect(move || {
        if !open.get() {
            on_close.run(());
        }
    });
    open
}

/// A modal dialog that follows `open`; its body exists only while open.
#[component]
pub fn Dialog(
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    /// The buttons at the end, cancel first.
    #[prop(into)]
    foot: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let title_id = next_id("dialog");
    let node = NodeRef::<html::Dialog>::new();
    follow_open(node, open);
    let closed = move |event: Event| {
        if is_open_again(&event) {
            return;
        }
        restore_caret();
        open.set(false);
    };
    let body = move || {
        open.get().then(|| {
            view! {
                <div class="dialog-body">{children()}</div>
                <div class="dialog-foot">{foot.run()}</div>
            }
        })
    };
    view! {
        <dialog
            class="dialog"
            aria-labelledby=title_id.clone()
            node_ref=node
            on:close=closed
            on:keydown=keep_escape
        >
            <div class="dialog-head">
                <h2 id=title_id.clone()>{title}</h2>
                <button
                    class="btn btn-quiet btn-icon btn-sm"
                    type="button"
                    aria-label=text::ui_close
                    on:click=move |_| open.set(false)
                >
                    {icon("x")}
                </button>
            </div>
            {body}
        </dialog>
    }
    .into_any()
}

/// Whether the dialog of a `close` event is open again. Chromium reports closing with the next frame.
pub(super) fn is_open_again(event: &Event) -> bool {
    event_target::<HtmlDialogElement>(event).open()
}

/// Escape closes the dialog, and not the drawer that it was opened from.
fn keep_escape(event: KeyboardEvent) {
    if pressed(&event) == "Escape" {
        event.stop_propagation();
    }
}

/// Puts the caret back into the field that has the focus. Chromium gives the focus back when a dialog closes, but not
/// the caret, so that what is typed is lost.
fn restore_caret() {
    let Some(focused) = document().active_element() else { return };
    if let Some(field) = focused.dyn_ref::<HtmlInputElement>() {
        // Fails for fields without a caret, such as a checkbox.
        if let (Ok(Some(start)), Ok(Some(end))) = (field.selection_start(), field.selection_end()) {
            let _ = field.set_selection_range(start, end);
        }
    } else if let Some(field) = focused.dyn_ref::<HtmlTextAreaElement>()
        && let (Ok(Some(start)), Ok(Some(end))) = (field.selection_start(), field.selection_end())
    {
        // Fails only without a selection, and it was just read.
        let _ = field.set_selection_range(start, end);
    }
}

/// Shows the dialog while `open`, with the focus in its first field.
pub(super) fn follow_open(node: NodeRef<html::Dialog>, open: RwSignal<bool>) {
    effect(move || {
        let (Some(dialog), is_open) = (node.get(), open.get()) else { return };
        if is_open && !dialog.open() {
            // Fails only if the dialog has left the document.
            let _ = dialog.show_modal();
            // By default the first button gets the focus, which closes the dialog.
            let first = dialog.query_selector(".dialog-body :is(input, select, textarea)").ok().flatten();
            if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
                // A field that cannot be focused leaves the focus where it is.
                let _ = first.focus();
            }
        } else if !is_open && dialog.open() {
            dialog.close();
        }
    });
}
