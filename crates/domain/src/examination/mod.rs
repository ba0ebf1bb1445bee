//! Examining a connection: which harmless calls to make, and what their responses mean.
//!
//! An [`Examination`] returns the next [`ExaminationStep`] and is told what was [`Seen`]. Its
//! [`CheckResult`]s are derived from that anew each time, so equal responses always give equal findings. No step changes anything at a vendor,
//! and no key is sent before the address has answered.

mod course;
mod finding;
mod outside;
mod relay;
mod seen;
mod setting;
mod vendor_side;

pub use finding::{CheckResult, CheckStatus, Finding, ResultCounts};
pub use seen::{Blame, ProbeResponse, RelaySays, Responder, Seen, Silence};
pub use setting::{ExaminationSetting, Probe};

/// One harmless call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExaminationStep {
    /// A GET without key or custom headers, which browsers send without a preflight.
    ProbeKeyless,
    /// The same in `no-cors` mode: the page only learns whether there is a response.
    ProbeOpaque,
    /// The same with one custom header, without a key: browsers send a preflight first.
    ProbeHeader(usize),
    /// Exchanges key and secret for a token, which is discarded.
    SignIn,
    /// Reads the [`Probe`] with this index.
    Look(usize),
    /// Calls a relay without this browser's cookies.
    Anonymous,
    /// A GET of an undocumented path, which a relay should not forward.
    Unlisted,
}

/// One check; a line of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Whether this page may call the address, and whether it is secure and does not redirect.
    Address,
    /// Whether the host responds.
    Host,
    /// Whether this page may read the responses.
    Readable,
    /// Whether the host accepts the headers that calls need.
    Preflight,
    /// Whether it accepts the methods that changes need.
    Methods,
    /// Whether the relay accepts this browser's sign-in.
    SignIn,
    /// Whether the responses come from the vendor.
    Service,
    /// Whether the relay refuses clients that are not signed in.
    Strangers,
    /// Whether the relay refuses undocumented paths.
    Unlisted,
    /// Whether the key is accepted.
    Key,
    /// Whether the key may read this.
    Probe(Probe),
    /// What the key may do, if nothing can be read.
    Rights,
    /// Which rate limit headers can be read.
    Rates,
    /// Whether this device's clock agrees with the other side.
    Clock,
}

/// The examination of one connection, and what was seen so far.
#[derive(Clone, Debug)]
pub struct Examination {
    setting: ExaminationSetting,
    seen: Vec<(ExaminationStep, Seen)>,
    is_stopped: bool,
}

impl Examination {
    /// Starts an examination.
    pub fn new(setting: ExaminationSetting) -> Self {
        Self { setting, seen: Vec::new(), is_stopped: false }
    }

    /// The connection's setting.
    pub fn setting(&self) -> &ExaminationSetting {
        &self.setting
    }

    /// The next call; `None` at the end.
    pub fn next(&self) -> Option<ExaminationStep> {
        if self.is_stopped {
            return None;
        }
        self.course().into_iter().find(|step| self.seen(*step).is_none())
    }

    /// Records what a call showed. Only the first result of a step counts.
    pub fn note(&mut self, step: ExaminationStep, seen: Seen) {
        if self.seen(step).is_none() {
            self.seen.push((step, seen));
        }
    }

    /// Ends the examination.
    pub fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// True if it was stopped before the end.
    pub(crate) fn was_stopped(&self) -> bool {
        self.is_stopped && self.course().into_iter().any(|step| self.seen(step).is_none())
    }

    /// The number of calls that left this browser.
    pub fn n_calls(&self) -> usize {
        self.seen.iter().filter(|(_, seen)| seen.was_sent()).count()
    }

    /// Every check with its result, ordered by dependency.
    pub fn rows(&self) -> Vec<CheckResult> {
        self.checks().into_iter().map(|check| self.row(check)).collect()
    }

    fn row(&self, check: Check) -> CheckResult {
        match check {
            Check::Address => self.address(),
            Check::Host => self.host(),
            Check::Readable => self.readable(),
            Check::Preflight => self.preflight(),
            Check::Methods => self.methods(),
            Check::SignIn => self.sign_in(),
            Check::Service => self.service(),
            Check::Strangers => self.anonymous(),
            Check::Unlisted => self.unlisted(),
            Check::Key => self.key(),
            Check::Probe(probe) => self.probe(probe),
            Check::Rights => CheckResult::new(check, CheckStatus::NotTried, Finding::NothingReadable),
            Check::Rates => self.rates(),
            Check::Clock => self.clock(),
        }
    }

    /// What a step showed, if it was made.
    pub fn seen(&self, step: ExaminationStep) -> Option<&Seen> {
        self.seen.iter().find(|(other, _)| *other == step).map(|(_, seen)| seen)
    }

    fn answer(&self, step: ExaminationStep) -> Option<&ProbeResponse> {
        match self.seen(step) {
            Some(Seen::Answer(answer)) => Some(answer),
            _ => None,
        }
    }

    /// Every readable response, in order.
    fn answers(&self) -> impl Iterator<Item = (ExaminationStep, &ProbeResponse)> {
        self.seen.iter().filter_map(|(step, seen)| match seen {
            Seen::Answer(answer) => Some((*step, &**answer)),
            _ => None,
        })
    }
}
