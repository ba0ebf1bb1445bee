//! Code with a split file of its own, fetched when it is first needed.

use std::cell::Cell;
use std::thread::LocalKey;

use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

use super::busy::Awaited;

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
    let _awaited = Awaited::new();
    let fetched = fetch().await.map_err(|error| {
        leptos::logging::error!("{error}");
        NotFetched
    })?;
    code.with(|code| code.install(fetched));
    Ok(fetched)
}

/// How far fetching is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing has needed it yet.
    NotNeeded,
    Fetching,
    /// It could not be fetched.
    Missing,
    Fetched,
}

/// Code that views follow: they change when it arrives, and when it could not be fetched.
#[derive(Debug)]
pub struct FollowedCode<T> {
    code: Code<T>,
    stage: ArcRwSignal<Stage>,
}

impl<T: Copy> FollowedCode<T> {
    /// Not fetched yet.
    pub fn new() -> Self {
        Self { code: Code::new(), stage: ArcRwSignal::new(Stage::NotNeeded) }
    }

    /// Sets how it is fetched; see [`Code::provide`].
    pub fn provide(&self, fetch: Fetch<T>) {
        self.code.provide(fetch);
    }

    /// Sets the code itself.
    pub fn install(&self, code: T) {
        self.code.install(code);
        self.stage.set(Stage::Fetched);
    }

    /// Notes how far fetching something is that it needs, unless it is here.
    pub fn note(&self, stage: Stage) {
        if self.code.fetched().is_none() {
            self.stage.set(stage);
        }
    }

    /// How far fetching is; tracked.
    pub fn stage(&self) -> Stage {
        self.stage.get()
    }

    /// The code, if it has been fetched; tracked.
    pub fn fetched(&self) -> Option<T> {
        self.stage.track();
        self.code.fetched()
    }
}

impl<T: Copy> Default for FollowedCode<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Fetches code that views follow, unless it is here.
///
/// # Errors
/// As [`fetched`].
pub async fn fetched_followed<T: Copy>(code: &'static LocalKey<FollowedCode<T>>) -> Result<T, NotFetched> {
    if let Some(code) = code.with(|code| code.code.fetched()) {
        return Ok(code);
    }
    let fetch = code.with(|code| code.code.fetch.get()).ok_or(NotFetched)?;
    code.with(|code| code.stage.set(Stage::Fetching));
    let _awaited = Awaited::new();
    match fetch().await {
        Ok(fetched) => {
            code.with(|code| code.install(fetched));
            Ok(fetched)
        }
        Err(error) => {
            leptos::logging::error!("{error}");
            code.with(|code| code.stage.set(Stage::Missing));
            Err(NotFetched)
        }
    }
}
