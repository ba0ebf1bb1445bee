//! What outlives the page. The code that reads and writes it is fetched when this device has persisted data
//! or is about to: a first visit does without.

use std::sync::Arc;

use domain::{Connection, ConnectionId, ConnectionKind};
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use hosting::Origin;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::tabs::TabMessage;
use super::{Session, tab_keys};
use crate::state::busy::Awaited;
use browser::clock;
use browser::storage::{self, Storage, StorageError};

/// What is known of the persisted list of connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StoredList {
    /// Not looked for yet.
    #[default]
    Unknown,
    /// This device has none.
    Nothing,
    Reading,
    /// The code that reads it could not be fetched; [`Session::read_again`] retries.
    Missing,
    /// Read, as far as possible.
    Read,
}

/// A write to the storage.
pub(super) enum ListWrite {
    Save {
        connection: Arc<Connection>,
        /// The connection as this page knew it; the stored one must still equal it.
        before: Option<Arc<Connection>>,
    },
    Remove(ConnectionId),
    ForgetKey(ConnectionId),
    ForgetPace(ConnectionId),
    /// A run has changed people of a connection whose directories are kept.
    NotePeopleChanged(ConnectionId),
}

/// The fetched functions that read and write.
#[derive(Clone, Copy)]
pub(super) struct StoreCode {
    read: fn(Session) -> LocalBoxFuture<'static, ()>,
    write: fn(Session, Storage, ListWrite) -> LocalBoxFuture<'static, Result<(), StorageError>>,
    take: fn(Session, Storage, Option<ConnectionId>) -> LocalBoxFuture<'static, ()>,
    pub(super) add_samples: fn(Session, Option<Origin>),
}

pub(super) type FetchStoreCode = fn() -> LocalBoxFuture<'static, Result<StoreCode, SplitLoaderError>>;

#[wasm_split(home, wasm_split_path = ::leptos::wasm_split, fallible)]
fn store_code() -> Result<StoreCode, SplitLoaderError> {
    Ok(fetched())
}

fn fetched() -> StoreCode {
    StoreCode {
        read: |session| Box::pin(read(session)),
        write: |session, storage, it| Box::pin(write(session, storage, it)),
        take: |session, storage, id| Box::pin(take(session, storage, id)),
        add_samples: Session::add_samples_here,
    }
}

impl Session {
    /// What is known of the persisted list; tracked.
    pub fn stored_list(self) -> StoredList {
        self.stored_list.get()
    }

    /// What is known of the persisted list.
    pub(crate) fn stored_list_now(self) -> StoredList {
        self.stored_list.get_untracked()
    }

    /// False until the list has been read; tracked. An unknown connection may still appear until then.
    pub fn is_loaded(self) -> bool {
        matches!(self.stored_list.get(), StoredList::Nothing | StoredList::Read)
    }

    /// Retries reading the list if the code for it could not be fetched.
    pub fn read_again(self) {
        if self.stored_list.get_untracked() == StoredList::Missing {
            spawn_local(self.read_stored());
        }
    }

    /// Persists everything in this storage from now on, as a page does once it has read the list.
    pub async fn use_storage(self, storage: Storage) {
        self.inner().store_code.set(Some(|| Box::pin(async { Ok(fetched()) })));
        let problem = read_from(self, storage).await;
        self.storage_problem.set(problem);
        self.set_stored_list(StoredList::Read);
    }

    /// The storage, once it is known whether there is one; `None` if there is none.
    pub(crate) async fn storage(self) -> Option<Storage> {
        let inner = self.inner();
        let is_unknown =
            matches!(self.stored_list.get_untracked(), StoredList::Unknown | StoredList::Reading);
        if is_unknown && inner.store_code.get().is_some() {
            let (sender, known) = oneshot::channel();
            inner.waiting.borrow_mut().push(sender);
            // Fails only if the page goes away.
            let _ = known.await;
        }
        self.storage_now()
    }

    /// The storage, if it is already open.
    pub(crate) fn storage_now(self) -> Option<Storage> {
        self.inner.try_get_value().and_then(|inner| inner.storage.borrow().clone())
    }

    fn set_stored_list(self, kept: StoredList) {
        self.stored_list.set(kept);
        if !matches!(kept, StoredList::Unknown | StoredList::Reading) {
            for waiting in self.inner().waiting.take() {
                // Fails if the waiting task has been dropped.
                let _ = waiting.send(());
            }
        }
    }

