//! Sorted tables. The standard library's trees are compiled for every type of row, at 5 KB each.

use domain::order;
use litemap::LiteMap;
use serde::Serializer;

/// Rows by id.
pub(crate) type Table<Row> = LiteMap<String, Row>;

/// Ids, each once.
pub(crate) type Ids = Table<()>;

/// The table of these rows, whose ids are distinct.
pub(crate) fn table<Row>(mut rows: Vec<(String, Row)>) -> Table<Row> {
    order::sort_by(&mut rows, |a, b| a.0.cmp(&b.0));
    LiteMap::from_sorted_store_unchecked(rows)
}

/// The set of these ids, which are distinct.
pub(crate) fn ids(ids: impl Iterator<Item = String>) -> Ids {
    table(ids.map(|id| (id, ())).collect())
}

/// Writes ids as a list.
pub(crate) fn list<S: Serializer>(ids: &Ids, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.keys())
}
