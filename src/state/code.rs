//! Code with a split file of its own, fetched when it is first needed.

use std::cell::Cell;
use std::thread::LocalKey;

use futures::future::LocalBoxFuture;
use leptos::wasm_split::SplitLoaderError;

/// How code is fetched.
pub type Fetch<T> = fn() -> LocalBoxFuture<'static, Result<T, SplitLoaderError>>;

/// The code could not be fetched. The next attempt starts afresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFetched;

/// A table of functions, or one function, that a split file contains.
pub struct Code<T> {
    fetched: Cell<Option<T>>,
    fetch: Cell<Option<Fetch<T>>>,
}

impl<T: Copy> Code<T> {
    /// Not fetched yet.
    pub const fn new() -> Self {
        Self { fetched: Cell::new(None), fetch: Cell::new(None) }
    }

    /// Sets how it is fetched. Only the program names the split file: everything else that links its users,
    /// such as a test, would have to locate the file.
    pub fn provide(&self, fetch: Fetch<T>) {
        self.fetch.set(Some(fetch));
    }

    /// Sets the code itself.
    pub fn install(&self, code: T) {
        // The optimiser would call what is only ever set here directly, and so link it to every caller.
        self.fetched.set(Some(std::hint::black_box(code)));
    }

    /// The code, if it has been fetched.
    pub fn fetched(&self) -> Option<T> {
        self.fetched.get()
    }
}

impl<T> std::fmt::Debug for Code<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Code").finish_non_exhaustive()
    }
}

impl<T: Copy> Default for Code<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Fetches code, unless it is here.
///
/// # Errors
/// If the file could not be fetched; the reason is in the browser's log.
pub async fn fetched<T: Copy>(code: &'static LocalKey<Code<T>>) -> Result<T, NotFetched> {
    if let Some(code) = code.with(Code::fetched) {
        return Ok(code);
    }
    let fetch = code.with(|code| code.fetch.get()).ok_or(NotFetched)?;
    let fetched = fetch().await.map_err(|error| {
        leptos::logging::error!("{error}");
        NotFetched
    })?;
    code.with(|code| code.install(fetched));
    Ok(fetched)
}