    pub(super) fn load(self) {
        // Set only here, so that a session without a page, as in tests, has nothing to fetch.
        self.inner().store_code.set(Some(|| Box::pin(store_code())));
        tab_keys::clear();
        spawn_local(async move {
            if storage::may_be_here().await {
                self.read_stored().await;
            } else if self.stored_list.get_untracked() == StoredList::Unknown {
                self.set_stored_list(StoredList::Nothing);
            }
        });
    }

    /// Writes in the background. Without storage the list lasts as long as the page; see
    /// [`Session::storage_problem`].
    pub(super) fn write(self, write: ListWrite) {
        let written = self.written(write);
        spawn_local(async move {
            // An error is reported by `storage_problem`.
            let _ = written.await;
        });
    }

    /// As [`write`](Session::write), as a future. It uses the storage open now, even if the page goes away.
    pub(super) fn written(
        self,
        write: ListWrite,
    ) -> impl Future<Output = Result<(), StorageError>> + 'static {
        let inner = self.inner();
        let (fetch, storage) = (inner.store_code.get(), inner.storage.borrow().clone());
        async move {
            match fetch {
                Some(fetch) => self.write_with(fetch, storage, write).await,
                None => Ok(()),
            }
        }
    }

    async fn write_with(
        self,
        fetch: FetchStoreCode,
        storage: Option<Storage>,
        write: ListWrite,
    ) -> Result<(), StorageError> {
        let Some(storage) = storage else {
            if !matches!(write, ListWrite::Save { .. }) {
                return Ok(());
            }
            if self.inner.try_get_value().is_none() {
                return Ok(()); // the page is gone
            }
            // Reading also persists the connections added before.
            match self.stored_list.get_untracked() {
                StoredList::Reading => drop(self.storage().await),
                StoredList::Unknown | StoredList::Nothing | StoredList::Missing | StoredList::Read => {
                    self.read_stored().await
                }
            }
            if self.inner.try_get_value().is_none() {
                return Ok(()); // the page is gone
            }
            let problem = self.storage_problem.get_untracked();
            if let (ListWrite::Save { connection, .. }, None) = (write, problem) {
                self.tell(&TabMessage::Saved(connection.id.clone()));
                self.ask_for_persistence(&connection);
            }
            return problem.map_or(Ok(()), Err);
        };
        let saved = match &write {
            ListWrite::Save { connection, .. } => Some(connection.id.clone()),
            ListWrite::Remove(_)
            | ListWrite::ForgetKey(_)
            | ListWrite::ForgetPace(_)
            | ListWrite::NotePeopleChanged(_) => None,
        };
        let written = match fetch().await {
            Ok(store_code) => (store_code.write)(self, storage, write).await,
            Err(_) => Err(StorageError::Failed),
        };
        if self.inner.try_get_value().is_none() {
            return written; // the page is gone
        }
        match (&written, saved) {
            (Ok(()), Some(id)) => self.tell(&TabMessage::Saved(id)),
            (Err(StorageError::Conflict), Some(id)) => {
                self.storage_problem.set(Some(StorageError::Conflict));
                self.take_saved(Some(id)).await;
            }
            (Err(error), _) => self.storage_problem.set(Some(*error)),
            (Ok(()), None) => {}
        }
        written
    }

    /// Applies a connection written by another tab. With `None` it takes in all, and drops those removed.
    pub(super) async fn take_saved(self, id: Option<ConnectionId>) {
        if self.storage_now().is_none() {
            self.open_storage().await;
        }
        let Some(fetch) = self.inner.try_get_value().and_then(|inner| inner.store_code.get()) else { return };
        if let (Some(storage), Ok(store_code)) = (self.storage_now(), fetch().await) {
            (store_code.take)(self, storage, id).await;
        }
    }

    /// The storage, opened now if nothing was persisted on this device so far.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn opened_storage(self) -> Result<Storage, StorageError> {
        if let Some(storage) = self.storage().await {
            return Ok(storage);
        }
        if self.stored_list.try_get_untracked() == Some(StoredList::Nothing) {
            self.read_stored().await;
        }
        let why = || self.storage_problem.try_get_untracked().flatten().unwrap_or(StorageError::Unavailable);
        self.storage_now().ok_or_else(why)
    }

    /// Asks the browser for persistent storage, once a connection leads to a real vendor. Nothing awaits the
    /// result, because some browsers prompt the user.
    pub(crate) fn ask_for_persistence(self, connection: &Connection) {
        let Some(inner) = self.inner.try_get_value() else { return };
        if connection.kind != ConnectionKind::Sandbox && !inner.has_asked_to_keep.replace(true) {
            spawn_local(storage::ask_for_persistence());
        }
    }

    /// Opens the storage on a device where nothing has been persisted yet.
    pub(super) async fn open_storage(self) {
        self.read_stored().await;
    }

    async fn read_stored(self) {
        let _awaited = Awaited::new();
        let Some(fetch) = self.inner().store_code.get() else { return };
        if matches!(self.stored_list.get_untracked(), StoredList::Reading | StoredList::Read) {
            return;
        }
        self.set_stored_list(StoredList::Reading);
        self.storage_problem.set(None);
        match fetch().await {
            Ok(store_code) => {
                (store_code.read)(self).await;
                self.set_stored_list(StoredList::Read);
            }
            Err(error) => {
                leptos::logging::error!("{error}");
                self.storage_problem.set(Some(StorageError::Failed));
                self.set_stored_list(StoredList::Missing);
            }
        }
    }
}

