//! Names of things, each a type of its own so that they cannot be mixed up.

use serde::{Deserialize, Serialize};

/// A moment, in milliseconds since 1970 in UTC. The caller passes it in.
pub type Millis = u64;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes the text as it is, without blanks around it.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(text.as_ref().trim().into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// True if there is no text.
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
    /// A connection of this console; part of its addresses.
    ConnectionId
}
text_id! {
    /// A plan, and the run that applies it.
    PlanId
}
text_id! {
    /// A group or community, as its vendor names it in calls.
    GroupId
}
text_id! {
    /// A role that a person can have in a whole community.
    RoleId
}
text_id! {
    /// A price plan that a person can be put on.
    PriceId
}

/// A change's place in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangeId(pub u32);

impl ChangeId {
    /// The place as an index.
    pub fn as_idx(self) -> usize {
        self.0 as usize
    }
}

/// A batch's number in its run, in the order of first sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(pub u32);

/// A page's number among those that a run reads back. Counted anew by each page that drives the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadId(pub u32);
