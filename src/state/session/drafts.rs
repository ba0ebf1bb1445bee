//! Unsent form contents, persisted on this device if the browser allows it, otherwise kept as long as the
//! page lives. They contain neither keys nor passwords.

use std::rc::Rc;
use std::sync::Arc;

use domain::ConnectionId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Session;
use super::tabs::TabMessage;

pub(super) type Key = (ConnectionId, Box<str>);

/// A form that listens for what other tabs send of it.
pub(super) type Listener = (Key, WriteSignal<Option<Arc<str>>>);

/// A draft that is not on the device yet.
#[derive(Debug)]
pub(super) struct Unwritten {
    /// `None` to delete the draft.
    json: Option<Rc<str>>,
    is_under_way: bool,
    /// The fields that were sent, to tell the other tabs.
    sent: Option<Box<str>>,
}

impl Session {
    /// The contents of a form when it was left.
    pub(crate) async fn draft(self, id: &ConnectionId, form: &str) -> Option<Rc<str>> {
        let storage = self.storage().await;
        let inner = self.inner.try_get_value()?;
        let newest = inner.drafts.borrow().get(&(id.clone(), form.into())).map(|kept| kept.json.clone());
        match (newest, storage) {
            (Some(newest), _) => newest,
            // A draft that cannot be read counts as none.
            (None, Some(storage)) => storage.draft(id, form).await.ok().flatten().map(Into::into),
            (None, None) => None,
        }
    }

    /// Keeps the contents of a form; `None` once nothing is unsent.
    pub(crate) fn save_draft(self, id: &ConnectionId, form: &str, json: Option<String>) {
        self.change_draft((id.clone(), form.into()), json.map(Into::into), None);
    }

    /// Drops the draft of a form that was sent, and tells the other tabs.
    pub(crate) fn draft_sent(self, id: &ConnectionId, form: &str, fields: &str) {
        self.change_draft((id.clone(), form.into()), None, Some(fields.into()));
    }

    /// What other tabs send of a form from now on.
    pub(crate) fn sent_elsewhere(self, id: &ConnectionId, form: &str) -> ReadSignal<Option<Arc<str>>> {
        self.listen();
        let (sent, hear) = signal(None);
        let inner = self.inner();
        let mut forms = inner.forms.borrow_mut();
        forms.retain(|(_, hear)| !hear.is_disposed());
        forms.push(((id.clone(), form.into()), hear));
        sent
    }

    /// Called when another tab has sent the contents of a form.
    pub(super) fn hear_sent(self, id: ConnectionId, form: Box<str>, fields: &str) {
        let (key, inner) = ((id, form), self.inner());
        let listening: Vec<_> =
            inner.forms.borrow().iter().filter(|(of, _)| *of == key).map(|(_, hear)| *hear).collect();
        for hear in listening {
            // A form that was left has nothing to clear.
            hear.try_set(Some(fields.into()));
        }
    }

    fn change_draft(self, key: Key, json: Option<Rc<str>>, sent: Option<Box<str>>) {
        if self.connection_now(&key.0).is_none() {
            return;
        }
        let inner = self.inner();
        let before = inner.drafts.borrow_mut().remove(&key);
        let (is_under_way, untold) = before.map_or((false, None), |kept| (kept.is_under_way, kept.sent));
        let unwritten = Unwritten { json, is_under_way: true, sent: sent.or(untold) };
        inner.drafts.borrow_mut().insert(key.clone(), unwritten);
        if !is_under_way {
            spawn_local(self.write_draft(key));
        }
    }

    /// Writes the draft until the newest version is on the device. Without a storage it stays in memory.
    async fn write_draft(self, key: Key) {
        let storage = self.storage().await;
        loop {
            let Some(inner) = self.inner.try_get_value() else { return };
            let Some(json) = inner.drafts.borrow().get(&key).map(|kept| kept.json.clone()) else { return };
            let is_written = match &storage {
                Some(storage) => storage.put_draft(&key.0, &key.1, json.as_deref()).await.is_ok(),
                None => false,
            };
            let mut drafts = inner.drafts.borrow_mut();
            let Some(newest) = drafts.get_mut(&key) else { return };
            let is_same = match (&newest.json, &json) {
                (Some(newest), Some(written)) => Rc::ptr_eq(newest, written),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            };
            if is_same {
                newest.is_under_way = false;
                // Told after it is deleted from the device: a tab that read it before hears of it.
                let sent = newest.sent.take();
                if is_written {
                    drafts.remove(&key);
                }
                drop(drafts);
                if let Some(fields) = sent {
                    self.tell(&TabMessage::Sent { connection: key.0, form: key.1, fields });
                }
                return;
            }
        }
    }

    /// True if drafts are lost with the page.
    pub(crate) fn drafts_go_with_the_page(self) -> bool {
        self.storage_now().is_none()
    }

    pub(super) fn forget_drafts(self, id: &ConnectionId) {
        self.inner().drafts.borrow_mut().retain(|(of, _), _| of != id);
    }
}
