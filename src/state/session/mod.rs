//! The connections of this page and their credentials: `use_session()` anywhere below the root.
//!
//! - The list is reactive and persisted in IndexedDB: [`Session::connections`], [`Session::connection`].
//! - Keys are set by [`Session::set_credentials`] and [`Session::store_key`] and cannot be read back; screens
//!   see only [`Session::needs_key`]. [`Session::lock`] drops them, [`Session::unlock`] opens the vault of
//!   this device, where the user may keep them.
//! - [`Session::call`] signs in, authorises and sends. Pages use [`reads`](crate::state::reads) and
//!   [`runs`](crate::state::runs), which pace calls by [`Session::budget`].
//! - [`Session::budget`] tracks how much of a vendor's limits is used, by all tabs together.
//! - [`Session::ledger`] remembers people for vendors that cannot list them.

mod budget;
mod call;
mod drafts;
mod hosted;
mod kept;
mod keys;
mod ledger;
mod list;
mod probe_keyless;
mod record;
mod seen;
mod stored;
mod tab_keys;
mod tabs;
mod vault;

pub(crate) use budget::Slot;
pub use call::Failure;
pub use kept::NotKept;
pub use list::SANDBOX_KEY;
pub use record::{CallRecord, curl};
pub use seen::PeopleCount;
pub use stored::StoredList;
pub use vault::VaultState;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use domain::idle::Moment;
use domain::{Budget, Connection, ConnectionId, Destination, Page};
use futures::channel::oneshot;
use hosting::{Config, Origin};
use leptos::prelude::*;
use litemap::LiteMap;

use crate::state::access_review::AccessReview;
use crate::state::config::use_config;
use crate::state::directory::{DirectoryOf, PeopleDirectory};
use browser::storage::{Storage, StorageError};
use browser::transport::{FetchTransport, Sandbox, SandboxTransport, Transport};
use keys::Keys;
use stored::{FetchStoreCode, ListWrite};

/// The connections of this page. Copies share state.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    connections: RwSignal<Vec<Arc<Connection>>>,
    stored_list: RwSignal<StoredList>,
    storage_problem: RwSignal<Option<StorageError>>,
    /// Connections whose key is in memory, and where it may be sent.
    unlocked: RwSignal<LiteMap<ConnectionId, Destination>>,
    /// Connections whose key is in the vault of this device.
    stored_keys: RwSignal<LiteMap<ConnectionId, ()>>,
    has_vault: RwSignal<bool>,
    is_vault_open: RwSignal<bool>,
    ledgers: RwSignal<LiteMap<ConnectionId, domain::ledger::Ledger>>,
    /// Connections that the host does not allow.
    hidden: RwSignal<LiteMap<ConnectionId, ()>>,
    inner: StoredValue<Rc<Inner>, LocalStorage>,
}

/// The state that screens do not see.
struct Inner {
    config: RefCell<Arc<Config>>,
    /// Origins that calls may go to besides the console's own; `None` allows any, as in tests without a host.
    origins: RefCell<Option<Vec<Origin>>>,
    keys: Keys,
    budgets: RefCell<LiteMap<ConnectionId, Rc<RefCell<Budget>>>>,
    /// The notes of budgets that are not written yet.
    notes: RefCell<Vec<(ConnectionId, budget::Note)>>,
    cache: RefCell<LiteMap<(ConnectionId, &'static str), Page>>,
    /// Lists of people that were read, the last used one at the end.
    directories: RefCell<Vec<PeopleDirectory>>,
    /// Connections whose directories are kept on this device, as long as their key is. `stored_keys` tells of changes.
    stored_directories: RefCell<LiteMap<ConnectionId, ()>>,
    /// Who has power in which group, as read last.
    reviews: RefCell<LiteMap<ConnectionId, AccessReview>>,
    /// What a page found out about a connection; dropped when the connection or its key changes.
    finding: RefCell<LiteMap<ConnectionId, Rc<dyn Any>>>,
    sandbox: Sandbox,
    /// Drafts of forms that are not yet written to the device.
    drafts: RefCell<LiteMap<drafts::Key, drafts::Unwritten>>,
    /// Open forms that listen for what other tabs send.
    forms: RefCell<Vec<drafts::Listener>>,
    storage: RefCell<Option<Storage>>,
    /// Tasks waiting until it is known whether there is a storage.
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
    store_code: Cell<Option<FetchStoreCode>>,
    has_asked_to_keep: Cell<bool>,
    /// The channel to the other tabs, once there is something to send or to receive.
    line: RefCell<Option<browser::channel::Channel>>,
    /// The mark of the last tab that locked something, as last read by this page.
    mark: RefCell<Option<String>>,
    /// When the user last used the console.
    used_at: Cell<Moment>,
}

/// Creates the session of this page and starts reading what was persisted. Call once, at the root.
pub fn provide_session() -> Session {
    let session = Session::new();
    provide_context(session);
    session.host(use_config());
    session.load();
    session
}

/// The session of this page.
pub fn use_session() -> Session {
    use_context().expect("the root provides the session before any page is drawn")
}

impl Session {
    /// A session without connections that has read nothing yet.
    pub fn new() -> Self {
        Self::with_sandbox(Sandbox::default())
    }

