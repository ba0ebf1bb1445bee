//! Opens this device's vault for a connection whose key is in it.

use std::sync::Arc;

use domain::Connection;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::features::connecting::passphrase::{self, PassphraseFields, passphrase_field};
use crate::state::session::{Session, VaultState};
use i18n::text;
use ui::{Button, Variant, announce, announce_now, toast};

/// The passphrase field, a button, and the alternative. `then` runs once the key is available.
pub fn unlock_form(
    session: Session,
    connection: Arc<Connection>,
    (label, variant): (fn() -> String, Variant),
    then: impl Fn() + Copy + 'static,
) -> AnyView {
    let fields = PassphraseFields::new(session);
    let is_busy = RwSignal::new(false);
    let damaged = RwSignal::new(false);
    let of = connection.clone();
    let unlock = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(typed) = fields.typed() else { return };
        let connection = of.clone();
        is_busy.set(true);
        spawn_local(async move {
            let done = session.unlock(&typed).await;
            let is_open = untrack(|| !session.needs_key(&connection));
            // The page may be gone by now.
            if is_busy.try_set(false).is_some() {
                return;
            }
            damaged.set(done.as_ref().is_ok_and(|damaged| damaged.contains(&connection.id)));
            if fields.finish(done.map(|_| ())) && is_open {
                announce(text::keys_unlocked());
                then();
            }
        });
    };
    let forget = move || forget(session, connection.clone());
    let broken = move || damaged.get().then(|| view! { <p class="help">{text::keys_record_damaged}</p> });
    view! {
        <form class="stack" on:submit=unlock>
            {passphrase_field(fields, text::keys_passphrase)}
            {broken}
            <div class="cluster">
                <Button label=label variant=variant submit=true icon="lock-open" busy=is_busy />
                <Button label=text::keys_forget variant=Variant::Link on_press=forget />
            </div>
        </form>
    }
    .into_any()
}

/// Forgets the key of a connection, in the session and on the device, and announces it.
pub fn forget(session: Session, connection: Arc<Connection>) {
    spawn_local(async move {
        match session.forget_key(&connection.id).await {
            Ok(()) => announce(text::keys_forgotten()),
            Err(error) => toast(passphrase::words(error), None),
        }
    });
}

/// The unlock form on a page of its own; it makes every key of the vault available.
pub fn unlock_all_form(session: Session) -> AnyView {
    let fields = PassphraseFields::new(session);
    let is_busy = RwSignal::new(false);
    let unlock = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(typed) = fields.typed() else { return };
        is_busy.set(true);
        spawn_local(async move {
            let done = session.unlock(&typed).await;
            if is_busy.try_set(false).is_some() {
                return;
            }
            let n_damaged = done.as_ref().map_or(0, Vec::len);
            if fields.finish(done.map(|_| ())) {
                announce(text::keys_unlocked());
                if n_damaged > 0 {
                    announce_now(text::keys_record_damaged());
                }
            }
        });
    };
    // What another tab does to the vault must not redraw a field while it is filled in.
    let is_locked = Memo::new(move |_| session.vault_state() == VaultState::Locked);
    let shown = move || {
        is_locked.get().then(|| {
            view! {
                <form class="stack-3" on:submit=unlock>
                    {passphrase_field(fields, text::keys_passphrase)}
                    <div class="cluster">
                        <Button label=text::keys_unlock submit=true icon="lock-open" busy=is_busy />
                    </div>
                </form>
            }
        })
    };
    shown.into_any()
}
