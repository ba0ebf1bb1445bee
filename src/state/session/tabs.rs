//! Messages between tabs: something was locked, changed or removed, a form was sent, the console is in use.
//! Never a key, a passphrase or a password.

use browser::channel::Channel;
use domain::ConnectionId;
use domain::idle::Moment;
use js_sys::Reflect;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Session;
use browser::{clock, local_storage, random};

const NAME: &str = "muster-keys";
/// Where a tab that locks something leaves a mark for pages in the back/forward cache, which receive no
/// messages. The mark says that something was locked, not what.
const MARK: &str = "muster.locked";

fn mark() -> Option<String> {
    let storage = local_storage()?;
    Some(storage.get_item(MARK).ok()?.unwrap_or_default())
}

fn leave_mark() {
    if let Some(storage) = local_storage() {
        // Without a mark, every page that comes back locks itself.
        let _ = storage.set_item(MARK, &random::bits().to_string());
    }
}

/// A message to all other tabs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TabMessage {
    Lock(ConnectionId),
    LockAll,
    /// The vault of this device has changed: another passphrase or other records.
    Vault,
    Saved(ConnectionId),
    Removed(ConnectionId),
    Erased,
    Sent {
        connection: ConnectionId,
        form: Box<str>,
        /// The form's fields, as they are persisted.
        fields: Box<str>,
    },
    /// The user uses the console.
    InUse,
}

impl TabMessage {
    fn write(&self) -> String {
        match self {
            Self::Lock(id) => ["lock ", id.as_str()].concat(),
            Self::LockAll => "lock".to_owned(),
            Self::Vault => "vault".to_owned(),
            Self::Saved(id) => ["saved ", id.as_str()].concat(),
            Self::Removed(id) => ["removed ", id.as_str()].concat(),
            Self::Erased => "erased".to_owned(),
            Self::Sent { connection, form, fields } => {
                // Strings always serialize.
                let sent = serde_json::to_string(&(connection, form, fields)).unwrap_or_default();
                ["sent ", &sent].concat()
            }
            Self::InUse => "in-use".to_owned(),
        }
    }

    /// True if a page that missed the message may hold a key that it should not.
    fn changes_keys(&self) -> bool {
        match self {
            Self::Lock(_) | Self::LockAll | Self::Vault | Self::Removed(_) | Self::Erased => true,
            Self::Saved(_) | Self::Sent { .. } | Self::InUse => false,
        }
    }

    /// `None` for an unknown message, such as from a tab with another release of the console.
    fn read(text: &str) -> Option<Self> {
        Some(match text.split_once(' ') {
            Some(("lock", id)) => Self::Lock(ConnectionId::new(id)),
            Some(("saved", id)) => Self::Saved(ConnectionId::new(id)),
            Some(("removed", id)) => Self::Removed(ConnectionId::new(id)),
            Some(("sent", sent)) => {
                let (connection, form, fields) = serde_json::from_str(sent).ok()?;
                Self::Sent { connection, form, fields }
            }
            Some(_) => return None,
            None => match text {
                "lock" => Self::LockAll,
                "vault" => Self::Vault,
                "erased" => Self::Erased,
                "in-use" => Self::InUse,
                _ => return None,
            },
        })
    }
}

fn send(channel: &Channel, told: &TabMessage) {
    if !channel.send(&told.write()) {
        leptos::logging::warn!("the other tabs cannot be told what is locked");
    }
}

impl Session {
    /// Opens the channel to the other tabs, once.
    pub(super) fn listen(self) {
        let inner = self.inner();
        if inner.line.borrow().is_some() {
            return;
        }
        if let Some(mut line) = Channel::open(NAME) {
            line.listen(TabMessage::read, move |told| self.hear(told));
            *inner.line.borrow_mut() = Some(line);
        }
        *inner.mark.borrow_mut() = mark();
        // The listener lives as long as the page.
        drop(window_event_listener_untyped("pageshow", move |event| {
            let is_back = Reflect::get(&event, &"persisted".into()).is_ok_and(|is| is.is_truthy());
            if is_back && self.inner.try_get_value().is_some() {
                self.come_back();
            }
        }));
    }

    /// Called when the page comes back from the back/forward cache, where it received no messages. Locks it
    /// if another tab has locked anything meanwhile, and reads what other tabs have changed.
    fn come_back(self) {
        let now = mark();
        if now.is_none() || *self.inner().mark.borrow() != now {
            self.lock_all_here();
            *self.inner().mark.borrow_mut() = now;
        }
        spawn_local(async move {
            self.take_saved(None).await;
            self.vault_changed_elsewhere();
        });
    }

    pub(super) fn tell(self, told: &TabMessage) {
        if told.changes_keys() {
            leave_mark();
            *self.inner().mark.borrow_mut() = mark();
        }
        match &*self.inner().line.borrow() {
            Some(line) => send(line, told),
            None => {
                if let Some(line) = Channel::open(NAME) {
                    send(&line, told);
                }
            }
        }
    }

    /// Notes that the console is in use, and tells the other tabs.
    pub fn note_use(self) {
        self.inner().used_at.set(clock::moment());
        self.tell(&TabMessage::InUse);
    }

    /// When the console was last used, in this tab or another.
    pub fn used_at(self) -> Moment {
        self.inner().used_at.get()
    }

    fn hear(self, told: TabMessage) {
        if self.inner.try_get_value().is_none() {
            return; // the page is gone
        }
        if told.changes_keys() {
            *self.inner().mark.borrow_mut() = mark();
        }
        match told {
            TabMessage::Lock(id) => self.lock_here(&id),
            TabMessage::LockAll => self.lock_all_here(),
            TabMessage::Vault => self.vault_changed_elsewhere(),
            TabMessage::Saved(id) => spawn_local(async move { self.take_saved(Some(id)).await }),
            TabMessage::Removed(id) => {
                self.lock_here(&id);
                self.take_out(&id);
            }
            TabMessage::Erased => {
                self.lock_all_here();
                self.take_out_all();
            }
            TabMessage::Sent { connection, form, fields } => self.hear_sent(connection, form, &fields),
            TabMessage::InUse => self.inner().used_at.set(clock::moment()),
        }
    }
}
