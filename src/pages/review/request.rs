//! One request: who asks for what and why, the connection to review it on, and what has been decided.

use std::sync::Arc;

use browser::clock::painted;
use domain::{Connection, ConnectionId};
use leptos::prelude::*;
use review::{KeyClaim, ReviewFile, ReviewPlace, ReviewRequest, Signed};

use super::Page;
use super::compared;
use super::decisions;
use super::received;
use super::rulings::Rulings;
use super::trusting::Known;
use crate::features::approval::files;
use crate::features::approval::place::place_of;
use crate::features::approval::second_key;
use crate::features::connecting::adding::add_connection;
use crate::features::connecting::connection_guard::with_key;
use crate::features::error_words;
use crate::features::fetched::with_code;
use crate::features::results::run_words;
use crate::routing::{paths, query};
use crate::state::code::{Code, Fetch};
use crate::state::reads::{Read, reading};
use crate::state::session::Session;
use i18n::text;
use ui::{Failure, Select, SelectOption, SelectValue, Tone, Variant, failed, skeleton, titled_notice};

/// Compares a request with what is true now, takes decisions, and sends what was approved. Who asks for what is read
/// before that is here.
#[derive(Clone, Copy, Debug)]
pub struct Comparing(fn(OpenedRequest, Arc<Connection>, ReviewPlace) -> AnyView);

impl Comparing {
    /// The code itself; what names it contains it.
    pub fn new() -> Self {
        Self(compared::compared)
    }
}

impl Default for Comparing {
    fn default() -> Self {
        Self::new()
    }
}

thread_local! {
    static COMPARING: Code<Comparing> = const { Code::new() };
}

/// Sets how the code is fetched that compares a request.
pub fn provide_comparing(fetch: Fetch<Comparing>) {
    COMPARING.with(|code| code.provide(fetch));
}

/// A request that is shown. Copies share the same signals.
#[derive(Clone, Copy)]
pub struct OpenedRequest {
    pub(super) session: Session,
    /// The request with the decisions about it.
    pub(super) file: RwSignal<Arc<ReviewFile>>,
    pub(super) known: Known,
    pub(super) rulings: Rulings,
}

impl OpenedRequest {
    /// Calls with the request, which never changes.
    pub(super) fn with_request<T>(self, read: impl FnOnce(&ReviewRequest) -> T) -> T {
        self.file.with_untracked(|file| read(file.request.body()))
    }
}

/// The view of a request.
pub(super) fn request(page: Page, file: &Arc<ReviewFile>) -> AnyView {
    let session = page.session;
    let review = OpenedRequest {
        session,
        file: RwSignal::new(file.clone()),
        known: page.known,
        rulings: Rulings::new(session, &file.request.hash().to_string()),
    };
    follow_vouches(review);
    // Who asks for what is shown before the rest is made.
    let is_painted = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        painted().await;
        // The page may be gone by now.
        is_painted.try_set(true);
    });
    let rest = move || {
        is_painted.get().then(|| {
            view! {
                {others(review)}
                {decisions::made(review)}
                {place(review)}
            }
        })
    };
    view! {
        {review.known.problems()}
        {received::news(page.is_new)}
        {about(review)}
        {received::results(review)}
        {rest}
    }
    .into_any()
}

/// Trusts the second keys of people whose first key is trusted, also once it is.
fn follow_vouches(review: OpenedRequest) {
    ui::effect(move || {
        let (file, known) = (review.file.get(), review.known);
        let is_news = |claim: &Signed<KeyClaim>| {
            let (first, second) = (claim.body().owner, claim.fingerprint());
            known.trust.with(|trust| trust.owner_of(first).is_some() && trust.owner_of(second).is_none())
        };
        if !known.is_read.get() || !file.claims.iter().any(is_news) {
            return;
        }
        leptos::task::spawn_local(async move {
            let accepted = second_key::accept(review.session, &file).await;
            // The page may be gone by now.
            if !known.trust.is_disposed() && accepted.is_ok() {
                known.read_keys().await;
            }
        });
    });
}

/// Who asks, why, and until when.
fn about(review: OpenedRequest) -> AnyView {
    let file = review.file.get_untracked();
    let (signer, request) = (file.request.by().clone(), file.request.body());
    let (made_at, expires_at) = (request.made_at as f64, request.expires_at as f64);
    let why = request.why.to_string();
    let why = (!why.is_empty()).then(|| {
        view! {
            <div>
                <dt>{text::review_why}</dt>
                <dd class="wrap-ok">
                    <bdi translate="no">{why}</bdi>
                </dd>
            </div>
        }
    });
    let parent = request.parent.map(|parent| {
        view! {
            <div>
                <dt>{text::review_replaces}</dt>
                <dd>
                    <a href=paths::review_of(&parent.to_string())>{text::review_replaces_earlier}</a>
                </dd>
            </div>
        }
    });
    let name = signer.name.to_string();
    let n = request.changes.len();
    let until = move || {
        let is_over = review.known.time.with(|time| time.is_some_and(|time| time.now >= expires_at as u64));
        let at = run_words::moment(expires_at);
        if is_over { text::review_expired_at(&at) } else { at }
    };
    view! {
        <section class="card" aria-labelledby="asked-by">
            <div class="card-head">
                <h2 id="asked-by">{text::review_asked_by} " " <bdi translate="no">{name}</bdi></h2>
                <span class="push tiny muted">{text::review_n_changes(n)}</span>
            </div>
            <div class="card-body stack">
                {review.known.signer(&signer)}
                <dl class="kv kv-wide">
                    {why} <div>
                        <dt>{text::review_made}</dt>
                        <dd>{move || run_words::moment(made_at)}</dd>
                    </div> <div>
                        <dt>{text::review_counts_until}</dt>
                        <dd>{until}</dd>
                    </div> {parent}
                </dl>
            </div>
        </section>
    }
    .into_any()
}

