//! The file that is being imported, and the worker that reads it.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use browser::importer::Importer;
use browser::workbook::{WorkbookFailure, WorkbookReader};
use browser::worker::WorkerEnded;
use domain::form::people::PeopleFields;
use domain::list::ColumnKind;
use domain::{Connection, ConnectionId};
use import_worker::message::{ImportAnswer, ImportQuestion, MAX_BYTES};
use import_worker::{ImportChange, ImportError, ImportPerson, ImportRow, ImportSummary, RowFilter};
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use ui::{Attempt, Latest};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::features::adding::remembered;
use crate::routing::paths;

/// Number of people asked for at once: the page stays responsive in between.
const PEOPLE_AT_ONCE: usize = 2000;

/// A file, or pasted text, with its name.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub name: String,
    pub blob: Blob,
}

/// The file that was chosen, which stays while the connection changes.
pub(super) type ChosenSource = StoredValue<Option<Source>, LocalStorage>;

/// How far the import is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stage {
    Nothing,
    Reading,
    Open,
    Failed(Failure),
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    File(ImportError),
    Workbook(WorkbookFailure),
    /// The worker did not start, or ended.
    Worker,
}

/// A file that was left for the preview, so that the way back leads to it.
struct Left {
    connection: ConnectionId,
    source: Source,
    importer: Rc<Importer>,
    summary: Arc<ImportSummary>,
    workbook: Option<Rc<WorkbookReader>>,
    sheets: Vec<String>,
    sheet: usize,
    n_hidden: usize,
    /// What holds for all people, as it was entered.
    fields: PeopleFields,
}

thread_local! {
    static LEFT: RefCell<Option<Left>> = const { RefCell::new(None) };
}

/// Forgets the file that was left for the preview.
pub(super) fn forget_left() {
    LEFT.take();
}

/// Keeps the file that was left for the preview while the user is on the import or its preview. Each of the two
/// calls this, because either can be left for another page.
pub(super) fn keep_left_nearby() {
    let pathname = use_location().pathname;
    on_cleanup(move || {
        // The address of the next page is known before this one is removed.
        let next = pathname.get_untracked();
        let next = next.trim_end_matches('/');
        if next != paths::import() && next != paths::import_preview() {
            forget_left();
        }
    });
}

/// The file that is being imported. Copies share state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Importing {
    connection: StoredValue<Arc<Connection>>,
    pub stage: RwSignal<Stage>,
    /// The file at a glance; while it is read, the beginning of it.
    pub summary: RwSignal<Option<Arc<ImportSummary>>>,
    /// The first rows, while the file is read.
    pub beginning: RwSignal<Option<Arc<Vec<ImportRow>>>>,
    /// The share that was read.
    pub share: RwSignal<f64>,
    /// Counts the changes, so that rows are asked for again.
    pub n_changes: RwSignal<u32>,
    /// Number of changes whose answers are awaited.
    n_awaited: RwSignal<usize>,
    /// What the columns were said to hold last, while answers are awaited.
    kinds_sent: StoredValue<Option<Vec<ColumnKind>>>,
    /// The names of the sheets of a workbook.
    pub sheets: RwSignal<Vec<String>>,
    /// The sheet that is read.
    pub sheet: RwSignal<usize>,
    /// Number of hidden sheets of the workbook, which are not read.
    pub n_hidden: RwSignal<usize>,
    /// What holds for all people, if the page is opened again after the preview.
    fields: StoredValue<Option<PeopleFields>, LocalStorage>,
    source: ChosenSource,
    workbook: StoredValue<Option<Rc<WorkbookReader>>, LocalStorage>,
    /// The file or sheet that was chosen last.
    readings: Latest,
    importer: StoredValue<Option<Rc<Importer>>, LocalStorage>,
    /// A worker that waits for the next file, so that nothing waits for its start.
    spare: StoredValue<Option<Importer>, LocalStorage>,
}

