//! Keeps the contents of an unsent form, and shows a notice when they are restored. What another tab sends of
//! them is removed from the form.

use std::sync::Arc;

use domain::{Connection, Millis};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::state::runs::needed_engine;
use crate::state::session::use_session;
use browser::clock;
use i18n::{format_date_time, text};
use ui::{Button, Tone, announce, effect, effect_after, skeleton, titled_notice};

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

/// The stored form: when it was stored, and its contents as JSON. Written and read here only, so that JSON within
/// JSON need not be parsed twice.
fn stored_draft(at: Millis, contents: &str) -> String {
    [STORED_AT, &at.to_string(), CONTENTS, contents, "}"].concat()
}

/// The reverse of [`stored_draft`].
fn read_draft(stored: &str) -> Option<(Millis, String)> {
    let (at, contents) = stored.strip_prefix(STORED_AT)?.strip_suffix('}')?.split_once(CONTENTS)?;
    Some((at.parse().ok()?, contents.to_owned()))
}

const STORED_AT: &str = "{\"at\":";
const CONTENTS: &str = ",\"fields\":";

/// The same for the contents of any form, as JSON: what does not depend on the form is compiled once.
struct Kept {
    connection: Arc<Connection>,
    form: String,
    holds: Memo<Option<String>>,
    restore: Callback<String>,
    clear: Callback<()>,
    take_out: Callback<String>,
    is_sent: Signal<bool>,
}

/// Keeps the form's contents from now on, and restores those it had when it was left. Draws the form below a notice
/// about that, once its contents are restored: they would otherwise appear in the middle of what the user types.
pub fn unsent<T>(unsent: Unsent<T>, form_view: impl FnOnce() -> AnyView + 'static) -> AnyView
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let Unsent { connection, form, holds, restore, clear, take_out, is_sent } = unsent;
    // Contents that cannot be read are of another release.
    let with_contents = |action: Callback<T>| {
        Callback::new(move |json: String| {
            if let Ok(contents) = serde_json::from_str(&json) {
                action.run(contents);
            }
        })
    };
    let kept = Kept {
        connection,
        form,
        // Serialization fails only for what JSON cannot represent, and a form holds text.
        holds: Memo::new(move |_| holds.run(()).and_then(|contents| serde_json::to_string(&contents).ok())),
        restore: with_contents(restore),
        clear,
        take_out: with_contents(take_out),
        is_sent,
    };
    keep(kept, Box::new(form_view))
}

fn keep(kept: Kept, form_view: Box<dyn FnOnce() -> AnyView>) -> AnyView {
    let Kept { connection, form, holds, restore, clear, take_out, is_sent } = kept;
    let session = use_session();
    let id = connection.id.clone();
    // Subscribed before anything is read: what is sent meanwhile must not be restored.
    let sent_elsewhere = session.sent_elsewhere(&id, &form);
    let form = StoredValue::new(form);
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
            let stored = stored.as_deref().and_then(read_draft);
            // What the address or a button put into the form is newer.
            if let Some((at, contents)) = stored.filter(|_| holds.with_untracked(Option::is_none)) {
                restore.run(contents);
                put_back_at.set(Some(at));
            }
            is_read.set(true);
        }
    });
    effect(move || {
        let (true, Some(sent)) = (is_read.get(), sent_elsewhere.get()) else { return };
        // What was sent is found by reading both lists.
        if needed_engine().is_none() {
            return;
        }
        // What this tab is sending is settled by its own run.
        let Some(before) = untrack(|| holds.get().filter(|_| !is_sent.get())) else { return };
        untrack(|| take_out.run(sent.to_string()));
        let after = holds.get_untracked();
        if after.as_ref() != Some(&before) {
            taken_out.set(Some(TakenOut { before, after }));
        }
    });
    effect_after(move |last: Option<Option<Last>>| {
        if !is_read.get() {
            return None;
        }
        let last = last.flatten();
        let was_unsent = last.as_ref().is_some_and(|last| !last.is_sent);
        let stored = last.and_then(|last| last.fields);
        let (fields, is_sent) = (holds.get(), is_sent.get());
        if is_sent && was_unsent {
            taken_out.set(None);
            if let Some(fields) = fields.or(stored) {
                session.draft_sent(&id, &form.get_value(), &fields);
            }
            return Some(Last { fields: None, is_sent });
        }
        let fields = fields.filter(|_| !is_sent);
        if stored != fields {
            let draft = fields.as_deref().map(|fields| stored_draft(clock::now(), fields));
            session.save_draft(&id, &form.get_value(), draft);
        }
        Some(Last { fields, is_sent })
    });
    let is_shown =
        Memo::new(move |_| put_back_at.get().filter(|_| !is_sent.get() && holds.with(Option::is_some)));
    let discard = Callback::new(move |()| {
        clear.run(());
        put_back_at.set(None);
        announce(text::unsent_discarded());
    });
    let notice =
        move || is_shown.get().map(|at| restored_notice(at, session.drafts_go_with_the_page(), discard));
    // Undoing would discard anything typed since.
    let is_as_left = Memo::new(move |_| {
        taken_out.with(|taken| taken.as_ref().is_some_and(|taken| taken.after == holds.get()))
    });
    let return_it = Callback::new(move |()| {
        if let Some(taken) = taken_out.get_untracked() {
            restore.run(taken.before);
        }
        taken_out.set(None);
    });
    let sent_notice = move || taken_out.with(Option::is_some).then(|| sent_notice(is_as_left, return_it));
    let form_view = StoredValue::new_local(Some(form_view));
    let form_view = move || {
        if !is_read.get() {
            return skeleton();
        }
        form_view.try_update_value(Option::take).flatten().map(|draw| draw()).into_any()
    };
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
