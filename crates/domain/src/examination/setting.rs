//! What is known of a connection before it is examined.

use crate::Reach;

/// Something that can be read without changing anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sight {
    /// Which community the key belongs to.
    Community,
    /// The people of the whole community or app.
    People,
    /// The roles that can be given.
    Roles,
    /// The price plans.
    Prices,
    /// The groups.
    Groups,
    /// The members of one of the groups.
    Members,
    /// The person that calls act for.
    Acting,
}

/// What is known of a connection before it is examined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// How calls travel.
    pub reach: Reach,
    /// True for a path on the console's own site: no other site has to let it.
    pub is_own_site: bool,
    /// True if nobody on the way can read along: `https:`, or this machine itself.
    pub is_private: bool,
    /// False if a key has to be typed first.
    pub has_key: bool,
    /// True if the key is exchanged for a token, which is the call that shows whether it is accepted.
    pub signs_in: bool,
    /// What can be read, that which shows whether the key is accepted first.
    pub sights: Vec<Sight>,
    /// Names of the headers that a browser asks for before it sends them, those of the first call with a key
    /// first.
    pub headers: Vec<Box<str>>,
    /// So many of [`headers`](Setting::headers) are in that first call.
    pub n_first_headers: usize,
    /// Methods of changes that a browser asks for before it uses them.
    pub methods: Vec<Box<str>>,
    /// The vendor documents headers about its pace.
    pub documents_rates: bool,
    /// The limit by which the vendor's small plan is known, in calls a minute.
    pub small_limit: Option<u64>,
    /// The connection is kept to the pace of that plan.
    pub is_small_plan: bool,
}

impl Setting {
    /// True if browsers ask the other side whether this site may call it.
    pub fn crosses_sites(&self) -> bool {
        !self.is_own_site && self.reach != Reach::Sandbox
    }

    /// True if something between this browser and the vendor adds the key.
    pub fn is_relay(&self) -> bool {
        self.reach == Reach::Relay
    }
}
