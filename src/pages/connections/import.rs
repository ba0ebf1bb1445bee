//! Imports connections from a file; shows what would be added, replaced or refused before applying it.

use domain::connection_file::{
    ConnectionFile, EntryProblem, FileProblem, MAX_BYTES, MAX_CONNECTIONS, OpenedConnection,
};
use domain::{Connection, ConnectionId};
use hosting::{Config, Feature};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::features::connecting::connection_form::url_problem;
use crate::routing::query;
use crate::state::config::use_config;
use crate::state::launched::{LaunchedKind, open_launched};
use crate::state::session::Session;
use i18n::text;
use ui::{Button, Dialog, Latest, Tone, Upload, Variant, announce, effect, notice, skeleton, vendor_mark};

/// The state of the import.
#[derive(Clone)]
enum ImportState {
    Nothing,
    Reading,
    Failed(String, String),
    Read(String, StoredValue<Vec<ImportRow>>),
}

/// One connection of the file.
#[derive(Clone)]
struct ImportRow {
    /// The displayed name.
    name: String,
    verdict: ImportVerdict,
    /// False if this page's policy does not allow its host.
    is_called: bool,
}

#[derive(Clone)]
enum ImportVerdict {
    Added(Box<Connection>),
    Replaces { new: Box<Connection>, old: Box<Connection> },
    Same,
    Refused(Vec<EntryProblem>),
}

/// The button, and the dialog that previews a file; nothing where the host has switched imports off.
pub(super) fn import_button(session: Session) -> AnyView {
    let config = use_config();
    if !config.has(Feature::Import) || !config.has(Feature::AddingConnections) {
        return ().into_any();
    }
    let is_open = RwSignal::new(false);
    let stage = RwSignal::new(ImportState::Nothing);
    // A file that was being read when the dialog is opened again is no longer wanted.
    let files = Latest::new();
    let begin = move || {
        files.begin();
        stage.set(ImportState::Nothing);
        is_open.set(true);
    };
    // A link can ask for the file; the address then forgets it.
    let (asked, set_asked) = query::quiet_choice("import");
    effect(move || {
        if !asked.with(String::is_empty) {
            begin();
            set_asked.set(None);
        }
    });
    let config = StoredValue::new(config);
    let on_file = move |file: File| {
        stage.set(ImportState::Reading);
        let (config, reading) = (config.get_value(), files.begin());
        spawn_local(async move {
            let read = read(session, &config, &file).await;
            if !reading.is_latest() {
                return;
            }
            stage.set(match read {
                Ok(rows) => ImportState::Read(file.name(), StoredValue::new(rows)),
                Err(why) => ImportState::Failed(file.name(), why),
            });
        });
    };
    open_launched(LaunchedKind::Connections, move |file| {
        is_open.set(true);
        on_file(file);
    });
    let n_taken = Signal::derive(move || match stage.get() {
        ImportState::Read(_, rows) => {
            rows.with_value(|rows| rows.iter().filter(|row| row.is_taken()).count())
        }
        ImportState::Nothing | ImportState::Reading | ImportState::Failed(..) => 0,
    });
    let take = move || {
        if let ImportState::Read(_, rows) = stage.get_untracked() {
            let n_taken = n_taken.get_untracked();
            for row in rows.get_value() {
                row.take(session);
            }
            is_open.set(false);
            announce(text::connections_imported(n_taken));
        }
    };
    let body = move || match stage.get() {
        ImportState::Nothing => upload(on_file),
        ImportState::Reading => skeleton(),
        ImportState::Failed(name, why) => view! {
            {unread(name, why)}
            {upload(on_file)}
        }
        .into_any(),
        ImportState::Read(name, rows) => preview(name, &rows.get_value()),
    };
    let label = Signal::derive(move || match n_taken.get() {
        0 => text::connections_import_none(),
        n => text::connections_import_take(n),
    });
    let reason = Signal::derive(move || (n_taken.get() == 0).then(text::connections_import_nothing));
    let foot = move || {
        let taken = matches!(stage.get(), ImportState::Read(..)).then(|| {
            view! { <Button label=label variant=Variant::Primary disabled_reason=reason on_press=take /> }
        });
        view! {
            <Button label=text::ui_cancel on_press=move || is_open.set(false) />
            {taken}
        }
    };
    view! {
        <Button label=text::connections_import icon="file-up" has_popup="dialog" on_press=begin />
        <Dialog open=is_open title=text::connections_import_title foot=foot>
            <div class="stack-3">{body}</div>
        </Dialog>
    }
    .into_any()
}

