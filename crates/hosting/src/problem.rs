//! What is wrong with a `config.json`: where, why, and a sentence for whoever wrote it.

use std::fmt;

use domain::connection::ParseBaseUrlError;

use crate::origin::ParseOriginError;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Where, as in `connections[1].base_url`; empty for the file as a whole. Field names in it come from the file.
    pub path: String,
    /// Why.
    pub reason: Reason,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag,
    /// A number that has no fraction and is not below zero.
    Whole,
    /// Any other number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

/// Why something in the file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The file is larger than this many bytes.
    TooLarge(usize),
    /// The file is no JSON; where that was noticed.
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The value is of another kind.
    WrongKind {
        /// What was expected.
        expected: Kind,
        /// What is there.
        found: Kind,
    },
    /// A field that has to be there is missing.
    Missing,
    /// There is no such field.
    UnknownField {
        /// The name that was probably meant.
        nearest: Option<&'static str>,
    },
    /// The text is none of these.
    NotOneOf {
        /// What can be written.
        known: &'static [&'static str],
        /// What was probably meant.
        nearest: Option<&'static str>,
    },
    /// The text is empty, or nothing but blanks.
    Empty,
    /// The text has more characters than this.
    TooLong(usize),
    /// The list has more entries than this.
    TooMany(usize),
    /// The text has line breaks, control characters, or characters that turn the direction of what follows.
    HiddenCharacters,
    /// The same was said before.
    Twice {
        /// Where.
        first: String,
    },
    /// The number is outside of this range.
    OutOfRange {
        /// The smallest.
        least: u32,
        /// The largest.
        most: u32,
    },
    /// It cannot be part of an address of the console.
    BadId,
    /// It is no base address.
    BadAddress(ParseBaseUrlError),
    /// It is no origin that a policy may name.
    BadOrigin(ParseOriginError),
    /// A relay's path cannot be called directly: the key would go to the console's own host.
    DirectPath,
    /// The vendor does not know for whom a call acts.
    NoActingPerson,
    /// It is no id of a person at this vendor.
    BadActingPerson,
    /// The vendor has no smaller plan.
    NoSmallPlan,
    /// The vendor documents its limits, so that none is chosen.
    PaceIsDocumented,
    /// The vendor lists its groups and communities by itself.
    GroupsAreListed,
    /// It is no `#rrggbb`.
    BadColor,
    /// The colour cannot be read.
    LowContrast {
        /// On which surface of `style/tokens.css`.
        surface: &'static str,
        /// Its contrast there, in hundredths.
        is: u32,
        /// What it needs, in hundredths.
        needs: u32,
    },
    /// It is no path of a picture beside the page.
    BadLogo,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Flag => "true or false",
            Self::Whole => "a whole number",
            Self::Number => "a number with a fraction or a sign",
            Self::Text => "a text in quotes",
            Self::List => "a list in [ ]",
            Self::Object => "an object in { }",
        })
    }
}

/// A sentence without its path, which begins in lower case.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(most) => write!(f, "the file is larger than {} KB", most / 1024),
            Self::NotJson { line, column } => write!(
                f,
                "this is not JSON: something is wrong at line {line}, column {column} (often a comma or a quote)"
            ),
            Self::WrongKind { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Missing => f.write_str("this field is missing"),
            Self::UnknownField { nearest: Some(nearest) } => {
                write!(f, "there is no such field; did you mean \"{nearest}\"?")
            }
            Self::UnknownField { nearest: None } => f.write_str("there is no such field"),
            Self::NotOneOf { nearest: Some(nearest), .. } => {
                write!(f, "there is no such value; did you mean \"{nearest}\"?")
            }
            Self::NotOneOf { known, nearest: None } => write!(f, "expected one of: {}", known.join(", ")),
            Self::Empty => f.write_str("expected some text, found none"),
            Self::TooLong(most) => write!(f, "the text has more than {most} characters"),
            Self::TooMany(most) => write!(f, "the list has more than {most} entries"),
            Self::HiddenCharacters => {
                f.write_str("the text has line breaks, control characters or marks of direction; take them out")
            }
            Self::Twice { first } => write!(f, "the same is said at {first} already"),
            Self::OutOfRange { least, most } => write!(f, "expected a number from {least} to {most}"),
            Self::BadId => f.write_str(
                "expected 1 to 40 small letters, digits and single hyphens, as in \"superhero-fans\"; it is part of addresses",
            ),
            Self::BadAddress(error) => write!(f, "{error}"),
            Self::BadOrigin(error) => write!(f, "{error}"),
            Self::DirectPath => f.write_str(
                "a path on the console's own host is a relay: write \"reach\": \"relay\", or give the vendor's address",
            ),
            Self::NoActingPerson => f.write_str("this vendor does not know for whom a call acts; leave it out"),
            Self::BadActingPerson => f.write_str("this is no id of a person at this vendor"),
            Self::NoSmallPlan => f.write_str("this vendor has no smaller plan with lower limits; leave it out"),
            Self::PaceIsDocumented => f.write_str(
                "this vendor documents its limits, and the console keeps to them; to go slower use limits.calls_per_minute",
            ),
            Self::GroupsAreListed => {
                f.write_str("the console reads these from this vendor by itself; leave them out")
            }
            Self::BadColor => f.write_str("expected a colour as six digits, as in \"#1f4e79\""),
            Self::LowContrast { surface, is, needs } => write!(
                f,
                "text in this colour has a contrast of {}.{:02} on {surface} and needs {}.{:02}; take a {} one",
                is / 100,
                is % 100,
                needs / 100,
                needs % 100,
                if surface.ends_with("(dark)") { "lighter" } else { "darker" }
            ),
            Self::BadLogo => f.write_str(
                "expected the path of an .svg or .png file beside the page, as in \"brand/logo.svg\", without dots that step upwards",
            ),
        }
    }
}

/// `connections[1].base_url: a sentence.`
impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{}", self.reason)
    }
}

impl std::error::Error for ConfigProblem {}
