//! The form for a connection: its state, its validation, and the connection it makes.

mod fields;
mod filling;

use std::collections::BTreeMap;

use domain::address::{self, Places, Why};
use domain::connection::{KnownGroup, ParseBaseUrlError};
use domain::{BaseUrl, Connection, ConnectionId, ConnectionKind, Credentials, GroupId, GroupKind, Vendor};
use hosting::Feature;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::features::connecting::key_fields::KeyFields;
use crate::features::connecting::key_power;
use crate::features::connecting::key_storage::KeyStorageFields;
use crate::features::connecting::passphrase;
use crate::state::config::use_config;
use crate::state::session::{Session, use_session};
use browser::storage::StorageError;
use i18n::{format_number, text};
use ui::{Selection, effect, effect_after, toast};

pub use fields::connection_fields;
use filling::{Aside, Typed};

/// How calls can be sent, apart from samples.
const REACHES: [ConnectionKind; 2] = [ConnectionKind::Relay, ConnectionKind::Direct];

/// The contents of the form. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionForm {
    session: Session,
    /// The connection being edited; `None` for a new one.
    id: StoredValue<Option<ConnectionId>>,
    /// The edited connection as the fields were filled in from; another tab may change it meanwhile.
    base: StoredValue<Option<Connection>>,
    is_sample: bool,
    vendor: Selection<Vendor>,
    name: RwSignal<String>,
    kind: Selection<ConnectionKind>,
    base_url: RwSignal<String>,
    app_id: RwSignal<String>,
    region: RwSignal<String>,
    acting_as: RwSignal<String>,
    is_small_plan: RwSignal<bool>,
    pace: RwSignal<String>,
    communities: RwSignal<String>,
    groups: RwSignal<String>,
    keys: KeyFields,
    /// The origin in the form when the key was typed; the key is used for no other.
    keys_for: RwSignal<Option<Box<str>>>,
    /// Set when the form itself has just filled in or removed a key.
    is_put: StoredValue<bool>,
    storage: KeyStorageFields,
    /// Whether the form points at the sandbox server because its button was pressed.
    is_sandbox: RwSignal<bool>,
    /// Field values of the other side of the sandbox button.
    aside: StoredValue<Option<Aside>>,
    /// The vendor that the fields are filled in for, and what was typed for the others.
    filled_for: StoredValue<Vendor>,
    others: StoredValue<BTreeMap<&'static str, Typed>>,
    /// The origin of a sandbox server, and the origins that the page may call.
    sandbox: StoredValue<Option<String>>,
    allowed: StoredValue<Vec<String>>,
    /// Set once the user was told how much the key may do.
    is_power_known: RwSignal<bool>,
    is_checked: RwSignal<bool>,
    /// Whether a missing name is an error by now: saving needs one, testing does not.
    is_name_checked: RwSignal<bool>,
    is_busy: RwSignal<bool>,
}

