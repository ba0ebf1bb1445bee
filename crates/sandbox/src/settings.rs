//! The switches of the sandbox: behavior that the vendors leave open and a client must handle.

use std::collections::BTreeMap;

use domain::{Credentials, Vendor};

/// The sandbox's behavior where a vendor's documents leave a choice.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which keys are accepted.
    pub keys: KeyPolicy,
    /// Enforces the documented rate limits with 429.
    pub rate_limits: bool,
    /// Adds `Retry-After` to the 429 of a full window.
    pub retry_after: bool,
    /// Applies the limits of CometChat's free Build plan.
    pub small_plan: bool,
    /// Simulates latency.
    pub latency: bool,
    /// The lifetime of a Genuin token.
    pub token_lifetime_ms: u64,
    /// Answers an expired Genuin token with 412 `5166` instead of 401 `5159`.
    pub expired_is_precondition: bool,
    /// Returns the Genuin token in the body of the sign-in instead of a header.
    pub token_in_body: bool,
    /// Limits Genuin to this many calls a minute; the vendor documents no limit.
    pub genuin_per_minute: Option<u32>,
    /// Lists people again who were already in the Genuin community or group.
    pub list_existing_members: bool,
    /// Also accepts Genuin `users` as bare strings.
    pub bare_user_ids: bool,
    /// Answers a refused Networked call with 200 and `error: true`.
    pub error_true_with_200: bool,
    /// Lets a repeated Networked add succeed.
    pub repeated_add_succeeds: bool,
    /// Returns `failure[].error` of Networked invites as an object.
    pub failure_as_object: bool,
    /// The shape of Networked's plan list.
    pub plans: PlansForm,
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
    /// Adds undocumented fields to responses.
    pub unknown_fields: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            keys: KeyPolicy::AnyNonEmpty,
            rate_limits: true,
            retry_after: true,
            small_plan: false,
            latency: true,
            token_lifetime_ms: 3_600_000,
            expired_is_precondition: false,
            token_in_body: false,
            genuin_per_minute: None,
            list_existing_members: false,
            bare_user_ids: true,
            error_true_with_200: false,
            repeated_add_succeeds: false,
            failure_as_object: false,
            plans: PlansForm::Array,
            empty_scopes: EmptyScopes::Object,
            failed_entry: FailedEntry::SuccessFalse,
            wrapped_in_members: false,
            ban_needs_membership: false,
            bans_hold: false,
            old_rate_headers: false,
            unknown_fields: false,
        }
    }
}

/// Which keys are accepted; sentinel keys work under every policy.
#[derive(Clone, Debug, Default)]
pub enum KeyPolicy {
    /// Any non-empty key.
    #[default]
    AnyNonEmpty,
    /// Only these keys.
    Exact(Keys),
}

/// The accepted keys of each vendor.
#[derive(Clone, Debug, Default)]
pub struct Keys(BTreeMap<Vendor, Credentials>);

impl Keys {
    /// Keys by vendor. A vendor without any accepts only sentinels.
    pub fn new(keys: impl IntoIterator<Item = (Vendor, Credentials)>) -> Keys {
        Keys(keys.into_iter().collect())
    }

    /// True if this is the key of a vendor.
    pub(crate) fn has_key(&self, vendor: Vendor, text: &str) -> bool {
        match self.0.get(&vendor) {
            Some(Credentials::Key(key) | Credentials::KeyAndSecret { key, .. }) => key.expose() == text,
            Some(Credentials::None | Credentials::Token(_)) | None => false,
        }
    }

    /// True if this is the secret of a vendor's key.
    pub(crate) fn has_secret(&self, vendor: Vendor, text: &str) -> bool {
        matches!(self.0.get(&vendor), Some(Credentials::KeyAndSecret { secret, .. }) if secret.expose() == text)
    }
}

/// The shape of Networked's plan list, which the vendor does not document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlansForm {
    /// `data` is an array of rows with `_id` and `name`.
    Array,
    /// `data` is an object around an array of rows with `planId` and `title`.
    Wrapped,
    /// `data` has no recognizable plans.
    NotUnderstood,
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
