//! The four states of loaded data.

use super::button::{Button, Variant};
use super::empty::skeleton;
use super::notice::titled_notice;
use super::tone::Tone;
use i18n::text;
use leptos::prelude::*;

/// The state of something being read.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Load<T> {
    /// Not there yet.
    #[default]
    Loading,
    /// Read, without any content.
    Empty,
    /// Read, with its content.
    Ready(T),
    /// Not readable.
    Failed(Failure),
}

/// Why something could not be read, as text for the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// What happened, as a sentence.
    pub title: String,
    /// What the user can do.
    pub detail: String,
}

impl<T> Load<T> {
    /// The view of the state; `retry` offers to read again after a failure.
    pub fn view(
        self,
        empty: impl FnOnce() -> AnyView,
        retry: Option<Callback<()>>,
        ready: impl FnOnce(T) -> AnyView,
    ) -> AnyView {
        match self {
            Self::Loading => skeleton(),
            Self::Empty => empty(),
            Self::Ready(value) => ready(value),
            Self::Failed(failure) => failed(failure, retry),
        }
    }
}

/// A notice about a failure, with an optional retry button.
pub fn failed(failure: Failure, retry: Option<Callback<()>>) -> AnyView {
    let again = retry.map(|retry| {
        view! { <Button label=text::ui_try_again variant=Variant::Plain small=true on_press=retry /> }
            .into_any()
    });
    titled_notice(Tone::Refused, failure.title, failure.detail, again)
}
