//! The passphrase of this device's vault: typed to open it, or typed twice to make one.

use domain::Secret;
use leptos::prelude::*;

use crate::state::session::{Session, VaultState};
use browser::storage::StorageError;
use browser::vault::{MIN_PASSPHRASE_CHARS, VaultError};
use i18n::text;
use ui::{PasswordInput, Tone, notice};

/// What is typed; copies are the same fields.
#[derive(Clone, Copy, Debug)]
pub struct PassphraseFields {
    session: Session,
    typed: RwSignal<String>,
    again: RwSignal<String>,
    /// Set once somebody wanted it used: from then on problems are shown.
    is_checked: RwSignal<bool>,
    /// What the vault said to it.
    refusal: RwSignal<Option<VaultError>>,
}

impl PassphraseFields {
    /// Empty fields.
    pub fn new(session: Session) -> Self {
        Self {
            session,
            typed: RwSignal::default(),
            again: RwSignal::default(),
            is_checked: RwSignal::new(false),
            refusal: RwSignal::new(None),
        }
    }

    /// Empties the fields.
    pub fn clear(self) {
        self.typed.set(String::new());
        self.again.set(String::new());
        self.is_checked.set(false);
        self.refusal.set(None);
    }

    /// What is typed for a vault that is there; `None` if nothing is, which the field then says.
    pub fn typed(self) -> Option<Secret> {
        self.is_checked.set(true);
        self.refusal.set(None);
        self.typed.with_untracked(|typed| (!typed.is_empty()).then(|| Secret::new(typed)))
    }

    /// What is typed for a new vault; `None` if it is too short or not the same twice.
    pub fn chosen(self) -> Option<Secret> {
        let typed = self.typed()?;
        untrack(|| self.new_problem().is_none() && self.again_problem().is_none()).then_some(typed)
    }

    /// Opens the vault of this device, or makes it; true if it is open then. What is wrong stands at the fields.
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
        self.settle(done)
    }

    /// Shows what came of it; true if that was well.
    pub fn settle(self, done: Result<(), VaultError>) -> bool {
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

/// The field for the passphrase of a vault that is there.
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

/// The two fields for a new one.
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

/// What the vault said; a wrong passphrase is said at its field.
fn refusal(error: VaultError) -> Option<AnyView> {
    (error != VaultError::WrongPassphrase).then(|| notice(Tone::Refused, view! { <p>{words(error)}</p> }))
}

/// What went wrong with a vault, in words.
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
