//! Where the key of a direct connection is stored: the two choices, and the passphrase for the second.

use domain::KeyStorage;
use leptos::prelude::*;

use crate::features::connecting::passphrase::{PassphraseFields, new_passphrase_fields, passphrase_field};
use crate::state::config::use_config;
use crate::state::session::{Session, VaultState};
use browser::vault;
use i18n::text;
use ui::{Choice, Choices, Selection};

/// The chosen storage. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub struct KeyStorageFields {
    session: Session,
    chosen: Selection<KeyStorage>,
    passphrase: PassphraseFields,
}

impl KeyStorageFields {
    /// Starts with the storage of a connection, or with memory if the host does not allow it.
    pub fn new(session: Session, storage: KeyStorage) -> Self {
        let storage = if use_config().limits.allows(storage) { storage } else { KeyStorage::Memory };
        Self {
            session,
            chosen: Selection::new(&KeyStorage::ALL, storage),
            passphrase: PassphraseFields::new(session),
        }
    }

    /// The chosen storage; tracked.
    pub fn storage(self) -> KeyStorage {
        self.chosen.get()
    }

    /// Prepares what the chosen storage needs. Returns `false` if that failed; the fields then show why.
    pub async fn open(self) -> bool {
        let storage = untrack(|| self.storage());
        storage != KeyStorage::Device || self.passphrase.open().await
    }
}

/// The choice, and the passphrase if it has to be typed. `needs_vault` tells whether a key would be written
/// now.
pub fn key_storage_fields(storage: KeyStorageFields, needs_vault: Signal<bool>) -> AnyView {
    let can_seal = vault::is_available();
    let mut offered = KeyStorage::ALL.to_vec();
    offered.retain(|storage| use_config().limits.allows(*storage));
    if offered.len() < 2 {
        return ().into_any(); // the host leaves no choice
    }
    let choice = |storage: KeyStorage| {
        let is_off = storage == KeyStorage::Device && !can_seal;
        Choice {
            value: storage,
            name: Signal::derive(move || name(storage)),
            help: Signal::derive(move || if is_off { text::keys_no_crypto() } else { help(storage) }),
            mark: None,
            is_off,
        }
    };
    let passphrase = move || {
        let is_asked = storage.storage() == KeyStorage::Device && needs_vault.get();
        is_asked.then(|| match storage.session.vault_state() {
            VaultState::None => new_passphrase_fields(storage.passphrase),
            VaultState::Locked => passphrase_field(storage.passphrase, text::keys_passphrase),
            VaultState::Open => view! { <p class="help">{text::keys_vault_open}</p> }.into_any(),
        })
    };
    view! {
        <Choices
            legend=text::keys_where
            value=storage.chosen
            choices=offered.into_iter().map(choice).collect()
        />
        {passphrase}
    }
    .into_any()
}

/// The name of a storage.
pub fn name(storage: KeyStorage) -> String {
    match storage {
        KeyStorage::Memory => text::keys_memory(),
        KeyStorage::Device => text::keys_device(),
    }
}

fn help(storage: KeyStorage) -> String {
    match storage {
        KeyStorage::Memory => text::keys_memory_help(),
        KeyStorage::Device => text::keys_device_help(),
    }
}
