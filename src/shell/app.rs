//! The console as an app: it opens without a network, and opens files of the operating system. Fetched when idle.

use std::cell::RefCell;

use browser::offline::{self, Offline};
use browser::{assets, launches};
use domain::connection_file::MARK;
use futures::future::LocalBoxFuture;
use leptos::ev::{self, DragEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlAnchorElement};

use crate::routing::paths;
use crate::shell::releases::{Releases, StoredReleases, keep_stored, reload};
use crate::state::launched::{LaunchedKind, launch};

/// How much of a file says what it holds, in bytes.
const HEAD: f64 = 200.0;

/// What the app works with.
#[derive(Clone, Copy, Debug)]
pub struct App {
    pub releases: Releases,
    /// False if the host has switched it off.
    pub is_offline_on: bool,
}

thread_local! {
    static WORKER: RefCell<Option<Offline>> = const { RefCell::new(None) };
}

/// Registers the service worker, or removes it if the host wants none, and opens files.
pub fn start(App { releases, is_offline_on }: App) {
    spawn_local(async move {
        let scope = paths::overview();
        let done = match assets::worker() {
            Some(script) if is_offline_on => Offline::register(&script, &scope).await.map(|worker| {
                worker.watch(move || releases.announce());
                WORKER.set(Some(worker));
                keep_stored(StoredReleases { look, load });
            }),
            _ => offline::remove(&scope).await,
        };
        if let Err(error) = done {
            leptos::logging::warn!("the console cannot be opened without a network: {error:?}");
        }
    });
    launches::on_file(open);
    open_dropped();
}

/// Opens a file on its page.
fn open(file: File) {
    spawn_local(async move {
        let kind = kind(&file).await;
        let path = match kind {
            LaunchedKind::Results => paths::open_results(),
            LaunchedKind::Connections => paths::connections(),
            LaunchedKind::People => paths::import(),
            LaunchedKind::Review => paths::review(),
        };
        if !launch(kind, file)
            && let Err(error) = follow(&path)
        {
            leptos::logging::error!("the page of a file could not be opened: {error:?}");
        }
    });
}

/// Opens a file that is dropped anywhere on the page: the browser would leave the console to show it.
fn open_dropped() {
    let has_files = |event: &DragEvent| {
        let types = event.data_transfer().map(|data| data.types());
        types.is_some_and(|types| types.includes(&"Files".into(), 0))
    };
    // A drop zone on the page takes a file first.
    window_event_listener(ev::dragover, move |event| {
        if !event.default_prevented() && has_files(&event) {
            event.prevent_default();
        }
    });
    window_event_listener(ev::drop, move |event| {
        if event.default_prevented() || !has_files(&event) {
            return;
        }
        event.prevent_default();
        let files = event.data_transfer().and_then(|data| data.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            open(file);
        }
    });
}

/// What a file holds, by its first field or its header. The page that opens it reads all of it, and says what is wrong
/// with it.
async fn kind(file: &File) -> LaunchedKind {
    let head = match file.slice_with_f64_and_f64(0.0, HEAD) {
        Ok(head) => JsFuture::from(head.text()).await.ok().and_then(|text| text.as_string()),
        Err(_) => None,
    };
    let head: String = head.unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    let is_connections = head.contains(&format!("\"muster\":\"{MARK}\""));
    // The first field of a request, whose fields are in the order of the alphabet.
    let is_review = head.starts_with("{\"claims\":");
    let is_object = head.starts_with('{');
    // The columns of a table of results.
    let is_results = ["vendor", "by", "person", "operation"].iter().all(|column| head.contains(column));
    if is_connections {
        LaunchedKind::Connections
    } else if is_review {
        LaunchedKind::Review
    } else if is_object || is_results {
        LaunchedKind::Results
    } else {
        LaunchedKind::People
    }
}

/// Goes to a page as a click on a link does: the router's own function would be part of the first load.
fn follow(path: &str) -> Result<(), JsValue> {
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(path);
    document().body().ok_or(JsValue::UNDEFINED)?.append_child(&link)?;
    link.click();
    link.remove();
    Ok(())
}

fn worker() -> Option<Offline> {
    WORKER.with_borrow(Clone::clone)
}

fn look() -> LocalBoxFuture<'static, bool> {
    Box::pin(async {
        match worker() {
            Some(worker) => worker.look().await,
            None => false,
        }
    })
}

fn load() {
    spawn_local(async {
        if let Some(worker) = worker() {
            worker.take_over().await;
        }
        reload();
    });
}
