//! Problems of a `config.json`: where, why, and a sentence for its author.

use std::fmt;

use domain::connection::ParseBaseUrlError;

use crate::origin::ParseOriginError;

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// Path of the value, as in `connections[1].base_url`; empty for the whole file. Contains field names
    /// from the file.
    pub path: String,
    /// The reason.
    pub reason: Reason,
}

/// The kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag,
    /// A non-negative whole number.
    Whole,
    /// Any other number.
    Number,
    /// A string.
    Text,
    /// An array.
    List,
    /// An object.
    Object,
}

/// Why a value cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The file is larger than this many bytes.
    TooLarge(usize),
    /// The file is not JSON.
    NotJson {
        /// Line of the syntax error, from 1.
        line: usize,
        /// Column of the syntax error, from 1.
        column: usize,
    },
    /// The value has the wrong type.
    WrongKind {
        /// The expected type.
        expected: ProblemKind,
        /// The actual type.
        found: ProblemKind,
    },
    /// A required field is missing.
    Missing,
    /// The field does not exist.
    UnknownField {
        /// The closest known name.
        nearest: Option<&'static str>,
    },
    /// The text is not an allowed value.
    NotOneOf {
        /// The allowed values.
        known: &'static [&'static str],
        /// The closest allowed value.
        nearest: Option<&'static str>,
    },
    /// The text is empty or blank.
    Empty,
    /// The text has more characters than this.
    TooLong(usize),
    /// The list has more entries than this.
    TooMany(usize),
    /// The text has line breaks, control characters, or characters that change the text direction.
    HiddenCharacters,
    /// The value occurs twice.
    Twice {
        /// Path of the first occurrence.
        first: String,
    },
    /// The number is out of range.
    OutOfRange {
        /// The minimum.
        least: u32,
        /// The maximum.
        most: u32,
    },
    /// Not a connection id: it could not be part of a URL of the console.
    BadId,
    /// Not a base URL.
    BadAddress(ParseBaseUrlError),
    /// Not an origin that the policy can express.
    BadOrigin(ParseOriginError),
    /// A relative path needs a relay: with a direct connection, the key would go to the console's own host.
    DirectPath,
    /// Calls to this vendor do not act for a person.
    NoActingPerson,
    /// Not a person id of this vendor.
    BadActingPerson,
    /// The vendor has no small plan.
    NoSmallPlan,
    /// The vendor documents its rate limits, so none can be set.
    PaceIsDocumented,
    /// The vendor's API lists groups and communities.
    GroupsAreListed,
    /// The list is empty, which looks like the opposite of what it means.
    NoEntries,
    /// Not 64 hexadecimal digits.
    BadFingerprint,
    /// More people have to approve than may.
    TooFewApprovers {
        /// How many have to.
        needed: u32,
        /// How many may.
        listed: u32,
    },
    /// Changes have to be approved, and reviews are switched off.
    ReviewsNeeded,
    /// Not `#rrggbb`.
    BadColor,
    /// The contrast of the colour is too low.
    LowContrast {
        /// The surface, by its name in `style/tokens.css`.
        surface: &'static str,
        /// The actual contrast, in hundredths.
        is: u32,
        /// The required contrast, in hundredths.
        needs: u32,
    },
    /// Not a relative path to an image.
    BadLogo,
}

impl fmt::Display for ProblemKind {
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

/// A sentence in lower case, without the path.
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
            Self::NoEntries => f.write_str("the list is empty, which would count as if it were left out; leave it out"),
            Self::BadFingerprint => {
                f.write_str("expected the fingerprint of a key: 64 digits and letters from a to f")
            }
            Self::TooFewApprovers { needed, listed } => {
                write!(f, "{needed} people have to approve, and approvers has only {listed}")
            }
            Self::ReviewsNeeded => f.write_str(
                "changes have to be approved by reviews.approvals, so reviews cannot be switched off",
            ),
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
