//! The seven tones of notices, badges and rows, each with its own colour and shape.

use super::icon::glyph;
use leptos::prelude::*;

/// What a coloured element means: one of the five outcomes, waiting, or information.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Applied, or a success.
    Done,
    /// Nothing to do.
    Same,
    /// Refused, or an error.
    Refused,
    /// Unknown outcome, or a warning.
    Unknown,
    /// Never sent, and not going to be.
    NotSent,
    /// Not yet sent.
    Waiting,
    /// Information.
    #[default]
    Info,
}

impl Tone {
    /// The CSS class that sets the colours.
    pub fn class(self) -> &'static str {
        match self {
            Self::Done => "is-done",
            Self::Same => "is-same",
            Self::Refused => "is-refused",
            Self::Unknown => "is-unknown",
            Self::NotSent => "is-not-sent",
            Self::Waiting => "is-waiting",
            Self::Info => "is-info",
        }
    }

    /// The shape that conveys the tone without colour.
    pub fn glyph(self) -> AnyView {
        glyph(self.glyph_name())
    }

    /// The name of the shape in the sprite, for components that draw it themselves.
    pub fn glyph_name(self) -> &'static str {
        match self {
            Self::Done => "o-done",
            Self::Same => "o-same",
            Self::Refused => "o-refused",
            Self::Unknown => "o-unknown",
            Self::NotSent => "o-not-sent",
            Self::Waiting => "o-waiting",
            Self::Info => "o-info",
        }
    }
}
