//! Keeps an answer that comes late from replacing a newer one.

use leptos::prelude::*;

/// Tells the latest attempt at something from earlier ones. Copies share the same attempts.
#[derive(Clone, Copy, Debug)]
pub struct Latest(StoredValue<u32>);

/// An attempt, such as reading the file that was just chosen.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    all: StoredValue<u32>,
    number: u32,
}

impl Latest {
    /// Before the first attempt.
    #[must_use]
    pub fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// Begins an attempt. Those before it are no longer the latest.
    pub fn begin(self) -> Attempt {
        self.0.try_update_value(|n| *n += 1);
        Attempt { all: self.0, number: self.0.try_get_value().unwrap_or_default() }
    }

    /// Returns true once there was an attempt.
    #[must_use]
    pub fn has_begun(self) -> bool {
        self.0.try_get_value().is_some_and(|n| n > 0)
    }
}

impl Default for Latest {
    fn default() -> Self {
        Self::new()
    }
}

impl Attempt {
    /// Returns false once another attempt has begun, or the page of both is gone.
    #[must_use]
    pub fn is_latest(self) -> bool {
        self.all.try_get_value() == Some(self.number)
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn only_the_attempt_that_began_last_counts() {
        let owner = Owner::new();
        let files = owner.with(Latest::new);
        assert!(!files.has_begun());
        let first = files.begin();
        assert!(files.has_begun() && first.is_latest());
        let second = files.begin();
        assert!(!first.is_latest() && second.is_latest());
        owner.with(Latest::new).begin();
        assert!(second.is_latest(), "attempts at something else are apart");
        owner.cleanup();
        assert!(!second.is_latest(), "the page is gone");
        assert!(!files.begin().is_latest() && !files.has_begun());
    }
}
