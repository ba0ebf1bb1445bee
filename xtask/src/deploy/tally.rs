//! Named checks, counted like the tests of other suites.

use anyhow::Result;

use crate::test::Count;

pub struct Tally {
    /// The server being checked, as a prefix of each line.
    pub server: &'static str,
    count: Count,
}

impl Tally {
    pub fn new() -> Self {
        Self { server: "", count: Count::default() }
    }

    /// Runs a check and prints its result.
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

    pub fn count(&self) -> Count {
        self.count
    }
}
