//! Details beside a list; on narrow screens a bottom sheet.

use super::icon::icon;
use super::id::next_id;
use super::keys::pressed;
use crate::effect::effect;
use i18n::text;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// A panel with a title, a close button and an optional footer. It takes the focus if opened by a control,
/// and restores it afterwards; Escape closes it.
#[component]
pub fn Drawer(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] on_close: Callback<()>,
    #[prop(optional, into)] foot: Option<ViewFn>,
    children: Children,
) -> impl IntoView {
    let title_id = next_id("drawer");
    let title_node = NodeRef::<html::H2>::new();
    hold_focus(title_node);
    let escape = move |event: KeyboardEvent| {
        if pressed(&event) == "Escape" {
            on_close.run(());
        }
    };
    view! {
        <aside class="drawer" aria-labelledby=title_id.clone() on:keydown=escape>
            <div class="drawer-head">
                <h2 id=title_id.clone() class="grow" tabindex="-1" node_ref=title_node>
                    <bdi translate="yes">{title}</bdi>
                </h2>
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

/// Moves the focus into the drawer, and back when the drawer is gone. A drawer that is open from the start,
/// because the address names it, leaves the focus at the top of the page.
fn hold_focus(title: NodeRef<html::H2>) {
    let before = StoredValue::new_local(None::<(HtmlElement, Element)>);
    effect(move || {
        let Some(title) = title.get() else { return };
        let focused = document().active_element().filter(|element| element.tag_name() != "BODY");
        let focused = focused.and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let (Some(focused), Some(drawer)) = (focused, title.closest("aside").ok().flatten()) {
            before.set_value(Some((focused, drawer)));
            // Focusing fails only for an element outside the document.
            let _ = title.focus();
        }
    });
    on_cleanup(move || {
        let Some((before, drawer)) = before.try_update_value(Option::take).flatten() else { return };
        let is_inside = document().active_element().is_some_and(|element| drawer.contains(Some(&element)));
        if is_inside {
            // The element may be gone too; then nothing is focused, as after a navigation.
            let _ = before.focus();
        }
    });
}
