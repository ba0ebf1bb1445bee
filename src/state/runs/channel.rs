//! Messages between tabs about runs: their progress, and intents for the tab that drives one.

use browser::channel::Channel;
use domain::PlanId;
use domain::driver::Intent;
use domain::entry::Status;
use domain::{Millis, Tally};
use leptos::logging;
use serde::{Deserialize, Serialize};

const NAME: &str = "muster-runs";

/// A message to all other tabs. It never contains a key or a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RunMessage {
    /// The journal contains the run's lines up to this state.
    Wrote(RunProgress),
    /// This tab drives the run from now on.
    Driven(PlanId),
    /// The state in which this tab leaves the run. Tabs that follow the run read it from the journal.
    Left(RunProgress),
    /// This tab no longer drives the run.
    Freed(PlanId),
    /// An intent for the tab that drives the run.
    Asked(PlanId, Intent),
    /// These runs were removed.
    Forgot(Vec<PlanId>),
}

/// The progress of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RunProgress {
    pub(super) run: PlanId,
    /// The sequence number of its next line.
    pub(super) next_seq: u64,
    pub(super) at: Millis,
    pub(super) next_at: Option<Millis>,
    pub(super) tally: Tally,
    pub(super) status: Status,
}

/// Opens the channel and listens; `None` if the browser has none, so that this tab is on its own.
pub(super) fn open(hear: impl FnMut(RunMessage) + 'static) -> Option<Channel> {
    let mut channel = Channel::open(NAME)?;
    channel.listen(|text| serde_json::from_str(text).ok(), hear);
    Some(channel)
}

pub(super) fn send(channel: &Channel, told: &RunMessage) {
    let is_sent = serde_json::to_string(told).is_ok_and(|text| channel.send(&text));
    if !is_sent {
        logging::warn!("the other tabs cannot be told how far a run is");
    }
}
