//! An examination with the data to display it.

use std::sync::Arc;

use domain::examination::{Examination, ExaminationStep, Seen};
use domain::{Connection, Millis};

use crate::state::session::CallRecord;

/// An examination with the data to display it. Copies share the calls.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pub connection: Arc<Connection>,
    pub examination: Examination,
    calls: Vec<(ExaminationStep, Arc<CallRecord>)>,
    /// When the examination began.
    pub began: Millis,
    /// How long it has taken.
    pub took_ms: Millis,
}

impl Report {
    pub fn new(connection: Connection, examination: Examination, now: Millis) -> Self {
        Self { connection: Arc::new(connection), examination, calls: Vec::new(), began: now, took_ms: 0 }
    }

    /// Records what a step showed.
    pub fn note(&mut self, step: ExaminationStep, seen: Seen, call: Option<CallRecord>, now: Millis) {
        self.examination.note(step, seen);
        self.calls.extend(call.map(|call| (step, Arc::new(call))));
        self.took_ms = now.saturating_sub(self.began);
    }

    /// The call that a step made.
    pub fn record(&self, step: ExaminationStep) -> Option<Arc<CallRecord>> {
        self.calls.iter().find(|(made, _)| *made == step).map(|(_, call)| Arc::clone(call))
    }
}
