//! Drafts: the unsent contents of forms. They share the store of budgets, under keys that no budget has: a
//! store of their own would need a new version of the database, which the previous release cannot open.

use domain::ConnectionId;
use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::IdbKeyRange;

use super::StorageError;
use super::database::{Mode, Transaction, answer, of};
use super::store::{BUDGETS, Storage};

/// First part of a key. Keys of budgets are strings, keys of drafts are arrays.
const DRAFT: &str = "draft";

impl Storage {
    /// The draft of a form of a connection, if there is one.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn draft(&self, id: &ConnectionId, form: &str) -> Result<Option<String>, StorageError> {
        let transaction = self.begin(&[BUDGETS], Mode::Read).await?;
        let kept = answer(&transaction.store(BUDGETS)?.get(&key_of(id, form)).map_err(of)?).await?;
        transaction.done().await?;
        Ok(kept.as_string())
    }

    /// Writes a draft, or deletes it for `None`.
    ///
    /// # Errors
    /// If the browser refuses.
    pub async fn put_draft(
        &self,
        id: &ConnectionId,
        form: &str,
        json: Option<&str>,
    ) -> Result<(), StorageError> {
        // Drafts change with every keystroke. A sent form must not come back, even after a power cut.
        let mode = if json.is_some() { Mode::Relaxed } else { Mode::Write };
        let transaction = self.begin(&[BUDGETS], mode).await?;
        let store = transaction.store(BUDGETS)?;
        let key = key_of(id, form);
        match json {
            Some(json) => drop(store.put_with_key(&json.into(), &key).map_err(of)?),
            None => drop(store.delete(&key).map_err(of)?),
        }
        transaction.done().await
    }
}

/// Deletes all drafts of a connection.
pub(super) fn forget(transaction: &Transaction, id: &ConnectionId) -> Result<(), StorageError> {
    let all = IdbKeyRange::bound(&key_of(id, ""), &key_of(id, "\u{ffff}")).map_err(of)?;
    transaction.store(BUDGETS)?.delete(&all.into()).map(|_| ()).map_err(of)
}

fn key_of(id: &ConnectionId, form: &str) -> JsValue {
    Array::of3(&DRAFT.into(), &id.as_str().into(), &form.into()).into()
}
