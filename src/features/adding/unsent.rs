//! Keeps the contents of an unsent form, and shows a notice when they are restored. What another tab sends of
//! them is removed from the form.

use std::sync::Arc;

use domain::{Connection, Millis};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::state::session::use_session;
use browser::clock;
use i18n::{format_date_time, text};
use ui::{Button, Tone, announce, titled_notice};

/// How to keep the contents of a form, which must not include a key or a password.
#[derive(Debug)]
pub struct Unsent<T: 'static> {
    /// The connection that the form belongs to.
    pub connection: Arc<Connection>,
    /// Which form of the connection.
    pub form: String,
    /// The contents; `None` if there is nothing worth keeping. Tracked.
    pub holds: Callback<(), Option<T>>,
    /// Restores earlier contents.
    pub restore: Callback<T>,
    /// Empties the form.
    pub clear: Callback<()>,
    /// Removes what another tab has sent. Anything typed here in addition stays.
    pub take_out: Callback<T>,
    /// Whether the contents are being sent: then the run keeps them, and restoring must not send them again.
    pub is_sent: Signal<bool>,
}

/// The contents before and after removing what another tab had sent.
#[derive(Clone, PartialEq)]
struct TakenOut {
    before: String,
    after: Option<String>,
}

/// The contents kept last.
struct Last {
    fields: Option<String>,
    is_sent: bool,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
struct StoredDraft<T> {
    at: Millis,
    fields: T,
}

/// Keeps the form's contents from now on, and restores those it had when it was left. Draws the form below a notice
/// about that, once its contents are restored: they would otherwise appear in the middle of what the user types.
pub fn unsent<T>(unsent: Unsent<T>, form_view: impl FnOnce() -> AnyView + 'static) -> AnyView
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let Unsent { connection, form, holds, restore, clear, take_out, is_sent } = unsent;
    let session = use_session();
    let id = connection.id.clone();
    // Subscribed before anything is read: what is sent meanwhile must not be restored.
    let sent_elsewhere = session.sent_elsewhere(&id, &form);
    let form = StoredValue::new(form);
    // Serialization fails only for what JSON cannot represent, and a form holds text.
    let fields_now = move || holds.run(()).and_then(|fields| serde_json::to_string(&fields).ok());
    let is_read = RwSignal::new(false);
    let taken_out = RwSignal::new(None::<TakenOut>);
    let put_back_at = RwSignal::new(None::<Millis>);
    spawn_local({
        let id = id.clone();
        async move {
            let stored = session.draft(&id, &form.get_value()).await;
            // The page may be gone by now.
            if is_read.is_disposed() {
                return;
            }
            let stored = stored.and_then(|json| serde_json::from_str::<StoredDraft<T>>(&json).ok());
            // What the address or a button put into the form is newer.
            if let Some(stored) = stored.filter(|_| untrack(|| holds.run(())).is_none()) {
                restore.run(stored.fields);
                put_back_at.set(Some(stored.at));
            }
            is_read.set(true);
        }
    });
    Effect::new(move |_| {
        let (true, Some(sent)) = (is_read.get(), sent_elsewhere.get()) else { return };
        // What this tab is sending is settled by its own run.
        let Some(before) = untrack(|| fields_now().filter(|_| !is_sent.get())) else { return };
        let Ok(sent) = serde_json::from_str(&sent) else { return };
        untrack(|| take_out.run(sent));
        let after = untrack(fields_now);
        if after.as_ref() != Some(&before) {
            taken_out.set(Some(TakenOut { before, after }));
        }
    });
    Effect::new(move |last: Option<Option<Last>>| {
        if !is_read.get() {
            return None;
        }
        let last = last.flatten();
        let was_unsent = last.as_ref().is_some_and(|last| !last.is_sent);
        let stored = last.and_then(|last| last.fields);
        let (fields, is_sent) = (fields_now(), is_sent.get());
        if is_sent && was_unsent {
            taken_out.set(None);
            if let Some(fields) = fields.or(stored) {
                session.draft_sent(&id, &form.get_value(), &fields);
            }
            return Some(Last { fields: None, is_sent });
        }
        let fields = fields.filter(|_| !is_sent);
        if stored != fields {
            let json = fields
                .as_ref()
                .map(|fields| ["{\"at\":", &clock::now().to_string(), ",\"fields\":", fields, "}"].concat());
            session.save_draft(&id, &form.get_value(), json);
        }
        Some(Last { fields, is_sent })
    });
    let is_shown =
        Memo::new(move |_| put_back_at.get().filter(|_| !is_sent.get() && holds.run(()).is_some()));
    let discard = Callback::new(move |()| {
        clear.run(());
        put_back_at.set(None);
        announce(text::unsent_discarded());
    });
    let notice =
        move || is_shown.get().map(|at| restored_notice(at, session.drafts_go_with_the_page(), discard));
    // Undoing would discard anything typed since.
    let is_as_left = Memo::new(move |_| {
        taken_out.with(|taken| taken.as_ref().is_some_and(|taken| taken.after == fields_now()))
    });
    let return_it = Callback::new(move |()| {
        let taken = taken_out.get_untracked();
        if let Some(fields) = taken.and_then(|taken| serde_json::from_str(&taken.before).ok()) {
            restore.run(fields);
        }
        taken_out.set(None);
    });
    let sent_notice = move || taken_out.with(Option::is_some).then(|| sent_notice(is_as_left, return_it));
    let form_view = StoredValue::new_local(Some(form_view));
    let form_view =
        move || is_read.get().then(|| form_view.try_update_value(Option::take).flatten().map(|draw| draw()));
    view! {
        {sent_notice}
        {notice}
        {form_view}
    }
    .into_any()
}

/// Says that the contents of `at` were restored, with a button that discards them.
fn restored_notice(at: Millis, is_in_memory: bool, discard: Callback<()>) -> AnyView {
    let body = if is_in_memory {
        text::unsent_body_memory()
    } else {
        text::unsent_body(&format_date_time(at as f64))
    };
    let press = move || discard.run(());
    let discard = view! { <Button label=text::unsent_discard small=true on_press=press /> }.into_any();
    let notice = titled_notice(Tone::Info, text::unsent_title(), body, Some(discard));
    view! { <div role="status">{notice}</div> }.into_any()
}

/// Says that another tab has sent some of the contents; they can be returned while the form is as it was left.
fn sent_notice(is_as_left: Memo<bool>, return_it: Callback<()>) -> AnyView {
    let press = move || return_it.run(());
    let again = move || {
        is_as_left.get().then(|| view! { <Button label=text::unsent_put_back small=true on_press=press /> })
    };
    let (title, body) = (text::unsent_sent_elsewhere(), text::unsent_sent_elsewhere_body());
    let notice = titled_notice(Tone::Info, title, body, Some(again.into_any()));
    view! { <div role="status">{notice}</div> }.into_any()
}
