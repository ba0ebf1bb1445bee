//! The way to the other side: address, host, and what the browser may do there.

use super::finding::code;
use super::{Check, Examination, Finding, Row, Seen, Silence, Standing, Step};
use crate::api_error::Origin;
use crate::{ApiError, ErrorClass};

impl Examination {
    /// What the first call showed.
    pub(super) fn first_seen(&self) -> Option<&Seen> {
        self.seen(self.first_step())
    }

    /// True if the host responds, whether or not the page may read it.
    pub(super) fn is_reached(&self) -> bool {
        matches!(self.first_seen(), Some(Seen::Answer(_)))
            || matches!(self.seen(Step::ProbeOpaque), Some(Seen::Unreadable { .. }))
    }

    /// A check that was not tried: it is pending, the examination was stopped, or a prerequisite failed.
    pub(super) fn untried(&self, check: Check, because: Finding) -> Row {
        if self.next().is_some() {
            Row::new(check, Standing::Waiting, Finding::ToCome)
        } else if self.was_stopped() {
            Row::new(check, Standing::NotTried, Finding::Stopped)
        } else {
            Row::new(check, Standing::NotTried, because)
        }
    }

    pub(super) fn silence(silence: Silence) -> ApiError {
        ApiError::new(ErrorClass::Unknown, Origin::Network, code(silence))
    }

    pub(super) fn address(&self) -> Row {
        let check = Check::Address;
        let failed = |finding, silence| {
            Row::failed(check, finding).by(self.first_step()).with_error(Some(Self::silence(silence)))
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
        let moved = [self.seen(Step::ProbeOpaque), self.entry_step().and_then(|step| self.seen(step))];
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
            (true, _) => Row::passed(check, Finding::AddressOwn),
            (false, true) => Row::passed(check, Finding::AddressFine),
            (false, false) => Row::new(check, Standing::ToKnow, Finding::AddressOpen),
        }
    }

    pub(super) fn host(&self) -> Row {
        let (check, first) = (Check::Host, self.first_step());
        let failed =
            |finding, silence| Row::failed(check, finding).by(first).with_error(Some(Self::silence(silence)));
        match self.first_seen() {
            Some(Seen::Answer(answer)) => Row::passed(check, Finding::HostAnswers(answer.took_ms)).by(first),
            Some(Seen::Nothing(Silence::Redirected)) => {
                // A redirect is a response too.
                self.untried(check, Finding::WaitsForReach)
            }
            Some(Seen::Nothing(silence @ Silence::Offline)) => failed(Finding::HostOffline, *silence),
            Some(Seen::Nothing(silence @ Silence::TimedOut)) => failed(Finding::HostLate, *silence),
            Some(Seen::Nothing(Silence::TooBusy(wait_ms))) => {
                Row::new(check, Standing::NotTried, Finding::NoRoom(*wait_ms))
            }
            Some(Seen::Nothing(silence @ Silence::Lost)) => match self.seen(Step::ProbeOpaque) {
                Some(Seen::Unreadable { took_ms }) => Row::passed(check, Finding::HostAnswers(*took_ms)),
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
            Some(Seen::Unreadable { took_ms }) => Row::passed(check, Finding::HostAnswers(*took_ms)),
            Some(Seen::Skipped) | None => self.untried(check, Finding::CannotTell),
        }
    }

    pub(super) fn readable(&self) -> Row {
        let check = Check::Readable;
        let entry = self.entry_step();
        if matches!(self.first_seen(), Some(Seen::Answer(_))) {
            return Row::passed(check, Finding::ReadableYes).by(self.first_step());
        }
        if let Some(step) = entry.filter(|step| self.answer(*step).is_some()) {
            return Row::new(check, Standing::ToKnow, Finding::ReadableIfGood).by(step);
        }
        let is_tried = entry.is_none_or(|step| self.seen(step).is_some()) || !self.setting.has_key;
        if self.is_reached() && is_tried {
            return Row::failed(check, Finding::ReadableNo).by(self.first_step());
        }
        self.untried(check, Finding::WaitsForReach)
    }

    pub(super) fn preflight(&self) -> Row {
        let check = Check::Preflight;
        let headers = &self.setting.headers;
        let entry = self.entry_step();
        // An answered call shows that its headers are accepted. A keyless probe carries none.
        let n_shown = if entry.is_some_and(|step| self.answer(step).is_some()) {
            self.setting.n_first_headers
        } else {
            0
        };
        let has_passed = |at: usize| match self.seen(Step::ProbeHeader(at)) {
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
        let first_refused = told.iter().position(|told| *told == Some(false)).map(Step::ProbeHeader);
        let row = match (names(false), names(true)) {
            (refused, passed) if refused.is_empty() => Row::passed(check, Finding::HeadersPass(passed)),
            (refused, passed) if passed.is_empty() && refused.len() > 1 => {
                Row::failed(check, Finding::HeadersNone(refused))
            }
            (refused, passed) => Row::failed(check, Finding::HeadersRefused(refused, passed)),
        };
        match first_refused.or(entry) {
            Some(step) => row.by(step),
            None => row,
        }
    }

    pub(super) fn methods(&self) -> Row {
        let methods = self.setting.methods.clone();
        Row::new(Check::Methods, Standing::NotTried, Finding::MethodsUntried(methods))
    }
}
