//! The form for a connection: what is typed, what is wrong with it, and the connection that it makes.

use domain::connection::{KnownGroup, ParseBaseUrlError};
use domain::{BaseUrl, Connection, ConnectionId, Credentials, GroupId, GroupKind, Reach, Vendor};
use hosting::Feature;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::keeping::{Keeping, keeping_fields};
use super::key_fields::{KeyFields, key_fields};
use super::key_power::{self, power_notice};
use super::passphrase;
use crate::i18n::{format_number, text};
use crate::session::{Session, use_session};
use crate::storage::StorageError;
use crate::ui::{
    Button, Checkbox, Choice, Choices, Segment, Segments, Select, SelectOption, TextArea, TextInput, toast,
    vendor_mark,
};

/// Regions in which a vendor has hosts.
const REGIONS: [&str; 3] = ["us", "eu", "in"];
/// What the sandbox takes as a key; it is no secret.
const SANDBOX_KEY: &str = "sandbox-key";

/// The address that a vendor's documents give, as far as it can be made from what is known.
///
/// Networked, "Add New Users to Community": the bare origin, because not every path begins alike. CometChat,
/// "Chat APIs": app id and region are in the host, the version is in the path. Genuin prints no host.
pub fn default_base_url(vendor: Vendor, app_id: &str, region: &str) -> String {
    match vendor {
        Vendor::Genuin => String::new(),
        Vendor::Networked => "https://backend.networked.co".to_owned(),
        Vendor::CometChat if app_id.trim().is_empty() => String::new(),
        Vendor::CometChat => ["https://", app_id.trim(), ".api-", region, ".cometchat.io/v3"].concat(),
    }
}

/// The path of a vendor below a sandbox server's address.
fn sandbox_path(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Genuin => "/genuin",
        Vendor::Networked => "/networked",
        Vendor::CometChat => "/cometchat/v3",
    }
}

/// What the form holds. Copies are the same form.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionForm {
    session: Session,
    /// The connection that is edited; none for a new one.
    id: StoredValue<Option<ConnectionId>>,
    /// The same as the fields were filled with: another tab may change it meanwhile.
    base: StoredValue<Option<Connection>>,
    is_sample: bool,
    vendor_slug: RwSignal<String>,
    name: RwSignal<String>,
    reach: RwSignal<String>,
    base_url: RwSignal<String>,
    app_id: RwSignal<String>,
    region: RwSignal<String>,
    acting_as: RwSignal<String>,
    is_small_plan: RwSignal<bool>,
    pace: RwSignal<String>,
    communities: RwSignal<String>,
    groups: RwSignal<String>,
    keys: KeyFields,
    keeping: Keeping,
    /// True once somebody was told how much the key may do.
    is_power_known: RwSignal<bool>,
    is_checked: RwSignal<bool>,
    is_busy: RwSignal<bool>,
}

impl ConnectionForm {
    /// A form for a new connection, or for one that is there.
    pub fn new(connection: Option<&Connection>) -> Self {
        let vendor = connection.map_or(Vendor::CometChat, |connection| connection.vendor);
        let vendor_slug = RwSignal::new(vendor.slug().to_owned());
        let lines = |kind: GroupKind| {
            let groups = connection.iter().flat_map(|connection| &connection.known_groups);
            let lines = groups.filter(|group| group.kind == kind);
            lines.map(|group| [group.id.as_str(), " ", &group.name].concat()).collect::<Vec<_>>().join("\n")
        };
        let session = use_session();
        let usual = if session.has(Feature::DirectConnections) { Reach::Direct } else { Reach::Relay };
        let reach = connection.map_or(usual, |connection| connection.reach);
        let text = |value: Option<&str>| RwSignal::new(value.unwrap_or_default().to_owned());
        let session = use_session();
        let key_storage = connection.map(|connection| connection.key_storage).unwrap_or_default();
        Self {
            session,
            id: StoredValue::new(connection.map(|connection| connection.id.clone())),
            base: StoredValue::new(connection.cloned()),
            is_sample: reach == Reach::Sandbox,
            vendor_slug,
            name: text(connection.map(|connection| &*connection.name)),
            reach: RwSignal::new(if reach == Reach::Relay { "relay" } else { "direct" }.to_owned()),
            base_url: text(connection.map(|connection| connection.base_url.as_str())),
            app_id: RwSignal::default(),
            region: RwSignal::new(REGIONS[0].to_owned()),
            acting_as: text(connection.and_then(|connection| connection.acting_as.as_deref())),
            is_small_plan: RwSignal::new(connection.is_some_and(|connection| connection.is_small_plan)),
            pace: RwSignal::new(
                connection
                    .and_then(|connection| connection.calls_per_minute)
                    .map_or_else(String::new, |n| n.to_string()),
            ),
            communities: RwSignal::new(lines(GroupKind::Community)),
            groups: RwSignal::new(lines(GroupKind::Group)),
            keys: KeyFields::new(Signal::derive(move || {
                Vendor::from_slug(&vendor_slug.get()).unwrap_or(Vendor::CometChat)
            })),
            keeping: Keeping::new(session, key_storage),
            is_power_known: RwSignal::new(connection.is_some_and(|connection| connection.is_power_known)),
            is_checked: RwSignal::new(false),
            is_busy: RwSignal::new(false),
        }
    }

