//! Two fields for one person, instead of `Name <mail>` in the box.

use domain::capabilities::Identity;
use domain::paste::{self, EntryStatus};
use domain::{Person, Vendor};
use leptos::prelude::*;

use crate::features::adding::people_box::People;
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

    /// The person in the fields, as a line of the box; `None` while both are empty.
    ///
    /// # Errors
    /// What is wrong, as a sentence.
    pub fn line(&self) -> Result<Option<String>, String> {
        let (name, email) = (self.name.get(), self.email.get());
        if name.trim().is_empty() && email.trim().is_empty() {
            return Ok(None);
        }
        if email.trim().is_empty() {
            return Err(text::add_email_missing());
        }
        let entry = paste::parse_one(email.trim(), &name, &self.identity);
        let Some(person) = entry.person else {
            let problem = entry.problems.first();
            return Err(problem.map_or_else(text::problems_field_bad, |it| words::problem(it, self.vendor)));
        };
        let line = ["\"", person.label(), "\" <", person.key.as_str(), ">"].concat();
        if self.reads_as(&line, &person) { Ok(Some(line)) } else { Err(text::add_name_bad()) }
    }

    /// Whether the box parses the line back into this person; a name with a comma would become two entries.
    fn reads_as(&self, line: &str, person: &Person) -> bool {
        let entries = paste::parse(line, &self.identity);
        matches!(&*entries, [one] if one.standing == EntryStatus::Usable && one.person.as_ref() == Some(person))
    }

    /// Moves the person into the box, unless the fields are invalid.
    pub fn commit(&self, people: People) {
        match untrack(|| self.line()) {
            Ok(Some(line)) => {
                self.clear();
                people.add(&line);
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
        let error = move || self.line().err().filter(|_| self.is_tried.get());
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

    #[wasm_bindgen_test]
    fn who_stands_in_the_fields_counts_and_is_taken_in() {
        let owner = Owner::new();
        owner.set();
        let identity = vendors::capabilities(Vendor::Networked).identity;
        let one = OnePerson::new(identity, Vendor::Networked);
        let people = People::with_beside(identity, Signal::derive(move || one.line().ok().flatten()));
        people.add("Bo <bo@new.example>");
        one.name.set("Ada".to_owned());
        assert_eq!((one.line(), people.n_people()), (Err(text::add_email_missing()), 1));
        one.email.set("ada@new".to_owned());
        assert!(one.line().is_err());
        one.commit(people);
        assert_eq!(
            (people.n_people(), one.email.get_untracked()),
            (1, "ada@new".to_owned()),
            "it stays to be mended"
        );

        one.email.set("ada@new.example".to_owned());
        assert_eq!(people.n_people(), 2);
        one.name.set("Okonkwo, Ada".to_owned());
        assert_eq!((one.line(), people.n_people()), (Err(text::add_name_bad()), 1));
        one.name.set("Ada Okonkwo".to_owned());
        one.commit(people);
        assert_eq!((one.line(), people.n_people()), (Ok(None), 2));
        assert_eq!(people.lines(), ["Bo <bo@new.example>", "\"Ada Okonkwo\" <ada@new.example>"]);
        owner.cleanup();
    }
}
