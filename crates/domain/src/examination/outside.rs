//! The way to the other side: address, host, and what the browser may do there.

use super::finding::code;
use super::{Check, CheckResult, CheckStatus, Examination, ExaminationStep, Finding, Seen, Silence};
use crate::api_error::ErrorOrigin;
use crate::{ApiError, ErrorClass};

impl Examination {
    /// What the first call showed.
    pub(super) fn first_seen(&self) -> Option<&Seen> {
        self.seen(self.first_step())
    }

    /// True if the host responds, whether or not the page may read it.
    pub(super) fn is_reached(&self) -> bool {
        matches!(self.first_seen(), Some(Seen::Answer(_)))
            || matches!(self.seen(ExaminationStep::ProbeOpaque), Some(Seen::Unreadable { .. }))
    }

    /// A check that was not tried: it is pending, the examination was stopped, or a prerequisite failed.
    pub(super) fn untried(&self, check: Check, because: Finding) -> CheckResult {
        if self.next().is_some() {
            CheckResult::new(check, CheckStatus::Waiting, Finding::ToCome)
        } else if self.was_stopped() {
            CheckResult::new(check, CheckStatus::NotTried, Finding::Stopped)
        } else {
            CheckResult::new(check, CheckStatus::NotTried, because)
        }
    }

    pub(super) fn silence(silence: Silence) -> ApiError {
        ApiError::new(ErrorClass::Unknown, ErrorOrigin::Network, code(silence))
    }

    pub(super) fn address(&self) -> CheckResult {
        let check = Check::Address;
        let failed = |finding, silence| {
            CheckResult::failed(check, finding).by(self.first_step()).with_error(Some(Self::silence(silence)))
        };
        let is_own_relay = self.setting.is_relay() && self.setting.is_own_site;
        match self.first_seen() {
            Some(Seen::Nothing(silence @ Silence::Blocked)) => {
                return failed(Finding::AddressBlocked, *silence);
            }
            Some(Seen::Nothing(silence @ Silence::Insecure)) => {
                return failed(Finding::AddressInsecure, *silence);
            }
            // A relay of the console itself redirects when its sign-in has expired.
            Some(Seen::Nothing(silence @ Silence::Redirected)) if !is_own_relay => {
                return failed(Finding::AddressMoved, *silence);
            }
            _ => {}
        }
        // The first call was allowed; the redirect or block concerns its target.
        let moved =
            [self.seen(ExaminationStep::ProbeOpaque), self.entry_step().and_then(|step| self.seen(step))];
        for seen in moved.into_iter().flatten() {
            if let (Seen::Nothing(silence @ (Silence::Blocked | Silence::Redirected)), false) =
                (seen, is_own_relay)
            {
                return failed(Finding::AddressMoved, *silence);
            }
        }
        if self.first_seen().is_none() {
            return self.untried(check, Finding::CannotTell);
        }
        match (self.setting.is_own_site, self.setting.is_private) {
            (true, _) => CheckResult::passed(check, Finding::AddressOwn),
            (false, true) => CheckResult::passed(check, Finding::AddressFine),
            (false, false) => CheckResult::new(check, CheckStatus::ToKnow, Finding::AddressOpen),
        }
    }

