//! Responses held back until a test releases them, for tests of what happens while a call is in flight.

use std::collections::BTreeSet;

use tokio::sync::watch;

/// The patterns of held calls. A pattern is words joined by `+`; it matches calls that contain all of them.
#[derive(Debug)]
pub struct HeldCalls(watch::Sender<BTreeSet<String>>);

impl Default for HeldCalls {
    fn default() -> Self {
        Self(watch::Sender::new(BTreeSet::new()))
    }
}

impl HeldCalls {
    /// Holds the responses of calls that contain these words, joined by `+`.
    pub fn hold(&self, words: String) {
        self.0.send_modify(|held| {
            held.insert(words);
        });
    }

    /// Releases these calls and stops holding them.
    pub fn release(&self, words: &str) {
        self.0.send_modify(|held| {
            held.remove(words);
        });
    }

    /// Waits until no pattern holds the call.
    pub async fn wait(&self, call: &str) {
        let is_free = |held: &BTreeSet<String>| {
            !held.iter().any(|words| words.split('+').all(|word| call.contains(word)))
        };
        // Fails only if the sender is gone.
        self.0.subscribe().wait_for(is_free).await.ok();
    }
}
