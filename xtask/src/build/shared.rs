//! Releases that were built on this machine, for all copies of the project.
//!
//! The same sources and tools make the same bytes: the suite `again` builds the release anew, and compares.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;

use super::Built;
use crate::files;

/// The most releases; each takes 7 MB.
const MAX_RELEASES: usize = 8;

/// An empty file that is written whenever a release is used.
const USED: &str = "used";

/// The release of some sources, which may be there or not.
pub struct Shared {
    folder: PathBuf,
}

impl Shared {
    /// Finds the release of sources by their digest.
    pub fn of(sources: &str) -> Self {
        Self::inside(&files::installed().join("releases"), sources)
    }

    fn inside(all: &Path, sources: &str) -> Self {
        Self { folder: all.join(sources) }
    }

    /// Copies the release to where it would be built. Returns false if there is none.
    pub fn take(&self, built: &Built) -> Result<bool> {
        if !self.folder.join(USED).is_file() {
            return Ok(false);
        }
        for (name, to) in folders(built) {
            files::remove_all(to)?;
            files::copy_all(&self.folder.join(name), to)?;
        }
        files::write(&self.folder.join(USED), "")?;
        Ok(true)
    }

    /// Keeps a release that was built, and forgets those that were not used for the longest time.
    pub fn keep(&self, built: &Built) -> Result<()> {
        // Another build may look for it at the same time, and must find all of it or nothing.
        let unfinished = self.folder.with_extension(std::process::id().to_string());
        files::remove_all(&unfinished)?;
        for (name, from) in folders(built) {
            files::copy_all(from, &unfinished.join(name))?;
        }
        files::write(&unfinished.join(USED), "")?;
        if self.folder.exists() {
            files::remove_all(&unfinished)?;
        } else {
            fs::rename(&unfinished, &self.folder)?;
        }
        self.forget_oldest()
    }

    fn forget_oldest(&self) -> Result<()> {
        let Some(all) = self.folder.parent() else { return Ok(()) };
        let mut releases = Vec::new();
        for entry in fs::read_dir(all)? {
            let folder = entry?.path();
            let used = fs::metadata(folder.join(USED)).and_then(|file| file.modified());
            releases.push((used.unwrap_or(SystemTime::UNIX_EPOCH), folder));
        }
        releases.sort_unstable();
        let n_surplus = releases.len().saturating_sub(MAX_RELEASES);
        releases.iter().take(n_surplus).try_for_each(|(_, folder)| files::remove_all(folder))
    }
}

/// The folders of a release, with their names where it is kept.
fn folders(built: &Built) -> [(&'static str, &Path); 2] {
    [("site", &built.files), ("brotli", &built.compressed)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_there_for_its_own_sources_until_others_were_used_later() {
        let all = files::memory().join("shared-tests");
        files::remove_all(&all).expect("the target folder is writable");
        let of = |name: &str| Built { files: all.join(name), compressed: all.join(format!("{name}.br")) };
        let (one, two, other) = (of("one"), of("two"), of("other"));
        files::write(&one.files.join("assets/a.js"), "1").expect("it is writable");
        files::write(&one.compressed.join("assets/a.js.br"), "br").expect("it is writable");
        files::write(&two.files.join("old.js"), "old").expect("it is writable");
        let releases = all.join("releases");
        let shared = Shared::inside(&releases, "abc");
        assert!(!shared.take(&two).expect("there is none"));
        assert!(two.files.join("old.js").is_file());

        shared.keep(&one).expect("it is kept");
        shared.keep(&one).expect("it is kept already");
        assert!(shared.take(&two).expect("it is there"));
        assert_eq!(files::read_text(&two.files.join("assets/a.js")).expect("it was copied"), "1");
        assert_eq!(files::read_text(&two.compressed.join("assets/a.js.br")).expect("it was copied"), "br");
        assert!(!two.files.join("old.js").is_file());
        assert!(!Shared::inside(&releases, "def").take(&other).expect("of other sources"));

        fs::File::options()
            .write(true)
            .open(shared.folder.join(USED))
            .and_then(|used| used.set_modified(SystemTime::UNIX_EPOCH))
            .expect("the file is ours");
        for nth in 0..MAX_RELEASES {
            Shared::inside(&releases, &nth.to_string()).keep(&one).expect("it is kept");
        }
        assert!(!shared.take(&two).expect("it is forgotten"));
        assert!(Shared::inside(&releases, "0").take(&two).expect("it is there"));
        files::remove_all(&all).expect("the target folder is writable");
    }
}