impl ConnectionForm {
    /// A form for a new connection, or for editing an existing one.
    pub fn new(connection: Option<&Connection>) -> Self {
        let vendor = connection.map_or_else(Vendor::default, |connection| connection.vendor);
        let chosen = Selection::new(&Vendor::ALL, vendor);
        let lines = |kind: GroupKind| {
            let groups = connection.iter().flat_map(|connection| &connection.known_groups);
            let lines = groups.filter(|group| group.kind == kind);
            lines.map(|group| [group.id.as_str(), " ", &group.name].concat()).collect::<Vec<_>>().join("\n")
        };
        let session = use_session();
        let usual = if session.has(Feature::DirectConnections) {
            ConnectionKind::Direct
        } else {
            ConnectionKind::Relay
        };
        let kind = connection.map_or(usual, |connection| connection.kind);
        let text = |value: Option<&str>| RwSignal::new(value.unwrap_or_default().to_owned());
        let session = use_session();
        let key_storage = connection.map(|connection| connection.key_storage).unwrap_or_default();
        let config = use_config();
        let own = window().location().origin().ok();
        let allowed = config.origins().iter().map(ToString::to_string).chain(own).collect();
        let base_url = text(connection.map(|connection| connection.base_url.as_str()));
        let keys_for = RwSignal::new(None::<Box<str>>);
        let leads_to = Memo::new(move |_| origin_of(&base_url.get()));
        let objection = Signal::derive(move || {
            let (typed_for, leads_to) = (keys_for.get()?, leads_to.get()?);
            (typed_for != leads_to).then(|| {
                text::connections_key_elsewhere(text::ConnectionsKeyElsewhere {
                    leads_to: &leads_to,
                    typed_for: &typed_for,
                })
            })
        });
        let keys = KeyFields::new(Signal::derive(move || chosen.get()));
        let form = Self {
            session,
            id: StoredValue::new(connection.map(|connection| connection.id.clone())),
            base: StoredValue::new(connection.cloned()),
            is_sample: kind == ConnectionKind::Sandbox,
            vendor: chosen,
            name: text(connection.map(|connection| &*connection.name)),
            kind: Selection::new(
                &REACHES,
                if kind == ConnectionKind::Relay { ConnectionKind::Relay } else { ConnectionKind::Direct },
            ),
            base_url,
            app_id: RwSignal::default(),
            region: RwSignal::new(first_region(vendor).to_owned()),
            acting_as: text(connection.and_then(|connection| connection.acting_as.as_deref())),
            is_small_plan: RwSignal::new(connection.is_some_and(|connection| connection.is_small_plan)),
            pace: RwSignal::new(
                connection
                    .and_then(|connection| connection.calls_per_minute)
                    .map_or_else(String::new, |n| n.to_string()),
            ),
            communities: RwSignal::new(lines(GroupKind::Community)),
            groups: RwSignal::new(lines(GroupKind::Group)),
            keys: keys.with_objection(objection),
            keys_for,
            is_put: StoredValue::new(false),
            storage: KeyStorageFields::new(session, key_storage),
            is_sandbox: RwSignal::new(false),
            aside: StoredValue::new(None),
            filled_for: StoredValue::new(vendor),
            others: StoredValue::new(BTreeMap::new()),
            sandbox: StoredValue::new(config.sandbox.as_ref().map(ToString::to_string)),
            allowed: StoredValue::new(allowed),
            is_power_known: RwSignal::new(connection.is_some_and(|connection| connection.is_power_known)),
            is_checked: RwSignal::new(false),
            is_name_checked: RwSignal::new(false),
            is_busy: RwSignal::new(false),
        };
        form.bind_keys(leads_to);
        form
    }

    /// Binds a key to the origin in the form at the time it is typed.
    fn bind_keys(self, leads_to: Memo<Option<Box<str>>>) {
        effect_after(move |before: Option<()>| {
            self.keys.track_texts();
            // A key filled in by the form itself is already bound.
            let is_typed = !self.is_put.try_update_value(std::mem::take).unwrap_or_default();
            if before.is_some() && is_typed {
                let is_empty = untrack(|| self.keys.is_empty());
                self.keys_for.set(leads_to.get_untracked().filter(|_| !is_empty));
            }
        });
        // Drops what the sandbox button filled in when the user points the form elsewhere by hand.
        effect(move || {
            let leads_to = leads_to.get();
            let sandbox = self.sandbox.get_value();
            if self.is_sandbox.get_untracked()
                && leads_to.is_some()
                && leads_to.as_deref() != sandbox.as_deref()
                && !is_local(leads_to.as_deref())
            {
                self.is_sandbox.set(false);
                self.drop_sandbox_fillings(self.aside.try_update_value(Option::take).flatten());
            }
        });
    }

    /// The chosen vendor; tracked.
    pub fn vendor(&self) -> Vendor {
        self.vendor.get()
    }

    fn is_relay(&self) -> bool {
        self.kind.get() == ConnectionKind::Relay
    }

