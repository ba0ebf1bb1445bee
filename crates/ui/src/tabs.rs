//! Tabs over a shared panel.

use super::id::next_id;
use super::keys::pressed;
use i18n::format_number;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

#[derive(Clone, Debug)]
pub struct Tab {
    /// The value while this tab is chosen.
    pub value: &'static str,
    pub label: Signal<String>,
    /// The number of items in the tab.
    pub count: Option<Signal<usize>>,
}

/// A row of tabs and the panel of the chosen one; arrow keys move and choose.
#[component]
pub fn Tabs(
    /// The accessible name of the row.
    #[prop(into)]
    label: Signal<String>,
    value: RwSignal<String>,
    tabs: Vec<Tab>,
    /// The panel of the chosen tab.
    children: ChildrenFn,
) -> impl IntoView {
    let id = next_id("tabs");
    let values: Vec<&'static str> = tabs.iter().map(|tab| tab.value).collect();
    let tab_id = {
        let id = id.clone();
        move |value: &str| format!("{id}-{value}")
    };
    let walk = {
        let tab_id = tab_id.clone();
        move |event: KeyboardEvent| {
            let now =
                value.with_untracked(|value| values.iter().position(|known| known == value)).unwrap_or(0);
            let is_rtl = document().document_element().and_then(|html| html.get_attribute("dir")).as_deref()
                == Some("rtl");
            let last = values.len().saturating_sub(1);
            let next = match (pressed(&event).as_str(), is_rtl) {
                ("ArrowRight", false) | ("ArrowLeft", true) => {
                    if now == last {
                        0
                    } else {
                        now + 1
                    }
                }
                ("ArrowLeft", false) | ("ArrowRight", true) => now.checked_sub(1).unwrap_or(last),
                ("Home", _) => 0,
                ("End", _) => last,
                _ => return,
            };
            event.prevent_default();
            value.set(values[next].to_owned());
            let element = document().get_element_by_id(&tab_id(values[next]));
            if let Some(element) = element
                .and_then(|element| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(element).ok())
            {
                // A tab that cannot be focused leaves the focus where it is.
                let _ = element.focus();
            }
        }
    };
    let panel_id = format!("{id}-panel");
    let one = {
        let (tab_id, panel_id) = (tab_id.clone(), panel_id.clone());
        move |tab: Tab| {
            let own = tab.value;
            let is_chosen = move || value.with(|value| value == own);
            view! {
                <button
                    class="tab"
                    type="button"
                    role="tab"
                    id=tab_id(own)
                    aria-controls=panel_id.clone()
                    aria-selected=move || if is_chosen() { "true" } else { "false" }
                    tabindex=move || if is_chosen() { "0" } else { "-1" }
                    on:click=move |_| value.set(own.to_owned())
                >
                    {tab.label}
                    {tab.count.map(|count| view! {
                        <span class="count">{move || format_number(count.get() as f64)}</span>
                    })}
                </button>
            }
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=walk>
            {tabs.into_iter().map(one).collect_view()}
        </div>
        <div role="tabpanel" id=panel_id tabindex="0" aria-labelledby=move || tab_id(&value.get())>
            {children()}
        </div>
    }
    .into_any()
}
