//! The one kind of table whose order varies.

/// A table that is only looked up and never gone through, so that its order, which varies, decides nothing: for
/// a million keys it takes a fraction of the time that a sorted one takes.
#[expect(clippy::disallowed_types, reason = "only looked up, never gone through")]
pub(crate) type Lookup<K, V> = std::collections::HashMap<K, V>;
