//! Two fields for one person, instead of `Name <email>` in the box.

use domain::capabilities::Identity;
use domain::list::Rules;
use domain::{Person, Vendor};
use leptos::prelude::*;

use crate::features::adding::people::People;
use crate::features::adding::people_reader::people_reader;
use crate::features::words;
use i18n::text;
use ui::{Button, TextInput};

/// The contents of the fields. Copies share the same signals.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnePerson {
    pub name: RwSignal<String>,
    pub email: RwSignal<String>,
    /// Set once the button was pressed in vain. Until then, errors are shown only beside the send button.
    is_tried: RwSignal<bool>,
    identity: Identity,
    vendor: Vendor,
}

impl OnePerson {
    pub fn new(identity: Identity, vendor: Vendor) -> Self {
        let (name, email) = (RwSignal::default(), RwSignal::default());
        Self { name, email, is_tried: RwSignal::new(false), identity, vendor }
    }

    /// True while the fields wait for the code that reads them.
    pub fn is_unread(&self) -> bool {
        [self.name, self.email].iter().any(|text| text.with(|text| !text.trim().is_empty()))
            && people_reader().is_none()
    }

    /// The person in the fields; `None` while both are empty, or not read yet.
    ///
    /// # Errors
    /// What is wrong, as a sentence.
    pub fn person(&self) -> Result<Option<Person>, String> {
        let (name, email) = (self.name.get(), self.email.get());
        if name.trim().is_empty() && email.trim().is_empty() {
            return Ok(None);
        }
        if email.trim().is_empty() {
            return Err(text::add_email_missing());
        }
        let Some(reader) = people_reader() else { return Ok(None) };
        let entry = (reader.read_one)(email.trim(), &name, &Rules::new(self.identity));
        let problem = || {
            let refused = entry.problems.last();
            refused.map_or_else(text::problems_field_bad, |it| words::problem(it, self.vendor))
        };
        entry.person.clone().ok_or_else(problem).map(Some)
    }

    /// Moves the person into the box, unless the fields are invalid.
    pub fn commit(&self, people: People) {
        match untrack(|| self.person()) {
            Ok(Some(person)) => {
                self.clear();
                people.give(person, None);
            }
            Ok(None) => {}
            Err(_) => self.is_tried.set(true),
        }
    }

    pub fn clear(&self) {
        self.name.set(String::new());
        self.email.set(String::new());
        self.is_tried.set(false);
    }

    pub fn view(self, people: People) -> AnyView {
        let error = move || self.person().err().filter(|_| self.is_tried.get());
        let add = move || self.commit(people);
        view! {
            <div class="form-grid">
                <TextInput label=text::add_name value=self.name autocomplete="off" />
                <TextInput label=text::add_email value=self.email kind="email" error=Signal::derive(error) />
            </div>
            <div class="cluster">
                <Button label=text::add_to_list small=true icon="user-plus" on_press=add />
            </div>
        }
        .into_any()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::features::adding::people_reader::install_for_tests;

    #[wasm_bindgen_test]
    fn who_stands_in_the_fields_counts_and_is_taken_in() {
        let owner = Owner::new();
        owner.set();
        install_for_tests();
        let identity = vendors::capabilities(Vendor::Networked).identity;
        let one = OnePerson::new(identity, Vendor::Networked);
        let people = People::with_beside(identity, Signal::derive(move || one.person().ok().flatten()));
        people.add("Bo <bo@new.example>");
        one.name.set("Ada".to_owned());
        assert_eq!((one.person(), people.n_people()), (Err(text::add_email_missing()), 1));
        one.email.set("ada@new".to_owned());
        assert!(one.person().is_err());
        one.commit(people);
        assert_eq!(
            (people.n_people(), one.email.get_untracked()),
            (1, "ada@new".to_owned()),
            "it stays to be mended"
        );

        one.email.set("ada@new.example".to_owned());
        assert_eq!(people.n_people(), 2);
        // What would separate people in a list is part of a name here.
        one.name.set("Okonkwo, \"Ada\"; <A>".to_owned());
        one.commit(people);
        assert_eq!((one.person(), people.n_people()), (Ok(None), 2));
        assert_eq!(
            people.lines(),
            ["Bo <bo@new.example>", "\"Okonkwo, \"\"Ada\"\"; <A>\" <ada@new.example>"]
        );
        owner.cleanup();
    }
}