    /// Tracks the fields that an examination depends on.
    pub fn track(&self) {
        self.vendor.track();
        self.kind.track();
        let fields = [self.base_url, self.acting_as, self.pace];
        fields.iter().for_each(RwSignal::track);
        self.is_small_plan.track();
        self.keys.track();
    }

    /// Selects the limits of the small plan.
    pub fn choose_small_plan(&self) {
        self.is_small_plan.set(true);
    }

    fn parsed_url(&self) -> Result<BaseUrl, ParseBaseUrlError> {
        let is_secure = window().location().protocol().is_ok_and(|protocol| protocol == "https:");
        self.base_url.with(|text| BaseUrl::parse(text, is_secure))
    }

    /// The address probably meant, if it differs from the typed one; tracked.
    fn meant(&self) -> Option<(BaseUrl, Why)> {
        let typed = self.parsed_url().ok().filter(|_| !self.is_sample)?;
        let vendor = self.vendor();
        let profile = vendors::profile(vendor);
        let paths = Vendor::ALL.map(|vendor| (vendor, vendors::profile(vendor).sandbox_path()));
        let id = self.id.get_value();
        let id = id.unwrap_or_else(|| self.name.with(|name| self.session.fresh_id(name.trim(), vendor)));
        self.sandbox.with_value(|sandbox| {
            self.allowed.with_value(|allowed| {
                address::meant(
                    &typed,
                    &Places {
                        vendor,
                        api_path: profile.api_path,
                        call_paths: profile.call_paths,
                        is_vendor_host: profile.is_host,
                        sandbox: sandbox.as_deref().map(|origin| (origin, &paths[..])),
                        allowed,
                        is_relay: self.is_relay(),
                        slug: id.as_str(),
                    },
                )
            })
        })
    }

    /// What is wrong with the address, as a sentence; tracked.
    fn address_problem(&self) -> Option<String> {
        match self.parsed_url() {
            Err(error) => Some(url_problem(error)),
            Ok(typed) => {
                let (url, why) = self.meant().filter(|(_, why)| why.is_certain())?;
                Some(meant_words(self.vendor(), &typed, &url, why))
            }
        }
    }

    /// Whether the key was typed for another host than the form's current one; tracked.
    fn is_key_elsewhere(&self) -> bool {
        let leads_to = self.base_url.with(|url| origin_of(url));
        self.keys_for.with(|typed_for| typed_for.is_some() && leads_to.is_some() && *typed_for != leads_to)
    }

    /// The connection and key for the doctor to examine. Omits a key that was typed for another host.
    pub fn subject(&self) -> Option<(Connection, Credentials)> {
        let is_elsewhere = untrack(|| self.is_key_elsewhere());
        let (connection, typed) = self.read_unnamed()?;
        // Without a typed key, the session uses its own, if that was given for this destination.
        Some((connection, typed.filter(|_| !is_elsewhere).unwrap_or(Credentials::None)))
    }

    fn acting_problem(&self) -> Option<String> {
        let typed = self.acting_as.get();
        let shape = vendors::capabilities(self.vendor()).identity.id_shape;
        let typed = typed.trim();
        let is_ok = typed.is_empty() || domain::key::id(typed, shape).is_ok_and(|id| &*id == typed);
        (!is_ok).then(text::connections_acting_bad)
    }

