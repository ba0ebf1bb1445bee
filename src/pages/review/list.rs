//! The requests on this device.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use review::{Digest, ReviewFile};

use crate::features::approval::files;
use crate::features::confirm::{ConfirmWords, confirm};
use crate::features::results::run_words;
use crate::routing::paths;
use crate::state::session::Session;
use browser::clock;
use i18n::text;
use ui::{
    Button, Failure, Tone, Variant, announce, badge, empty_state, failed, skeleton, toast, vendor_mark,
};

#[derive(Clone)]
enum Kept {
    Loading,
    Failed(Failure),
    Read(Vec<Arc<ReviewFile>>, usize),
}

/// The list, with a way to delete each request.
pub(super) fn list(session: Session) -> AnyView {
    let kept = RwSignal::new(Kept::Loading);
    let doomed = RwSignal::new(None::<Digest>);
    let load = Callback::new(move |()| {
        spawn_local(async move {
            let read = match files::kept_files(session, None).await {
                Ok((files, n_unreadable)) => {
                    Kept::Read(files.into_iter().map(Arc::new).collect(), n_unreadable)
                }
                Err(error) => {
                    let (title, detail) = (text::review_open_storage(), run_words::storage(error));
                    Kept::Failed(Failure { title, detail })
                }
            };
            // The page may be gone by now.
            kept.try_set(read);
        });
    });
    load.run(());
    let body = move || match kept.get() {
        Kept::Loading => skeleton(),
        Kept::Failed(failure) => failed(failure, Some(load)),
        Kept::Read(files, 0) if files.is_empty() => {
            empty_state("list-checks", text::review_empty(), text::review_empty_body(), None)
        }
        Kept::Read(files, n_unreadable) => {
            let rows = files.iter().map(|file| row(file, doomed)).collect_view();
            view! {
                <ul class="list">{rows}</ul>
                {(n_unreadable > 0)
                    .then(|| {
                        view! {
                            <p class="card-body small muted">{text::review_n_unreadable(n_unreadable)}</p>
                        }
                    })}
            }
            .into_any()
        }
    };
    view! {
        <section class="card" aria-labelledby="requests">
            <div class="card-head">
                <h2 id="requests">{text::review_here}</h2>
            </div>
            {body}
        </section>
        {forget(session, doomed, load)}
    }
    .into_any()
}

fn row(file: &Arc<ReviewFile>, doomed: RwSignal<Option<Digest>>) -> AnyView {
    let (request, hash) = (file.request.body(), file.request.hash());
    let is_over = request.expires_at <= clock::now();
    let n_decisions = file.decisions.len();
    let state = match (is_over, n_decisions) {
        _ if !file.results.is_empty() => badge(Tone::Done, text::review_state_results),
        (true, _) => badge(Tone::Same, text::review_state_expired),
        (false, 0) => badge(Tone::Info, text::review_state_waiting),
        (false, n) => badge(Tone::Done, move || text::review_n_decisions(n)),
    };
    let (n, by, at) = (request.changes.len(), file.request.by().name.to_string(), request.made_at as f64);
    let why = (!request.why.is_empty()).then(|| {
        view! {
            <p class="small">
                <bdi translate="no">{request.why.to_string()}</bdi>
            </p>
        }
    });
    let named = by.clone();
    view! {
        <li class="run">
            <div class="row run-head">
                {state} <span class="title grow">{text::review_n_changes(n)}</span>
                <a class="btn btn-sm" href=paths::review_of(&hash.to_string())>
                    {text::runs_open}
                    <span class="sr-only">{text::review_by_named(&by)}</span>
                </a>
                <Button
                    label=move || text::review_forget_named(&named)
                    icon="trash-2"
                    icon_only=true
                    small=true
                    variant=Variant::Quiet
                    has_popup="dialog"
                    on_press=move || doomed.set(Some(hash))
                />
            </div>
            <p class="small muted run-where">
                {vendor_mark(request.place.vendor().slug(), false)} <bdi translate="no">{by}</bdi>
                <span class="faint">"·"</span> <span>{run_words::moment(at)}</span>
            </p>
            {why}
        </li>
    }
    .into_any()
}

/// Asks before a request is deleted.
fn forget(session: Session, doomed: RwSignal<Option<Digest>>, load: Callback<()>) -> AnyView {
    let words = ConfirmWords {
        title: text::review_forget_title,
        body: text::review_forget_body,
        action: text::review_forget,
    };
    confirm(doomed, words, move |hash| {
        spawn_local(async move {
            match files::forget(session, hash).await {
                Ok(()) => announce(text::review_forgotten()),
                Err(error) => toast(run_words::storage(error), None),
            }
            load.try_run(());
        });
    })
}