/// Why a file was not read.
fn unread(name: String, why: String) -> AnyView {
    let said = view! {
        <p>
            <bdi translate="no">{name}</bdi>
            ": "
            {why}
        </p>
    };
    notice(Tone::Refused, said)
}

/// What a file would add or replace.
fn preview(name: String, rows: &[ImportRow]) -> AnyView {
    let listed = rows.iter().map(ImportRow::view).collect_view();
    view! {
        <p class="small muted">
            <bdi translate="no">{name}</bdi>
        </p>
        <ul class="import-rows">{listed}</ul>
        <p class="help">{text::connections_import_no_keys}</p>
    }
    .into_any()
}

fn upload(on_file: impl Fn(File) + Copy + 'static) -> AnyView {
    view! {
        <Upload
            label=text::connections_import_file
            help=text::connections_import_help
            accept=".json,application/json"
            on_file=on_file
        />
    }
    .into_any()
}

/// What importing the file would do.
///
/// # Errors
/// Why it cannot be read, in words.
async fn read(session: Session, config: &Config, file: &File) -> Result<Vec<ImportRow>, String> {
    if file.size() > MAX_BYTES as f64 {
        return Err(text::connections_file_large());
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    let text = text.ok_or_else(text::connections_file_unreadable)?;
    let file: ConnectionFile =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(malformed)?;
    let is_secure = window().location().protocol().is_ok_and(|protocol| protocol == "https:");
    let opened = file.open(is_secure).map_err(|problem| match problem {
        FileProblem::OtherFile => text::connections_file_other(),
        FileProblem::Newer(_) => text::connections_file_newer(),
        FileProblem::TooMany(n) => text::connections_file_many(n, &MAX_CONNECTIONS.to_string()),
    })?;
    Ok(opened.into_iter().map(|opened| ImportRow::of(session, config, opened)).collect())
}

/// Where a file stops being valid. The parser's message may contain a field name, but never a value.
fn malformed(error: serde_json::Error) -> String {
    let (line, column) = (error.line().to_string(), error.column().to_string());
    let place = text::ConnectionsFileMalformed { line: &line, column: &column };
    let where_ = text::connections_file_malformed(place);
    let what = error.to_string();
    let field = what.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    match field {
        Some(field) => [&where_, " ", &text::connections_file_field(&domain::plain::name(field))].concat(),
        None => where_,
    }
}

impl ImportRow {
    fn of(session: Session, config: &Config, opened: OpenedConnection) -> Self {
        let name = if opened.name.trim().is_empty() {
            text::connections_import_nth(&opened.n.to_string())
        } else {
            opened.name.to_string()
        };
        let verdict = match opened.result.and_then(|new| checked(config, new)) {
            Ok(new) => against(session, new),
            Err(problems) => ImportVerdict::Refused(problems),
        };
        let is_called = match &verdict {
            ImportVerdict::Added(new) | ImportVerdict::Replaces { new, .. } => session.reaches(&new.base_url),
            ImportVerdict::Same | ImportVerdict::Refused(_) => true,
        };
        Self { name, verdict, is_called }
    }

    fn is_taken(&self) -> bool {
        matches!(self.verdict, ImportVerdict::Added(_) | ImportVerdict::Replaces { .. })
    }

    fn take(self, session: Session) {
        if let ImportVerdict::Added(new) | ImportVerdict::Replaces { new, .. } = self.verdict {
            session.save(*new);
        }
    }

    fn view(&self) -> AnyView {
        let (tone, what, more) = match &self.verdict {
            ImportVerdict::Added(new) => (Tone::Done, text::connections_import_added(), Some(address(new))),
            ImportVerdict::Replaces { new, old } => {
                let leads = if new.destination() == old.destination() {
                    address(new)
                } else {
                    let (before, after) =
                        (old.base_url.as_str().to_owned(), new.base_url.as_str().to_owned());
                    view! {
                        <p class="tiny">
                            <bdi translate="no" class="id">
                                {before}
                            </bdi>
                            " → "
                            <bdi translate="no" class="id">
                                {after}
                            </bdi>
                        </p>
                        <p class="tiny">{text::connections_import_key_lost}</p>
                    }
                    .into_any()
                };
                (Tone::Unknown, text::connections_import_replaces(), Some(leads))
            }
            ImportVerdict::Same => (Tone::Same, text::connections_import_same(), None),
            ImportVerdict::Refused(problems) => {
                let said = problems.iter().map(|problem| view! { <li>{words(*problem)}</li> }).collect_view();
                let said = view! { <ul class="tiny stack-1">{said}</ul> }.into_any();
                (Tone::Refused, text::connections_import_refused(), Some(said))
            }
        };
        let mark = match &self.verdict {
            ImportVerdict::Added(new) | ImportVerdict::Replaces { new, .. } => {
                Some(vendor_mark(new.vendor.slug(), false))
            }
            ImportVerdict::Same | ImportVerdict::Refused(_) => None,
        };
        view! {
            <li class=["import-row ", tone.class()]
                .concat()>
                {tone.glyph()} <div>
                    <p class="row">
                        <span class="medium">{what}</span>
                        {mark}
                        <bdi translate="no">{self.name.clone()}</bdi>
                    </p>
                    {more}
                    {(!self.is_called)
                        .then(|| view! { <p class="tiny">{text::connections_import_not_called}</p> })}
                </div>
            </li>
        }
        .into_any()
    }
}

fn address(connection: &Connection) -> AnyView {
    view! {
        <p class="tiny">
            <bdi translate="no" class="id">
                {connection.base_url.as_str().to_owned()}
            </bdi>
        </p>
    }
    .into_any()
}

/// Checks what depends on the vendor and the host.
fn checked(config: &Config, connection: Connection) -> Result<Connection, Vec<EntryProblem>> {
    let shape = vendors::capabilities(connection.vendor).identity.id_shape;
    let acts = connection.acting_as.as_deref();
    let acts_well = acts.is_none_or(|id| domain::key::id(id, shape).is_ok_and(|read| &*read == id));
    if !acts_well {
        return Err(vec![EntryProblem::ActingAs]);
    }
    if !config.allows(connection.kind) {
        return Err(vec![EntryProblem::Kind]);
    }
    let range = vendors::profile(connection.vendor).pace_range.clone();
    let pace = connection.calls_per_minute.filter(|pace| range.is_some_and(|range| range.contains(pace)));
    Ok(Connection { calls_per_minute: pace, ..connection })
}

/// Compares an imported connection with the existing one.
fn against(session: Session, new: Connection) -> ImportVerdict {
    let id: &ConnectionId = &new.id;
    match session.connection_now(id) {
        None => ImportVerdict::Added(Box::new(new)),
        Some(old) => {
            let is_same_place = old.destination() == new.destination();
            // The existing connection decides where its key is stored, not the file.
            let new = Connection {
                key_storage: old.key_storage,
                is_power_known: old.is_power_known && is_same_place,
                ..new
            };
            if new == *old {
                ImportVerdict::Same
            } else {
                ImportVerdict::Replaces { new: Box::new(new), old: Box::new(Connection::clone(&old)) }
            }
        }
    }
}

fn words(problem: EntryProblem) -> String {
    match problem {
        EntryProblem::Id => text::connections_entry_id(),
        EntryProblem::DoubleId => text::connections_entry_double_id(),
        EntryProblem::Vendor => text::connections_entry_vendor(),
        EntryProblem::Name => text::connections_entry_name(),
        EntryProblem::Kind => text::connections_entry_reach(),
        EntryProblem::Url(error) => url_problem(error),
        EntryProblem::ActingAs => text::connections_entry_acting_as(),
        EntryProblem::Groups => text::connections_entry_groups(),
    }
}