    /// The typed calls per minute; `None` for the default pace, and for vendors that document their limits.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    fn parsed_pace(&self) -> Result<Option<u32>, String> {
        let Some(range) = &vendors::profile(self.vendor()).pace_range else { return Ok(None) };
        let typed = self.pace.get();
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let number = typed.parse().ok().filter(|n| range.contains(n));
        let (least, most) =
            (format_number(f64::from(*range.start())), format_number(f64::from(*range.end())));
        number.map(Some).ok_or_else(|| {
            text::connections_pace_bad(text::ConnectionsPaceBad { least: &least, most: &most })
        })
    }

    /// The connection and key as typed; `None` if a field is invalid, in which case every error is shown
    /// beside its field. The key is `None` if an edited connection keeps the one it has.
    pub fn read(&self) -> Option<(Connection, Option<Credentials>)> {
        self.is_name_checked.set(true);
        let (connection, credentials) = self.read_unnamed()?;
        (!connection.name.is_empty()).then_some((connection, credentials))
    }

    /// As [`ConnectionForm::read`], but a missing name is no error.
    fn read_unnamed(&self) -> Option<(Connection, Option<Credentials>)> {
        self.is_checked.set(true);
        let vendor = untrack(|| self.vendor());
        let name = self.name.get_untracked();
        let name = name.trim();
        let url = untrack(|| self.parsed_url());
        let keeps_key = self.id.with_value(Option::is_some) && untrack(|| self.keys.is_empty());
        let needs_key = !self.is_sample && !untrack(|| self.is_relay()) && !keeps_key;
        let credentials = if needs_key { self.keys.credentials().map(Some) } else { Some(None) };
        let acting_problem = untrack(|| self.acting_problem());
        let pace = untrack(|| self.parsed_pace());
        let is_other_meant = untrack(|| self.meant()).is_some_and(|(_, why)| why.is_certain());
        let (Ok(base_url), Some(credentials), None, Ok(calls_per_minute), false) =
            (url, credentials, acting_problem, pace, is_other_meant)
        else {
            return None;
        };
        let kind = match (self.is_sample, untrack(|| self.is_relay())) {
            (true, _) => ConnectionKind::Sandbox,
            (false, true) => ConnectionKind::Relay,
            (false, false) => ConnectionKind::Direct,
        };
        let acting_as = self.acting_as.get_untracked();
        let acting_as = acting_as.trim();
        let mut known_groups = known(&self.communities.get_untracked(), GroupKind::Community);
        known_groups.extend(known(&self.groups.get_untracked(), GroupKind::Group));
        let id = self.id.get_value().unwrap_or_else(|| self.session.fresh_id(name, vendor));
        let connection = Connection {
            id,
            vendor,
            name: name.into(),
            kind,
            base_url,
            acting_as: (!acting_as.is_empty()).then(|| acting_as.into()),
            is_small_plan: self.is_small_plan.get_untracked(),
            calls_per_minute,
            known_groups,
            key_storage: untrack(|| self.storage.storage()),
            is_power_known: self.is_power_known.get_untracked(),
        };
        Some((connection, credentials))
    }

    /// Whether the form is being saved; tracked.
    pub fn is_busy(&self) -> bool {
        self.is_busy.get()
    }

    /// Saves the connection and stores its key where chosen; calls `then` once the connection is saved.
    pub fn save(self, then: impl FnOnce(ConnectionId) + 'static) {
        let Some((connection, credentials)) = self.read() else { return };
        if connection.kind == ConnectionKind::Direct && untrack(|| self.is_key_elsewhere()) {
            return; // the error is shown beside the key
        }
        let needs_vault = untrack(|| self.needs_vault());
        self.is_busy.set(true);
        spawn_local(async move {
            let is_ready =
                !needs_vault || connection.kind != ConnectionKind::Direct || self.storage.open().await;
            // The page may be gone by now; nothing is saved then.
            if !is_ready || self.is_busy.is_disposed() {
                self.is_busy.try_set(false);
                return;
            }
            self.keep(connection, credentials, then).await;
        });
    }

    async fn keep(
        self,
        connection: Connection,
        credentials: Option<Credentials>,
        then: impl FnOnce(ConnectionId),
    ) {
        let power = credentials.as_ref().map(|typed| key_power::needs_notice(&connection.base_url, typed));
        let connection =
            Connection { is_power_known: connection.is_power_known || power == Some(true), ..connection };
        let base = self.base.get_value();
        let saved = self.session.save_over(base.as_ref(), connection.clone()).await;
        let is_here = self.is_busy.try_set(false).is_none();
        if saved == Err(StorageError::Conflict) {
            toast(text::connections_changed_elsewhere(), None);
            return;
        }
        if is_here {
            self.keys.clear();
            self.is_checked.set(false);
            self.is_name_checked.set(false);
            self.is_power_known.set(connection.is_power_known);
            let stored = self.session.connection_now(&connection.id);
            self.base.set_value(base.and(stored).map(|stored| (*stored).clone()));
        }
        if let Err(error) = self.session.store_key(&connection, credentials).await {
            toast([&text::keys_not_kept(), " ", &passphrase::words(error)].concat(), None);
        }
        // Skips `then` if the user has left the page meanwhile.
        if self.is_checked.try_set(false).is_none() {
            then(connection.id);
        }
    }

    /// Whether saving would write a key to this device's vault if that storage were chosen; tracked.
    fn needs_vault(&self) -> bool {
        let id = self.id.get_value();
        let is_not_stored = id.is_none_or(|id| self.session.has_key(&id) && !self.session.is_key_stored(&id));
        is_not_stored || !self.keys.is_empty()
    }

    /// Whether the user still has to be told about the power of the typed key; tracked.
    fn power_due(&self) -> bool {
        let is_told = self.is_power_known.get() || self.is_sample || self.is_relay();
        let is_due = |url| key_power::needs_notice(&url, &self.keys.so_far());
        !is_told && self.parsed_url().is_ok_and(is_due)
    }
}

