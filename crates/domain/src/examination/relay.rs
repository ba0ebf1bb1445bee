//! What a relay does: which clients it accepts, and what it forwards.

use super::{Check, Examination, Finding, RelaySays, Responder, Row, Seen, Silence, Standing, Step};

impl Examination {
    /// True if the relay requires signing in.
    pub(super) fn is_signed_out(&self) -> bool {
        self.setting.is_relay() && self.sign_in().standing == Standing::Failed
    }

    pub(super) fn sign_in(&self) -> Row {
        let (check, first) = (Check::SignIn, self.first_step());
        match self.first_seen() {
            Some(Seen::Nothing(silence @ Silence::Redirected)) if self.setting.is_own_site => {
                Row::failed(check, Finding::SignInOver).by(first).with_error(Some(Self::silence(*silence)))
            }
            Some(Seen::Answer(answer)) if answer.asks_to_sign_in() => {
                Row::failed(check, Finding::SignInAsked).by(first).with_status(answer.status)
            }
            Some(Seen::Answer(answer))
                if answer.responder == Responder::Page && answer.is_foreign_success() =>
            {
                Row::failed(check, Finding::SignInPage).by(first).with_status(answer.status)
            }
            Some(Seen::Answer(answer)) if answer.responder == Responder::OwnPage => {
                self.untried(check, Finding::WaitsForReach)
            }
            // A relay may refuse a path before it checks the sign-in.
            Some(Seen::Answer(answer)) if answer.responder == Responder::Relay(RelaySays::Refused) => {
                self.untried(check, Finding::CannotTell)
            }
            Some(Seen::Answer(_)) => Row::passed(check, Finding::LetIn).by(first),
            _ => self.untried(check, Finding::WaitsForReach),
        }
    }

    pub(super) fn anonymous(&self) -> Row {
        let check = Check::Strangers;
        if !self.setting.is_own_site && self.answer(Step::Look(0)).is_some_and(super::Answer::is_ok) {
            return Row::new(check, Standing::ToKnow, Finding::StrangersIn).by(Step::Look(0));
        }
        match self.seen(Step::Anonymous) {
            Some(Seen::Answer(answer)) if answer.asks_to_sign_in() || answer.is_foreign_success() => {
                Row::passed(check, Finding::StrangersOut).by(Step::Anonymous).with_status(answer.status)
            }
            Some(Seen::Answer(answer)) if answer.responder == Responder::Vendor => {
                let row = Row::new(check, Standing::ToKnow, Finding::StrangersIn);
                row.by(Step::Anonymous).with_status(answer.status)
            }
            Some(Seen::Nothing(Silence::Redirected)) => {
                Row::passed(check, Finding::StrangersOut).by(Step::Anonymous)
            }
            Some(_) => Row::new(check, Standing::NotTried, Finding::CannotTell),
            None => self.untried(check, self.behind_the_relay()),
        }
    }

    pub(super) fn unlisted(&self) -> Row {
        let check = Check::Unlisted;
        match self.seen(Step::Unlisted) {
            Some(Seen::Answer(answer)) if answer.responder == Responder::Vendor => {
                Row::failed(check, Finding::UnlistedIn).by(Step::Unlisted).with_status(answer.status)
            }
            // Below 500, the relay itself refused; other errors mean that it forwarded the call without
            // reaching the vendor.
            Some(Seen::Answer(answer)) if answer.status < 500 => {
                Row::passed(check, Finding::UnlistedOut).by(Step::Unlisted).with_status(answer.status)
            }
            Some(_) => Row::new(check, Standing::NotTried, Finding::CannotTell),
            None => self.untried(check, self.behind_the_relay()),
        }
    }

    /// What a check waits for that follows the relay's sign-in.
    pub(super) fn behind_the_relay(&self) -> Finding {
        if self.is_signed_out() { Finding::WaitsForSignIn } else { Finding::WaitsForReach }
    }
}
