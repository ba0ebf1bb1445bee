//! What the world asks of each vendor's emulator.

use std::fmt::Debug;

use domain::Millis;
use serde_json::Value;

use crate::{
    Response, Settings,
    call::Call,
    faults::{Fault, Mark},
    windows::Windows,
};

/// What an emulator may know besides its own state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Desk<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) now: Millis,
}

/// A vendor as a state machine; its state changes through `apply` alone.
pub(crate) trait Emulator {
    type Event: Debug;

    /// Lets the caller in, or says why not.
    fn admit(&self, call: &Call<'_>, desk: Desk<'_>) -> Result<(), Box<Response>>;

    /// The class of calls that this one is counted in, the caller's key, and the windows of that class.
    fn class(&self, call: &Call<'_>, desk: Desk<'_>) -> (String, Windows);

    /// The sentinels in a request, in the order in which they strike.
    fn marks(&self, call: &Call<'_>) -> Vec<Mark>;

    /// How this vendor words a failure of its own.
    fn refuse(&self, fault: &Fault, desk: Desk<'_>) -> Response;

    /// How this vendor words a full window.
    fn too_many(&self, wait_ms: Millis, desk: Desk<'_>) -> Response;

    /// Does what is asked for. What happens is applied and added to `events`.
    fn answer(&mut self, call: &Call<'_>, desk: Desk<'_>, events: &mut Vec<Self::Event>) -> Response;

    /// Makes one change.
    fn apply(&mut self, event: &Self::Event);

    /// The whole state.
    fn dump(&self) -> Value;
}
