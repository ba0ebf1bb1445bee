//! Parses the counts from the output of test runners, and prints the total.

use std::ops::Add;
use std::time::Duration;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub n_passed: usize,
    pub n_failed: usize,
}

/// The result of one suite.
#[derive(Debug)]
pub struct Row {
    pub name: &'static str,
    pub what: &'static str,
    pub count: Count,
    pub took: Duration,
    /// A remark, for example that something could not be checked.
    pub note: Option<String>,
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { n_passed: self.n_passed + other.n_passed, n_failed: self.n_failed + other.n_failed }
    }
}

impl Count {
    /// Adds up all summaries in a runner's output. Runners print counts as `12 passed` and `1 failed`. Tests
    /// that timed out or did not run count as failed, flaky ones as passed.
    pub fn read(told: &str) -> Self {
        let mut count = Self::default();
        for line in told.lines().map(str::trim).filter(|line| is_summary(line)) {
            for (number, word) in pairs(line) {
                match word {
                    "passed" | "flaky" => count.n_passed += number,
                    "failed" | "timed" | "interrupted" | "not" => count.n_failed += number,
                    _ => {}
                }
            }
        }
        count
    }
}

/// nextest prints `Summary [1.2s] …`, libtest and wasm-bindgen `test result: …`,
/// Playwright `12 passed (1.2m)` and the like, each on its own line.
fn is_summary(line: &str) -> bool {
    let words: Vec<_> = line.split_whitespace().collect();
    let is_playwright = matches!(words.as_slice(), [number, word, ..] if number.parse::<usize>().is_ok()
        && matches!(*word, "passed" | "failed" | "flaky" | "interrupted")
        && words.get(2).is_none_or(|rest| rest.starts_with('(')))
        || line.ends_with(" did not run");
    line.starts_with("Summary [") || line.starts_with("test result:") || is_playwright
}

/// Every number with the word after it; `3 did not run` becomes `(3, "not")`.
fn pairs(line: &str) -> Vec<(usize, &str)> {
    let is_gap = |letter: char| letter.is_whitespace() || ",;.()".contains(letter);
    let words: Vec<&str> = line.split(is_gap).filter(|word| !word.is_empty() && *word != "did").collect();
    let two = words.windows(2).map(|two| (two[0].parse::<usize>(), two[1]));
    two.filter_map(|(number, word)| Some((number.ok()?, word))).collect()
}

/// Prints the table, then the browsers and remarks, and the total as the last line. `whole` is less than the
/// sum of the rows if suites ran in parallel.
pub fn print(rows: &[Row], whole: Duration, browsers: &[String], setup: &[String]) {
    println!("\n{:<8} {:>7} {:>7} {:>7}  what", "suite", "passed", "failed", "seconds");
    let mut sum = Count::default();
    for Row { name, what, count, took, note } in rows {
        let passed =
            if count.n_passed + count.n_failed == 0 { "ok".to_owned() } else { count.n_passed.to_string() };
        let what = note.as_ref().map_or_else(|| (*what).to_owned(), |note| format!("{what} ({note})"));
        println!("{name:<8} {passed:>7} {:>7} {:>7}  {what}", count.n_failed, took.as_secs());
        sum = sum + *count;
    }
    println!("{:<8} {:>7} {:>7} {:>7}  the whole run", "all", sum.n_passed, sum.n_failed, whole.as_secs());
    for browser in browsers {
        println!("in: {browser}");
    }
    for note in rows.iter().filter_map(|row| row.note.as_ref()).chain(setup) {
        println!("note: {note}");
    }
    println!("{} passed, {} failed", sum.n_passed, sum.n_failed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(told: &str, n_passed: usize, n_failed: usize) {
        assert_eq!(Count::read(told), Count { n_passed, n_failed });
    }

    #[test]
    fn reads_what_nextest_prints() {
        check("     Summary [   0.116s] 12 tests run: 12 passed, 0 skipped\n", 12, 0);
        check(
            "     Summary [   2.0s] 5/9 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 0 skipped",
            3,
            2,
        );
    }

    #[test]
    fn adds_what_every_libtest_binary_prints() {
        let one =
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        check(&one.repeat(2), 6, 0);
        check("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 filtered out", 3, 2);
    }

    #[test]
    fn reads_what_playwright_prints() {
        check(
            "  1 failed\n    [chromium] › a.spec.ts:3:1 › a test\n  2 did not run\n  1 flaky\n  10 passed (1.2m)\n",
            11,
            3,
        );
    }

    #[test]
    fn is_not_fooled_by_what_tests_print() {
        check("7 passed out\n  ✓  1 [chromium] › says 3 failed (2s)\n", 0, 0);
    }
}
