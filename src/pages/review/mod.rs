//! `/review`: requests of colleagues and one's own, opened from a link, a file, or what was pasted.

mod compared;
mod decision_panel;
mod decisions;
mod keys;
mod list;
mod opening;
mod powers;
mod received;
mod request;
mod rows;
mod rulings;
mod running;
mod second_device;
mod trusting;

pub use received::{Received, provide_received};
pub use request::{Comparing, provide_comparing};

use std::sync::Arc;

use browser::storage::StorageError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use review::{Digest, FragmentError, ReviewFile};
use web_sys::File;

use crate::features::approval::files::{self, OpenError, OpenedFile};
use crate::features::approval::open_words::open_failure;
use crate::routing::{paths, query};
use crate::shell::frame::use_title;
use crate::shell::page_head::page_head;
use crate::state::identity::review_time;
use crate::state::launched::{LaunchedKind, open_launched};
use crate::state::session::{Session, use_session};
use i18n::text;
use trusting::Known;
use ui::{Attempt, Latest, Variant, effect_after, empty_state, failed, link_button, skeleton};

/// What the page shows.
#[derive(Clone)]
enum Shown {
    Loading,
    /// The requests on this device, and a way to open another.
    List,
    Failed(OpenError),
    NotFound,
    Found(Arc<ReviewFile>),
}

/// The page of reviews. Copies share the same signals.
#[derive(Clone, Copy)]
struct Page {
    session: Session,
    /// The keys by which requests are judged.
    known: Known,
    shown: RwSignal<Shown>,
    /// What was asked for: an earlier answer does not replace a later one.
    questions: Latest,
    /// Whether results were opened of a request that this device did not have.
    is_new: RwSignal<bool>,
    /// Names the request that is shown in the address.
    name_request: Callback<Digest>,
}

/// Requests to review.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let (location, navigate) = (use_location(), use_navigate());
    // The fragment holds names, so it does not stay; what was chosen since the request was shown does.
    let name_request = move |request: Digest| {
        let mut query = location.query.get_untracked();
        query.replace("request", request.to_string());
        let options = NavigateOptions { resolve: false, replace: true, ..NavigateOptions::default() };
        navigate(&[paths::review(), query.to_query_string()].concat(), options);
    };
    let session = use_session();
    let page = Page {
        session,
        known: Known::new(session),
        shown: RwSignal::new(Shown::Loading),
        questions: Latest::new(),
        is_new: RwSignal::new(false),
        name_request: Callback::new(name_request),
    };
    use_title(text::review_title);
    page.follow_address();
    open_launched(LaunchedKind::Review, move |file| page.open_file(file));
    let head = move || {
        let is_one = matches!(page.shown.get(), Shown::Found(_));
        let way = if is_one {
            vec![(text::review_title(), Some(paths::review())), (text::review_request(), None)]
        } else {
            Vec::new()
        };
        let title = if is_one { text::review_request } else { text::review_title };
        let sub = if is_one { text::review_request_sub } else { text::review_sub };
        page_head(None, way, Signal::derive(title), Signal::derive(sub), None)
    };
    let body = move || match page.shown.get() {
        Shown::Loading => skeleton(),
        Shown::List => page.list(),
        Shown::Failed(error) => view! {
            {failed(open_failure(error), None)}
            {opening::opening(page)}
        }
        .into_any(),
        Shown::NotFound => {
            let all = link_button(paths::review(), text::review_all, Variant::Plain, false, "list-checks");
            let nothing =
                empty_state("list-checks", text::review_unknown(), text::review_unknown_body(), Some(all));
            view! { <div class="card">{nothing}</div> }.into_any()
        }
        Shown::Found(file) => request::request(page, &file),
    };
    view! {
        {head}
        <div class="stack">{body}</div>
    }
    .into_any()
}

impl Page {
    /// Opens what the address names: the fragment of a link, or a request on this device.
    fn follow_address(self) {
        let fragment = use_location().hash;
        let (wanted, _) = query::choice("request");
        effect_after(move |before: Option<()>| {
            let (fragment, wanted) = (fragment.get(), wanted.get());
            let is_review = fragment.strip_prefix('#').unwrap_or(&fragment).starts_with(review::FRAGMENT);
            if is_review {
                self.open(async move { files::open_fragment(&fragment).await });
            } else if wanted.is_empty() {
                // A file that the operating system has opened the page with is being read already.
                if before.is_none() && self.questions.has_begun() {
                    return;
                }
                self.ask();
                self.shown.set(Shown::List);
            } else {
                self.find(wanted);
            }
        });
    }

    fn ask(self) -> Attempt {
        self.is_new.set(false);
        self.questions.begin()
    }

    fn answer(self, asked: Attempt, shown: Shown) {
        if asked.is_latest() {
            self.shown.set(shown);
        }
    }

    /// Opens a file, keeps it on this device, and leaves only its hash in the address: the fragment holds names. A large
    /// one is shown before it is kept, which takes longer than reading it.
    fn open(self, read: impl Future<Output = Result<OpenedFile, OpenError>> + 'static) {
        let asked = self.ask();
        self.shown.set(Shown::Loading);
        spawn_local(async move {
            let opened = match read.await {
                Ok(opened) => files::with_kept(self.session, opened).await,
                Err(error) => Err(error),
            };
            match opened {
                Ok((OpenedFile { file, text }, is_known)) => {
                    let hash = file.request.hash();
                    if asked.is_latest() {
                        self.is_new.set(!file.results.is_empty() && !is_known);
                    }
                    self.answer(asked, Shown::Found(Arc::new(file)));
                    files::store(self.session, hash, text).await;
                    // Before anything was stored, the time could not be kept. A failure is told where the time counts.
                    let _ = review_time(self.session).await;
                    if asked.is_latest() {
                        self.name_request.run(hash);
                    }
                }
                Err(error) => self.answer(asked, Shown::Failed(error)),
            }
        });
    }

    fn open_file(self, file: File) {
        self.open(async move { opening::read(&file).await });
    }

    /// Opens what was pasted: a link, or the contents of a file.
    fn open_text(self, typed: String) {
        self.open(async move {
            match typed.split_once('#') {
                Some((before, fragment)) if !before.trim_start().starts_with('{') => {
                    files::open_fragment(fragment.trim_end()).await
                }
                _ if typed.trim_start().starts_with('{') => files::open_text(&typed).await,
                _ => Err(OpenError::Link(FragmentError::Other)),
            }
        });
    }

    /// Finds a request on this device, unless it is shown already.
    fn find(self, wanted: String) {
        let Ok(hash) = Digest::parse(&wanted) else {
            self.ask();
            self.shown.set(Shown::NotFound);
            return;
        };
        let is_shown = self.shown.with_untracked(|shown| match shown {
            Shown::Found(file) => file.request.hash() == hash,
            Shown::Loading | Shown::List | Shown::Failed(_) | Shown::NotFound => false,
        });
        if is_shown {
            return;
        }
        let asked = self.ask();
        self.shown.set(Shown::Loading);
        // Another tab may have changed what is known.
        self.known.read();
        spawn_local(async move {
            let found: Result<_, StorageError> = files::kept_file(self.session, hash).await;
            self.answer(
                asked,
                match found {
                    Ok(Some(file)) => Shown::Found(Arc::new(file)),
                    Ok(None) => Shown::NotFound,
                    Err(error) => Shown::Failed(OpenError::Storage(error)),
                },
            );
        });
    }

    fn list(self) -> AnyView {
        view! {
            {opening::opening(self)}
            {list::list(self.session)}
            {keys::keys(self.known)}
        }
        .into_any()
    }
}
