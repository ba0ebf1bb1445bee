//! What is known about a connection before it is examined.

use crate::ConnectionKind;

/// Data that can be read without changing anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Probe {
    /// The community the key belongs to.
    Community,
    /// The people of the whole community or app.
    People,
    /// The available roles.
    Roles,
    /// The price plans.
    Prices,
    /// The groups.
    Groups,
    /// The members of one of the groups.
    Members,
    /// The person that calls act as.
    Acting,
}

/// What is known about a connection before it is examined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExaminationSetting {
    /// How calls are sent.
    pub kind: ConnectionKind,
    /// True for a path on the console's own origin, which needs no CORS.
    pub is_own_site: bool,
    /// True if the transport is confidential: `https:`, or this machine itself.
    pub is_private: bool,
    /// False if a key has to be entered first.
    pub has_key: bool,
    /// True if the key is exchanged for a token, which shows whether it is accepted.
    pub signs_in: bool,
    /// What can be read. The first one shows whether the key is accepted.
    pub probes: Vec<Probe>,
    /// Names of the headers that need a preflight, those of the first call with a key first.
    pub headers: Vec<Box<str>>,
    /// The number of [`headers`](ExaminationSetting::headers) in that first call.
    pub n_first_headers: usize,
    /// Methods of changes that need a preflight.
    pub methods: Vec<Box<str>>,
    /// Whether the vendor documents rate limit headers.
    pub documents_rates: bool,
    /// The limit that identifies the vendor's small plan, in calls per minute.
    pub small_limit: Option<u64>,
    /// Whether the connection is limited to that plan.
    pub is_small_plan: bool,
}

impl ExaminationSetting {
    /// True if calls are cross-origin.
    pub fn crosses_sites(&self) -> bool {
        !self.is_own_site && self.kind != ConnectionKind::Sandbox
    }

    /// True if a relay between this browser and the vendor adds the key.
    pub fn is_relay(&self) -> bool {
        self.kind == ConnectionKind::Relay
    }
}
