//! Keeps what is slow to compute for the next build.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;

use crate::files;

/// From this size of the input in bytes, results are kept. Together such files take minutes, and many of them stay
/// the same. Smaller ones are computed each time, so that a second build elsewhere shows whether the tools do the same
/// twice.
const KEPT_FROM: usize = 30_000;

/// The results of one kind of work in the last build.
pub struct Kept {
    folder: PathBuf,
    /// What a result depends on besides the input: the tools and their options.
    settings: Vec<u8>,
    used: Mutex<BTreeSet<String>>,
    n_unfinished: AtomicUsize,
}

impl Kept {
    /// Finds the results of the last build by the kind of work.
    pub fn of(work: &str, settings: Vec<u8>) -> Self {
        Self::inside(files::tools().join(work), settings)
    }

    fn inside(folder: PathBuf, settings: Vec<u8>) -> Self {
        Self { folder, settings, used: Mutex::default(), n_unfinished: AtomicUsize::default() }
    }

    /// The result for an input: the kept one, or else that of `work`.
    pub fn result(&self, input: &[u8], work: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        if input.len() < KEPT_FROM {
            return work();
        }
        let digests = [files::sha256(&self.settings), files::sha256(input)].concat();
        let key = files::hexadecimal(&files::sha256(&digests));
        let path = self.folder.join(&key);
        if let Ok(mut used) = self.used.lock() {
            used.insert(key);
        }
        if let Ok(known) = fs::read(&path) {
            return Ok(known);
        }
        let result = work()?;
        self.keep(&path, &result)?;
        Ok(result)
    }

    fn keep(&self, path: &Path, result: &[u8]) -> Result<()> {
        // Another thread or build may read it at the same time, and must find all of it or nothing.
        let nth = self.n_unfinished.fetch_add(1, Ordering::Relaxed);
        let unfinished = path.with_extension(format!("{}-{nth}", std::process::id()));
        files::write(&unfinished, result)?;
        Ok(fs::rename(unfinished, path)?)
    }

    /// Deletes what the build did not use.
    pub fn forget_others(self) -> Result<()> {
        let used = self.used.into_inner().unwrap_or_default();
        for path in files::below(&self.folder)? {
            // Those with an extension are unfinished, and of another build.
            let is_used = path.extension().is_some()
                || path.file_name().is_some_and(|name| used.contains(&*name.to_string_lossy()));
            // Another build may have deleted it.
            if !is_used
                && let Err(error) = fs::remove_file(&path)
                && path.exists()
            {
                return Err(error.into());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    fn kept(name: &str, settings: &[u8]) -> Kept {
        let folder = std::env::temp_dir().join(format!("muster-kept-{}-{name}", std::process::id()));
        Kept::inside(folder, settings.to_vec())
    }

    fn once() -> Result<Vec<u8>> {
        Ok(b"result".to_vec())
    }

    fn never() -> Result<Vec<u8>> {
        bail!("computed again")
    }

    #[test]
    fn only_large_inputs_are_kept_and_only_while_they_are_used() {
        let (large, other) = (vec![1; KEPT_FROM], vec![2; KEPT_FROM]);
        let first = kept("used", b"-Oz");
        assert_eq!(first.result(&large, once).expect("computed"), b"result");
        assert_eq!(first.result(&other, once).expect("computed"), b"result");
        assert_eq!(first.result(&large[1..], once).expect("computed"), b"result");
        assert!(first.result(&large[1..], never).is_err(), "it is too small to keep");
        first.forget_others().expect("nothing to forget");

        let second = kept("used", b"-Oz");
        assert_eq!(second.result(&large, never).expect("kept"), b"result");
        second.forget_others().expect("the other is deleted");
        let third = kept("used", b"-Oz");
        assert_eq!(third.result(&large, never).expect("kept"), b"result");
        assert!(third.result(&other, never).is_err(), "it was not used");
        files::remove_all(&third.folder).expect("removed");
    }

    #[test]
    fn other_settings_have_other_results() {
        let input = vec![1; KEPT_FROM];
        let first = kept("settings", b"-Oz");
        first.result(&input, once).expect("computed");
        assert!(kept("settings", b"-O2").result(&input, never).is_err());
        files::remove_all(&first.folder).expect("removed");
    }
}
