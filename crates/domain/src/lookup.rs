//! The only collection with an unstable order.

/// A table that is never iterated, so its unstable order has no effect. For a million keys it takes a
/// fraction of the time of a sorted one.
#[expect(clippy::disallowed_types, reason = "only looked up, never gone through")]
pub(crate) type Lookup<K, V> = std::collections::HashMap<K, V>;
