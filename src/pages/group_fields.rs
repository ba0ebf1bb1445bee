//! Fields of a group that are asked for both when it is created and when it is changed.

use domain::Secret;
use domain::group::Access;
use leptos::prelude::*;

use crate::i18n::text;
use crate::ui::{PasswordInput, Segment, Segments};

/// Who may come in, and the password where that is asked for.
#[derive(Clone, Copy)]
pub struct AccessFields {
    kind: RwSignal<String>,
    password: RwSignal<String>,
}

impl AccessFields {
    /// Fields that begin with a kind of access.
    pub fn new(now: Option<&Access>) -> Self {
        let kind = match now {
            Some(Access::Private) => "private",
            Some(Access::Password(_)) => "password",
            Some(Access::Public) | None => "public",
        };
        Self { kind: RwSignal::new(kind.to_owned()), password: RwSignal::new(String::new()) }
    }

    /// What was chosen; `None` while a password is missing.
    pub fn access(&self) -> Option<Access> {
        match self.kind.get().as_str() {
            "private" => Some(Access::Private),
            "password" => {
                let password = self.password.get();
                (!password.is_empty()).then(|| Access::Password(Some(Secret::new(password))))
            }
            _ => Some(Access::Public),
        }
    }

    /// True if another kind than this was chosen, or a password was typed.
    pub fn differs_from(&self, now: Option<&Access>) -> bool {
        let before = Self::new(now).kind.get_untracked();
        self.kind.with(|kind| *kind != before)
            || (before == "password" && !self.password.with(String::is_empty))
    }

    /// The fields.
    pub fn view(self) -> AnyView {
        let kinds = vec![
            Segment::new("public", text::groups_access_public),
            Segment::new("private", text::groups_access_private),
            Segment::new("password", text::groups_access_password),
        ];
        view! {
            <Segments legend=text::groups_access value=self.kind segments=kinds />
            {move || self.kind.with(|kind| kind == "password").then(|| view! {
                <PasswordInput
                    label=text::groups_password
                    value=self.password
                    help=Signal::derive(text::groups_password_help)
                    autocomplete="new-password"
                />
            })}
        }
        .into_any()
    }
}

/// A text as typed, without blanks around it; `None` if nothing was typed.
pub fn typed(value: RwSignal<String>) -> Option<Box<str>> {
    value.with(|value| Some(value.trim()).filter(|value| !value.is_empty()).map(Into::into))
}
