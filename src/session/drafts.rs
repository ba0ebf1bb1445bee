//! What stands in forms and was not sent: kept on this device if the browser lets it, else for as long as the page
//! lives. Neither keys nor passwords are part of it.

use std::rc::Rc;

use domain::ConnectionId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Session;

/// A form of a connection.
pub(super) type Key = (ConnectionId, Box<str>);

/// What is not on the device yet.
#[derive(Debug)]
pub(super) struct Unwritten {
    /// `None` for something that is to be forgotten.
    json: Option<Rc<str>>,
    is_under_way: bool,
}

impl Session {
    /// What a form held when it was left.
    pub(crate) async fn draft(self, id: &ConnectionId, form: &str) -> Option<Rc<str>> {
        let storage = self.storage().await;
        let inner = self.inner.try_get_value()?;
        let newest = inner.drafts.borrow().get(&(id.clone(), form.into())).map(|kept| kept.json.clone());
        match (newest, storage) {
            (Some(newest), _) => newest,
            // What cannot be read is as if it had not been kept.
            (None, Some(storage)) => storage.draft(id, form).await.ok().flatten().map(Into::into),
            (None, None) => None,
        }
    }

    /// Keeps what a form holds; `None` once it holds nothing that was not sent.
    pub(crate) fn keep_draft(self, id: &ConnectionId, form: &str, json: Option<String>) {
        if self.connection_now(id).is_none() {
            return;
        }
        let key: Key = (id.clone(), form.into());
        let inner = self.inner();
        let is_under_way = inner.drafts.borrow().get(&key).is_some_and(|kept| kept.is_under_way);
        let json = json.map(Into::into);
        inner.drafts.borrow_mut().insert(key.clone(), Unwritten { json, is_under_way: true });
        if !is_under_way {
            spawn_local(self.write_draft(key));
        }
    }

    /// Writes the newest until it is on the device. Without a storage it stays in memory.
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
                if is_written {
                    drafts.remove(&key);
                }
                return;
            }
        }
    }

    /// True if what forms hold goes with the page.
    pub(crate) fn drafts_go_with_the_page(self) -> bool {
        self.storage_now().is_none()
    }

    pub(super) fn forget_drafts(self, id: &ConnectionId) {
        self.inner().drafts.borrow_mut().retain(|(of, _), _| of != id);
    }
}