impl Importing {
    /// Nothing yet, the file that was left for the preview, or the one that was chosen for another connection.
    pub(super) fn new(connection: &Arc<Connection>, source: ChosenSource) -> Self {
        let importing = Self {
            connection: StoredValue::new(connection.clone()),
            stage: RwSignal::new(Stage::Nothing),
            summary: RwSignal::new(None),
            beginning: RwSignal::new(None),
            share: RwSignal::new(0.0),
            n_changes: RwSignal::new(0),
            n_awaited: RwSignal::new(0),
            kinds_sent: StoredValue::new(None),
            sheets: RwSignal::new(Vec::new()),
            sheet: RwSignal::new(0),
            n_hidden: RwSignal::new(0),
            fields: StoredValue::new_local(None),
            source,
            workbook: StoredValue::new_local(None),
            readings: Latest::new(),
            importer: StoredValue::new_local(None),
            spare: StoredValue::new_local(None),
        };
        on_cleanup(move || importing.end_unless_left());
        if let Some(left) = LEFT.take() {
            if left.connection == connection.id {
                importing.source.set_value(Some(left.source));
                importing.importer.set_value(Some(left.importer));
                importing.workbook.set_value(left.workbook);
                importing.sheets.set(left.sheets);
                importing.sheet.set(left.sheet);
                importing.n_hidden.set(left.n_hidden);
                importing.fields.set_value(Some(left.fields));
                importing.summary.set(Some(left.summary));
                importing.stage.set(Stage::Open);
                return importing;
            }
            source.set_value(Some(left.source));
        }
        // Another vendor has other keys, so the file is read anew.
        match source.get_value() {
            Some(source) => importing.open(source),
            None => importing.start_spare(),
        }
        importing
    }

    fn start_spare(self) {
        if self.spare.with_value(Option::is_none) {
            // Without memory it fails again when there is a file, which says so.
            self.spare.set_value(Importer::start().ok());
        }
    }

    pub(super) fn connection(self) -> Arc<Connection> {
        self.connection.get_value()
    }

    pub(super) fn name(self) -> String {
        self.source.with_value(|source| source.as_ref().map(|source| source.name.clone())).unwrap_or_default()
    }

    /// The size of the file in bytes.
    pub(super) fn size(self) -> f64 {
        self.source.with_value(|source| source.as_ref().map_or(0.0, |source| source.blob.size()))
    }

    /// Reads a file. The one before is forgotten.
    pub(super) fn open(self, source: Source) {
        self.close();
        self.source.set_value(Some(source.clone()));
        if source.blob.size() > MAX_BYTES as f64 {
            return self.fail(Failure::File(ImportError::TooLarge));
        }
        self.stage.set(Stage::Reading);
        let reading = self.readings.begin();
        spawn_local(async move {
            if !is_workbook(&source.blob).await {
                return self.read_if(reading, source.blob);
            }
            match WorkbookReader::open(&source.blob).await {
                Ok(opened) if reading.is_latest() => {
                    self.workbook.set_value(Some(Rc::new(opened.reader)));
                    self.sheets.set(opened.sheets);
                    self.n_hidden.set(opened.n_hidden);
                    self.read_sheet(0);
                }
                Err(failure) if reading.is_latest() => self.fail(Failure::Workbook(failure)),
                Ok(_) | Err(_) => {}
            }
        });
    }

    /// Reads a sheet of the workbook.
    pub(super) fn read_sheet(self, sheet: usize) {
        let Some(workbook) = self.workbook.get_value() else { return };
        self.sheet.set(sheet);
        self.forget();
        self.stage.set(Stage::Reading);
        let reading = self.readings.begin();
        spawn_local(async move {
            match workbook.csv(sheet).await {
                Ok(csv) => self.read_if(reading, csv),
                Err(failure) if reading.is_latest() => self.fail(Failure::Workbook(failure)),
                Err(_) => {}
            }
        });
    }

    fn read_if(self, reading: Attempt, blob: Blob) {
        if reading.is_latest() {
            self.read(blob);
        }
    }

