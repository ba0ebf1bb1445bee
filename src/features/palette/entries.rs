//! What the command palette can find.

use std::sync::Arc;

use domain::capabilities::Directory;
use domain::connection::KnownGroup;
use domain::finder::Findable;
use domain::{Connection, GroupKind, Pause, PlanId, Status};
use hosting::{Config, Feature};
use leptos::prelude::*;

use crate::features::connecting::export;
use crate::features::reading::known_people;
use crate::features::results::run_words::moment;
use crate::features::words;
use crate::routing::paths;
use crate::shell::navigation::sections;
use crate::shell::preferences::{Density, Preferences, Theme};
use crate::state::config::use_config;
use crate::state::runs::{RunSummary, Runs, use_runs};
use crate::state::session::{Session, use_session};
use i18n::text;
use ui::PaletteMark;

/// How many of the latest runs are offered while nothing is typed.
const N_LATEST: usize = 3;

/// The groups of results, in the order in which they are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pages,
    Connections,
    Runs,
    Actions,
    Groups,
    People,
}

impl Kind {
    pub(super) const ALL: [Self; 6] =
        [Self::Pages, Self::Connections, Self::Runs, Self::Actions, Self::Groups, Self::People];

    pub(super) fn title(self) -> String {
        match self {
            Self::Pages => text::palette_pages(),
            Self::Connections => text::palette_connections(),
            Self::Runs => text::palette_runs(),
            Self::Actions => text::palette_actions(),
            Self::Groups => text::palette_groups(),
            Self::People => text::palette_people(),
        }
    }
}

/// What choosing an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Go(String),
    Lock,
    Export,
    AddSamples,
    ListShortcuts,
    UseTheme(Theme),
    UseDensity(Density),
    Pause(PlanId),
    Resume(PlanId),
}

/// Something that can be found, how it looks, and what choosing it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) item: Findable,
    pub(super) mark: PaletteMark,
    pub(super) is_data: bool,
    pub(super) meta: String,
    pub(super) act: Act,
}

impl Entry {
    /// A page, found by its name; its path is its key.
    fn page(kind: Kind, icon: &'static str, name: String, path: String) -> Self {
        let key = path.clone();
        Self::new(kind, icon, name, &key, Act::Go(path))
    }

    fn new(kind: Kind, icon: &'static str, name: String, key: &str, act: Act) -> Self {
        let item = Findable {
            key: [&(kind as usize).to_string(), " ", key].concat().into(),
            name: name.into(),
            beside: "".into(),
            group: kind as usize,
            is_offered: !matches!(kind, Kind::Groups | Kind::People),
        };
        Self { item, mark: PaletteMark::Icon(icon), is_data: false, meta: String::new(), act }
    }

    /// A name that is data.
    fn of_data(self) -> Self {
        Self { is_data: true, ..self }
    }

    /// Shown beside the name, and found by.
    fn beside(self, meta: String) -> Self {
        let item = Findable { beside: meta.as_str().into(), ..self.item };
        Self { item, meta, ..self }
    }

    /// Also found by another text.
    fn also(mut self, text: &str) -> Self {
        self.item.beside = [&self.item.beside, " ", text].concat().into();
        self
    }

    fn only_typed(mut self) -> Self {
        self.item.is_offered = false;
        self
    }
}

/// Where the entries come from.
#[derive(Clone)]
pub(super) struct Sources {
    session: Session,
    runs: Runs,
    config: Arc<Config>,
    preferences: Preferences,
}

impl Sources {
    pub(super) fn new() -> Self {
        Self { session: use_session(), runs: use_runs(), config: use_config(), preferences: expect_context() }
    }

