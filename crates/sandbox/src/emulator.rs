//! The interface between the world and each vendor's emulator.

use std::fmt::Debug;

use domain::Millis;
use serde_json::Value;

use crate::{
    Response, Settings,
    call::Call,
    faults::{Fault, Mark},
    windows::Windows,
};

/// The context an emulator gets besides its own state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Desk<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) now: Millis,
}

/// A vendor as a state machine; its state changes only through `apply`.
pub(crate) trait Emulator {
    type Event: Debug;

    /// Checks the credentials; the error is the response that refuses them.
    fn admit(&self, call: &Call<'_>, desk: Desk<'_>) -> Result<(), Box<Response>>;

    /// The rate limit class of a call (including the caller's key) and the windows of that class.
    fn class(&self, call: &Call<'_>, desk: Desk<'_>) -> (String, Windows);

    /// The sentinels in a request, in order of precedence.
    fn marks(&self, call: &Call<'_>) -> Vec<Mark>;

    /// This vendor's response for a fault.
    fn refuse(&self, fault: &Fault, desk: Desk<'_>) -> Response;

    /// This vendor's response for a full rate limit window.
    fn too_many(&self, wait_ms: Millis, desk: Desk<'_>) -> Response;

    /// Executes a call: applies the changes and appends them to `events`.
    fn answer(&mut self, call: &Call<'_>, desk: Desk<'_>, events: &mut Vec<Self::Event>) -> Response;

    /// Applies one change.
    fn apply(&mut self, event: &Self::Event);

    /// The whole state as JSON.
    fn dump(&self) -> Value;
}
