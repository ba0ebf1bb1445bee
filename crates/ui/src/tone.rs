//! The seven tones that colour a notice, a badge or a row, each with a shape of its own.

use super::icon::glyph;
use leptos::prelude::*;

/// What a coloured thing says: one of the five outcomes, or that there is none yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// It happened; also: all is well.
    Done,
    /// Nothing had to be done.
    Same,
    /// It did not happen; also: an error.
    Refused,
    /// Nobody can tell; also: a warning.
    Unknown,
    /// It was never tried, and is not going to be.
    NotSent,
    /// Not yet tried.
    Waiting,
    /// For information.
    #[default]
    Info,
}

impl Tone {
    /// The class that sets the colours of what is inside.
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

    /// The shape that says the same without the colour.
    pub fn glyph(self) -> AnyView {
        glyph(self.glyph_name())
    }

    /// The name of that shape in the sprite, for pieces that draw it themselves.
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