    /// Everything that can be found now; tracked, but for the names that pages have read.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries = self.pages();
        let connections = self.session.connections();
        for connection in &connections {
            self.connection(connection, &mut entries);
        }
        for (nth, run) in self.runs.summaries().iter().enumerate() {
            self.run(run, nth < N_LATEST, &mut entries);
        }
        self.actions(&mut entries);
        // What was read of a locked connection is not shown.
        for connection in connections.iter().filter(|connection| !self.session.needs_key(connection)) {
            self.groups(connection, &mut entries);
            self.people(connection, &mut entries);
        }
        entries
    }

    fn pages(&self) -> Vec<Entry> {
        let page = |icon, name, path| Entry::page(Kind::Pages, icon, name, path);
        let mut pages = vec![
            page("house", text::shell_overview(), paths::overview()),
            page("list-checks", text::shell_runs(), paths::runs()),
            page("scroll-text", text::shell_activity(), paths::activity()),
            page("plug", text::shell_all_connections(), paths::connections()),
            page("settings", text::shell_settings(), paths::settings()),
        ];
        if self.config.has(Feature::Reviews) {
            pages.push(page("user-check", text::shell_reviews(), paths::review()));
        }
        if self.config.has(Feature::Sandbox) {
            pages.push(page("flask-conical", text::shell_sandbox(), paths::sandbox()));
        }
        if self.config.has(Feature::Import) {
            pages.push(page("file-up", text::import_title(), paths::import()));
            pages.push(page("file-up", text::runs_open_file(), paths::open_results()).only_typed());
        }
        pages
    }

    fn connection(&self, connection: &Connection, entries: &mut Vec<Entry>) {
        let (id, name) = (connection.id.as_str(), connection.name.to_string());
        let own = Entry::page(Kind::Connections, "plug", name.clone(), paths::connection(id)).of_data();
        let mark = PaletteMark::Vendor(connection.vendor.slug());
        entries.push(Entry { mark, ..own.beside(connection.vendor.name().to_owned()) });
        for section in sections(self.session, connection) {
            let entry = Entry::page(Kind::Connections, section.icon, (section.label)(), section.href);
            entries.push(entry.beside(name.clone()).only_typed());
        }
    }

    fn groups(&self, connection: &Connection, entries: &mut Vec<Entry>) {
        if vendors::capabilities(connection.vendor).groups.is_none() {
            return;
        }
        let id = connection.id.as_str();
        let mut groups = connection.known_groups.clone();
        for seen in self.session.seen_groups(&connection.id) {
            if !groups.iter().any(|known| known.id == seen.id && known.kind == seen.kind) {
                groups.push(KnownGroup { id: seen.id, name: seen.name, kind: seen.kind });
            }
        }
        for group in groups {
            // A community cannot be opened; people can be added to it.
            let path = match group.kind {
                GroupKind::Group => paths::group(id, group.id.as_str()),
                GroupKind::Community => paths::add_members_to(id, group.id.as_str()),
            };
            let entry = Entry::page(Kind::Groups, "messages-square", group.name.to_string(), path);
            entries.push(entry.of_data().beside(connection.name.to_string()).also(group.id.as_str()));
        }
    }

    fn people(&self, connection: &Connection, entries: &mut Vec<Entry>) {
        let person = |name: &str, path: String, others: &[&str]| {
            let entry = Entry::page(Kind::People, "users", name.to_owned(), path);
            let entry = entry.of_data().beside(connection.name.to_string());
            others.iter().fold(entry, |entry, other| entry.also(other))
        };
        let id = connection.id.as_str();
        match vendors::capabilities(connection.vendor).directory {
            Directory::Remote { .. } => {
                for seen in self.session.seen_people(&connection.id) {
                    let path = paths::member(id, seen.label(), &seen.id);
                    let email = seen.email.as_deref().unwrap_or_default();
                    entries.push(person(seen.label(), path, &[&*seen.id, email]));
                }
            }
            Directory::Ledger => {
                for (group, known) in self.session.ledger(&connection.id) {
                    let path = paths::member(id, known.label(), &known_people::place(&group, &known));
                    entries.push(person(known.label(), path, &[&known_people::key(&known), group.as_str()]));
                }
            }
        }
    }

    fn run(&self, run: &RunSummary, is_latest: bool, entries: &mut Vec<Entry>) {
        let began = moment(run.started_at as f64);
        let meta = text::palette_run(text::PaletteRun { connection: &run.connection_name, started: &began });
        let path = paths::run(run.id.as_str());
        let title = match run.is_over() {
            true => words::ended_title(&run.title, &run.tally),
            false => words::title(&run.title),
        };
        let entry = Entry::page(Kind::Runs, "list-checks", title.clone(), path).beside(meta);
        let is_offered = is_latest || !run.is_over();
        entries.push(if is_offered { entry } else { entry.only_typed() });
        let id = run.id.clone();
        let (icon, name, act) = match &run.status {
            Status::Running if run.is_active() => ("pause", text::palette_pause(), Act::Pause(id)),
            Status::Paused(Pause::Person) if run.is_active() => {
                ("play", text::palette_resume(), Act::Resume(id))
            }
            _ => return,
        };
        let entry = Entry::new(Kind::Actions, icon, name, run.id.as_str(), act);
        entries.push(entry.beside(title));
    }

    fn actions(&self, entries: &mut Vec<Entry>) {
        let (session, config) = (self.session, &self.config);
        let action = |icon, name, key: &str, act| Entry::new(Kind::Actions, icon, name, key, act);
        if session.is_unlocked() {
            entries.push(action("lock", text::shell_lock_what(), "lock", Act::Lock));
        }
        if config.has(Feature::AddingConnections) {
            let path = paths::new_connection();
            entries.push(Entry::page(Kind::Actions, "plus", text::shell_add_connection(), path));
        }
        if config.has(Feature::Sandbox) && session.lacks_samples() {
            let name = text::overview_look_try();
            entries.push(action("flask-conical", name, "samples", Act::AddSamples));
        }
        if config.has(Feature::Import) && config.has(Feature::AddingConnections) {
            let path = paths::import_connections();
            entries
                .push(Entry::page(Kind::Actions, "file-up", text::connections_import(), path).only_typed());
        }
        if !export::exportable(session).is_empty() {
            let name = text::connections_export();
            entries.push(action("download", name, "export", Act::Export).only_typed());
        }
        let themes: [(_, _, fn() -> String); 3] = [
            (Theme::System, "contrast", text::settings_theme_system),
            (Theme::Light, "sun", text::settings_theme_light),
            (Theme::Dark, "moon", text::settings_theme_dark),
        ];
        for (theme, icon, name) in themes {
            if self.preferences.theme.get() != theme {
                let name = text::palette_theme(&name());
                entries.push(action(icon, name, icon, Act::UseTheme(theme)).only_typed());
            }
        }
        let densities: [(_, fn() -> String); 2] = [
            (Density::Comfortable, text::settings_density_comfortable),
            (Density::Compact, text::settings_density_compact),
        ];
        for (density, name) in densities {
            if self.preferences.density.get() != density {
                let name = text::palette_density(&name());
                entries.push(action("rows-3", name, "density", Act::UseDensity(density)).only_typed());
            }
        }
        entries.push(action("circle-help", text::shortcuts_title(), "shortcuts", Act::ListShortcuts));
    }
}
