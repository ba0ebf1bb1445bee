//! Examining a connection: which harmless calls to make, and what their answers mean.
//!
//! An [`Examination`] is asked for the [`Step`] that comes next and told what was [`Seen`]; its [`Row`]s are
//! worked out of that anew each time, so that the same answers always give the same findings. No step changes
//! anything at a vendor, and none carries a key before somebody answered at the address.

mod course;
mod finding;
mod outside;
mod relay;
mod seen;
mod setting;
mod vendor_side;

pub use finding::{Counts, Finding, Row, Standing};
pub use seen::{Answer, Blame, RelaySays, Seen, Silence, Voice};
pub use setting::{Setting, Sight};

/// One harmless call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A GET without key and without a header of one's own: browsers send it without asking first.
    Knock,
    /// The same, of whose answer a page sees only that there is one.
    KnockBlind,
    /// The same with one header, without a key: browsers ask first whether they may send that header.
    KnockWith(usize),
    /// Exchanges key and secret for a token, which is thrown away.
    SignIn,
    /// Reads what the [`Sight`] with this number is about.
    Look(usize),
    /// Knocks at a relay without what this browser is known by.
    Stranger,
    /// A GET of a path that nobody documents, which a relay should not hand on.
    Unlisted,
}

/// One thing that is looked at; a line of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// May this page call the address, is it secure, does it stay where it is?
    Address,
    /// Does somebody answer?
    Host,
    /// May this page read what is answered?
    Readable,
    /// Does the host let browsers send the headers that calls need?
    Preflight,
    /// Does it let them use the methods that changes need?
    Methods,
    /// Does the relay let this browser in?
    SignIn,
    /// Is it the vendor who answers?
    Service,
    /// Does the relay keep out who is not signed in?
    Strangers,
    /// Does the relay keep back what nobody documents?
    Unlisted,
    /// Is the key accepted?
    Key,
    /// May the key read this?
    Sight(Sight),
    /// May the key do anything, where nothing can be read?
    Rights,
    /// Which headers about the pace can be read?
    Rates,
    /// Does this device agree with the other side about the time?
    Clock,
}

/// What was looked at so far, of one connection.
#[derive(Clone, Debug)]
pub struct Examination {
    setting: Setting,
    seen: Vec<(Step, Seen)>,
    is_stopped: bool,
}

impl Examination {
    /// Begins.
    pub fn new(setting: Setting) -> Self {
        Self { setting, seen: Vec::new(), is_stopped: false }
    }

    /// What it is about.
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// The call to make now; `None` when all is said.
    pub fn next(&self) -> Option<Step> {
        if self.is_stopped {
            return None;
        }
        self.course().into_iter().find(|step| self.seen(*step).is_none())
    }

    /// Takes in what a call showed. What was seen once is not seen otherwise by a second time.
    pub fn note(&mut self, step: Step, seen: Seen) {
        if self.seen(step).is_none() {
            self.seen.push((step, seen));
        }
    }

    /// Ends it here.
    pub fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// True if somebody ended it before all was said.
    pub fn was_stopped(&self) -> bool {
        self.is_stopped && self.course().into_iter().any(|step| self.seen(step).is_none())
    }

    /// How many calls left this browser.
    pub fn n_calls(&self) -> usize {
        self.seen.iter().filter(|(_, seen)| seen.was_sent()).count()
    }

    /// Every check with how it stands, in the order in which they depend on each other.
    pub fn rows(&self) -> Vec<Row> {
        self.checks().into_iter().map(|check| self.row(check)).collect()
    }

    fn row(&self, check: Check) -> Row {
        match check {
            Check::Address => self.address(),
            Check::Host => self.host(),
            Check::Readable => self.readable(),
            Check::Preflight => self.preflight(),
            Check::Methods => self.methods(),
            Check::SignIn => self.sign_in(),
            Check::Service => self.service(),
            Check::Strangers => self.strangers(),
            Check::Unlisted => self.unlisted(),
            Check::Key => self.key(),
            Check::Sight(sight) => self.sight(sight),
            Check::Rights => Row::new(check, Standing::NotTried, Finding::NothingReadable),
            Check::Rates => self.rates(),
            Check::Clock => self.clock(),
        }
    }

    /// What a step showed, if it was made.
    pub fn seen(&self, step: Step) -> Option<&Seen> {
        self.seen.iter().find(|(other, _)| *other == step).map(|(_, seen)| seen)
    }

    fn answer(&self, step: Step) -> Option<&Answer> {
        match self.seen(step) {
            Some(Seen::Answer(answer)) => Some(answer),
            _ => None,
        }
    }

    /// Every answer that could be read, in the order in which they came.
    fn answers(&self) -> impl Iterator<Item = (Step, &Answer)> {
        self.seen.iter().filter_map(|(step, seen)| match seen {
            Seen::Answer(answer) => Some((*step, &**answer)),
            _ => None,
        })
    }
}
