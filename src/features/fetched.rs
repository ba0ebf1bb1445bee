//! Views with code that is fetched when they are shown.

use std::thread::LocalKey;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::code::{self, Code};
use i18n::text;
use ui::{Failure, failed, skeleton};

/// How far fetching is.
#[derive(Clone, Copy)]
enum Stage<T> {
    Fetching,
    Failed,
    Fetched(T),
}

/// Fetches `code`, then draws with it. Shows a placeholder until then, and a way to retry.
pub fn with_code<T>(code: &'static LocalKey<Code<T>>, draw: impl Fn(T) -> AnyView + Send + 'static) -> AnyView
where
    T: Copy + Send + Sync + 'static,
{
    let stage = RwSignal::new(code.with(Code::fetched).map_or(Stage::Fetching, Stage::Fetched));
    let fetch = move || {
        stage.set(Stage::Fetching);
        spawn_local(async move {
            let fetched = code::fetched(code).await;
            // Disposed if the view is gone.
            let _ = stage.try_set(fetched.map_or(Stage::Failed, Stage::Fetched));
        });
    };
    if matches!(stage.get_untracked(), Stage::Fetching) {
        fetch();
    }
    let view = move || match stage.get() {
        Stage::Fetching => skeleton(),
        Stage::Failed => {
            let words =
                Failure { title: text::results_not_loaded(), detail: text::results_not_loaded_operator() };
            failed(words, Some(Callback::new(move |()| fetch())))
        }
        Stage::Fetched(code) => draw(code),
    };
    view.into_any()
}
