//! The name under which this device signs.

use std::rc::Rc;

use browser::identity::{DeviceIdentity, IdentityError, SignatureError};
use browser::storage::StorageError;
use leptos::prelude::*;
use review::TrustError;

use crate::features::results::run_words;
use crate::state::identity::{ChangeTrustError, NameError, declare_name};
use crate::state::ledger::LedgerError;
use crate::state::session::Session;
use i18n::text;
use ui::TextInput;

/// A field for the name, and what is wrong with it. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub struct NameForm {
    typed: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl NameForm {
    /// A field with the present name.
    pub fn new(name: &str) -> Self {
        Self { typed: RwSignal::new(name.to_owned()), error: RwSignal::new(None) }
    }

    /// The field.
    pub fn view(self) -> AnyView {
        view! {
            <TextInput
                label=text::review_name
                help=text::review_name_help
                error=self.error
                value=self.typed
                autocomplete="name"
                required=true
            />
        }
        .into_any()
    }

    /// Declares the typed name. Without one, the field says what is wrong.
    pub async fn declare(self, session: Session) -> Option<Rc<DeviceIdentity>> {
        let declared = declare_name(session, &self.typed.get_untracked()).await;
        // The field may be gone by now.
        self.error.try_set(declared.as_ref().err().map(words));
        declared.ok()
    }
}

fn words(error: &NameError) -> String {
    match error {
        NameError::Identity(IdentityError::NoName) => text::review_name_empty(),
        NameError::Identity(error) => identity_words(*error),
        NameError::Trust(ChangeTrustError::Trust(TrustError::NameTaken(name))) => {
            text::review_name_taken(name)
        }
        NameError::Trust(error) => trust_words(error),
    }
}

/// Why this device cannot sign.
pub fn identity_words(error: IdentityError) -> String {
    match error {
        IdentityError::NoName => text::review_name_empty(),
        IdentityError::Exists | IdentityError::Invalid => text::review_sign_failed(),
        IdentityError::Signature(error) => signature_words(error),
        IdentityError::Storage(StorageError::Corrupt) => text::review_key_damaged(),
        IdentityError::Storage(error) => run_words::storage(error),
    }
}

/// Why something is not in the ledger.
pub fn ledger_words(error: LedgerError) -> String {
    match error {
        LedgerError::Storage(error) => run_words::storage(error),
        LedgerError::Identity(error) => identity_words(error),
    }
}

/// Why the browser neither signs nor verifies.
pub fn signature_words(error: SignatureError) -> String {
    match error {
        SignatureError::NoCrypto => text::review_no_crypto(),
        SignatureError::NoAlgorithm(_) => text::review_no_algorithm(),
        SignatureError::Failed => text::review_sign_failed(),
    }
}

/// Why the keys that this device knows were not changed.
pub fn trust_words(error: &ChangeTrustError) -> String {
    match error {
        ChangeTrustError::Trust(TrustError::NameTaken(name)) => text::review_trust_taken(name),
        ChangeTrustError::Trust(TrustError::Withdrawn) => text::review_trust_withdrawn(),
        ChangeTrustError::Trust(TrustError::NotTrusted | TrustError::OtherClaim) => {
            text::review_trust_other()
        }
        ChangeTrustError::Storage(error) => run_words::storage(*error),
    }
}