    /// Reads text in a worker of its own.
    fn read(self, blob: Blob) {
        let spare = self.spare.try_update_value(Option::take).flatten();
        let Some(importer) = spare.or_else(|| Importer::start().ok()) else {
            return self.fail(Failure::Worker);
        };
        let importer = Rc::new(importer);
        self.importer.set_value(Some(Rc::clone(&importer)));
        let vendor = self.connection().vendor;
        spawn_local(async move {
            let partly = |answer| match answer {
                _ if !self.is_of(&importer) => {}
                ImportAnswer::Progress(share) => drop(self.share.try_set(share)),
                ImportAnswer::Beginning(summary, rows) => {
                    drop(self.summary.try_set(Some(Arc::new(summary))));
                    // The columns and the rows are drawn one after the other: together they would block the page.
                    let importer = Rc::downgrade(&importer);
                    let show = move || {
                        let is_here = importer.upgrade().is_some_and(|importer| self.is_of(&importer));
                        if is_here && self.stage.get_untracked() == Stage::Reading {
                            self.beginning.set(Some(Arc::new(rows)));
                        }
                    };
                    set_timeout(show, Duration::ZERO);
                }
                _ => {}
            };
            let answer = importer.ask(ImportQuestion::Open(vendor), Some(&blob), partly).await;
            if !self.is_of(&importer) {
                return;
            }
            match answer {
                Ok(ImportAnswer::Summary(summary)) => self.begin(&importer, summary).await,
                Ok(ImportAnswer::Error(error)) => self.fail(Failure::File(error)),
                Ok(_) | Err(WorkerEnded) => self.fail(Failure::Worker),
            }
        });
    }

    /// Shows what was read, with what was chosen for such a file before.
    async fn begin(self, importer: &Rc<Importer>, mut summary: ImportSummary) {
        let changes = remembered::changes(&self.connection(), &summary);
        if !changes.is_empty() {
            let answer = importer.ask(ImportQuestion::Change(changes), None, |_| {}).await;
            if !self.is_of(importer) {
                return;
            }
            match answer {
                Ok(ImportAnswer::Summary(mapped)) => summary = mapped,
                Ok(_) | Err(WorkerEnded) => return self.fail(Failure::Worker),
            }
        }
        self.beginning.set(None);
        self.summary.set(Some(Arc::new(summary)));
        self.n_changes.update(|n| *n += 1);
        self.stage.set(Stage::Open);
    }

    /// True while this worker has the file of the page, and the page is shown.
    fn is_of(self, importer: &Rc<Importer>) -> bool {
        let is_own = |own: &Option<Rc<Importer>>| own.as_ref().is_some_and(|own| Rc::ptr_eq(own, importer));
        self.importer.try_with_value(is_own).unwrap_or(false)
    }

    fn fail(self, failure: Failure) {
        self.forget();
        // Another sheet may be a list.
        let is_of_sheet =
            matches!(failure, Failure::File(_)) && self.sheets.with_untracked(|all| all.len() > 1);
        if !is_of_sheet {
            self.forget_workbook();
        }
        self.stage.set(Stage::Failed(failure));
    }

    fn forget_workbook(self) {
        self.workbook.set_value(None);
        self.sheets.set(Vec::new());
        self.n_hidden.set(0);
    }

    /// Ends the worker when the page is left, unless the preview leads back to it. What still waits for an answer
    /// would keep it alive.
    fn end_unless_left(self) {
        let Some(importer) = self.importer.try_update_value(Option::take).flatten() else { return };
        let is_it = |left: &Left| Rc::ptr_eq(&left.importer, &importer);
        if !LEFT.with_borrow(|left| left.as_ref().is_some_and(is_it)) {
            importer.end();
        }
    }

    /// Ends the worker, and forgets what it has read.
    fn forget(self) {
        // What still waits for an answer would keep it alive.
        if let Some(importer) = self.importer.try_update_value(Option::take).flatten() {
            importer.end();
        }
        self.summary.set(None);
        self.beginning.set(None);
        self.share.set(0.0);
        self.n_awaited.set(0);
        self.kinds_sent.set_value(None);
    }

    /// Stops reading, forgets the file, and gives its memory back.
    pub(super) fn close(self) {
        self.readings.begin();
        self.forget();
        self.forget_workbook();
        self.fields.set_value(None);
        self.source.set_value(None);
        self.stage.set(Stage::Nothing);
        self.start_spare();
    }

