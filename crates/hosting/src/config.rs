//! The root object of `config.json`.

use std::collections::BTreeSet;

use domain::{Connection, ConnectionKind};
use serde_json::Value;

use crate::brand::Brand;
use crate::limits::HostLimits;
use crate::named;
use crate::origin::Origin;
use crate::problem::{ConfigProblem, Reason};
use crate::read::{Fields, Reader};
use crate::reviews::ReviewRules;

/// Maximum size of the file, in bytes.
const MAX_BYTES: usize = 512 * 1024;
const MAX_HOSTS: usize = 50;

/// A part of the console that the operator can switch off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Users can add their own connections.
    AddingConnections,
    /// Connections that call a vendor directly, with a key that the user types in.
    DirectConnections,
    /// The sandbox: sample communities and the page about it.
    Sandbox,
    /// The invites page, for vendors that have invites.
    Invites,
    /// Importing files: exported results and connections.
    Import,
    /// Reviews: asking colleagues to approve a plan, and approving theirs.
    Reviews,
    /// Opening without a network: the files of a release are stored in the browser.
    Offline,
}

/// The operator's configuration. The default is that of an empty object, `{}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The connections that every user gets, in the file's order. Their ids begin with
    /// [`NAMED_PREFIX`](crate::NAMED_PREFIX).
    pub connections: Vec<Connection>,
    /// Further origins that users may connect to.
    pub hosts: Vec<Origin>,
    /// Origins from which pictures of people are loaded; none by default.
    pub picture_hosts: Vec<Origin>,
    /// Limits for users of this installation.
    pub limits: HostLimits,
    /// Rules for reviews.
    pub reviews: ReviewRules,
    /// Branding.
    pub brand: Brand,
    /// Features that are switched off.
    pub features_off: BTreeSet<Feature>,
    /// The address of a sandbox server, to try the console over a real network.
    pub sandbox: Option<Origin>,
}

const FIELDS: [&str; 9] = [
    "$schema",
    "connections",
    "hosts",
    "picture_hosts",
    "limits",
    "reviews",
    "brand",
    "features_off",
    "sandbox",
];
const FEATURES: [&str; 7] =
    ["adding_connections", "direct_connections", "sandbox", "invites", "import", "reviews", "offline"];

impl Feature {
    /// All features, in the order of the schema.
    pub const ALL: [Feature; 7] = [
        Feature::AddingConnections,
        Feature::DirectConnections,
        Feature::Sandbox,
        Feature::Invites,
        Feature::Import,
        Feature::Reviews,
        Feature::Offline,
    ];
}

impl Config {
    /// Parses the file.
    ///
    /// # Errors
    /// All problems of the file, in the order of its fields; never an empty list.
    pub fn parse(text: &str) -> Result<Self, Vec<ConfigProblem>> {
        let mut reader = Reader::default();
        let config = if text.len() > MAX_BYTES {
            reader.note("", Reason::TooLarge(MAX_BYTES));
            None
        } else {
            // Some editors start a file with a byte order mark.
            match serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) {
                Ok(value) => reader.object("", &value, &FIELDS).map(|fields| Self::read(&mut reader, fields)),
                Err(error) => {
                    reader.note("", Reason::NotJson { line: error.line(), column: error.column() });
                    None
                }
            }
        };
        config.filter(|_| reader.problems.is_empty()).ok_or(reader.problems)
    }

    fn read(reader: &mut Reader, fields: Fields<'_>) -> Self {
        let mut config = Self::default();
        if let Some(value) = fields.get("$schema") {
            reader.text("$schema", value);
        }
        named::read(reader, fields, &mut config);
        config.hosts = origins(reader, fields, "hosts");
        config.picture_hosts = origins(reader, fields, "picture_hosts");
        config.limits = HostLimits::read(reader, fields);
        config.reviews = ReviewRules::read(reader, fields);
        config.brand = Brand::read(reader, fields);
        for (path, value) in reader.list(fields, "features_off", FEATURES.len()) {
            let Some(at) = reader.word(&path, value, &FEATURES) else { continue };
            if !config.features_off.insert(Feature::ALL[at]) {
                reader.note(path, Reason::Twice { first: fields.path_of("features_off") });
            }
        }
        if config.reviews.is_policy() && !config.has(Feature::Reviews) {
            reader.note(fields.path_of("features_off"), Reason::ReviewsNeeded);
        }
        config.sandbox = fields.get("sandbox").and_then(|value| origin(reader, "sandbox", value));
        config
    }

    /// The fallback when the file cannot be read: the console connects to its own host only, and users cannot
    /// add connections, nor review plans, because the rules for that are not known. The in-browser sandbox stays,
    /// because it makes no network calls.
    pub fn closed() -> Self {
        let off = [Feature::AddingConnections, Feature::DirectConnections, Feature::Import, Feature::Reviews];
        Self { features_off: off.into(), ..Self::default() }
    }

    /// Returns true if the feature is not switched off.
    pub fn has(&self, feature: Feature) -> bool {
        !self.features_off.contains(&feature)
    }

    /// All origins that the page may connect to, except its own, without duplicates.
    pub fn origins(&self) -> Vec<Origin> {
        let named = self.connections.iter().filter_map(|connection| Origin::of(&connection.base_url).ok()?);
        domain::order::distinct(named.chain(self.hosts.iter().cloned()).chain(self.sandbox.clone()))
    }

    /// Returns true if users may add a connection of this kind.
    pub fn allows(&self, kind: ConnectionKind) -> bool {
        match kind {
            ConnectionKind::Relay => true,
            ConnectionKind::Direct => self.has(Feature::DirectConnections),
            ConnectionKind::Sandbox => self.has(Feature::Sandbox),
        }
    }
}

/// A list of origins, without duplicates.
fn origins(reader: &mut Reader, fields: Fields<'_>, field: &str) -> Vec<Origin> {
    let mut seen: Vec<(Origin, String)> = Vec::new();
    for (path, value) in reader.list(fields, field, MAX_HOSTS) {
        let Some(origin) = origin(reader, &path, value) else { continue };
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == origin) {
            reader.note(&path, Reason::Twice { first: first.clone() });
        }
        seen.push((origin, path));
    }
    seen.into_iter().map(|(origin, _)| origin).collect()
}

fn origin(reader: &mut Reader, path: &str, value: &Value) -> Option<Origin> {
    match Origin::parse(reader.text(path, value)?) {
        Ok(origin) => Some(origin),
        Err(error) => {
            reader.note(path, Reason::BadOrigin(error));
            None
        }
    }
}
