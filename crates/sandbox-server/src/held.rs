//! Answers that wait until a test lets them go, for what has to happen while a call is under way.

use std::collections::BTreeSet;

use tokio::sync::watch;

/// Which calls are held: each entry is some words, and a call that contains all of them waits.
#[derive(Debug)]
pub struct Held(watch::Sender<BTreeSet<String>>);

impl Default for Held {
    fn default() -> Self {
        Self(watch::Sender::new(BTreeSet::new()))
    }
}

impl Held {
    /// Holds the answers of calls with these words, joined by `+`.
    pub fn hold(&self, words: String) {
        self.0.send_modify(|held| {
            held.insert(words);
        });
    }

    /// Lets them go, and holds no more of them.
    pub fn release(&self, words: &str) {
        self.0.send_modify(|held| {
            held.remove(words);
        });
    }

    /// Comes back once nothing holds the answer to a call.
    pub async fn wait(&self, call: &str) {
        let is_free = |held: &BTreeSet<String>| {
            !held.iter().any(|words| words.split('+').all(|word| call.contains(word)))
        };
        // It fails only once nobody can hold or release any more.
        self.0.subscribe().wait_for(is_free).await.ok();
    }
}
