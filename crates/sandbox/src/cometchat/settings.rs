//! The switches of CometChat's emulator: what the documents leave open.

/// How CometChat behaves where its documents leave a choice.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Applies the limits of CometChat's free Build plan.
    pub small_plan: bool,
    /// How CometChat's add response represents a scope without entries.
    pub empty_scopes: EmptyScopes,
    /// How CometChat's add response represents a person who was not added.
    pub failed_entry: FailedEntry,
    /// Nests CometChat's add response under `members`.
    pub wrapped_in_members: bool,
    /// Refuses to ban a non-member at CometChat.
    pub ban_needs_membership: bool,
    /// Makes CometChat's bans hold: adding a banned person is refused, and member lists leave them out.
    pub bans_hold: bool,
    /// Uses the older spelling of CometChat's rate limit headers.
    pub old_rate_headers: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            small_plan: false,
            empty_scopes: EmptyScopes::Object,
            failed_entry: FailedEntry::SuccessFalse,
            wrapped_in_members: false,
            ban_needs_membership: false,
            bans_hold: false,
            old_rate_headers: false,
        }
    }
}

/// How CometChat's add response represents an empty scope, which the vendor does not document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyScopes {
    /// `{}`.
    Object,
    /// `[]`.
    Array,
    /// The key is omitted.
    Absent,
}

/// How CometChat's add response represents a failed person; no example shows one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedEntry {
    /// `{"success": false, "error": {"code", "message"}}`.
    SuccessFalse,
    /// `{"error": {"code", "message"}}`.
    ErrorOnly,
    /// `{"code", "message"}`.
    Bare,
    /// The code as a string.
    Text,
}
