//! Small labels: badges, and removable chips.

use super::icon::{icon, icon_sm};
use super::tone::Tone;
use i18n::text;
use leptos::prelude::*;

/// A label in the colour and shape of a tone.
pub fn badge(tone: Tone, label: impl Fn() -> String + Send + 'static) -> AnyView {
    view! { <span class=format!("badge {}", tone.class())>{tone.glyph()}{label}</span> }.into_any()
}

/// A removable entry: an icon, its text, and an optional second text such as an id. The tone `Refused` or
/// `Unknown` marks it as faulty.
pub fn chip(
    tone: Option<Tone>,
    icon_name: &str,
    label: String,
    id: Option<String>,
    on_remove: Callback<()>,
) -> AnyView {
    let class = tone.map_or_else(|| "chip".to_owned(), |tone| format!("chip {}", tone.class()));
    let mark = match tone {
        Some(tone) => Some(tone.glyph()),
        None => (!icon_name.is_empty()).then(|| icon(icon_name)),
    };
    let take_out = remove_button(
        {
            let label = label.clone();
            move || text::ui_take_out(&label)
        },
        on_remove,
    );
    view! {
        <li class=class>
            {mark} <bdi translate="no" class="txt">
                {label}
            </bdi>
            {id
                .map(|id| {
                    view! {
                        <bdi translate="no" class="id">
                            {id}
                        </bdi>
                    }
                })} {take_out}
        </li>
    }
    .into_any()
}

fn remove_button(label: impl Fn() -> String + Send + 'static, on_remove: Callback<()>) -> AnyView {
    view! {
        <button class="chip-x" type="button" aria-label=label on:click=move |_| on_remove.run(())>
            {icon_sm("x")}
        </button>
    }
    .into_any()
}
