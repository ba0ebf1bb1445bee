//! Connections in IndexedDB.

use browser::storage::Storage;
use domain::{ConnectionId, Vendor};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::harness;

#[wasm_bindgen_test]
async fn connections_survive_reopening_and_can_be_removed() {
    let (first, second) = (harness::connection(Vendor::CometChat), harness::connection(Vendor::Genuin));
    let storage = Storage::open_named("muster-test-reopen").await.expect("a database");
    storage.save(&first).await.expect("kept");
    storage.save(&second).await.expect("kept");
    let mut renamed = first.clone();
    renamed.name = "Another name".into();
    storage.save(&renamed).await.expect("kept");
    drop(storage);

    let storage = Storage::open_named("muster-test-reopen").await.expect("a database");
    assert_eq!(storage.load().await.expect("read").connections, [renamed, second.clone()]);
    storage.remove(&first.id).await.expect("removed");
    storage.remove(&ConnectionId::new("never there")).await.expect("nothing to remove");
    assert_eq!(storage.load().await.expect("read").connections, [second]);
}

#[wasm_bindgen_test]
async fn records_that_cannot_be_read_are_counted_and_left() {
    let storage = Storage::open_named("muster-test-corrupt").await.expect("a database");
    let good = harness::connection(Vendor::Networked);
    storage.save(&good).await.expect("kept");
    storage.put("torn", "{\"id\":\"torn\",").await.expect("kept");
    storage.put("other", &serde_json::to_string(&good).expect("JSON")).await.expect("kept");
    for _ in 0..2 {
        let loaded = storage.load().await.expect("read");
        assert_eq!((loaded.connections, loaded.n_corrupt), (vec![good.clone()], 2));
    }
}

#[wasm_bindgen_test]
async fn unsent_forms_go_with_their_connection_and_with_everything() {
    let (first, second) = (harness::connection(Vendor::CometChat), harness::connection(Vendor::Genuin));
    let storage = Storage::open_named("muster-test-drafts").await.expect("a database");
    for connection in [&first, &second] {
        storage.save(connection).await.expect("kept");
        storage.put_draft(&connection.id, "add", Some("[1]")).await.expect("kept");
        storage.put_draft(&connection.id, "scopes:ä", Some("[2]")).await.expect("kept");
    }
    assert_eq!(storage.draft(&first.id, "scopes:ä").await.expect("read").as_deref(), Some("[2]"));
    storage.put_draft(&first.id, "add", None).await.expect("forgotten");
    assert_eq!(storage.draft(&first.id, "add").await.expect("read"), None);
    // A draft is not returned as a budget.
    assert_eq!(storage.budget(&first.id).await.expect("read"), None);

    storage.remove(&first.id).await.expect("removed");
    assert_eq!(storage.draft(&first.id, "scopes:ä").await.expect("read"), None);
    assert_eq!(storage.draft(&second.id, "add").await.expect("read").as_deref(), Some("[1]"));
    storage.erase().await.expect("erased");
    assert_eq!(storage.draft(&second.id, "add").await.expect("read"), None);
}
