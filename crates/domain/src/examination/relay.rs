//! What a relay does: which clients it accepts, and what it forwards.

use super::{
    Check, CheckResult, CheckStatus, Examination, ExaminationStep, Finding, RelaySays, Responder, Seen,
    Silence,
};

impl Examination {
    /// True if the relay requires signing in.
    pub(super) fn is_signed_out(&self) -> bool {
        self.setting.is_relay() && self.sign_in().standing == CheckStatus::Failed
    }

    pub(super) fn sign_in(&self) -> CheckResult {
        let (check, first) = (Check::SignIn, self.first_step());
        match self.first_seen() {
            Some(Seen::Nothing(silence @ Silence::Redirected)) if self.setting.is_own_site => {
                CheckResult::failed(check, Finding::SignInOver)
                    .by(first)
                    .with_error(Some(Self::silence(*silence)))
            }
            Some(Seen::Answer(answer)) if answer.asks_to_sign_in() => {
                CheckResult::failed(check, Finding::SignInAsked).by(first).with_status(answer.status)
            }
            Some(Seen::Answer(answer))
                if answer.responder == Responder::Page && answer.is_foreign_success() =>
            {
                CheckResult::failed(check, Finding::SignInPage).by(first).with_status(answer.status)
            }
            Some(Seen::Answer(answer)) if answer.responder == Responder::OwnPage => {
                self.untried(check, Finding::WaitsForReach)
            }
            // A relay may refuse a path before it checks the sign-in.
            Some(Seen::Answer(answer)) if answer.responder == Responder::Relay(RelaySays::Refused) => {
                self.untried(check, Finding::CannotTell)
            }
            Some(Seen::Answer(_)) => CheckResult::passed(check, Finding::LetIn).by(first),
            _ => self.untried(check, Finding::WaitsForReach),
        }
    }

    pub(super) fn anonymous(&self) -> CheckResult {
        let check = Check::Strangers;
        if !self.setting.is_own_site
            && self.answer(ExaminationStep::Look(0)).is_some_and(super::ProbeResponse::is_ok)
        {
            return CheckResult::new(check, CheckStatus::ToKnow, Finding::StrangersIn)
                .by(ExaminationStep::Look(0));
        }
        match self.seen(ExaminationStep::Anonymous) {
            Some(Seen::Answer(answer)) if answer.asks_to_sign_in() || answer.is_foreign_success() => {
                CheckResult::passed(check, Finding::StrangersOut)
                    .by(ExaminationStep::Anonymous)
                    .with_status(answer.status)
            }
            Some(Seen::Answer(answer)) if answer.responder == Responder::Vendor => {
                let row = CheckResult::new(check, CheckStatus::ToKnow, Finding::StrangersIn);
                row.by(ExaminationStep::Anonymous).with_status(answer.status)
            }
            Some(Seen::Nothing(Silence::Redirected)) => {
                CheckResult::passed(check, Finding::StrangersOut).by(ExaminationStep::Anonymous)
            }
            Some(_) => CheckResult::new(check, CheckStatus::NotTried, Finding::CannotTell),
            None => self.untried(check, self.behind_the_relay()),
        }
    }

    pub(super) fn unlisted(&self) -> CheckResult {
        let check = Check::Unlisted;
        match self.seen(ExaminationStep::Unlisted) {
            Some(Seen::Answer(answer)) if answer.responder == Responder::Vendor => {
                CheckResult::failed(check, Finding::UnlistedIn)
                    .by(ExaminationStep::Unlisted)
                    .with_status(answer.status)
            }
            // Below 500, the relay itself refused; other errors mean that it forwarded the call without
            // reaching the vendor.
            Some(Seen::Answer(answer)) if answer.status < 500 => {
                CheckResult::passed(check, Finding::UnlistedOut)
                    .by(ExaminationStep::Unlisted)
                    .with_status(answer.status)
            }
            Some(_) => CheckResult::new(check, CheckStatus::NotTried, Finding::CannotTell),
            None => self.untried(check, self.behind_the_relay()),
        }
    }

    /// What a check waits for that follows the relay's sign-in.
    pub(super) fn behind_the_relay(&self) -> Finding {
        if self.is_signed_out() { Finding::WaitsForSignIn } else { Finding::WaitsForReach }
    }
}
