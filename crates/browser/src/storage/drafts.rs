//! What stands in forms and was not sent. It lies beside the budgets, under keys that no budget has: a store of its own
//! would need another version of the database, which the release before could not open any more.

use domain::ConnectionId;
use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::IdbKeyRange;

use super::StorageError;
use super::database::{Mode, Transaction, answer, of};
use super::store::{BUDGETS, Storage};

/// First part of a key. Keys of budgets are texts, and these are lists.
const DRAFT: &str = "draft";

impl Storage {
    /// What a form of a connection held when it was left; `None` if that is nothing.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn draft(&self, id: &ConnectionId, form: &str) -> Result<Option<String>, StorageError> {
        let transaction = self.begin(&[BUDGETS], Mode::Read).await?;
        let kept = answer(&transaction.store(BUDGETS)?.get(&key_of(id, form)).map_err(of)?).await?;
        transaction.done().await?;
        Ok(kept.as_string())
    }

    /// Keeps what a form holds, or forgets it if that is nothing.
    ///
    /// # Errors
    /// If the browser does not let it.
    pub async fn put_draft(
        &self,
        id: &ConnectionId,
        form: &str,
        json: Option<&str>,
    ) -> Result<(), StorageError> {
        // What is typed changes with every letter. What was sent must not come back, even after a power cut.
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

/// Deletes what every form of a connection held.
pub(super) fn forget(transaction: &Transaction, id: &ConnectionId) -> Result<(), StorageError> {
    let all = IdbKeyRange::bound(&key_of(id, ""), &key_of(id, "\u{ffff}")).map_err(of)?;
    transaction.store(BUDGETS)?.delete(&all.into()).map(|_| ()).map_err(of)
}

fn key_of(id: &ConnectionId, form: &str) -> JsValue {
    Array::of3(&DRAFT.into(), &id.as_str().into(), &form.into()).into()
}
