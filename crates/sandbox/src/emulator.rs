//! The interface between the world and each vendor's emulator.

use std::fmt::Debug;

use domain::{Change, Millis, Operation};
use serde_json::Value;

use crate::{
    Request, Response, Settings,
    call::Call,
    faults::{Fault, FoundSentinel},
    sentinels::Sentinels,
    windows::Windows,
};

/// What the parts of the sandbox that all vendors share need to know of one.
pub(crate) struct Facts {
    /// The end of a base URL, as `/v3`; empty for none.
    pub(crate) api_path: &'static str,
    /// The header with the key or token.
    pub(crate) key_header: &'static str,
    /// The code that refuses a key.
    pub(crate) refused_key: &'static str,
    /// The key in the body of a sign-in.
    pub(crate) sign_in_key: fn(&Request) -> Option<String>,
    /// The body of an error.
    pub(crate) error: fn(ErrorText) -> Value,
    /// True if a secret belongs to the key.
    pub(crate) has_secret: bool,
    /// True if a second call of an operation leaves the state of one call, and the state can be read.
    pub(crate) is_repeatable: fn(&Operation) -> bool,
    /// Lists the vendor's sentinels.
    pub(crate) sentinels: fn(&mut Sentinels),
}

/// The texts of an error; not every vendor has a place for all.
pub(crate) struct ErrorText {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) field: String,
    pub(crate) details: [String; 2],
}

/// The context an emulator gets besides its own state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) now: Millis,
}

/// A vendor as a state machine; its state changes only through `apply`.
pub(crate) trait Emulator {
    type Event: Debug;

    /// Checks the credentials; the error is the response that refuses them.
    fn admit(&self, call: &Call<'_>, context: Context<'_>) -> Result<(), Box<Response>>;

    /// The rate limit class of a call (including the caller's key) and the windows of that class.
    fn class(&self, call: &Call<'_>, context: Context<'_>) -> (String, Windows);

    /// The sentinels in a request, in order of precedence.
    fn triggers(&self, call: &Call<'_>) -> Vec<FoundSentinel>;

    /// This vendor's response for a fault.
    fn refuse(&self, fault: &Fault, context: Context<'_>) -> Response;

    /// This vendor's response for a full rate limit window.
    fn too_many(&self, wait_ms: Millis, context: Context<'_>) -> Response;

    /// Executes a call: applies the changes and appends them to `events`.
    fn answer(&mut self, call: &Call<'_>, context: Context<'_>, events: &mut Vec<Self::Event>) -> Response;

    /// Applies one change.
    fn apply(&mut self, event: &Self::Event);

    /// Whether the operation of a change is in place; `None` if the state cannot tell.
    fn holds(&self, change: &Change) -> Option<bool>;

    /// The whole state as JSON.
    fn dump(&self) -> Value;
}
