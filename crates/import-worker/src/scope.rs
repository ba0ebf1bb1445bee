//! The worker's global scope: receives messages, reads the file piece by piece, and replies.

use std::cell::RefCell;
use std::rc::Rc;

use domain::Vendor;
use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent};

use crate::message::{ImportAnswer, ImportQuestion, MAX_BYTES, answer, beginning};
use crate::{Import, ImportError, Reading};

/// Bytes read at once: few enough to report progress often, and enough for the first rows.
const PIECE: u64 = 8 * 1024 * 1024;
/// Bytes copied at once: the processor's cache still has them when their cells are found.
const PORTION: usize = 256 * 1024;
/// Bytes by which the first rows are shown.
const FIRST: u64 = 64 * 1024;
/// The share of the work that reading the bytes is, for the progress.
const READING: f64 = 0.5;

/// Says that it listens, and listens.
pub fn start() {
    let import = Rc::new(RefCell::new(None));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        take(&import, &event.data());
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref::<Function>()));
    on_message.forget(); // Listens as long as the worker lives.
    scope().post_message(&JsValue::from_str("ready")).expect("a text can always be posted");
}

/// Takes a message: the question as JSON, and the file if it is to be opened.
fn take(import: &Rc<RefCell<Option<Import>>>, data: &JsValue) {
    let parts: &Array = data.unchecked_ref();
    let asked =
        parts.get(0).as_string().and_then(|text| serde_json::from_str::<(u32, ImportQuestion)>(&text).ok());
    let Some((id, question)) = asked else { return };
    match question {
        ImportQuestion::Open(vendor) => {
            let file: Blob = parts.get(1).unchecked_into();
            let import = Rc::clone(import);
            spawn_local(async move {
                let opened = open(id, &file, vendor).await;
                let answer = match opened {
                    Ok(opened) => import.borrow_mut().insert(opened).summary_answer(),
                    Err(error) => ImportAnswer::Error(error),
                };
                post(id, answer);
            });
        }
        question => {
            if let Some(import) = &mut *import.borrow_mut() {
                post(id, answer(import, question));
            }
        }
    }
}

impl Import {
    fn summary_answer(&self) -> ImportAnswer {
        ImportAnswer::Summary(self.summary())
    }
}

async fn open(id: u32, file: &Blob, vendor: Vendor) -> Result<Import, ImportError> {
    let size = file.size() as u64;
    if size > MAX_BYTES {
        return Err(ImportError::TooLarge);
    }
    if size > FIRST
        && let Some(first) = beginning(piece(file, 0, FIRST).await?, vendor)
    {
        post(id, first);
    }
    let mut reading = Reading::new(size as usize, vendor);
    let mut bytes = vec![0; PORTION];
    // The next piece is on its way while this one is read.
    let mut next = (size > 0).then(|| slice(file, 0, PIECE.min(size)));
    let mut at = 0;
    while let Some(piece) = next.take() {
        let end = size.min(at + PIECE);
        next = (end < size).then(|| slice(file, end, size.min(end + PIECE)));
        let piece = read(piece?, end - at).await?;
        for from in (0..piece.length()).step_by(PORTION) {
            let portion = piece.subarray(from, piece.length().min(from + PORTION as u32));
            let own = &mut bytes[..portion.length() as usize];
            portion.copy_to(own);
            reading.take(own);
        }
        at = end;
        post(id, ImportAnswer::Progress(READING * at as f64 / size as f64));
    }
    reading.finish()
}

async fn piece(file: &Blob, from: u64, to: u64) -> Result<Vec<u8>, ImportError> {
    Ok(read(slice(file, from, to)?, to - from).await?.to_vec())
}

/// Starts to read a part of a file.
fn slice(
    file: &Blob,
    from: u64,
    to: u64,
) -> Result<impl Future<Output = Result<impl AsRef<JsValue>, JsValue>>, ImportError> {
    let part = file.slice_with_f64_and_f64(from as f64, to as f64).map_err(|_| ImportError::Unreadable)?;
    Ok(JsFuture::from(part.array_buffer()))
}

/// What was read, of this length. Fails if the file has changed since it was chosen.
async fn read(
    reading: impl Future<Output = Result<impl AsRef<JsValue>, JsValue>>,
    length: u64,
) -> Result<Uint8Array, ImportError> {
    let buffer = reading.await.map_err(|_| ImportError::Unreadable)?;
    let read = Uint8Array::new(buffer.as_ref());
    if u64::from(read.length()) == length { Ok(read) } else { Err(ImportError::Unreadable) }
}

fn post(id: u32, answer: ImportAnswer) {
    let text = serde_json::to_string(&(id, answer)).expect("answers have no keys but texts");
    scope().post_message(&JsValue::from_str(&text)).expect("a text can always be posted");
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
