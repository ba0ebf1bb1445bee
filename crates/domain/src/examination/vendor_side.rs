//! What the vendor's own responses show: its identity, the key and its permissions, rate limits, clock.

use super::{
    Blame, Check, CheckResult, CheckStatus, Examination, ExaminationStep, Finding, Probe, ProbeResponse,
    RelaySays, Responder, Seen, Silence,
};
use crate::ConsoleCode;
use crate::api_error::ErrorOrigin;

/// A clock that is off by more than this, in milliseconds, is reported.
const CLOCK_TOLERANCE_MS: u64 = 60_000;

impl Examination {
    /// The response that best identifies the sender: to the call with the key, otherwise to the first call.
    fn telling(&self) -> Option<(ExaminationStep, &ProbeResponse)> {
        let steps = [self.entry_step(), Some(self.first_step())];
        steps.into_iter().flatten().find_map(|step| Some((step, self.answer(step)?)))
    }

    pub(super) fn service(&self) -> CheckResult {
        let check = Check::Service;
        let Some((step, answer)) = self.telling() else {
            let because = if self.is_reached() { Finding::CannotTell } else { Finding::WaitsForReach };
            return self.untried(check, if self.is_signed_out() { Finding::WaitsForSignIn } else { because });
        };
        let failed = |finding| {
            let error = answer.error.as_ref().map(|(_, error)| error.clone());
            CheckResult::failed(check, finding).by(step).with_status(answer.status).with_error(error)
        };
        let is_relay = self.setting.is_relay();
        // Of a relay to a vendor without reads, only a refused method can be seen.
        let is_blind = is_relay && self.setting.probes.is_empty();
        match answer.responder {
            _ if answer.blame() == Some(Blame::App) => failed(Finding::AppUnknown),
            Responder::Vendor => match &answer.error {
                Some((_, error)) if error.origin == ErrorOrigin::Decoding => failed(Finding::Unreadable),
                _ => CheckResult::passed(check, Finding::IsVendor).by(step).with_status(answer.status),
            },
            Responder::OwnPage => failed(Finding::OwnPage),
            Responder::Relay(RelaySays::Refused) if is_blind => {
                CheckResult::passed(check, Finding::RelayThere).by(step)
            }
            Responder::Relay(RelaySays::Refused) => failed(Finding::RelayHasNoWay),
            Responder::Relay(RelaySays::NoAnswer) => failed(Finding::RelayBroken),
            _ if is_relay && self.is_signed_out() => self.untried(check, Finding::WaitsForSignIn),
            Responder::Page if answer.is_foreign_success() => failed(Finding::WebPage),
            _ if answer.is_foreign_success() => match &answer.error {
                Some((_, error)) if error.origin == ErrorOrigin::Decoding => failed(Finding::Unreadable),
                _ => failed(Finding::OtherService),
            },
            Responder::Relay(_) | Responder::Page | Responder::Other => match answer.status {
                502..=504 if is_relay => failed(Finding::RelayBroken),
                404 | 405 if is_relay && !is_blind => failed(Finding::RelayHasNoWay),
                404 | 405 if !is_relay && step != ExaminationStep::ProbeKeyless => {
                    failed(Finding::OtherService)
                }
                _ => self.untried(check, Finding::CannotTell),
            },
        }
    }

    pub(super) fn key(&self) -> CheckResult {
        let check = Check::Key;
        if !self.setting.has_key {
            return self.untried(check, Finding::KeyMissing);
        }
        let Some(entry) = self.entry_step() else {
            return self.untried(check, Finding::NothingReadable);
        };
        match self.seen(entry) {
            Some(Seen::Answer(answer)) => self.key_by(entry, answer),
            Some(Seen::Nothing(Silence::TooBusy(wait_ms))) => {
                CheckResult::new(check, CheckStatus::NotTried, Finding::NoRoom(*wait_ms))
            }
            // The call with the key failed, and not because of one of its headers.
            Some(Seen::Nothing(silence @ (Silence::Lost | Silence::TimedOut)))
                if entry != self.first_step()
                    && matches!(self.first_seen(), Some(Seen::Answer(_)))
                    && self.next().is_none()
                    && self.preflight().standing != CheckStatus::Failed =>
            {
                CheckResult::failed(check, Finding::KeyUnclear)
                    .by(entry)
                    .with_error(Some(Self::silence(*silence)))
            }
            // There was nothing to exchange: tokens are used as they are.
            Some(Seen::Skipped) => self.untried(check, Finding::NothingReadable),
            _ => self.untried(check, self.behind_the_relay()),
        }
    }

    fn key_by(&self, entry: ExaminationStep, answer: &ProbeResponse) -> CheckResult {
        let check = Check::Key;
        let passed = || CheckResult::passed(check, Finding::KeyAccepted).by(entry).with_status(answer.status);
        let Some((blame, error)) = &answer.error else {
            return if answer.is_ok() { passed() } else { self.untried(check, self.behind_the_relay()) };
        };
        let failed = |finding| {
            CheckResult::failed(check, finding)
                .by(entry)
                .with_status(answer.status)
                .with_error(Some(error.clone()))
        };
        match (blame, error.origin) {
            _ if error.is(ConsoleCode::AuthNoToken) => failed(Finding::TokenHidden),
            (_, ErrorOrigin::Decoding) | (Blame::App, _) => self.untried(check, Finding::WaitsForReach),
            // A relay's own refusal says nothing about the key behind it.
            _ if answer.responder != Responder::Vendor && self.setting.is_relay() => {
                self.untried(check, self.behind_the_relay())
            }
            (Blame::Rights, _) => passed(),
            (Blame::Key, _) => failed(Finding::KeyRefused),
            (Blame::Other, _) => failed(Finding::KeyUnclear),
        }
    }

