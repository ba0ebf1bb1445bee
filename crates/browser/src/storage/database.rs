//! A minimal wrapper of IndexedDB.
//!
//! Libraries for IndexedDB report that a transaction was aborted, but not why; a full disk, a conflicting
//! writer and a closed database need different reactions.

use std::cell::Cell;
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Event, IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest,
    IdbTransaction, IdbTransactionMode,
};

use super::StorageError;

type Listener = Closure<dyn FnMut(Event)>;

/// An open database. It closes itself when another page wants to upgrade it.
#[derive(Debug)]
pub(super) struct Handle {
    database: IdbDatabase,
    is_closed: Rc<Cell<bool>>,
    _on_close: Listener,
    _on_version_change: Listener,
}

/// The schema of a database.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// The version written by this release.
    pub(super) version: u32,
    /// Creates what an older version lacks.
    pub(super) upgrade: fn(&IdbDatabase) -> Result<(), JsValue>,
    /// Whether this release may use a database of a later one.
    pub(super) is_readable: fn(&IdbDatabase) -> bool,
}

/// Opens a database, creating or upgrading it if needed. A database of a later release is opened unchanged,
/// if that release declares it usable for this one.
pub(super) async fn open(name: &str, shape: Shape) -> Result<Handle, StorageError> {
    match open_at(name, Some(shape.version), shape.upgrade).await {
        Err(StorageError::Newer) => {
            // Aborts if the database has been deleted meanwhile: nothing must be created without a version.
            let newer = open_at(name, None, |_| Err(JsValue::NULL)).await?;
            if (shape.is_readable)(&newer.database) {
                Ok(newer)
            } else {
                newer.close();
                Err(StorageError::Newer)
            }
        }
        // Firefox reports this in a window without storage.
        Err(StorageError::Closed) => Err(StorageError::Unavailable),
        other => other,
    }
}

async fn open_at(
    name: &str,
    version: Option<u32>,
    upgrade: fn(&IdbDatabase) -> Result<(), JsValue>,
) -> Result<Handle, StorageError> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into()).map_err(of)?;
    let factory: IdbFactory = factory.dyn_into().map_err(|_| StorageError::Unavailable)?;
    let request = match version {
        Some(version) => factory.open_with_u32(name, version),
        None => factory.open(name),
    };
    let request = request.map_err(of)?;
    let opened = request.clone();
    let on_upgrade = Listener::new(move |_| {
        let upgraded = opened.result().map(JsCast::unchecked_into::<IdbDatabase>);
        // Aborting the upgrade makes the open request fail, which reports the error to the caller.
        if upgraded.and_then(|database| upgrade(&database)).is_err()
            && let Some(transaction) = opened.transaction()
        {
            let _ = transaction.abort();
        }
    });
    request.set_onupgradeneeded(Some(on_upgrade.as_ref().unchecked_ref()));
    let database: IdbDatabase = unblocked(&request).await?.unchecked_into();
    request.set_onupgradeneeded(None);
    let is_closed = Rc::new(Cell::new(false));
    let gone = Rc::clone(&is_closed);
    let on_close = Listener::new(move |_| gone.set(true));
    database.set_onclose(Some(on_close.as_ref().unchecked_ref()));
    let (gone, other) = (Rc::clone(&is_closed), database.clone());
    let on_version_change = Listener::new(move |_| {
        gone.set(true);
        other.close();
    });
    database.set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
    Ok(Handle { database, is_closed, _on_close: on_close, _on_version_change: on_version_change })
}

