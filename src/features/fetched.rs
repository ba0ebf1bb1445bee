//! Views whose code is fetched when they are shown.

use std::sync::Arc;
use std::thread::LocalKey;

use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::shell::new_version::load_button;
use crate::shell::releases::use_releases;
use crate::state::busy::Awaited;
use crate::state::code::{self, Code, NotFetched};
use i18n::text;
use ui::{Failure, Tone, Variant, failed, skeleton, titled_notice, toast};

/// What is shown instead of the view, or that it is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Fetching,
    Failed,
    /// Failed, and the host serves another release: this one's files may be gone for good.
    Gone,
    Fetched,
}

/// Fetches code.
pub type FetchCode = Arc<dyn Fn() -> LocalBoxFuture<'static, Result<(), NotFetched>> + Send + Sync>;

/// Code that a view needs, and what it draws with it.
pub struct Needed {
    /// Whether the code is here.
    pub is_here: bool,
    pub fetch: FetchCode,
    /// Draws once the code is here.
    pub draw: Box<dyn Fn() -> AnyView + Send>,
    /// What to say if the code could not be fetched.
    pub missing: fn() -> Failure,
}

impl std::fmt::Debug for Needed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Needed").field("is_here", &self.is_here).finish_non_exhaustive()
    }
}

/// Draws immediately if the code is here, and otherwise once it has been fetched: with a placeholder until then,
/// and a way to retry.
pub fn when_fetched(needed: Needed) -> AnyView {
    let Needed { is_here, fetch, draw, missing } = needed;
    let releases = use_releases();
    let shown = RwSignal::new(if is_here { Shown::Fetched } else { Shown::Fetching });
    let again = Callback::new(move |()| {
        shown.set(Shown::Fetching);
        let (fetched, awaited) = (fetch(), Awaited::new());
        spawn_local(async move {
            let fetched = fetched.await;
            drop(awaited);
            let now = match fetched {
                Ok(()) => Shown::Fetched,
                Err(NotFetched) if releases.look().await => {
                    // This view already says so.
                    releases.put_off();
                    Shown::Gone
                }
                Err(NotFetched) => Shown::Failed,
            };
            // Disposed if the user has gone to another page.
            let _ = shown.try_set(now);
        });
    });
    if !is_here {
        again.run(());
    }
    let view = move || match shown.get() {
        Shown::Fetching => skeleton(),
        Shown::Failed => failed(missing(), Some(again)),
        Shown::Gone => titled_notice(
            Tone::Unknown,
            text::ui_page_gone_title(),
            text::ui_page_gone_body(),
            Some(load_button(Variant::Plain)),
        ),
        Shown::Fetched => draw(),
    };
    view.into_any()
}

/// Fetches `code`, then draws with it; see [`when_fetched`].
pub fn with_code<T: Copy + 'static>(
    code: &'static LocalKey<Code<T>>,
    draw: impl Fn(T) -> AnyView + Send + 'static,
) -> AnyView {
    let missing =
        || Failure { title: text::results_not_loaded(), detail: text::results_not_loaded_operator() };
    when_fetched(Needed {
        is_here: code.with(Code::fetched).is_some(),
        fetch: Arc::new(move || Box::pin(async move { code::fetched(code).await.map(drop) })),
        draw: Box::new(move || code.with(Code::fetched).map(&draw).into_any()),
        missing,
    })
}

/// Fetches `code` for what a button opens, and says so if it cannot be fetched. The button is busy meanwhile.
pub fn open_with_code<T: Copy + 'static>(
    code: &'static LocalKey<Code<T>>,
    is_busy: RwSignal<bool>,
    open: impl FnOnce(T) + 'static,
) {
    is_busy.set(true);
    spawn_local(async move {
        let fetched = code::fetched(code).await;
        // The page may be gone by now.
        if is_busy.try_set(false).is_some() {
            return;
        }
        match fetched {
            Ok(code) => open(code),
            Err(NotFetched) => toast(text::results_not_loaded(), None),
        }
    });
}
