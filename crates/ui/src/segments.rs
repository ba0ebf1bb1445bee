//! A radio group drawn as one bar: two to five short choices.

use super::icon::{glyph, icon_sm};
use super::id::next_id;
use leptos::prelude::*;

/// An option of [`Segments`].
#[derive(Clone, Debug)]
pub struct Segment {
    /// The group's value while this segment is chosen.
    pub value: &'static str,
    /// The text of the segment.
    pub label: Signal<String>,
    /// A glyph (`s-admin`), a Lucide name, or empty.
    pub icon: &'static str,
}

impl Segment {
    /// A segment whose label follows the language.
    pub fn new(value: &'static str, label: fn() -> String) -> Self {
        Self { value, label: Signal::derive(label), icon: "" }
    }

    /// Adds a glyph or an icon before the label.
    pub fn with_icon(self, icon: &'static str) -> Self {
        Self { icon, ..self }
    }
}

/// A labelled radio group. `on_change` runs after the value has changed.
#[component]
pub fn Segments(
    #[prop(into)] legend: Signal<String>,
    value: RwSignal<String>,
    segments: Vec<Segment>,
    /// Shows the legend only to screen readers.
    #[prop(optional)]
    quiet: bool,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
) -> impl IntoView {
    let name = next_id("segments");
    let one = |segment: Segment| {
        let own = segment.value;
        let mark = match segment.icon {
            "" => None,
            name if name.starts_with("s-") || name.starts_with("o-") => Some(glyph(name)),
            name => Some(icon_sm(name)),
        };
        let choose = move |_| {
            value.set(own.to_owned());
            if let Some(on_change) = on_change {
                on_change.run(own.to_owned());
            }
        };
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name=name.clone()
                    value=own
                    prop:checked=move || value.with(|value| value == own)
                    on:change=choose
                />
                {mark}
                {segment.label}
            </label>
        }
    };
    view! {
        <fieldset class="stack-1">
            <legend class=if quiet { "sr-only" } else { "label" }>{legend}</legend>
            <div class="segments">{segments.into_iter().map(one).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