/// Other requests on this device that change the same people in the same place.
fn others(review: OpenedRequest) -> AnyView {
    let found = RwSignal::new(Vec::<(String, String, usize)>::new());
    leptos::task::spawn_local(async move {
        let Some(own) = review.file.try_get_untracked() else { return };
        // Without storage there are no others.
        let Ok((files, _)) = files::kept_files(review.session, Some(own.request.hash())).await else {
            return;
        };
        let shares = |other: &ReviewFile| {
            let n = own.request.body().shared_with(other.request.body()).len();
            let is_other = own.request.body().parent != Some(other.request.hash());
            (n > 0 && is_other)
                .then(|| (other.request.hash().to_string(), other.request.by().name.to_string(), n))
        };
        // The page may be gone by now.
        found.try_set(files.iter().filter_map(shares).collect());
    });
    let one = |(hash, name, n): (String, String, usize)| {
        let link = view! {
            <a class="btn btn-sm" href=paths::review_of(&hash)>
                {text::review_other_open}
            </a>
        };
        let body = text::review_other_body(n, &name);
        titled_notice(Tone::Unknown, text::review_other_title(), body, Some(link.into_any()))
    };
    (move || found.get().into_iter().map(one).collect_view()).into_any()
}

/// The connection that the changes are compared and made on.
fn place(review: OpenedRequest) -> AnyView {
    let session = review.session;
    let vendor = review.with_request(|request| request.place.vendor());
    let (chosen, choose) = query::quiet_choice("connection");
    let suitable = Memo::new(move |_| {
        let mut list = session.connections();
        list.retain(|connection| connection.vendor == vendor);
        list
    });
    let connection = Memo::new(move |_| {
        let id = ConnectionId::new(chosen.get());
        suitable.with(|list| list.iter().find(|connection| connection.id == id).or(list.first()).cloned())
    });
    let options = move || {
        let one = |connection: &Arc<Connection>| {
            SelectOption::data(connection.id.to_string(), connection.name.to_string())
        };
        suitable.with(|list| list.iter().map(one).collect::<Vec<_>>())
    };
    let value = SelectValue::new(
        move || {
            connection
                .with(|connection| connection.as_ref().map(|one| one.id.to_string()))
                .unwrap_or_default()
        },
        move |id| choose.set(Some(id)),
    );
    let body = move || match connection.get() {
        None if !session.is_loaded() => skeleton(),
        None => {
            let add = add_connection(Variant::Plain, true, "plus");
            let body = text::runs_no_connection_body(vendor.name());
            titled_notice(Tone::Unknown, text::runs_no_connection(), body, add)
        }
        Some(connection) => with_key(connection, move |connection| on(review, connection)),
    };
    view! {
        <section class="card" aria-labelledby="place">
            <div class="card-head">
                <h2 id="place">{text::review_place_title}</h2>
            </div>
            <div class="card-body stack">
                <Select
                    label=text::runs_connection
                    help=text::review_place_help
                    value=value
                    options=Signal::derive(options)
                />
            </div>
        </section>
        {body}
    }
    .into_any()
}

/// The request on a connection, if that is to the place of the request.
fn on(review: OpenedRequest, connection: Arc<Connection>) -> AnyView {
    let (session, of) = (review.session, connection.clone());
    review.rulings.go_on(&connection.id);
    let place = reading(move || {
        let connection = of.clone();
        async move { place_of(session, &connection).await }
    });
    let body = move || match place.get() {
        Read::Loading => skeleton(),
        Read::Failed(failure) => {
            let (title, detail) = error_words::read_error(connection.vendor, &failure.error);
            failed(Failure { title, detail }, Some(Callback::new(move |()| place.again())))
        }
        Read::Ready(place) if !review.with_request(|request| request.place == place) => {
            let body = text::review_other_place_body(&connection.name);
            titled_notice(Tone::Refused, text::review_other_place(), body, None)
        }
        Read::Ready(place) => {
            let connection = connection.clone();
            with_code(&COMPARING, move |code| (code.0)(review, connection.clone(), place.clone()))
        }
    };
    body.into_any()
}
