//! What tabs tell each other about runs: how far they are, and what somebody wants of the tab that drives one.

use domain::PlanId;
use domain::driver::Wish;
use domain::entry::Status;
use domain::{Millis, Tally};
use leptos::logging;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "muster-runs";

/// Something that one tab tells all others. No key and no password is ever in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    /// The journal has the lines of a run up to here.
    Wrote(Standing),
    /// This tab drives the run from here on.
    Driven(PlanId),
    /// This tab drives it no longer.
    Freed(PlanId),
    /// Whoever drives the run should do this.
    Asked(PlanId, Wish),
    /// These runs are forgotten.
    Forgot(Vec<PlanId>),
}

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Standing {
    pub(super) run: PlanId,
    /// The number of its next line.
    pub(super) next_seq: u64,
    pub(super) at: Millis,
    pub(super) next_at: Option<Millis>,
    pub(super) tally: Tally,
    pub(super) status: Status,
}

/// The line to the other tabs of this console.
#[derive(Debug)]
pub(super) struct Channel {
    inner: BroadcastChannel,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens the line; `None` where the browser has none, so that this tab is alone.
    pub(super) fn open(mut hear: impl FnMut(Told) + 'static) -> Option<Self> {
        let inner = BroadcastChannel::new(NAME).ok()?;
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // A tab with another version of the console may tell what this one does not know.
            let told = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
            if let Some(told) = told {
                hear(told);
            }
        });
        inner.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Some(Self { inner, _listener: listener })
    }

    pub(super) fn tell(&self, told: &Told) {
        let Ok(text) = serde_json::to_string(told) else { return };
        if self.inner.post_message(&text.into()).is_err() {
            logging::warn!("the other tabs cannot be told how far a run is");
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.close();
    }
}