/// Awaits an open request. Fails, rather than waiting forever, if a page with an older release blocks it.
async fn unblocked(request: &IdbOpenDbRequest) -> Result<JsValue, StorageError> {
    let (sender, receiver) = oneshot::channel();
    let mut sender = Some(sender);
    let on_blocked = Listener::new(move |_| {
        if let Some(sender) = sender.take() {
            let _ = sender.send(());
        }
    });
    request.set_onblocked(Some(on_blocked.as_ref().unchecked_ref()));
    let blocked = async move {
        if receiver.await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let answered = answer(request);
    futures::pin_mut!(answered, blocked);
    let result = match futures::future::select(answered, blocked).await {
        futures::future::Either::Left((result, _)) => result,
        futures::future::Either::Right(_) => Err(StorageError::Blocked),
    };
    request.set_onblocked(None);
    result
}

impl Handle {
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.get()
    }

    pub(super) fn close(&self) {
        self.is_closed.set(true);
        self.database.close();
    }

    #[cfg(test)]
    pub(super) fn store_names(&self) -> web_sys::DomStringList {
        self.database.object_store_names()
    }

    /// Begins a transaction on the given stores.
    pub(super) fn begin(&self, stores: &[&str], mode: Mode) -> Result<Transaction, StorageError> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let inner = self.transaction(&names, mode).map_err(|thrown| {
            let error = of(thrown);
            if error == StorageError::Closed {
                self.is_closed.set(true);
            }
            error
        })?;
        let (sender, ended) = oneshot::channel();
        let mut sender = Some(sender);
        let listener = Listener::new(move |_| {
            if let Some(sender) = sender.take() {
                let _ = sender.send(());
            }
        });
        inner.set_oncomplete(Some(listener.as_ref().unchecked_ref()));
        inner.set_onabort(Some(listener.as_ref().unchecked_ref()));
        Ok(Transaction { inner, ended: Some(ended), _listener: listener })
    }

    fn transaction(&self, names: &Array, mode: Mode) -> Result<IdbTransaction, JsValue> {
        let (mode, durability) = match mode {
            Mode::Read => {
                return self
                    .database
                    .transaction_with_str_sequence_and_mode(names, IdbTransactionMode::Readonly);
            }
            Mode::Write => ("readwrite", "strict"),
            Mode::Relaxed => ("readwrite", "relaxed"),
        };
        // The bindings lack the third argument. Browsers that do not know it ignore it.
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &durability.into())?;
        let begin: Function = Reflect::get(&self.database, &"transaction".into())?.dyn_into()?;
        Ok(begin.call3(&self.database, names, &mode.into(), &options)?.unchecked_into())
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    Read,
    /// Strict durability: the transaction completes only once the data is on disk, so it survives a power
    /// cut. The browser's default completes once the operating system has the data.
    Write,
    /// Relaxed durability: for data that may be lost, such as the pace of calls.
    Relaxed,
}

/// A transaction: all of it happens, or none. Aborted if dropped before it is done.
#[derive(Debug)]
pub(super) struct Transaction {
    inner: IdbTransaction,
    ended: Option<oneshot::Receiver<()>>,
    _listener: Listener,
}

impl Transaction {
    pub(super) fn store(&self, name: &str) -> Result<IdbObjectStore, StorageError> {
        self.inner.object_store(name).map_err(of)
    }

    /// Waits for completion. On failure nothing has happened.
    pub(super) async fn done(mut self) -> Result<(), StorageError> {
        let Some(ended) = self.ended.take() else { return Ok(()) };
        if ended.await.is_err() {
            return Err(StorageError::Failed);
        }
        // The browser sets the error of an aborted transaction, and only of one.
        self.inner.error().map_or(Ok(()), |error| Err(super::named(&error.name())))
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // A half-done transaction must not complete because its future was dropped.
        if self.ended.is_some() {
            let _ = self.inner.abort();
        }
        self.inner.set_oncomplete(None);
        self.inner.set_onabort(None);
    }
}

/// Removes its listener when dropped before the response.
struct Asked<'a> {
    request: &'a IdbRequest,
    _listener: Listener,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.request.set_onsuccess(None);
        self.request.set_onerror(None);
    }
}

/// The result of a request.
pub(super) async fn answer(request: &IdbRequest) -> Result<JsValue, StorageError> {
    let (sender, receiver) = oneshot::channel();
    let mut sender = Some(sender);
    let listener = Listener::new(move |_| {
        if let Some(sender) = sender.take() {
            let _ = sender.send(());
        }
    });
    request.set_onsuccess(Some(listener.as_ref().unchecked_ref()));
    request.set_onerror(Some(listener.as_ref().unchecked_ref()));
    let asked = Asked { request, _listener: listener };
    if receiver.await.is_err() {
        return Err(StorageError::Failed);
    }
    drop(asked);
    match request.error() {
        Ok(Some(error)) => Err(super::named(&error.name())),
        Ok(None) => request.result().map_err(of),
        Err(thrown) => Err(of(thrown)),
    }
}

/// The error for a thrown exception.
pub(super) fn of(thrown: JsValue) -> StorageError {
    let name = Reflect::get(&thrown, &"name".into()).ok().and_then(|name| name.as_string());
    super::named(&name.unwrap_or_default())
}

/// The key of the `n`th record of an id.
pub(super) fn key(id: &str, n: u64) -> JsValue {
    Array::of2(&id.into(), &(n as f64).into()).into()
}

/// The range of keys of an id from number `n` on.
pub(super) fn keys_from(id: &str, n: u64) -> Result<IdbKeyRange, StorageError> {
    IdbKeyRange::bound(&key(id, n), &Array::of2(&id.into(), &f64::INFINITY.into())).map_err(of)
}

/// The range of keys of an id before number `n`.
pub(super) fn keys_before(id: &str, n: u64) -> Result<IdbKeyRange, StorageError> {
    IdbKeyRange::bound_with_lower_open_and_upper_open(&Array::of1(&id.into()), &key(id, n), true, true)
        .map_err(of)
}
