//! Keeps what a form holds while it is not sent, and says so when somebody comes back to it.

use std::sync::Arc;

use domain::{Connection, Millis};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::i18n::{format_date_time, text};
use crate::session::use_session;
use crate::ui::{Button, Tone, announce, titled_notice};

/// What a form tells about itself. None of it may hold a key or a password.
#[derive(Debug)]
pub struct Unsent<T: 'static> {
    /// Whose form it is.
    pub connection: Arc<Connection>,
    /// Which form of the connection.
    pub form: String,
    /// What it holds; `None` while that is nothing worth keeping. Tracked.
    pub holds: Callback<(), Option<T>>,
    /// Puts back what it held.
    pub put_back: Callback<T>,
    /// Empties it.
    pub clear: Callback<()>,
    /// True once what it holds is being sent: then the run keeps it, and coming back must not send it again.
    pub is_sent: Signal<bool>,
}

/// As it is written.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    at: Millis,
    fields: T,
}

/// Keeps what the form holds from now on, and puts back what it held when it was left. Gives the notice about that.
pub fn unsent<T>(unsent: Unsent<T>) -> AnyView
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let Unsent { connection, form, holds, put_back, clear, is_sent } = unsent;
    let session = use_session();
    let id = connection.id.clone();
    let form = StoredValue::new(form);
    let is_read = RwSignal::new(false);
    let put_back_at = RwSignal::new(None::<Millis>);
    spawn_local({
        let id = id.clone();
        async move {
            let kept = session.draft(&id, &form.get_value()).await;
            // The page may have been left meanwhile.
            if is_read.is_disposed() {
                return;
            }
            let kept = kept.and_then(|json| serde_json::from_str::<Kept<T>>(&json).ok());
            // What somebody has begun to type meanwhile is newer.
            if let Some(kept) = kept.filter(|_| untrack(|| holds.run(())).is_none()) {
                put_back.run(kept.fields);
                put_back_at.set(Some(kept.at));
            }
            is_read.set(true);
        }
    });
    Effect::new(move |before: Option<Option<String>>| {
        if !is_read.get() {
            return None;
        }
        let now = holds.run(()).filter(|_| !is_sent.get());
        // Only what cannot be written as JSON fails, and a form holds texts.
        let now = now.and_then(|fields| serde_json::to_string(&fields).ok());
        if before.flatten() != now {
            let json = now
                .as_ref()
                .map(|fields| ["{\"at\":", &clock::now().to_string(), ",\"fields\":", fields, "}"].concat());
            session.keep_draft(&id, &form.get_value(), json);
        }
        now
    });
    let is_shown =
        Memo::new(move |_| put_back_at.get().filter(|_| !is_sent.get() && holds.run(()).is_some()));
    let discard = move || {
        clear.run(());
        put_back_at.set(None);
        announce(text::unsent_discarded());
    };
    let notice = move || {
        is_shown.get().map(|at| {
            let body = if session.drafts_go_with_the_page() {
                text::unsent_body_memory()
            } else {
                text::unsent_body(&format_date_time(at as f64))
            };
            let discard = view! { <Button label=text::unsent_discard small=true on_press=discard /> }.into_any();
            view! { <div role="status">{titled_notice(Tone::Info, text::unsent_title(), body, Some(discard))}</div> }
        })
    };
    notice.into_any()
}