    /// Makes changes. The worker answers in order, so the last answer counts.
    pub(super) fn change(self, changes: Vec<ImportChange>) {
        let Some(importer) = self.importer.try_get_value().flatten() else { return };
        // While the file is read, nothing answers.
        if self.stage.get_untracked() != Stage::Open {
            return;
        }
        self.n_awaited.update(|n| *n += 1);
        let kinds = changes.iter().rev().find_map(|change| match change {
            ImportChange::Columns(kinds) => Some(kinds.clone()),
            _ => None,
        });
        if kinds.is_some() {
            self.kinds_sent.set_value(kinds);
        }
        let connection = self.connection();
        spawn_local(async move {
            let answer = importer.ask(ImportQuestion::Change(changes.clone()), None, |_| {}).await;
            if !self.is_of(&importer) {
                return;
            }
            let Ok(ImportAnswer::Summary(summary)) = answer else { return self.fail(Failure::Worker) };
            remembered::keep(&connection, &summary, &changes);
            self.summary.set(Some(Arc::new(summary)));
            self.n_changes.update(|n| *n += 1);
            self.n_awaited.update(|n| *n -= 1);
            if self.n_awaited.get_untracked() == 0 {
                self.kinds_sent.set_value(None);
            }
        });
    }

    /// What each column holds, with what was chosen since the last answer; `None` without a file.
    pub(super) fn kinds(self) -> Option<Vec<ColumnKind>> {
        let of = |summary: &Arc<ImportSummary>| summary.columns.iter().map(|column| column.kind).collect();
        self.kinds_sent
            .get_value()
            .or_else(|| self.summary.with_untracked(|summary| summary.as_ref().map(of)))
    }

    /// Rows of the file with texts of at most `longest` characters; `None` if it was closed.
    pub(super) async fn rows(
        self,
        filter: RowFilter,
        skip: usize,
        most: usize,
        longest: usize,
    ) -> Option<Vec<ImportRow>> {
        let importer = self.importer.try_get_value().flatten()?;
        let answer = importer.ask(ImportQuestion::Rows { filter, skip, most, longest }, None, |_| {}).await;
        match answer {
            Ok(ImportAnswer::Rows(rows)) => Some(rows),
            _ => {
                if self.is_of(&importer) {
                    self.fail(Failure::Worker);
                }
                None
            }
        }
    }

    /// All people who can be sent; `None` if the file was closed.
    pub(super) async fn people(self) -> Option<Vec<ImportPerson>> {
        let importer = self.importer.try_get_value().flatten()?;
        let (mut all, mut from) = (Vec::new(), 0);
        loop {
            let question = ImportQuestion::People { from, most: PEOPLE_AT_ONCE };
            let Ok(ImportAnswer::People(people, next)) = importer.ask(question, None, |_| {}).await else {
                if self.is_of(&importer) {
                    self.fail(Failure::Worker);
                }
                return None;
            };
            if !self.is_of(&importer) {
                return None;
            }
            all.extend(people);
            match next {
                Some(next) => from = next,
                None => return Some(all),
            }
        }
    }

    /// What held for all people before the preview, once.
    pub(super) fn take_fields(self) -> Option<PeopleFields> {
        self.fields.try_update_value(Option::take).flatten()
    }

    /// Leaves the file for the preview, with what holds for all people.
    pub(super) fn leave(self, fields: PeopleFields) {
        let (source, importer, summary) =
            (self.source.get_value(), self.importer.get_value(), self.summary.get_untracked());
        if let (Some(source), Some(importer), Some(summary)) = (source, importer, summary) {
            let connection = self.connection().id.clone();
            let (sheets, sheet) = (self.sheets.get_untracked(), self.sheet.get_untracked());
            let n_hidden = self.n_hidden.get_untracked();
            let workbook = self.workbook.get_value();
            LEFT.set(Some(Left {
                connection,
                source,
                importer,
                summary,
                workbook,
                sheets,
                sheet,
                n_hidden,
                fields,
            }));
        }
    }

    /// Whether answers to changes are awaited; tracked.
    pub(super) fn is_changing(self) -> bool {
        self.n_awaited.get() > 0
    }

    /// Whether a file is open; tracked.
    pub(super) fn is_open(self) -> bool {
        self.stage.get() == Stage::Open
    }
}

/// True for files that begin as workbooks of Excel do, old or new.
async fn is_workbook(blob: &Blob) -> bool {
    const MAGIC: [[u8; 4]; 2] = [*b"PK\x03\x04", [0xd0, 0xcf, 0x11, 0xe0]];
    let Ok(head) = blob.slice_with_f64_and_f64(0.0, 4.0) else { return false };
    // A file that cannot be read is reported when the rest of it is.
    let Ok(head) = JsFuture::from(head.array_buffer()).await else { return false };
    MAGIC.iter().any(|magic| Uint8Array::new(&head).to_vec() == magic)
}
