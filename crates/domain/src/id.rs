//! Ids, each with its own type so that they cannot be mixed up.

use serde::{Deserialize, Serialize};

/// A moment in milliseconds since 1970 (UTC), passed in by the caller.
pub type Millis = u64;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// Wraps the text, trimming whitespace.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(text.as_ref().trim().into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// True if the text is empty.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A connection of this console; part of its URLs.
    ConnectionId
}
text_id! {
    /// A plan, and the run that applies it.
    PlanId
}
text_id! {
    /// A group or community, by its id in the vendor's calls.
    GroupId
}
text_id! {
    /// A role in a whole community.
    RoleId
}
text_id! {
    /// A price plan.
    PriceId
}

/// The index of a change in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangeId(pub u32);

impl ChangeId {
    /// The id as an index.
    pub fn as_idx(self) -> usize {
        self.0 as usize
    }
}

/// The number of a batch in its run, in the order of first sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(pub u32);

/// The number of a page that a run reads back. Restarts in each page that drives the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadId(pub u32);
