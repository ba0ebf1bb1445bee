//! What tabs tell each other about runs: how far they are, and what somebody wants of the tab that drives one.

use browser::channel::Channel;
use domain::PlanId;
use domain::driver::Wish;
use domain::entry::Status;
use domain::{Millis, Tally};
use leptos::logging;
use serde::{Deserialize, Serialize};

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

/// Opens the channel and listens; `None` where the browser has none, so that this tab is alone.
pub(super) fn open(hear: impl FnMut(Told) + 'static) -> Option<Channel> {
    let mut channel = Channel::open(NAME)?;
    channel.listen(|text| serde_json::from_str(text).ok(), hear);
    Some(channel)
}

pub(super) fn send(channel: &Channel, told: &Told) {
    let is_sent = serde_json::to_string(told).is_ok_and(|text| channel.send(&text));
    if !is_sent {
        logging::warn!("the other tabs cannot be told how far a run is");
    }
}
