//! The list of the emulators. Besides the module list in `lib.rs`, nothing outside their folders names a vendor.

use domain::{Change, Vendor};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::{Map, Value, json};

use crate::{
    Handled, Response,
    call::Call,
    cometchat::{self, CometChat},
    emulator::{Context, Emulator, Facts},
    faults::Fault,
    genuin::{self, Genuin},
    networked::{self, Networked},
    settings::KeyPolicy,
    stored::{EventFields, unknown},
    world::{Memory, run},
};

/// One change of the sandbox's state, as journaled; never contains a key or a password.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "vendor", content = "event", rename_all = "lowercase")]
pub enum Event {
    /// A change at Genuin.
    Genuin(genuin::Event),
    /// A change at Networked.
    Networked(networked::Event),
    /// A change at CometChat.
    CometChat(cometchat::Event),
}

impl Event {
    fn read(mut stored: EventFields) -> Result<Self, serde_json::Error> {
        let vendor = stored.text("vendor")?;
        let event = stored.fields("event")?;
        match Vendor::from_slug(&vendor) {
            Some(Vendor::Genuin) => genuin::Event::read(event).map(Self::Genuin),
            Some(Vendor::Networked) => networked::Event::read(event).map(Self::Networked),
            Some(Vendor::CometChat) => cometchat::Event::read(event).map(Self::CometChat),
            None => Err(unknown("vendor", &vendor)),
        }
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(EventFields::new(Map::deserialize(deserializer)?)).map_err(D::Error::custom)
    }
}

/// The sandbox's behavior where a vendor's documents leave a choice.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which keys are accepted.
    pub keys: KeyPolicy,
    /// Enforces the documented rate limits with 429.
    pub rate_limits: bool,
    /// Adds `Retry-After` to the 429 of a full window.
    pub retry_after: bool,
    /// Simulates latency.
    pub latency: bool,
    /// Adds undocumented fields to responses.
    pub unknown_fields: bool,
    /// Genuin's.
    pub genuin: genuin::Settings,
    /// Networked's.
    pub networked: networked::Settings,
    /// CometChat's.
    pub cometchat: cometchat::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            keys: KeyPolicy::AnyNonEmpty,
            rate_limits: true,
            retry_after: true,
            latency: true,
            unknown_fields: false,
            genuin: genuin::Settings::default(),
            networked: networked::Settings::default(),
            cometchat: cometchat::Settings::default(),
        }
    }
}

/// The facts of a vendor.
pub(crate) fn facts(vendor: Vendor) -> &'static Facts {
    match vendor {
        Vendor::Genuin => &genuin::FACTS,
        Vendor::Networked => &networked::FACTS,
        Vendor::CometChat => &cometchat::FACTS,
    }
}

/// The state of every vendor.
#[derive(Clone, Debug)]
pub(crate) struct Emulators {
    genuin: Genuin,
    networked: Networked,
    cometchat: CometChat,
}

impl Emulators {
    pub(crate) fn seeded() -> Self {
        Self { genuin: Genuin::seeded(), networked: Networked::seeded(), cometchat: CometChat::seeded() }
    }

    /// Handles a request to one vendor.
    pub(crate) fn run(
        &mut self,
        vendor: Vendor,
        call: &Call<'_>,
        context: Context<'_>,
        memory: &mut Memory,
    ) -> Handled {
        match vendor {
            Vendor::Genuin => run(&mut self.genuin, vendor, call, context, memory, Event::Genuin),
            Vendor::Networked => run(&mut self.networked, vendor, call, context, memory, Event::Networked),
            Vendor::CometChat => run(&mut self.cometchat, vendor, call, context, memory, Event::CometChat),
        }
    }

    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::Genuin(event) => self.genuin.apply(event),
            Event::Networked(event) => self.networked.apply(event),
            Event::CometChat(event) => self.cometchat.apply(event),
        }
    }

    pub(crate) fn holds(&self, vendor: Vendor, change: &Change) -> Option<bool> {
        match vendor {
            Vendor::Genuin => self.genuin.holds(change),
            Vendor::Networked => self.networked.holds(change),
            Vendor::CometChat => self.cometchat.holds(change),
        }
    }

    pub(crate) fn refuse(&self, vendor: Vendor, fault: &Fault, context: Context<'_>) -> Response {
        match vendor {
            Vendor::Genuin => self.genuin.refuse(fault, context),
            Vendor::Networked => self.networked.refuse(fault, context),
            Vendor::CometChat => self.cometchat.refuse(fault, context),
        }
    }

    /// The whole state, by slug.
    pub(crate) fn dump(&self) -> Value {
        json!({
            "genuin": self.genuin.dump(),
            "networked": self.networked.dump(),
            "cometchat": self.cometchat.dump(),
        })
    }
}
