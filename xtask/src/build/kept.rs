//! Keeps what is slow to compute for the next build.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::files;

/// From this size of the input in bytes, results are kept. Together such files take minutes, and many of them stay
/// the same. Smaller ones are computed each time, so that a second build elsewhere shows whether the tools do the same
/// twice.
const KEPT_FROM: usize = 30_000;

/// Results that no build has used for this long are deleted.
const UNUSED_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The results of one kind of work, which all copies of the project on a machine share.
pub struct Kept {
    folder: PathBuf,
    /// What a result depends on besides the input: the tools and their options.
    settings: Vec<u8>,
    n_unfinished: AtomicUsize,
}

impl Kept {
    /// Finds the results of earlier builds by the kind of work.
    pub fn of(work: &str, settings: Vec<u8>) -> Self {
        Self::inside(files::installed().join("kept").join(work), settings)
    }

    fn inside(folder: PathBuf, settings: Vec<u8>) -> Self {
        Self { folder, settings, n_unfinished: AtomicUsize::default() }
    }

    /// The result for an input: the kept one, or else that of `work`.
    pub fn result(&self, input: &[u8], work: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        if input.len() < KEPT_FROM {
            return work();
        }
        let path = self.path(input);
        if let Ok(known) = fs::read(&path) {
            // Another build may delete it meanwhile.
            if let Ok(used) = File::options().write(true).open(&path) {
                used.set_modified(SystemTime::now())?;
            }
            return Ok(known);
        }
        let result = work()?;
        self.keep(&path, &result)?;
        Ok(result)
    }

    fn path(&self, input: &[u8]) -> PathBuf {
        let digests = [files::sha256(&self.settings), files::sha256(input)].concat();
        self.folder.join(files::hexadecimal(&files::sha256(&digests)))
    }

    fn keep(&self, path: &Path, result: &[u8]) -> Result<()> {
        // Another thread or build may read it at the same time, and must find all of it or nothing.
        let nth = self.n_unfinished.fetch_add(1, Ordering::Relaxed);
        let unfinished = path.with_extension(format!("{}-{nth}", std::process::id()));
        files::write(&unfinished, result)?;
        Ok(fs::rename(unfinished, path)?)
    }

    /// Deletes what no build has used for a week.
    pub fn forget_unused(self) -> Result<()> {
        for path in files::below(&self.folder)? {
            // Another build may delete it meanwhile.
            let Ok(used) = fs::metadata(&path).and_then(|it| it.modified()) else { continue };
            let is_unused = used.elapsed().is_ok_and(|age| age > UNUSED_FOR);
            if is_unused
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
        let long_ago = SystemTime::now() - UNUSED_FOR - Duration::from_secs(60);
        for input in [&large, &other] {
            let file = File::options().write(true).open(first.path(input)).expect("it was kept");
            file.set_modified(long_ago).expect("the file is ours");
        }

        assert_eq!(first.result(&large, never).expect("kept"), b"result");
        first.forget_unused().expect("the other is deleted");
        let second = kept("used", b"-Oz");
        assert_eq!(second.result(&large, never).expect("kept"), b"result");
        assert!(second.result(&other, never).is_err(), "it was not used");
        files::remove_all(&second.folder).expect("removed");
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