    /// The vendor that is chosen; tracked.
    pub fn vendor(&self) -> Vendor {
        Vendor::from_slug(&self.vendor_slug.get()).unwrap_or(Vendor::CometChat)
    }

    fn is_relay(&self) -> bool {
        self.reach.with(|reach| reach == "relay")
    }

    /// Fills in the address and key of a sandbox server.
    pub fn use_sandbox(&self, address: &str) {
        let vendor = self.vendor();
        self.reach.set("direct".to_owned());
        self.base_url.set([address, sandbox_path(vendor)].concat());
        self.keys.fill(SANDBOX_KEY);
        if self.name.with_untracked(|name| name.trim().is_empty()) {
            self.name.set(text::connections_sandbox_name(vendor.name()));
        }
    }

    /// Reads every field, so that whoever does so in an effect learns of every change.
    pub fn track(&self) {
        let fields = [self.vendor_slug, self.reach, self.base_url, self.acting_as, self.pace];
        fields.iter().for_each(RwSignal::track);
        self.is_small_plan.track();
        self.keys.track();
    }

    /// Ticks the small plan.
    pub fn choose_small_plan(&self) {
        self.is_small_plan.set(true);
    }

    fn parsed_url(&self) -> Result<BaseUrl, ParseBaseUrlError> {
        let is_secure = window().location().protocol().is_ok_and(|protocol| protocol == "https:");
        self.base_url.with(|text| BaseUrl::parse(text, is_secure))
    }

    fn acting_problem(&self) -> Option<String> {
        let typed = self.acting_as.get();
        let shape = vendors::capabilities(self.vendor()).identity.id_shape;
        let typed = typed.trim();
        let is_ok = typed.is_empty() || domain::paste::id(typed, shape).is_ok_and(|id| &*id == typed);
        (!is_ok).then(text::connections_acting_bad)
    }

