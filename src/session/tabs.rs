//! What tabs tell each other about keys: that something was locked or forgotten, and that somebody is there.
//! Never a key or a passphrase.

use domain::{ConnectionId, Millis};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use super::Session;
use crate::clock;

const NAME: &str = "muster-keys";

/// Something that one tab tells all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// This connection is locked.
    Lock(ConnectionId),
    /// Everything is locked.
    LockAll,
    /// The vault of this device has changed: another passphrase, or other records.
    Vault,
    /// This connection was removed.
    Removed(ConnectionId),
    /// Everything was erased.
    Erased,
    /// Somebody uses the console.
    InUse,
}

impl Told {
    fn write(&self) -> String {
        match self {
            Self::Lock(id) => ["lock ", id.as_str()].concat(),
            Self::LockAll => "lock".to_owned(),
            Self::Vault => "vault".to_owned(),
            Self::Removed(id) => ["removed ", id.as_str()].concat(),
            Self::Erased => "erased".to_owned(),
            Self::InUse => "in-use".to_owned(),
        }
    }

    /// A tab with another version of the console may tell what this one does not know.
    fn read(text: &str) -> Option<Self> {
        Some(match text.split_once(' ') {
            Some(("lock", id)) => Self::Lock(ConnectionId::new(id)),
            Some(("removed", id)) => Self::Removed(ConnectionId::new(id)),
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

/// The line to the other tabs.
#[derive(Debug)]
pub(super) struct Line {
    inner: BroadcastChannel,
    listener: Option<Closure<dyn FnMut(MessageEvent)>>,
}

impl Line {
    /// `None` where the browser has none, so that this tab is alone.
    fn open() -> Option<Self> {
        let inner = BroadcastChannel::new(NAME).ok()?;
        Some(Self { inner, listener: None })
    }

    fn listen(&mut self, mut hear: impl FnMut(Told) + 'static) {
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(told) = event.data().as_string().and_then(|text| Told::read(&text)) {
                hear(told);
            }
        });
        self.inner.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        self.listener = Some(listener);
    }

    fn tell(&self, told: &Told) {
        if self.inner.post_message(&told.write().into()).is_err() {
            leptos::logging::warn!("the other tabs cannot be told what is locked");
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.close();
    }
}

impl Session {
    /// Opens the line to the other tabs, once.
    pub(super) fn listen(self) {
        let inner = self.inner();
        if inner.line.borrow().is_some() {
            return;
        }
        if let Some(mut line) = Line::open() {
            line.listen(move |told| self.hear(told));
            *inner.line.borrow_mut() = Some(line);
        }
    }

    pub(super) fn tell(self, told: &Told) {
        match &*self.inner().line.borrow() {
            Some(line) => line.tell(told),
            None => {
                if let Some(line) = Line::open() {
                    line.tell(told);
                }
            }
        }
    }

    /// Notes that somebody uses the console, and tells the other tabs.
    pub fn note_use(self) {
        self.inner().used_at.set(clock::now());
        self.tell(&Told::InUse);
    }

    /// When somebody used the console last, in this tab or another, if it has noticed.
    pub fn used_at(self) -> Millis {
        self.inner().used_at.get()
    }

    fn hear(self, told: Told) {
        if self.inner.try_get_value().is_none() {
            return; // the page is gone
        }
        match told {
            Told::Lock(id) => self.lock_here(&id),
            Told::LockAll => self.lock_all_here(),
            Told::Vault => self.vault_changed_elsewhere(),
            Told::Removed(id) => {
                self.lock_here(&id);
                self.take_out(&id);
            }
            Told::Erased => {
                self.lock_all_here();
                self.take_out_all();
            }
            Told::InUse => self.inner().used_at.set(clock::now()),
        }
    }
}