    /// As [`Session::new`], with another sandbox.
    pub fn with_sandbox(sandbox: Sandbox) -> Self {
        let inner = Inner {
            config: RefCell::default(),
            origins: RefCell::default(),
            keys: Keys::default(),
            budgets: RefCell::default(),
            notes: RefCell::default(),
            cache: RefCell::default(),
            directories: RefCell::default(),
            stored_directories: RefCell::default(),
            reviews: RefCell::default(),
            finding: RefCell::default(),
            sandbox,
            drafts: RefCell::default(),
            forms: RefCell::default(),
            storage: RefCell::default(),
            waiting: RefCell::default(),
            store_code: Cell::default(),
            has_asked_to_keep: Cell::default(),
            line: RefCell::default(),
            mark: RefCell::default(),
            used_at: Cell::default(),
        };
        Self {
            connections: RwSignal::default(),
            stored_list: RwSignal::default(),
            storage_problem: RwSignal::new(None),
            unlocked: RwSignal::default(),
            stored_keys: RwSignal::default(),
            has_vault: RwSignal::new(false),
            is_vault_open: RwSignal::new(false),
            ledgers: RwSignal::default(),
            hidden: RwSignal::default(),
            inner: StoredValue::new_local(Rc::new(inner)),
        }
    }

    /// The sandbox in this browser, to reset it or to list its sentinels.
    pub fn sandbox(self) -> Sandbox {
        self.inner().sandbox.clone()
    }

    /// Drops everything cached of a connection, so that it is read again, and the names that were read.
    pub fn drop_cache(self, id: &ConnectionId) {
        let inner = self.inner();
        inner.cache.borrow_mut().retain(|(owner, _), _| owner != id);
        inner.directories.borrow_mut().retain(|kept| !kept.is_of(id, None));
        inner.reviews.borrow_mut().remove(id);
        inner.finding.borrow_mut().remove(id);
    }

    pub(super) fn kept_directory(self, id: &ConnectionId, of: &DirectoryOf) -> Option<PeopleDirectory> {
        let inner = self.inner();
        let mut kept = inner.directories.borrow_mut();
        let place = kept.iter().position(|one| one.is_of(id, Some(of)))?;
        let directory = kept.remove(place);
        kept.push(directory.clone());
        Some(directory)
    }

    /// Notes that a run has changed who is where: lists of people are read again when they are opened.
    pub(super) fn note_changed(self, id: &ConnectionId) {
        let inner = self.inner();
        let kept = inner.directories.borrow();
        kept.iter().filter(|kept| kept.is_of(id, None)).for_each(PeopleDirectory::note_changed);
        if untrack(|| self.stores_directories(id)) {
            self.write(ListWrite::NotePeopleChanged(id.clone()));
        }
    }

    /// Keeps a list of people; of more than `most`, those that were opened last.
    pub(super) fn keep_directory(self, directory: PeopleDirectory, most: usize) {
        let inner = self.inner();
        let mut kept = inner.directories.borrow_mut();
        kept.push(directory);
        let n_over = kept.len().saturating_sub(most);
        kept.drain(..n_over);
    }

    pub(super) fn kept_review(self, id: &ConnectionId) -> Option<AccessReview> {
        self.inner().reviews.borrow().get(id).cloned()
    }

    pub(super) fn keep_review(self, id: &ConnectionId, review: AccessReview) {
        self.inner().reviews.borrow_mut().insert(id.clone(), review);
    }

    /// Remembers a finding about a connection until the connection or its key changes.
    pub(crate) fn remember_finding(self, id: &ConnectionId, what: Rc<dyn Any>) {
        self.inner().finding.borrow_mut().insert(id.clone(), what);
    }

    /// The finding about a connection, if there is one since its last change.
    pub(crate) fn finding(self, id: &ConnectionId) -> Option<Rc<dyn Any>> {
        self.inner().finding.borrow().get(id).cloned()
    }

    pub(crate) fn cached(self, id: &ConnectionId, what: &'static str) -> Option<Page> {
        self.inner().cache.borrow().get(&(id.clone(), what)).cloned()
    }

    pub(crate) fn keep(self, connection: &Connection, what: &'static str, page: &Page) {
        if self.may_remember(connection) {
            self.inner().cache.borrow_mut().insert((connection.id.clone(), what), page.clone());
        }
    }

    /// False if a connection was locked, removed or led elsewhere while an answer was awaited: what was forgotten with
    /// that must not come back.
    fn may_remember(self, connection: &Connection) -> bool {
        let now = self.connection_now(&connection.id);
        now.is_some_and(|now| now.target() == connection.target()) && !untrack(|| self.needs_key(connection))
    }

    fn inner(self) -> Rc<Inner> {
        self.inner.get_value()
    }

    fn transport(self, connection: &Connection) -> Transport {
        match connection.kind {
            domain::ConnectionKind::Sandbox => {
                Transport::Sandbox(SandboxTransport::new(self.sandbox(), connection.vendor))
            }
            kind @ (domain::ConnectionKind::Relay | domain::ConnectionKind::Direct) => {
                let calls = FetchTransport::new(connection.base_url.clone(), kind);
                Transport::Fetch(calls.only_if(self.reaches(&connection.base_url)))
            }
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}