    /// The calls a minute as typed: `None` for the gentle default, and where the vendor documents its limits.
    ///
    /// # Errors
    /// What is wrong with it.
    fn parsed_pace(&self) -> Result<Option<u32>, String> {
        let Some(range) = vendors::pace_range(self.vendor()) else { return Ok(None) };
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

    /// The connection and its key as typed. Says everything that is wrong at once, beside its field, and
    /// gives `None` then. The key is `None` for an edited connection that keeps the one it has.
    pub fn read(&self) -> Option<(Connection, Option<Credentials>)> {
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
        let (Ok(base_url), Some(credentials), None, Ok(calls_per_minute), false) =
            (url, credentials, acting_problem, pace, name.is_empty())
        else {
            return None;
        };
        let reach = match (self.is_sample, untrack(|| self.is_relay())) {
            (true, _) => Reach::Sandbox,
            (false, true) => Reach::Relay,
            (false, false) => Reach::Direct,
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
            reach,
            base_url,
            acting_as: (!acting_as.is_empty()).then(|| acting_as.into()),
            is_small_plan: self.is_small_plan.get_untracked(),
            calls_per_minute,
            known_groups,
            key_storage: untrack(|| self.keeping.storage()),
            is_power_known: self.is_power_known.get_untracked(),
        };
        Some((connection, credentials))
    }

    /// True while what is typed is being saved; tracked.
    pub fn is_busy(&self) -> bool {
        self.is_busy.get()
    }

    /// Saves what is typed and puts its key where it is to live; `then` runs if nothing was wrong with it.
    pub fn save(self, then: impl FnOnce(ConnectionId) + 'static) {
        let Some((connection, credentials)) = self.read() else { return };
        let needs_vault = untrack(|| self.needs_vault());
        self.is_busy.set(true);
        spawn_local(async move {
            let is_ready = !needs_vault || connection.reach != Reach::Direct || self.keeping.open().await;
            // The page may have been left in the meantime; then nobody waits for it to be saved.
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
        let power = credentials
            .as_ref()
            .map(|typed| key_power::is_to_be_told(connection.vendor, &connection.base_url, typed));
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
            self.is_power_known.set(connection.is_power_known);
            let kept = self.session.connection_now(&connection.id);
            self.base.set_value(base.and(kept).map(|kept| (*kept).clone()));
        }
        if let Err(error) = self.session.keep_key(&connection, credentials).await {
            toast([&text::keys_not_kept(), " ", &passphrase::words(error)].concat(), None);
        }
        // Whoever has gone to another page meanwhile stays there.
        if self.is_checked.try_set(false).is_none() {
            then(connection.id);
        }
    }

    /// True if saving would write a key into the vault of this device, were that chosen; tracked.
    fn needs_vault(&self) -> bool {
        let id = self.id.get_value();
        let is_unkept = id.is_none_or(|id| self.session.has_key(&id) && !self.session.is_key_kept(&id));
        is_unkept || !self.keys.is_empty()
    }

    /// True if something has to be said of the key as it is typed; tracked.
    fn power_due(&self) -> bool {
        let is_told = self.is_power_known.get() || self.is_sample || self.is_relay();
        let is_due = |url| key_power::is_to_be_told(self.vendor(), &url, &self.keys.so_far());
        !is_told && self.parsed_url().is_ok_and(is_due)
    }
}

/// Lines of "id name".
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

/// What is wrong with an address, in words.
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

/// The fields, without buttons. `sandbox` is the address of a sandbox server, if this host has one.
pub fn connection_fields(form: ConnectionForm, sandbox: Signal<Option<String>>) -> AnyView {
    let is_new = form.id.with_value(Option::is_none);
    let vendors = is_new.then(|| vendor_choices(form));
    let name_error = Signal::derive(move || {
        (form.is_checked.get() && form.name.with(|name| name.trim().is_empty()))
            .then(text::problems_field_missing)
    });
    let name = view! {
        <TextInput label=text::connections_name value=form.name help=text::connections_name_help error=name_error required=true />
    };
    let how = (!form.is_sample).then(|| reach_fields(form, sandbox));
    let is_sample = form.is_sample;
    let sample = is_sample.then(|| view! { <p class="help">{text::connections_is_sample}</p> });
    view! { {vendors}{name}{sample}{how}{move || vendor_fields(form)} }.into_any()
}

fn vendor_choices(form: ConnectionForm) -> AnyView {
    let one = |vendor: Vendor| Choice {
        value: vendor.slug().to_owned(),
        name: Signal::stored(vendor.name().to_owned()),
        help: Signal::derive(move || match vendor {
            Vendor::Genuin => text::connections_genuin_help(),
            Vendor::Networked => text::connections_networked_help(),
            Vendor::CometChat => text::connections_cometchat_help(),
        }),
        mark: Some(vendor_mark(vendor.slug(), false)),
        is_off: false,
    };
    let fill = move |_: String| form.base_url.set(untrack(|| proposed_url(form)));
    form.base_url.set(untrack(|| proposed_url(form)));
    view! {
        <Choices
            legend=text::connections_vendor
            value=form.vendor_slug
            choices=Vendor::ALL.into_iter().map(one).collect()
            on_change=fill
        />
    }
    .into_any()
}

fn proposed_url(form: ConnectionForm) -> String {
    default_base_url(form.vendor(), &form.app_id.get(), &form.region.get())
}

fn reach_fields(form: ConnectionForm, sandbox: Signal<Option<String>>) -> AnyView {
    let mut segments = vec![Segment::new("relay", text::connections_relay)];
    if form.session.has(Feature::DirectConnections) {
        segments.push(Segment::new("direct", text::connections_direct));
    }
    let help = move || {
        if form.is_relay() { text::connections_relay_help() } else { text::connections_direct_help() }
    };
    let error = Signal::derive(move || {
        form.is_checked.get().then(|| form.parsed_url().err().map(url_problem)).flatten()
    });
    let has_app_id = move || !form.is_relay() && form.vendor() == Vendor::CometChat;
    let is_due = Memo::new(move |_| form.power_due());
    let power = move || is_due.get().then(|| power_notice(untrack(|| form.vendor())));
    let keys = move || {
        (!form.is_relay()).then(|| {
            let needs_vault = Signal::derive(move || form.needs_vault());
            view! {
                <div>{key_fields(form.keys)}<div class="key-power" role="status">{power}</div></div>
                {keeping_fields(form.keeping, needs_vault)}
            }
        })
    };
    let quick = move || {
        sandbox.get().map(|address| {
            let fill = move || form.use_sandbox(&address);
            view! {
                <div class="cluster">
                    <Button label=text::connections_use_sandbox small=true icon="flask-conical" on_press=fill />
                    <span class="help">{text::connections_use_sandbox_help}</span>
                </div>
            }
        })
    };
    view! {
        <div class="stack-2">
            <Segments legend=text::connections_reach value=form.reach segments=segments />
            <p class="help">{help}</p>
            {quick}
        </div>
        <Show when=has_app_id>{app_fields(form)}</Show>
        <TextInput
            label=text::connections_base_url
            value=form.base_url
            mono=true
            help=text::connections_base_url_help
            error=error
            required=true
        />
        {keys}
    }
    .into_any()
}

/// App id and region, from which the address follows.
fn app_fields(form: ConnectionForm) -> AnyView {
    let options =
        REGIONS.map(|region| SelectOption { value: region.to_owned(), label: region.to_owned() }).to_vec();
    Effect::new(move |before: Option<String>| {
        let url = proposed_url(form);
        if before.is_some_and(|before| before != url) {
            form.base_url.set(url.clone());
        }
        url
    });
    view! {
        <div class="form-grid">
            <TextInput label=text::connections_app_id value=form.app_id mono=true optional=true help=text::connections_app_id_help />
            <Select label=text::connections_region value=form.region options=Signal::stored(options) />
        </div>
    }
    .into_any()
}

fn vendor_fields(form: ConnectionForm) -> AnyView {
    let vendor = form.vendor();
    let capabilities = vendors::capabilities(vendor);
    let acting = capabilities.groups.is_some_and(|groups| groups.has_acting_person).then(|| {
        let error = Signal::derive(move || form.is_checked.get().then(|| form.acting_problem()).flatten());
        view! {
            <TextInput
                label=text::connections_acting_as
                value=form.acting_as
                mono=true
                optional=true
                help=text::connections_acting_help
                error=error
            />
        }
    });
    let has_small_plan = {
        let spans = |is_small| vendors::limits(vendor, is_small).windows;
        spans(true) != spans(false)
    };
    let small = has_small_plan.then(|| {
        view! {
            <Checkbox label=text::connections_small_plan checked=form.is_small_plan help=text::connections_small_plan_help />
        }
    });
    let pace = vendors::pace_range(vendor).map(|_| {
        let error = Signal::derive(move || form.is_checked.get().then(|| form.parsed_pace().err()).flatten());
        let usual = vendors::limits(vendor, false).windows.iter().map(|window| window.max).max().unwrap_or(0);
        let help = move || {
            let usual = format_number(f64::from(usual));
            text::connections_pace_help(text::ConnectionsPaceHelp { usual: &usual, vendor: vendor.name() })
        };
        view! {
            <TextInput
                label=text::connections_pace
                value=form.pace
                optional=true
                help=Signal::derive(help)
                error=error
            />
        }
    });
    let known = capabilities.groups.is_some_and(|groups| !groups.can_list).then(|| {
        view! {
            <TextArea
                label=text::connections_communities
                value=form.communities
                optional=true
                rows=3
                help=text::connections_communities_help
            />
            <TextArea
                label=text::connections_groups
                value=form.groups
                optional=true
                rows=3
                help=text::connections_groups_help
            />
        }
    });
    view! { {acting}{small}{pace}{known} }.into_any()
}
