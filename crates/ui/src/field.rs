//! The frame around a control: label, help and error, linked by id.

use super::tone::Tone;
use i18n::text;
use leptos::prelude::*;

/// The id of a control and the texts that describe it.
#[derive(Clone, Debug)]
pub struct Wiring {
    pub id: String,
    help: Option<Signal<String>>,
    error: Signal<Option<String>>,
}

impl Wiring {
    /// Links a control to its help and error.
    pub fn new(id: String, help: Option<Signal<String>>, error: Signal<Option<String>>) -> Self {
        Self { id, help, error }
    }

    /// The value of `aria-describedby`: the ids of the visible error and help.
    pub fn described_by(&self) -> impl Fn() -> Option<String> + Send + Clone + 'static {
        let this = self.clone();
        move || {
            let error = this.error.get().map(|_| format!("{}-error", this.id));
            let help = shown(this.help).map(|_| format!("{}-help", this.id));
            match (error, help) {
                (Some(error), Some(help)) => Some(format!("{error} {help}")),
                (error, help) => error.or(help),
            }
        }
    }

    /// The value of `aria-invalid`.
    pub fn invalid(&self) -> impl Fn() -> Option<&'static str> + Send + Clone + 'static {
        let error = self.error;
        move || error.get().map(|_| "true")
    }
}

/// A control with its label above and its help and error below.
pub fn field_frame(label: Signal<String>, optional: bool, wiring: &Wiring, control: AnyView) -> AnyView {
    let Wiring { id, help, error } = wiring.clone();
    let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
    view! {
        <div class="field">
            <label class="label" for=id>
                {label}
                {optional.then(|| view! { <span class="opt">{text::ui_optional}</span> })}
            </label>
            {control}
            {move || {
                let message = error.get()?;
                Some(
                    view! {
                        <span class="error" id=error_id.clone()>
                            {Tone::Refused.glyph()}
                            {message}
                        </span>
                    },
                )
            }}
            {move || {
                let message = shown(help)?;
                Some(
                    view! {
                        <span class="help" id=help_id.clone()>
                            {message}
                        </span>
                    },
                )
            }}
        </div>
    }
    .into_any()
}

/// An optional text; `None` if it is empty now.
pub(super) fn shown(text: Option<Signal<String>>) -> Option<String> {
    text.map(|text| text.get()).filter(|text| !text.is_empty())
}