    pub(super) fn probe(&self, probe: Probe) -> CheckResult {
        let check = Check::Probe(probe);
        let Some(step) = self.step_of(probe) else { return self.untried(check, Finding::CannotTell) };
        match self.seen(step) {
            Some(Seen::Answer(answer)) => {
                let row = |standing, finding| {
                    CheckResult::new(check, standing, finding).by(step).with_status(answer.status)
                };
                match (&answer.error, &answer.name) {
                    (None, Some(name)) => row(CheckStatus::Passed, Finding::CanNamed(name.clone())),
                    (None, None) if answer.is_ok() => row(CheckStatus::Passed, Finding::Can),
                    // A failure of the first look is reported by the check it concerns.
                    (Some((blame, _)), _) if step == ExaminationStep::Look(0) && *blame != Blame::Rights => {
                        self.untried(check, self.waits_for())
                    }
                    (None, None) => self.untried(check, self.waits_for()),
                    (Some((_, error)), _) => {
                        row(CheckStatus::Failed, Finding::Cannot).with_error(Some(error.clone()))
                    }
                }
            }
            Some(Seen::Nothing(Silence::TooBusy(wait_ms))) => {
                CheckResult::new(check, CheckStatus::NotTried, Finding::NoRoom(*wait_ms))
            }
            Some(Seen::Nothing(silence)) if step != ExaminationStep::Look(0) => {
                CheckResult::failed(check, Finding::Cannot).by(step).with_error(Some(Self::silence(*silence)))
            }
            Some(Seen::Skipped) => CheckResult::new(check, CheckStatus::NotTried, Finding::NothingThere),
            _ => self.untried(check, self.waits_for()),
        }
    }

    /// What the remaining reads wait for.
    fn waits_for(&self) -> Finding {
        let entry = self.entry_step().and_then(|step| self.answer(step));
        match entry {
            _ if !self.setting.has_key => Finding::WaitsForKey,
            Some(answer) if answer.blame() == Some(Blame::Rights) => Finding::WaitsForRights,
            Some(answer) if answer.responder == Responder::Vendor && answer.blame() != Some(Blame::App) => {
                Finding::WaitsForKey
            }
            _ => self.behind_the_relay(),
        }
    }

    pub(super) fn rates(&self) -> CheckResult {
        let check = Check::Rates;
        let answers: Vec<_> =
            self.answers().filter(|(_, answer)| answer.responder == Responder::Vendor).collect();
        let known = answers.iter().rev().find(|(_, answer)| !answer.rates.is_empty());
        if let Some((step, answer)) = known {
            let read = CheckResult::passed(check, Finding::RatesRead(answer.rates.clone()));
            let small = self.setting.small_limit;
            let row = match (answer.limit, small) {
                (Some(limit), Some(small)) if limit <= small && !self.setting.is_small_plan => {
                    CheckResult::new(check, CheckStatus::ToKnow, Finding::RatesSmall(limit))
                }
                (Some(limit), Some(small)) if limit > small && self.setting.is_small_plan => {
                    CheckResult::new(check, CheckStatus::ToKnow, Finding::RatesLarge(limit))
                }
                _ => read,
            };
            return row.by(*step);
        }
        if !answers.iter().any(|(step, _)| Some(*step) == self.entry_step()) && self.entry_step().is_some() {
            return self.untried(check, self.waits_for());
        }
        if answers.is_empty() {
            return self.untried(check, self.waits_for());
        }
        if self.next().is_some() {
            return self.untried(check, Finding::CannotTell);
        }
        let shows_all = !self.setting.crosses_sites() || answers.iter().any(|(_, answer)| answer.shows_more);
        match (self.setting.documents_rates, shows_all) {
            (false, _) => CheckResult::passed(check, Finding::RatesUndocumented),
            (true, true) => CheckResult::passed(check, Finding::RatesNone),
            (true, false) => CheckResult::new(check, CheckStatus::ToKnow, Finding::RatesHidden),
        }
    }

    pub(super) fn clock(&self) -> CheckResult {
        let check = Check::Clock;
        // The quickest response is the most accurate.
        let told = self.answers().filter_map(|(step, answer)| Some((answer.took_ms, step, answer.ahead_ms?)));
        let Some((_, step, ahead_ms)) = told.min() else {
            let because =
                if self.answers().next().is_some() { Finding::CannotTell } else { Finding::WaitsForReach };
            return self.untried(check, because);
        };
        let off_ms = ahead_ms.unsigned_abs();
        let row = match (off_ms > CLOCK_TOLERANCE_MS, ahead_ms > 0) {
            (false, _) => CheckResult::passed(check, Finding::ClockRight(off_ms)),
            (true, true) => CheckResult::new(check, CheckStatus::ToKnow, Finding::ClockAhead(off_ms)),
            (true, false) => CheckResult::new(check, CheckStatus::ToKnow, Finding::ClockBehind(off_ms)),
        };
        row.by(step)
    }
}
