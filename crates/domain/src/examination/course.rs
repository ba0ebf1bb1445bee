//! Which calls are made, and in which order.
//!
//! Only calls that change nothing are made. Whether a browser may send a change therefore cannot be tested:
//! the browser sends its preflight right before the change itself, and the page cannot abort in between.

use super::{Check, Examination, ExaminationStep, Probe, Seen, Silence};
use crate::ConnectionKind;

impl Examination {
    /// The steps that follow from the results so far; the first one not yet made is next.
    pub(super) fn course(&self) -> Vec<ExaminationStep> {
        let first = self.first_step();
        let mut steps = vec![first];
        let is_heard = match self.seen(first) {
            Some(Seen::Answer(answer)) if answer.is_foreign_success() => return steps,
            Some(Seen::Answer(_)) => true,
            Some(Seen::Nothing(Silence::Lost)) if self.setting.crosses_sites() => {
                steps.push(ExaminationStep::ProbeOpaque);
                if !matches!(self.seen(ExaminationStep::ProbeOpaque), Some(Seen::Unreadable { .. })) {
                    return steps;
                }
                false
            }
            _ => return steps,
        };
        if !self.setting.has_key {
            return steps;
        }
        let Some(entry) = self.entry_step() else {
            // Nothing shows whether the key is accepted; the way there can still be examined.
            if is_heard {
                steps.extend(self.header_steps(0));
                steps.extend(self.relay_steps());
            }
            return steps;
        };
        if entry != first {
            steps.push(entry);
        }
        match self.seen(entry) {
            Some(Seen::Answer(answer)) if answer.is_ok() => {}
            Some(Seen::Answer(answer)) if answer.responder == super::Responder::Vendor => {
                // The relay itself works, whatever the vendor thinks of its key.
                steps.extend(self.relay_steps());
                return steps;
            }
            Some(Seen::Nothing(Silence::Lost) | Seen::Skipped) if is_heard && entry != first => {
                steps.extend(self.header_steps(0));
                return steps;
            }
            _ => return steps,
        }
        if is_heard {
            steps.extend(self.header_steps(self.setting.n_first_headers));
        }
        steps.extend(self.relay_steps());
        steps.extend((1..self.setting.probes.len()).map(ExaminationStep::Look));
        steps
    }

    /// Direct connections are probed without a key first, so that the key is only sent to the vendor.
    pub(super) fn first_step(&self) -> ExaminationStep {
        let is_direct = self.setting.kind == ConnectionKind::Direct;
        if is_direct || self.setting.probes.is_empty() {
            ExaminationStep::ProbeKeyless
        } else {
            ExaminationStep::Look(0)
        }
    }

    /// The call that shows whether the key is accepted.
    pub(super) fn entry_step(&self) -> Option<ExaminationStep> {
        match (self.setting.signs_in, self.setting.probes.is_empty()) {
            (true, _) => Some(ExaminationStep::SignIn),
            (false, false) => Some(ExaminationStep::Look(0)),
            (false, true) => None,
        }
    }

    fn header_steps(&self, from: usize) -> impl Iterator<Item = ExaminationStep> {
        let n = if self.setting.crosses_sites() { self.setting.headers.len() } else { 0 };
        (from..n).map(ExaminationStep::ProbeHeader)
    }

    fn relay_steps(&self) -> impl Iterator<Item = ExaminationStep> {
        let is_relay = self.setting.is_relay();
        // Cookies are not sent to other sites, so every call there is a stranger's.
        let stranger = (is_relay && self.setting.is_own_site).then_some(ExaminationStep::Anonymous);
        stranger.into_iter().chain(is_relay.then_some(ExaminationStep::Unlisted))
    }

    /// Every check that applies, in the order of the card.
    pub(super) fn checks(&self) -> Vec<Check> {
        let setting = &self.setting;
        let (crosses, is_relay) = (setting.crosses_sites(), setting.is_relay());
        let is_sandbox = setting.kind == ConnectionKind::Sandbox;
        let rest = [
            (!is_sandbox, Check::Address),
            (true, Check::Host),
            (crosses, Check::Readable),
            (crosses && !setting.headers.is_empty(), Check::Preflight),
            (crosses && !setting.methods.is_empty(), Check::Methods),
            (is_relay, Check::SignIn),
            (true, Check::Service),
            (is_relay, Check::Strangers),
            (is_relay, Check::Unlisted),
            (!is_sandbox, Check::Key),
        ];
        let mut checks: Vec<_> =
            rest.into_iter().filter(|(applies, _)| *applies).map(|(_, one)| one).collect();
        checks.extend(setting.probes.iter().copied().map(Check::Probe));
        if setting.probes.is_empty() {
            checks.push(Check::Rights);
        }
        checks.push(Check::Rates);
        if !is_sandbox {
            checks.push(Check::Clock);
        }
        checks
    }

    pub(super) fn step_of(&self, probe: Probe) -> Option<ExaminationStep> {
        self.setting.probes.iter().position(|one| *one == probe).map(ExaminationStep::Look)
    }
}