/// The origin of an address, if it parses.
fn origin_of(address: &str) -> Option<Box<str>> {
    BaseUrl::parse(address, false).ok()?.origin().map(Into::into)
}

/// Whether an origin is this device, where a sandbox server may use another port than the one filled in.
fn is_local(origin: Option<&str>) -> bool {
    origin.is_some_and(|origin| BaseUrl::parse(origin, false).is_ok_and(|url| url.is_loopback()))
}

/// Why another address was probably meant, as a sentence.
fn meant_words(vendor: Vendor, typed: &BaseUrl, url: &BaseUrl, why: Why) -> String {
    let vendor = vendor.name();
    match why {
        Why::Local => text::connections_meant_local(text::ConnectionsMeantLocal {
            allowed: url.origin().unwrap_or_default(),
            typed: typed.origin().unwrap_or_default(),
        }),
        Why::Path => text::connections_meant_path(text::ConnectionsMeantPath { url: url.as_str(), vendor }),
        Why::MaybePath => {
            text::connections_meant_maybe(text::ConnectionsMeantMaybe { url: url.as_str(), vendor })
        }
        Why::Relay => text::connections_meant_relay(url.as_str()),
    }
}

/// Parses lines of `id name`.
fn known(text: &str, kind: GroupKind) -> Vec<KnownGroup> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (id, name) = line.split_once(|c: char| c.is_whitespace() || c == ',').unwrap_or((line, ""));
            let name = name.trim();
            KnownGroup { id: GroupId::new(id), name: if name.is_empty() { id } else { name }.into(), kind }
        })
        .collect()
}

/// What is wrong with an address, as a sentence.
pub fn url_problem(error: ParseBaseUrlError) -> String {
    match error {
        ParseBaseUrlError::Empty => text::connections_url_empty(),
        ParseBaseUrlError::Scheme => text::connections_url_scheme(),
        ParseBaseUrlError::Insecure => text::connections_url_insecure(),
        ParseBaseUrlError::HasUser => text::connections_url_has_user(),
        ParseBaseUrlError::HasQuery => text::connections_url_has_query(),
        ParseBaseUrlError::BadHost => text::connections_url_bad_host(),
        ParseBaseUrlError::BadPath => text::connections_url_bad_path(),
    }
}

/// The preselected region; empty where the vendor has none.
fn first_region(vendor: Vendor) -> &'static str {
    vendors::profile(vendor).regions.first().copied().unwrap_or_default()
}
