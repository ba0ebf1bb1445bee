//! The form without people, for a file that has them.

use std::sync::Arc;

use domain::Connection;
use domain::form::people::{PeopleFields, PeopleForm, Purpose};
use leptos::prelude::*;

use super::{Form, fields};

/// What holds for all people of a file. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub struct FileForm {
    form: Form,
}

impl FileForm {
    /// A form for people who are added to this group, unless their row names another.
    pub fn new(connection: &Arc<Connection>, purpose: Purpose, group: RwSignal<Option<String>>) -> Self {
        Self { form: Form::new(connection, purpose, group, true) }
    }

    /// What the vendor needs.
    pub fn asks(self) -> PeopleForm {
        self.form.asks
    }

    /// The contents; tracked.
    pub fn fields(self) -> PeopleFields {
        self.form.fields()
    }

    /// Enters what was entered before.
    pub fn restore(self, fields: PeopleFields) {
        let form = self.form;
        form.group.set(fields.group);
        form.communities.set(fields.communities);
        form.flow.set(fields.flow);
        form.scope.set(fields.scope);
        form.role.set(fields.role);
        form.price.set(fields.price);
        form.prices.set(fields.prices);
        // A password is never read back.
        form.has_lost_password.set(fields.password.is_some() || fields.is_password_lost);
        form.note.set(fields.note);
        form.is_onboarding.set(fields.is_onboarding);
    }

    /// The fields.
    pub fn view(self) -> AnyView {
        fields::file_fields(self.form)
    }
}
