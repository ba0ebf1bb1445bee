//! The passphrase of this device's vault: typed once to open it, or twice to create it.

use domain::Secret;
use leptos::prelude::*;

use crate::state::session::{Session, VaultState};
use browser::storage::StorageError;
use browser::vault::{MIN_PASSPHRASE_CHARS, VaultError};
use i18n::text;
use ui::{PasswordInput, Tone, notice};

/// The contents of the fields. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub struct PassphraseFields {
    session: Session,
    typed: RwSignal<String>,
    again: RwSignal<String>,
    /// Set once the passphrase was requested; problems are shown from then on.
    is_checked: RwSignal<bool>,
    /// The vault's error for this passphrase.
    refusal: RwSignal<Option<VaultError>>,
}

impl PassphraseFields {
    pub fn new(session: Session) -> Self {
        Self {
            session,
            typed: RwSignal::default(),
            again: RwSignal::default(),
            is_checked: RwSignal::new(false),
            refusal: RwSignal::new(None),
        }
    }

    pub fn clear(self) {
        self.typed.set(String::new());
        self.again.set(String::new());
        self.is_checked.set(false);
        self.refusal.set(None);
    }

    /// The passphrase of an existing vault; `None` if the field is empty, which it then shows.
    pub fn typed(self) -> Option<Secret> {
        self.is_checked.set(true);
        self.refusal.set(None);
        self.typed.with_untracked(|typed| (!typed.is_empty()).then(|| Secret::new(typed)))
    }

    /// The passphrase of a new vault; `None` if it is too short or the repetition differs.
    pub fn chosen(self) -> Option<Secret> {
        let typed = self.typed()?;
        untrack(|| self.new_problem().is_none() && self.again_problem().is_none()).then_some(typed)
    }

    /// Opens or creates this device's vault. Returns `true` if it is open; otherwise the fields show why not.
    pub async fn open(self) -> bool {
        let done = match self.session.vault_state_now() {
            VaultState::Open => return true,
            VaultState::None => match self.chosen() {
                Some(passphrase) => self.session.create_vault(&passphrase).await,
                None => return false,
            },
            VaultState::Locked => match self.typed() {
                Some(passphrase) => self.session.unlock(&passphrase).await.map(|_| ()),
                None => return false,
            },
        };
        self.finish(done)
    }

    /// Shows the result; returns `true` on success.
    pub fn finish(self, done: Result<(), VaultError>) -> bool {
        match done {
            Ok(()) => {
                self.clear();
                true
            }
            Err(error) => {
                self.refusal.set(Some(error));
                false
            }
        }
    }

    fn empty_problem(self) -> Option<String> {
        (self.is_checked.get() && self.typed.with(String::is_empty)).then(text::keys_passphrase_empty)
    }

    fn new_problem(self) -> Option<String> {
        let n_chars = self.typed.with(|typed| typed.chars().count());
        (self.is_checked.get() && n_chars < MIN_PASSPHRASE_CHARS)
            .then(|| text::keys_passphrase_short(MIN_PASSPHRASE_CHARS))
    }

    fn again_problem(self) -> Option<String> {
        let is_same = self.typed.with(|typed| self.again.with(|again| again == typed));
        (self.is_checked.get() && !is_same).then(text::keys_passphrase_differs)
    }
}

/// The passphrase field of an existing vault.
pub fn passphrase_field(fields: PassphraseFields, label: fn() -> String) -> AnyView {
    let error = Signal::derive(move || {
        let is_wrong = fields.refusal.get() == Some(VaultError::WrongPassphrase);
        fields.empty_problem().or_else(|| is_wrong.then(text::keys_passphrase_wrong))
    });
    view! {
        <PasswordInput label=label value=fields.typed error=error autocomplete="current-password" />
        {move || fields.refusal.get().and_then(refusal)}
    }
    .into_any()
}

/// The two passphrase fields of a new vault.
pub fn new_passphrase_fields(fields: PassphraseFields) -> AnyView {
    let error = Signal::derive(move || fields.new_problem());
    let again_error = Signal::derive(move || fields.again_problem());
    let help = move || text::keys_passphrase_help(MIN_PASSPHRASE_CHARS);
    view! {
        <PasswordInput
            label=text::keys_passphrase_new
            value=fields.typed
            help=Signal::derive(help)
            error=error
            autocomplete="new-password"
        />
        <PasswordInput
            label=text::keys_passphrase_again
            value=fields.again
            error=again_error
            autocomplete="new-password"
        />
        {move || fields.refusal.get().and_then(refusal)}
    }
    .into_any()
}

/// The vault's error as a notice; a wrong passphrase is shown at its field instead.
fn refusal(error: VaultError) -> Option<AnyView> {
    (error != VaultError::WrongPassphrase).then(|| notice(Tone::Refused, view! { <p>{words(error)}</p> }))
}

/// A vault error as a sentence.
pub fn words(error: VaultError) -> String {
    match error {
        VaultError::WrongPassphrase => text::keys_passphrase_wrong(),
        VaultError::Damaged => text::keys_vault_damaged(),
        VaultError::NoCrypto => text::keys_no_crypto(),
        VaultError::Locked | VaultError::Storage(StorageError::Conflict) => text::keys_vault_changed(),
        VaultError::LockedMeanwhile => text::keys_locked_meanwhile(),
        VaultError::NoKey => text::keys_not_a_key(),
        VaultError::Storage(StorageError::QuotaExceeded) => text::keys_storage_full(),
        VaultError::Storage(_) => text::keys_storage_unavailable(),
    }
}