    pub(super) fn host(&self) -> CheckResult {
        let (check, first) = (Check::Host, self.first_step());
        let failed = |finding, silence| {
            CheckResult::failed(check, finding).by(first).with_error(Some(Self::silence(silence)))
        };
        match self.first_seen() {
            Some(Seen::Answer(answer)) => {
                CheckResult::passed(check, Finding::HostAnswers(answer.took_ms)).by(first)
            }
            Some(Seen::Nothing(Silence::Redirected)) => {
                // A redirect is a response too.
                self.untried(check, Finding::WaitsForReach)
            }
            Some(Seen::Nothing(silence @ Silence::Offline)) => failed(Finding::HostOffline, *silence),
            Some(Seen::Nothing(silence @ Silence::TimedOut)) => failed(Finding::HostLate, *silence),
            Some(Seen::Nothing(Silence::TooBusy(wait_ms))) => {
                CheckResult::new(check, CheckStatus::NotTried, Finding::NoRoom(*wait_ms))
            }
            Some(Seen::Nothing(silence @ Silence::Lost)) => match self.seen(ExaminationStep::ProbeOpaque) {
                Some(Seen::Unreadable { took_ms }) => {
                    CheckResult::passed(check, Finding::HostAnswers(*took_ms))
                }
                Some(Seen::Nothing(Silence::TimedOut)) => failed(Finding::HostLate, Silence::TimedOut),
                Some(Seen::Nothing(Silence::Blocked | Silence::Redirected)) => {
                    self.untried(check, Finding::WaitsForReach)
                }
                Some(_) => failed(Finding::HostDead, *silence),
                None if self.setting.crosses_sites() => self.untried(check, Finding::CannotTell),
                None => failed(Finding::HostDead, *silence),
            },
            Some(Seen::Nothing(Silence::Blocked | Silence::Insecure)) => {
                self.untried(check, Finding::WaitsForReach)
            }
            Some(Seen::Unreadable { took_ms }) => CheckResult::passed(check, Finding::HostAnswers(*took_ms)),
            Some(Seen::Skipped) | None => self.untried(check, Finding::CannotTell),
        }
    }

    pub(super) fn readable(&self) -> CheckResult {
        let check = Check::Readable;
        let entry = self.entry_step();
        if matches!(self.first_seen(), Some(Seen::Answer(_))) {
            return CheckResult::passed(check, Finding::ReadableYes).by(self.first_step());
        }
        if let Some(step) = entry.filter(|step| self.answer(*step).is_some()) {
            return CheckResult::new(check, CheckStatus::ToKnow, Finding::ReadableIfGood).by(step);
        }
        let is_tried = entry.is_none_or(|step| self.seen(step).is_some()) || !self.setting.has_key;
        if self.is_reached() && is_tried {
            return CheckResult::failed(check, Finding::ReadableNo).by(self.first_step());
        }
        self.untried(check, Finding::WaitsForReach)
    }

    pub(super) fn preflight(&self) -> CheckResult {
        let check = Check::Preflight;
        let headers = &self.setting.headers;
        let entry = self.entry_step();
        // An answered call shows that its headers are accepted. A keyless probe carries none.
        let n_shown = if entry.is_some_and(|step| self.answer(step).is_some()) {
            self.setting.n_first_headers
        } else {
            0
        };
        let has_passed = |at: usize| match self.seen(ExaminationStep::ProbeHeader(at)) {
            Some(Seen::Answer(_)) => Some(true),
            Some(Seen::Nothing(Silence::Lost)) => Some(false),
            _ => (at < n_shown).then_some(true),
        };
        let told: Vec<_> = (0..headers.len()).map(has_passed).collect();
        if told.iter().any(Option::is_none) {
            let because = if self.is_reached() { Finding::CannotTell } else { Finding::WaitsForReach };
            return self.untried(check, because);
        }
        let names = |passes: bool| -> Vec<Box<str>> {
            let those = headers.iter().zip(&told).filter(|(_, told)| **told == Some(passes));
            those.map(|(name, _)| name.clone()).collect()
        };
        let first_refused =
            told.iter().position(|told| *told == Some(false)).map(ExaminationStep::ProbeHeader);
        let row = match (names(false), names(true)) {
            (refused, passed) if refused.is_empty() => {
                CheckResult::passed(check, Finding::HeadersPass(passed))
            }
            (refused, passed) if passed.is_empty() && refused.len() > 1 => {
                CheckResult::failed(check, Finding::HeadersNone(refused))
            }
            (refused, passed) => CheckResult::failed(check, Finding::HeadersRefused(refused, passed)),
        };
        match first_refused.or(entry) {
            Some(step) => row.by(step),
            None => row,
        }
    }

    pub(super) fn methods(&self) -> CheckResult {
        let methods = self.setting.methods.clone();
        CheckResult::new(Check::Methods, CheckStatus::NotTried, Finding::MethodsUntried(methods))
    }
}
