//! How long keys stay unlocked, and the vault of this device: changing its passphrase and deleting it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::features::connecting::passphrase;
use crate::features::connecting::passphrase::{PassphraseFields, new_passphrase_fields, passphrase_field};
use crate::features::connecting::unlock;
use crate::shell::preferences::{self, Preferences};
use crate::state::config::use_config;
use crate::state::session::{Session, VaultState, use_session};
use i18n::text;
use ui::{Button, Dialog, Select, SelectOption, Variant, announce, effect, effect_after, toast};

/// The card of keys.
pub fn keys() -> AnyView {
    let session = use_session();
    // Opening or locking the vault redraws neither the form that does it nor an open dialog.
    let has_vault = Memo::new(move |_| session.vault_state() != VaultState::None);
    let vault = move || {
        if has_vault.get() {
            vault(session)
        } else {
            view! { <p class="help">{text::settings_no_vault}</p> }.into_any()
        }
    };
    view! {
        <section class="card" aria-labelledby="keys">
            <div class="card-head">
                <h2 id="keys">{text::keys_title}</h2>
            </div>
            <div class="card-body stack">{lock_after()}{vault}</div>
        </section>
    }
    .into_any()
}

fn lock_after() -> AnyView {
    let Preferences { lock_after, .. } = expect_context();
    let most = use_config().limits.lock_after_minutes;
    // The earlier choice may exceed the host's limit.
    let now = preferences::lock_after_minutes(most);
    lock_after.set(now.map_or_else(|| preferences::NEVER.to_owned(), |minutes| minutes.to_string()));
    let options = move || {
        let one = |minutes: Option<u32>| match minutes {
            Some(minutes) => {
                SelectOption::words(minutes.to_string(), text::settings_lock_minutes(minutes as usize))
            }
            None => SelectOption::words(preferences::NEVER, text::settings_lock_never()),
        };
        preferences::lock_choices(most).into_iter().map(one).collect::<Vec<_>>()
    };
    view! {
        <Select
            label=text::settings_lock_after
            help=text::settings_lock_help
            value=lock_after
            options=options
        />
    }
    .into_any()
}

fn vault(session: Session) -> AnyView {
    let is_changing = RwSignal::new(false);
    let is_erasing = RwSignal::new(false);
    let state = move || match session.vault_state() {
        VaultState::Open => text::settings_vault_open(session.n_stored_keys()),
        VaultState::None | VaultState::Locked => text::settings_vault_locked(session.n_stored_keys()),
    };
    let erase = move || {
        is_erasing.set(false);
        spawn_local(async move {
            match session.erase_vault().await {
                Ok(()) => announce(text::keys_forgotten_all()),
                Err(error) => toast(passphrase::words(error), None),
            }
        });
    };
    let foot = move || {
        view! {
            <Button label=text::ui_cancel on_press=move || is_erasing.set(false) />
            <Button label=text::settings_vault_erase_confirm variant=Variant::Danger on_press=erase />
        }
    };
    view! {
        <p>{state}</p>
        {unlock::unlock_all_form(session)}
        <div class="cluster">
            <Button
                label=text::settings_passphrase_change
                has_popup="dialog"
                icon="key-round"
                on_press=move || is_changing.set(true)
            />
            <Button
                label=text::settings_vault_erase
                has_popup="dialog"
                icon="trash-2"
                variant=Variant::Danger
                on_press=move || is_erasing.set(true)
            />
        </div>
        {change_dialog(session, is_changing)}
        <Dialog title=text::settings_vault_erase_title open=is_erasing foot=foot>
            <p>{text::settings_vault_erase_body}</p>
        </Dialog>
    }
    .into_any()
}

fn change_dialog(session: Session, is_open: RwSignal<bool>) -> AnyView {
    let (old, new) = (PassphraseFields::new(session), PassphraseFields::new(session));
    let is_busy = RwSignal::new(false);
    // Clears the fields whenever the dialog closes.
    effect(move || {
        if !is_open.get() {
            old.clear();
            new.clear();
        }
    });
    // Locking leaves no passphrase in the fields.
    effect_after(move |was_unlocked: Option<bool>| {
        let is_unlocked = session.vault_state() == VaultState::Open;
        if was_unlocked == Some(true) && !is_unlocked {
            is_open.set(false);
        }
        is_unlocked
    });
    let change = move || {
        // Enter in a field does the same as the button, which waits.
        if is_busy.get_untracked() {
            return;
        }
        let (Some(typed), Some(chosen)) = (old.typed(), new.chosen()) else { return };
        is_busy.set(true);
        spawn_local(async move {
            let done = session.change_passphrase(&typed, &chosen).await;
            // The page may be gone by now.
            if is_busy.try_set(false).is_none() && old.finish(done) {
                is_open.set(false);
                announce(text::settings_passphrase_changed());
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        change();
    };
    let foot = move || {
        view! {
            <Button label=text::ui_cancel on_press=move || is_open.set(false) />
            <Button
                label=text::settings_passphrase_change_now
                variant=Variant::Primary
                busy=is_busy
                on_press=change
            />
        }
    };
    view! {
        <Dialog title=text::settings_passphrase_change open=is_open foot=foot>
            <form class="stack" on:submit=submit>
                {passphrase_field(old, text::settings_passphrase_old)}
                {new_passphrase_fields(new)}
                // Makes Enter in a field submit the form.
                <button class="sr-only" type="submit" tabindex="-1" aria-hidden="true" />
            </form>
        </Dialog>
    }
    .into_any()
}
