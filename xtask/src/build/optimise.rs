//! Makes Wasm smaller with wasm-opt.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};

use super::wasm_features;
use crate::{files, parallel, process, setup};

/// Restructures the control flow first, and repeats the passes: both together save about one hundredth.
const PASSES: [&str; 4] = ["--flatten", "--rereloop", "-Oz", "-Oz"];

/// Rust puts the stack at the lowest addresses, so no value is stored near zero. This lets wasm-opt fold
/// offsets into loads.
const LOW_MEMORY: &str = "--low-memory-unused";

/// From this size in bytes, results are kept for the next build. Together such modules take minutes, and many of them
/// stay the same. Smaller ones are optimised each time, so that a second build elsewhere shows whether wasm-opt does
/// the same twice.
const KEPT_FROM: usize = 150_000;

/// Optimises every module of a site in place.
pub fn run(site: &Path) -> Result<()> {
    if setup::wasm_opt().is_none() {
        println!("build: wasm-opt is not here, so the Wasm stays as large as the compiler left it");
        return Ok(());
    }
    let is_wasm = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "wasm");
    let paths: Vec<_> = files::below(site)?.into_iter().filter(is_wasm).collect();
    let results = Results::load()?;
    parallel::each(&paths, |path| {
        let module = files::read(path)?;
        let key = results.key(&module);
        if let Some(known) = key.as_deref().and_then(|key| results.find(key)) {
            return files::write(path, known);
        }
        let mut wasm_opt = setup::wasm_opt().context("wasm-opt was removed")?;
        wasm_opt.arg("--quiet").args(PASSES).arg(LOW_MEMORY).args(wasm_features());
        process::run(wasm_opt.arg(path).arg("-o").arg(path))?;
        match key {
            Some(key) => results.keep(&key, &files::read(path)?),
            None => Ok(()),
        }
    })?;
    results.forget_others()
}

/// What wasm-opt made of the large modules of the last build, by the digest of all that it depends on.
struct Results {
    folder: PathBuf,
    /// The tools and their options.
    settings: Vec<u8>,
    used: Mutex<BTreeSet<String>>,
}

impl Results {
    fn load() -> Result<Self> {
        let folder = files::tools();
        let mut settings = files::read(&folder.join("package-lock.json"))?;
        for option in PASSES.iter().chain([&LOW_MEMORY]).chain(&wasm_features()) {
            settings.extend(option.as_bytes());
        }
        Ok(Self { folder: folder.join("optimised"), settings, used: Mutex::default() })
    }

    /// The name of the result for a module; `None` if it is too small to keep.
    fn key(&self, module: &[u8]) -> Option<String> {
        if module.len() < KEPT_FROM {
            return None;
        }
        let digests = [files::sha256(&self.settings), files::sha256(module)].concat();
        let key = files::hexadecimal(&files::sha256(&digests));
        if let Ok(mut used) = self.used.lock() {
            used.insert(key.clone());
        }
        Some(key)
    }

    fn find(&self, key: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.join(key)).ok()
    }

    fn keep(&self, key: &str, module: &[u8]) -> Result<()> {
        // Another build may read it at the same time, and must find all of it or nothing.
        let unfinished = self.folder.join(format!("{key}.{}", std::process::id()));
        files::write(&unfinished, module)?;
        Ok(fs::rename(unfinished, self.folder.join(key))?)
    }

    /// Deletes what the build did not use.
    fn forget_others(self) -> Result<()> {
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
    use super::*;

    fn results(name: &str) -> Results {
        let folder = std::env::temp_dir().join(format!("muster-optimised-{}-{name}", std::process::id()));
        Results { folder, settings: b"-Oz".to_vec(), used: Mutex::default() }
    }

    #[test]
    fn only_large_modules_are_kept_and_only_while_they_are_used() {
        let (large, other) = (vec![1; KEPT_FROM], vec![2; KEPT_FROM]);
        let first = results("kept");
        assert_eq!(first.key(&large[1..]), None);
        let [key, other_key] = [&large, &other].map(|module| first.key(module).expect("it is large"));
        assert_ne!(key, other_key);
        assert_eq!(first.find(&key), None);
        first.keep(&key, b"small").expect("kept");
        first.keep(&other_key, b"other").expect("kept");
        first.forget_others().expect("nothing to forget");

        let second = results("kept");
        assert_eq!(second.key(&large).as_ref(), Some(&key));
        assert_eq!(second.find(&key).as_deref(), Some(&b"small"[..]));
        second.forget_others().expect("the other is deleted");
        let third = results("kept");
        assert_eq!(third.find(&key).as_deref(), Some(&b"small"[..]));
        assert_eq!(third.find(&other_key), None);
        files::remove_all(&third.folder).expect("removed");
    }

    #[test]
    fn other_options_have_other_results() {
        let module = vec![1; KEPT_FROM];
        let first = results("options");
        let second = Results { settings: b"-O2".to_vec(), ..results("options") };
        assert_ne!(first.key(&module), second.key(&module));
    }
}