async fn read(session: Session) {
    let problem = match Storage::open().await {
        Ok(storage) => read_from(session, storage).await,
        Err(error) => Some(error),
    };
    if problem.is_some() {
        session.storage_problem.set(problem);
    }
}

/// Takes in what was persisted. Returns the problem to report.
async fn read_from(session: Session, storage: Storage) -> Option<StorageError> {
    let loaded = storage.load().await;
    *session.inner().storage.borrow_mut() = Some(storage.clone());
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return Some(error),
    };
    // Connections added while reading are newer.
    let mut known = session.connections.get_untracked();
    known.retain(|connection| !session.is_untouched(connection));
    session.insert(loaded.connections.into_iter().map(Arc::new));
    session.insert(known.iter().cloned());
    for connection in session.connections.get_untracked() {
        session.refresh_budget(&connection).await;
    }
    session.read_vault(&storage).await;
    let mut problem = (loaded.n_corrupt > 0).then_some(StorageError::Corrupt);
    for connection in known {
        if let Err(error) = storage.save(&connection).await {
            problem = Some(error);
        }
    }
    problem
}

async fn take(session: Session, storage: Storage, id: Option<ConnectionId>) {
    let Ok(loaded) = storage.load().await else { return };
    if session.inner.try_get_value().is_none() {
        return; // the page is gone
    }
    // After a failed write, this page has connections that the storage lacks.
    if id.is_none() && session.storage_problem.get_untracked().is_none() {
        for known in session.connections.get_untracked() {
            let is_kept = loaded.connections.iter().any(|kept| kept.id == known.id);
            if !is_kept && !session.is_named(&known.id) {
                session.lock_here(&known.id);
                session.take_out(&known.id);
            }
        }
    }
    for saved in loaded.connections.into_iter().filter(|saved| id.as_ref().is_none_or(|id| saved.id == *id)) {
        session.apply_saved(Arc::new(saved));
    }
}

async fn write(session: Session, storage: Storage, write: ListWrite) -> Result<(), StorageError> {
    match write {
        ListWrite::Save { connection, before } => {
            let is_known = |stored: Connection| {
                let stored = Arc::new(stored);
                let is_as_before = |before: &Arc<Connection>| {
                    // The page holds it as admitted by the host.
                    let is_here = session.inner.try_get_value().is_some();
                    stored == *before
                        || is_here && session.admitted(Arc::clone(&stored)).as_ref() == Some(before)
                };
                stored == connection || before.as_ref().is_some_and(is_as_before)
            };
            storage.save_if(&connection, is_known).await?;
            session.ask_for_persistence(&connection);
            Ok(())
        }
        ListWrite::Remove(id) => storage.remove(&id).await,
        ListWrite::ForgetKey(id) => storage.remove_sealed(&id).await,
        ListWrite::ForgetPace(id) => storage.forget_budget(&id).await,
        ListWrite::NotePeopleChanged(id) => storage.note_people_changed(&id, clock::now()).await,
    }
}
