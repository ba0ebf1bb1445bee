//! Buttons for actions, and links that look like buttons.

use super::icon::{icon, icon_sm};
use super::id::next_id;
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// The visual weight of a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variant {
    /// An ordinary action.
    #[default]
    Plain,
    /// The main action of the page.
    Primary,
    /// A destructive action.
    Danger,
    /// A background action.
    Quiet,
    /// Looks like a link but acts in place.
    Link,
}

impl Variant {
    fn class(self, small: bool) -> String {
        let name = match self {
            Self::Plain => "",
            Self::Primary => " btn-primary",
            Self::Danger => " btn-danger",
            Self::Quiet => " btn-quiet",
            Self::Link => " btn-link",
        };
        format!("btn{name}{}", if small { " btn-sm" } else { "" })
    }
}

/// A button. With a `disabled_reason` it does nothing, stays focusable, and shows the reason beside it; while
/// `busy` it ignores presses.
#[component]
pub fn Button(
    /// The visible text; with `icon_only` the accessible name.
    #[prop(into)]
    label: Signal<String>,
    #[prop(optional)] variant: Variant,
    #[prop(optional)] small: bool,
    /// A Lucide name.
    #[prop(optional)]
    icon: &'static str,
    #[prop(optional)] icon_only: bool,
    /// Why it cannot be pressed now; `None` if it can.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
    #[prop(optional, into)] busy: Signal<bool>,
    /// Submits the surrounding form; `on_press` runs as well.
    #[prop(optional)]
    submit: bool,
    /// The kind of popup it opens, such as `dialog`.
    #[prop(optional)]
    has_popup: &'static str,
    /// The pressed state of a toggle button.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// Whether what it controls is expanded.
    #[prop(optional, into)]
    expanded: Option<Signal<bool>>,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
    #[prop(optional)] node_ref: NodeRef<leptos::html::Button>,
) -> impl IntoView {
    let why_id = next_id("why");
    let is_off = move || disabled_reason.get().is_some() || busy.get();
    let press = move |event: MouseEvent| {
        if is_off() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let described_by = {
        let why_id = why_id.clone();
        move || disabled_reason.get().map(|_| why_id.clone())
    };
    let class = variant.class(small) + if icon_only { " btn-icon" } else { "" };
    let start = (!icon.is_empty()).then(|| self::icon(icon));
    let flag = |value: bool| if value { "true" } else { "false" };
    view! {
        <button
            class=class
            type=if submit { "submit" } else { "button" }
            aria-label=move || icon_only.then(|| label.get())
            title=move || icon_only.then(|| label.get())
            aria-disabled=move || is_off().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-haspopup=(!has_popup.is_empty()).then_some(has_popup)
            aria-pressed=move || pressed.map(|pressed| flag(pressed.get()))
            aria-expanded=move || expanded.map(|expanded| flag(expanded.get()))
            aria-describedby=described_by
            on:click=press
            node_ref=node_ref
        >
            {start}
            {move || (!icon_only).then(|| label.get())}
        </button>
        {move || {
            let reason = disabled_reason.get()?;
            Some(
                view! {
                    <span class="why-off" id=why_id.clone()>
                        {reason}
                    </span>
                },
            )
        }}
    }
    .into_any()
}

/// A link styled as a button; `icon` is a Lucide name or empty.
pub fn link_button(
    href: String,
    label: impl Fn() -> String + Send + 'static,
    variant: Variant,
    small: bool,
    icon: &str,
) -> AnyView {
    let start = (!icon.is_empty()).then(|| if small { icon_sm(icon) } else { self::icon(icon) });
    view! {
        <a class=variant.class(small) href=href>
            {start}
            {label}
        </a>
    }
    .into_any()
}
