//! The switches of the sandbox: everything that the vendors leave open and that a client must survive.

use domain::Secret;

/// How the sandbox behaves where a vendor's documents leave a choice.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which keys are let in.
    pub keys: KeyPolicy,
    /// Counts calls in the documented windows and answers 429 when they are full.
    pub rate_limits: bool,
    /// Adds `Retry-After` to a 429 that comes from a full window.
    pub retry_after: bool,
    /// Gives CometChat the limits of its free Build plan.
    pub small_plan: bool,
    /// Makes answers take time.
    pub latency: bool,
    /// How long a Genuin token is good for.
    pub token_lifetime_ms: u64,
    /// Answers an old Genuin token with 412 `5166` in place of 401 `5159`.
    pub expired_is_precondition: bool,
    /// Gives the Genuin token in the body of the sign-in in place of the header.
    pub token_in_body: bool,
    /// Limits Genuin to so many calls a minute; the vendor documents no limit.
    pub genuin_per_minute: Option<u32>,
    /// Lists a person again who is a member of the Genuin community already.
    pub list_existing_members: bool,
    /// Takes Genuin `users` as bare strings too.
    pub bare_user_ids: bool,
    /// Answers a refused Networked call with 200 and `error: true`.
    pub error_true_with_200: bool,
    /// Lets a repeated Networked add succeed.
    pub repeated_add_succeeds: bool,
    /// Writes `failure[].error` of Networked invites as an object.
    pub failure_as_object: bool,
    /// How Networked's plans are wrapped.
    pub plans: PlansForm,
    /// How CometChat writes a scope of an add reply in which nothing happened.
    pub empty_scopes: EmptyScopes,
    /// How CometChat writes a person of an add reply who was not added.
    pub failed_entry: FailedEntry,
    /// Puts CometChat's add reply one level down, under `members`.
    pub wrapped_in_members: bool,
    /// Refuses to ban somebody who is not a member.
    pub ban_needs_membership: bool,
    /// Lets CometChat's bans hold: adding a banned person is refused, and banned people are in no list of members.
    pub bans_hold: bool,
    /// Writes CometChat's rate headers in the older spelling.
    pub old_rate_headers: bool,
    /// Adds fields that no document mentions to every object.
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

/// Which keys are let in; sentinel keys do what they say under every policy.
#[derive(Clone, Debug, Default)]
pub enum KeyPolicy {
    /// Every key that is not empty.
    #[default]
    AnyNonEmpty,
    /// These keys only.
    Exact(Keys),
}

/// The keys that are let in.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Genuin's `api_key`.
    pub genuin_key: Secret,
    /// Genuin's `api_secret`.
    pub genuin_secret: Secret,
    /// Networked's `x-api-key`.
    pub networked: Secret,
    /// CometChat's `apikey`.
    pub cometchat: Secret,
}

/// How Networked's plans are wrapped; the vendor does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlansForm {
    /// `data` is an array of rows with `_id` and `name`.
    Array,
    /// `data` is an object around an array of rows with `planId` and `title`.
    Wrapped,
    /// `data` is something no reader can use.
    NotUnderstood,
}

/// How an empty scope is written in CometChat's add reply; the vendor does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyScopes {
    /// `{}`.
    Object,
    /// `[]`.
    Array,
    /// The key is left out.
    Absent,
}

/// How a failed person is written in CometChat's add reply; no example shows one.
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
