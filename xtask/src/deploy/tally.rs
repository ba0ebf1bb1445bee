//! Checks with a name, counted as the other suites' tests are.

use anyhow::Result;

use crate::test::Count;

/// What was checked so far.
pub struct Tally {
    /// Which server is being checked.
    pub server: &'static str,
    count: Count,
}

impl Tally {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { server: "", count: Count::default() }
    }

    /// Runs a check and says how it went.
    pub fn check(&mut self, what: &str, work: impl FnOnce() -> Result<()>) {
        match work() {
            Ok(()) => {
                self.count.n_passed += 1;
                println!("  ok      {}: {what}", self.server);
            }
            Err(error) => {
                self.count.n_failed += 1;
                println!("  FAILED  {}: {what}\n          {error:#}", self.server);
            }
        }
    }

    /// How many passed and failed.
    pub fn count(&self) -> Count {
        self.count
    }
}
