//! Reads Excel workbooks in a web worker.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::assets;
use crate::worker::{RunningWorker, WorkerEnded, is_ready};

/// The script that starts the worker.
const LOADER: &str = "workbook-worker.js";

/// Largest workbook, in bytes, as the worker accepts it.
pub const MAX_BYTES: f64 = 100_000_000.0;

/// Why a workbook cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkbookFailure {
    /// The worker did not start, or ended.
    Ended,
    /// The file was changed or removed since it was chosen.
    Unreadable,
    /// The worker refused the file, with the name of the reason.
    Refused(Box<str>),
}

impl From<WorkerEnded> for WorkbookFailure {
    fn from(_: WorkerEnded) -> Self {
        WorkbookFailure::Ended
    }
}

type Waiting = Rc<RefCell<Option<oneshot::Sender<JsValue>>>>;

/// A worker with one workbook. Dropping it ends the worker and gives its memory back.
pub struct WorkbookReader {
    worker: RunningWorker,
    waiting: Waiting,
}

/// A workbook that was opened.
#[derive(Debug)]
pub struct OpenedWorkbook {
    /// Reads its sheets.
    pub reader: WorkbookReader,
    /// The names of its visible sheets.
    pub sheets: Vec<String>,
    /// Number of its hidden sheets.
    pub n_hidden: usize,
}

impl std::fmt::Debug for WorkbookReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WorkbookReader")
    }
}

impl WorkbookReader {
    /// Opens a workbook.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub async fn open(file: &Blob) -> Result<OpenedWorkbook, WorkbookFailure> {
        if file.size() > MAX_BYTES {
            return Err(WorkbookFailure::Refused("too_large".into()));
        }
        let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| WorkbookFailure::Unreadable)?;
        let waiting = Waiting::default();
        let on_message = {
            let waiting = Rc::clone(&waiting);
            move |message: &JsValue| {
                if is_ready(message) {
                    return true;
                }
                if let Some(sender) = waiting.take() {
                    // Nobody may listen any more.
                    let _ = sender.send(message.clone());
                }
                false
            }
        };
        let on_end = {
            let waiting = Rc::clone(&waiting);
            move || drop(waiting.take())
        };
        let worker = RunningWorker::start(&assets::address(LOADER), on_message, on_end)?;
        let reader = Self { worker, waiting };
        let [sheets, hidden] = reader.ask("bytes", &bytes, ["sheets", "hidden"], &Array::of1(&bytes)).await?;
        let names = sheets.unchecked_into::<Array>().iter().filter_map(|name| name.as_string()).collect();
        Ok(OpenedWorkbook { reader, sheets: names, n_hidden: hidden.as_f64().unwrap_or_default() as usize })
    }

    /// A sheet as a file of comma-separated values.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub async fn csv(&self, sheet: usize) -> Result<Blob, WorkbookFailure> {
        let [csv] = self.ask("sheet", &JsValue::from_f64(sheet as f64), ["csv"], &Array::new()).await?;
        Blob::new_with_buffer_source_sequence(&Array::of1(&csv)).map_err(|_| WorkbookFailure::Ended)
    }

    /// Asks with one field, and returns fields of the answer.
    async fn ask<const N: usize>(
        &self,
        name: &str,
        value: &JsValue,
        wanted: [&str; N],
        transferred: &Array,
    ) -> Result<[JsValue; N], WorkbookFailure> {
        let (sender, answer) = oneshot::channel();
        self.waiting.replace(Some(sender));
        let message = Object::new();
        let set = |field: &str, value: &JsValue| {
            Reflect::set(&message, &field.into(), value).map_err(|_| WorkbookFailure::Ended)
        };
        set("id", &JsValue::from_f64(0.0))?;
        set(name, value)?;
        self.worker.post(message.into(), transferred.clone())?;
        let answer = answer.await.map_err(|_| WorkbookFailure::Ended)?;
        let field = |name: &str| Reflect::get(&answer, &name.into()).unwrap_or_default();
        match field("error").as_string() {
            Some(reason) => Err(WorkbookFailure::Refused(reason.into())),
            None => Ok(wanted.map(field)),
        }
    }
}
