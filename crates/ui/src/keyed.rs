//! Lists whose rows keep their elements. They share their code: Leptos compiles each `For` anew, at 8 KB.

use std::sync::Arc;

use leptos::prelude::*;

/// A row of a [`keyed`] list.
pub struct KeyedRow {
    key: String,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

impl std::fmt::Debug for KeyedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyedRow").field("key", &self.key).finish_non_exhaustive()
    }
}

impl KeyedRow {
    /// A row that is drawn once, and again when its key changes.
    pub fn new(key: String, draw: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self { key, draw: Box::new(draw) }
    }
}

/// Draws the rows, and follows them: a row whose key stays keeps its elements.
pub fn keyed(rows: impl Fn() -> Vec<KeyedRow> + Send + Sync + 'static) -> AnyView {
    list(Arc::new(rows))
}

fn list(rows: Arc<dyn Fn() -> Vec<KeyedRow> + Send + Sync>) -> AnyView {
    view! { <For each=move || rows() key=|row| row.key.clone() children=|row| (row.draw)() /> }.into_any()
}
