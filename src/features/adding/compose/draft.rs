//! What is kept of an unsent form: everything but the password.

use std::collections::BTreeMap;

use domain::order;
use domain::{Flow, Scope};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Form;
use crate::features::adding::people::Answers;
use crate::features::adding::unsent::{Unsent, unsent};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct StoredForm {
    people: Vec<String>,
    answers: Answers,
    name: String,
    email: String,
    group: Option<String>,
    communities: Vec<String>,
    flow: Option<Flow>,
    scope: Option<Scope>,
    each: BTreeMap<String, Scope>,
    role: String,
    price: String,
    prices: Vec<String>,
    note: String,
    is_onboarding: bool,
    /// Whether a password was typed; the password itself is not kept.
    had_password: bool,
}

/// Keeps the contents of the form, and draws it once they are restored.
pub(super) fn with_draft(
    form: Form,
    is_sent: Signal<bool>,
    form_view: impl FnOnce() -> AnyView + 'static,
) -> AnyView {
    let draft = Unsent {
        connection: form.connection(),
        form: form.asks.purpose.slug().to_owned(),
        holds: Callback::new(move |()| form.stored()),
        restore: Callback::new(move |held| form.restore(held)),
        clear: Callback::new(move |()| form.clear()),
        take_out: Callback::new(move |sent: StoredForm| form.take_out(&sent)),
        is_sent,
    };
    unsent(draft, form_view)
}

impl StoredForm {
    /// The group and communities the form is about.
    fn places(&self) -> Vec<&str> {
        order::distinct(self.group.iter().chain(&self.communities).map(|id| id.trim()))
    }
}

impl Form {
    /// `None` without people, a note or a typed person: selections alone are quickly made again.
    fn stored(&self) -> Option<StoredForm> {
        let (people, note) = (self.people.lines(), self.note.get());
        let (name, email) = (self.one_person.name.get(), self.one_person.email.get());
        let is_empty = people.is_empty() && [&note, &name, &email].iter().all(|text| text.trim().is_empty());
        (!is_empty).then(|| StoredForm {
            people,
            answers: self.people.answers(),
            note,
            name,
            email,
            group: self.group.get(),
            communities: self.communities.get(),
            flow: Some(self.flow.get()),
            scope: Some(self.scope.get()),
            each: self.each.get(),
            role: self.role.get(),
            price: self.price.get(),
            prices: self.prices.get(),
            is_onboarding: self.is_onboarding.get(),
            had_password: self.is_password_lost() || !self.password.with(String::is_empty),
        })
    }

    fn restore(&self, held: StoredForm) {
        // A group named in the URL takes precedence over the kept one.
        if self.group.with_untracked(Option::is_none) && held.group.is_some() {
            self.group.set(held.group);
        }
        if let Some(flow) = held.flow {
            self.flow.set(flow);
        }
        if let Some(scope) = held.scope {
            self.scope.set(scope);
        }
        self.communities.set(held.communities);
        self.each.set(held.each);
        self.role.set(held.role);
        self.price.set(held.price);
        self.prices.set(held.prices);
        self.note.set(held.note);
        self.one_person.name.set(held.name);
        self.one_person.email.set(held.email);
        self.is_onboarding.set(held.is_onboarding);
        self.has_lost_password.set(held.had_password);
        self.people.restore(&held.people);
        self.people.restore_answers(&held.answers);
    }

    /// Removes what another tab has sent. People meant for another group stay.
    fn take_out(&self, sent: &StoredForm) {
        let Some(held) = self.stored() else { return };
        let (here, there) = (held.places(), sent.places());
        if here != there && !here.iter().any(|place| there.contains(place)) {
            return;
        }
        let done = self.people.take_out_typed(&sent.people, &sent.answers);
        let beside = self.one_person.person().ok().flatten();
        if beside.is_some_and(|person| done.contains(&person.key.folded())) {
            self.one_person.clear();
        }
        if self.people.lines().is_empty() && self.note.with(|note| *note == sent.note) {
            self.note.set(String::new());
        }
    }

    fn clear(&self) {
        self.people.clear();
        self.one_person.clear();
        self.each.set(BTreeMap::new());
        self.note.set(String::new());
        self.has_lost_password.set(false);
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_an_earlier_release_kept_is_read_and_written_alike() {
        let draft = r#"{"people":["ada"],"flow":"single_tap","scope":"moderator","each":{"bo":"admin"}}"#;
        let held: StoredForm = serde_json::from_str(draft).expect("it is read");
        assert_eq!((held.flow, held.scope), (Some(Flow::SingleTap), Some(Scope::Moderator)));
        assert_eq!(held.each.get("bo"), Some(&Scope::Admin));
        let json = serde_json::to_string(&held).expect("JSON");
        assert!(json.contains(r#""flow":"single_tap","scope":"moderator""#), "{json}");

        let older: StoredForm = serde_json::from_str(r#"{"people":["ada"]}"#).expect("it is read");
        assert_eq!((older.flow, older.scope), (None, None), "the form's own selections stay");
    }
}
