//! What outlives the page. The code that reads and writes it is fetched when something was kept on this
//! device, or is to be kept now: a first visit does without.

use std::sync::Arc;

use domain::{Connection, ConnectionId};
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::Session;
use crate::storage::{self, Storage, StorageError};

/// What is known of the list that was kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// Nobody has looked yet.
    #[default]
    Unknown,
    /// There is none on this device.
    Nothing,
    /// It is being read.
    Reading,
    /// What reads it could not be fetched; [`Session::read_again`] tries again.
    Missing,
    /// It was read, as far as it could be.
    Read,
}

/// What is to be written.
pub(super) enum Write {
    Save(Arc<Connection>),
    Remove(ConnectionId),
    ForgetKey(ConnectionId),
    ForgetPace(ConnectionId),
}

/// Reads and writes.
#[derive(Clone, Copy)]
pub(super) struct Keeper {
    read: fn(Session) -> LocalBoxFuture<'static, ()>,
    write: fn(Storage, Write) -> LocalBoxFuture<'static, Result<(), StorageError>>,
}

pub(super) type FetchKeeper = fn() -> LocalBoxFuture<'static, Result<Keeper, SplitLoaderError>>;

#[wasm_split(home, wasm_split_path = ::leptos::wasm_split, fallible)]
fn keeper() -> Result<Keeper, SplitLoaderError> {
    Ok(fetched())
}

fn fetched() -> Keeper {
    Keeper { read: |session| Box::pin(read(session)), write: |storage, it| Box::pin(write(storage, it)) }
}

impl Session {
    /// What is known of the list that was kept; tracked.
    pub fn kept(self) -> Kept {
        self.kept.get()
    }

    /// False until the list has been read; tracked. Until then an unknown connection may still appear.
    pub fn is_loaded(self) -> bool {
        matches!(self.kept.get(), Kept::Nothing | Kept::Read)
    }

    /// Tries again to read what was kept, if what reads it could not be fetched.
    pub fn read_again(self) {
        if self.kept.get_untracked() == Kept::Missing {
            spawn_local(self.read_kept());
        }
    }

    /// Keeps everything in this storage from now on, as a page does once it has read what was kept.
    pub async fn use_storage(self, storage: Storage) {
        self.inner().keeper.set(Some(|| Box::pin(async { Ok(fetched()) })));
        let problem = read_from(self, storage).await;
        self.storage_problem.set(problem);
        self.set_kept(Kept::Read);
    }

    /// What outlives the page, once that is known; `None` if nothing does.
    pub(crate) async fn storage(self) -> Option<Storage> {
        let inner = self.inner();
        let is_unknown = matches!(self.kept.get_untracked(), Kept::Unknown | Kept::Reading);
        if is_unknown && inner.keeper.get().is_some() {
            let (sender, known) = oneshot::channel();
            inner.waiting.borrow_mut().push(sender);
            // An error means that the page goes away.
            let _ = known.await;
        }
        self.storage_now()
    }

    /// What outlives the page, if that is open already.
    pub(crate) fn storage_now(self) -> Option<Storage> {
        self.inner.try_get_value().and_then(|inner| inner.storage.borrow().clone())
    }

    fn set_kept(self, kept: Kept) {
        self.kept.set(kept);
        if !matches!(kept, Kept::Unknown | Kept::Reading) {
            for waiting in self.inner().waiting.take() {
                // Whoever has gone meanwhile need not know.
                let _ = waiting.send(());
            }
        }
    }

    pub(super) fn load(self) {
        // Only here, so that a session without a page, as in tests, has nothing to fetch.
        self.inner().keeper.set(Some(|| Box::pin(keeper())));
        spawn_local(async move {
            if storage::may_be_here().await {
                self.read_kept().await;
            } else if self.kept.get_untracked() == Kept::Unknown {
                self.set_kept(Kept::Nothing);
            }
        });
    }

    /// Without storage the list lives as long as the page, which [`Session::storage_problem`] says.
    pub(super) fn write(self, write: Write) {
        let inner = self.inner();
        let Some(fetch) = inner.keeper.get() else { return };
        if let Some(storage) = inner.storage.borrow().clone() {
            spawn_local(async move {
                let written = match fetch().await {
                    Ok(keeper) => (keeper.write)(storage, write).await,
                    Err(_) => Err(StorageError::Unavailable),
                };
                if let Err(error) = written {
                    self.storage_problem.set(Some(error));
                }
            });
        } else if matches!(write, Write::Save(_)) {
            // Reading keeps what was added before.
            spawn_local(self.read_kept());
        }
    }

    /// Opens what outlives the page, where nothing has been kept yet.
    pub(super) async fn open_storage(self) {
        self.read_kept().await;
    }

    async fn read_kept(self) {
        let Some(fetch) = self.inner().keeper.get() else { return };
        if matches!(self.kept.get_untracked(), Kept::Reading | Kept::Read) {
            return;
        }
        self.set_kept(Kept::Reading);
        self.storage_problem.set(None);
        match fetch().await {
            Ok(keeper) => {
                (keeper.read)(self).await;
                self.set_kept(Kept::Read);
            }
            Err(error) => {
                leptos::logging::error!("{error}");
                self.storage_problem.set(Some(StorageError::Unavailable));
                self.set_kept(Kept::Missing);
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

/// Takes in what was kept; gives what is to be said of it.
async fn read_from(session: Session, storage: Storage) -> Option<StorageError> {
    let loaded = storage.load().await;
    *session.inner().storage.borrow_mut() = Some(storage.clone());
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return Some(error),
    };
    // What was added while this was read is newer.
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

async fn write(storage: Storage, write: Write) -> Result<(), StorageError> {
    match write {
        Write::Save(connection) => storage.save(&connection).await,
        Write::Remove(id) => storage.remove(&id).await,
        Write::ForgetKey(id) => storage.remove_sealed(&id).await,
        Write::ForgetPace(id) => storage.forget_budget(&id).await,
    }
}
