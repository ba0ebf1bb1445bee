//! A radio group drawn as one bar: two to five short choices.

use super::icon::{glyph, icon_sm};
use super::id::next_id;
use super::selection::Selection;
use leptos::prelude::*;

/// An option of [`Segments`].
#[derive(Clone, Debug)]
pub struct Segment<T> {
    /// The value of the selection while this segment is chosen.
    pub value: T,
    /// The text of the segment.
    pub label: Signal<String>,
    /// A glyph (`s-admin`), a Lucide name, or empty.
    pub icon: &'static str,
}

impl<T> Segment<T> {
    /// A segment whose label follows the language.
    pub fn new(value: T, label: fn() -> String) -> Self {
        Self { value, label: Signal::derive(label), icon: "" }
    }

    /// Adds a glyph or an icon before the label.
    pub fn with_icon(self, icon: &'static str) -> Self {
        Self { icon, ..self }
    }
}

/// A labelled radio group.
#[component]
pub fn Segments<T: Copy + PartialEq + 'static>(
    #[prop(into)] legend: Signal<String>,
    value: Selection<T>,
    segments: Vec<Segment<T>>,
    /// Shows the legend only to screen readers.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let of_index = |segment: Segment<T>| {
        let Segment { value: own, label, icon } = segment;
        Segment { value: value.index_of(own), label, icon }
    };
    bar(legend, value.index(), segments.into_iter().map(of_index).collect(), quiet)
}

fn bar(legend: Signal<String>, index: RwSignal<u32>, segments: Vec<Segment<u32>>, is_quiet: bool) -> AnyView {
    let name = next_id("segments");
    let one = |segment: Segment<u32>| {
        let own = segment.value;
        let mark = match segment.icon {
            "" => None,
            name if name.starts_with("s-") || name.starts_with("o-") => Some(glyph(name)),
            name => Some(icon_sm(name)),
        };
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name=name.clone()
                    prop:checked=move || index.get() == own
                    on:change=move |_| index.set(own)
                />
                {mark}
                {segment.label}
            </label>
        }
    };
    view! {
        <fieldset class="stack-1">
            <legend class=if is_quiet { "sr-only" } else { "label" }>{legend}</legend>
            <div class="segments">{segments.into_iter().map(one).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
