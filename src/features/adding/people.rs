//! The people of a form, as they were typed and pasted, and as they are read from that.
//!
//! Text stays exactly as typed; the people are read from it, so that the two cannot diverge. After a run only people
//! who succeeded leave.

use domain::capabilities::Identity;
use domain::list::{self, ChosenScope, EntryStatus, List, ListEntry, Rules};
use domain::order;
use domain::{Person, PersonKey, Scope};
use leptos::ev::{ClipboardEvent, DragEvent, KeyboardEvent};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::lines::{joined, last_line, written};
use super::people_reader::{PeopleReader, people_reader};
use ui::{effect, pressed};

/// What was answered about a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// The country code of phone numbers without one.
    country: String,
    /// Scopes chosen for unknown words.
    scopes: Vec<ChosenScope>,
}

/// The contents of the box.
#[derive(Clone, Copy, Debug)]
pub struct People {
    /// The list as typed.
    pub(super) text: RwSignal<String>,
    /// People who were given as such, not as text.
    given: RwSignal<Vec<(Person, Option<Scope>)>>,
    pub(super) draft: RwSignal<String>,
    /// Whether the list is edited as text.
    pub(super) is_text: RwSignal<bool>,
    /// The typed country code of phone numbers without one.
    pub(super) country: RwSignal<String>,
    /// How the list is read, except for the country.
    pub(super) rules: RwSignal<Rules>,
    pub(super) list: Memo<List>,
    pub(super) entries: Memo<Vec<ListEntry>>,
    /// `entries` with the entry field and the fields beside the box. Those move into the box on blur or on
    /// send, but count from the start.
    with_draft: Memo<Vec<ListEntry>>,
    pub(super) identity: Identity,
}

impl People {
    /// An empty box for people identified in this way.
    pub fn new(identity: Identity) -> Self {
        Self::with_beside(identity, Signal::stored(None))
    }

    /// The same, with fields beside it that hold one more person; their owner moves them into the box.
    pub fn with_beside(identity: Identity, beside: Signal<Option<Person>>) -> Self {
        let [text, draft, country] = [(); 3].map(|()| RwSignal::new(String::new()));
        let (given, rules) = (RwSignal::new(Vec::new()), RwSignal::new(Rules::new(identity)));
        let whole = Memo::new(move |_| with_country(&country.get(), rules.get()));
        let read = move |typed: &str| {
            // An empty box needs nothing that reads it.
            let reader = (!typed.trim().is_empty()).then(people_reader).flatten();
            reader.map_or_else(List::default, |reader| whole.with(|rules| (reader.read)(typed, rules)))
        };
        let list = Memo::new(move |_| text.with(|text: &String| read(text)));
        let entries = Memo::new(move |_| {
            let mut entries = list.with(|list| list.entries.clone());
            given.with(|given: &Vec<(Person, Option<Scope>)>| {
                if given.is_empty() {
                    return entries;
                }
                entries.extend(given.iter().map(|(person, scope)| ListEntry::of(person.clone(), *scope)));
                marked(entries)
            })
        });
        let with_draft = Memo::new(move |_| {
            let beside = beside.get().map(|person| (person, None));
            draft.with(|draft: &String| {
                if draft.trim().is_empty() && beside.is_none() {
                    return entries.get();
                }
                // A list of its own: a header in the box says nothing about it.
                let mut of_all = entries.get();
                of_all.extend(read(draft).entries);
                of_all.extend(beside.map(|(person, scope)| ListEntry::of(person, scope)));
                marked(of_all)
            })
        });
        Self {
            text,
            given,
            draft,
            is_text: RwSignal::new(false),
            country,
            rules,
            list,
            entries,
            with_draft,
            identity,
        }
    }

    /// The people that can be sent, without duplicates.
    pub fn usable(&self) -> Vec<Person> {
        self.with_scopes().into_iter().map(|(person, _)| person).collect()
    }

    /// Number of people that can be sent. A person with two scopes counts once.
    pub fn n_people(&self) -> usize {
        order::distinct(self.usable().into_iter().map(|person| person.key.folded())).len()
    }

    /// The same people with the scope beside them, as in a sheet with a scope column. A person with two
    /// scopes appears twice; planning resolves that.
    pub fn with_scopes(&self) -> Vec<(Person, Option<Scope>)> {
        self.with_draft.with(|entries| {
            let usable = entries.iter().filter(|entry| entry.status == EntryStatus::Usable);
            usable.filter_map(|entry| Some((entry.person.clone()?, entry.scope))).collect()
        })
    }

    /// Number of entries with a status. The unfinished text of the entry field is never counted as refused.
    pub fn count(&self, status: EntryStatus) -> usize {
        let entries = if status == EntryStatus::Refused { self.entries } else { self.with_draft };
        entries.with(|entries| entries.iter().filter(|entry| entry.status == status).count())
    }

    /// True while text waits for the code that reads it.
    pub fn is_unread(&self) -> bool {
        self.has_text() && people_reader().is_none()
    }

    fn has_text(&self) -> bool {
        [self.text, self.draft].iter().any(|text| text.with(|text| !text.trim().is_empty()))
    }

    /// The words whose scope is asked about or was chosen.
    pub(super) fn scope_words(&self) -> Vec<Box<str>> {
        if self.list.with(|list| list.entries.is_empty()) {
            return Vec::new();
        }
        let words = |reader: PeopleReader| {
            self.rules.with(|rules| self.list.with(|list| (reader.scope_words)(list, rules)))
        };
        people_reader().map(words).unwrap_or_default()
    }

    /// True for a typed country code that no country has.
    pub(super) fn is_country_bad(&self) -> bool {
        let code = self.country.get();
        let is_bad = |reader: PeopleReader| (reader.country)(&code).is_none();
        !code.trim().is_empty() && people_reader().is_some_and(is_bad)
    }

    /// Number of entries in the box.
    pub fn n_entries(&self) -> usize {
        self.with_draft.with(Vec::len)
    }

    /// Whether the entry field has text that is not yet in the box.
    pub fn has_draft(&self) -> bool {
        self.draft.with(|draft| !draft.trim().is_empty())
    }

    /// Adds more text.
    pub fn add(&self, more: &str) {
        self.text.update(|text| *text = joined(text, more));
    }

    /// Adds a person.
    pub fn give(&self, person: Person, scope: Option<Scope>) {
        self.given.update(|given| given.push((person, scope)));
    }

    /// Adds people by their keys and names, as soon as they can be read.
    pub fn give_read(self, people: Vec<(Box<str>, Box<str>)>) {
        if people.is_empty() {
            return;
        }
        let waiting = StoredValue::new(people);
        effect(move || {
            let Some(reader) = people_reader() else { return };
            for (key, name) in waiting.try_update_value(std::mem::take).unwrap_or_default() {
                let read = self.rules.with_untracked(|rules| (reader.read_one)(&key, &name, rules));
                match read.person {
                    Some(person) => self.give(person, None),
                    // It is shown with the reason.
                    None => self.add(&key),
                }
            }
        });
    }

    /// Everything in the box as text, line by line, for keeping it while it is unsent; empty without people.
    pub fn lines(&self) -> Vec<String> {
        let given = self.given.with(|given| written(given));
        let text = self.text.with(|text: &String| joined(text, &given));
        let text = self.draft.with(|draft| joined(&text, draft));
        text.lines().map(str::to_owned).collect()
    }

    /// Restores earlier contents.
    pub fn restore(&self, lines: &[String]) {
        self.clear();
        self.text.set(lines.join("\n"));
    }

    pub fn clear(&self) {
        self.is_text.set(false);
        self.text.set(String::new());
        self.draft.set(String::new());
        self.given.set(Vec::new());
        self.forget_answers();
    }

    /// What was answered about one list says nothing about the next.
    fn forget_answers(&self) {
        self.rules.set(Rules::new(self.identity));
        self.country.set(String::new());
    }

    /// What was answered about the list, for keeping it while it is unsent.
    pub fn answers(&self) -> Answers {
        Answers { country: self.country.get(), scopes: self.rules.with(|rules| rules.scopes.clone()) }
    }

    /// Restores what was answered about the list.
    pub fn restore_answers(&self, answers: &Answers) {
        self.country.set(answers.country.clone());
        self.rules.update(|rules| rules.scopes.clone_from(&answers.scopes));
    }

    /// Moves the entry field into the box.
    pub fn commit(&self) {
        let draft = self.draft.get_untracked();
        if !draft.trim().is_empty() {
            self.draft.set(String::new());
            self.add(&draft);
        }
    }

    /// Removes these people; duplicates go with the first entry.
    pub fn take_out(&self, done: &[PersonKey]) {
        let done = order::distinct(done.iter().map(PersonKey::folded));
        let is_done = |person: &Person| done.binary_search(&person.key.folded()).is_ok();
        let entries = self.list.with_untracked(|list| list.entries.clone());
        let leaving = entries.iter().filter(|entry| entry.person.as_ref().is_some_and(is_done));
        self.remove_places(&leaving.map(|entry| entry.at.clone()).collect::<Vec<_>>());
        if self.given.with_untracked(|given| given.iter().any(|(person, _)| is_done(person))) {
            self.given.update(|given| given.retain(|(person, _)| !is_done(person)));
        }
    }

    /// Removes the people named in these lines, from the entry field as well, and returns their keys.
    pub fn take_out_typed(&self, lines: &[String], answers: &Answers) -> Vec<PersonKey> {
        let done = self.keys_in(&lines.join("\n"), answers);
        self.take_out(&done);
        let in_field = self.draft.with_untracked(|draft| self.keys_in(draft, &untrack(|| self.answers())));
        if !in_field.is_empty() && in_field.iter().all(|key| done.contains(key)) {
            self.draft.set(String::new());
        }
        done
    }

    fn keys_in(&self, text: &str, answers: &Answers) -> Vec<PersonKey> {
        let Some(reader) = untrack(people_reader) else { return Vec::new() };
        let rules = Rules { scopes: answers.scopes.clone(), ..self.rules.get_untracked() };
        let entries = (reader.read)(text, &with_country(&answers.country, rules)).entries.into_iter();
        entries.filter_map(|entry| Some(entry.person?.key.folded())).collect()
    }

    /// Switches between chips and text. People who were given become text that can be edited.
    pub(super) fn toggle(&self) {
        self.commit();
        let given = self.given.try_update(std::mem::take).unwrap_or_default();
        if !given.is_empty() {
            self.add(&written(&given));
        }
        self.is_text.update(|is_text| *is_text = !*is_text);
    }

    /// Removes one entry of the list.
    pub(super) fn remove_entry(&self, idx: usize) {
        let in_text = self.list.with_untracked(|list| list.entries.get(idx).map(|entry| entry.at.clone()));
        match in_text {
            Some(at) => self.remove_places(&[at]),
            None => {
                let idx = idx - self.list.with_untracked(|list| list.entries.len());
                self.given.update(|given| {
                    if idx < given.len() {
                        given.remove(idx);
                    }
                });
            }
        }
    }

    /// Removes places from the text; a header without rows goes with the last row.
    fn remove_places(&self, places: &[std::ops::Range<usize>]) {
        if places.is_empty() {
            return;
        }
        let is_all = self.list.with_untracked(|list| list.entries.len() == places.len());
        if is_all && self.given.with_untracked(Vec::is_empty) {
            self.forget_answers();
        } else {
            let columns = self.list.with_untracked(|list| list.scope_columns.clone());
            self.rules.update(|rules| rules.scope_columns = columns);
        }
        self.text.update(|text| *text = if is_all { String::new() } else { list::without(text, places) });
    }

    pub(super) fn on_key(&self, event: &KeyboardEvent) {
        // A comma in quotation marks is part of a name.
        let is_quoted = self.draft.with_untracked(|draft| draft.matches('"').count() % 2 == 1);
        match pressed(event).as_str() {
            "Enter" if self.has_draft() => {
                event.prevent_default();
                self.commit();
            }
            "," | ";" if self.has_draft() && !is_quoted => {
                event.prevent_default();
                self.commit();
            }
            "Enter" => event.prevent_default(),
            "Backspace" if self.draft.with_untracked(String::is_empty) && self.take_back_last() => {
                event.prevent_default();
            }
            _ => {}
        }
    }

    /// Makes the last entry text again, to be corrected rather than retyped. False if there is none.
    fn take_back_last(&self) -> bool {
        if untrack(|| self.is_unread()) {
            let last = self.text.with_untracked(|text| {
                last_line(text).map(|(rest, last)| (rest.to_owned(), last.to_owned()))
            });
            let Some((rest, last)) = last else { return false };
            self.text.set(rest);
            self.draft.set(last);
            return true;
        }
        let last = self
            .entries
            .with_untracked(|entries| entries.last().map(|entry| (entries.len() - 1, alone(entry))));
        let Some((idx, typed)) = last else { return false };
        self.remove_entry(idx);
        self.draft.set(typed);
        true
    }

    /// Takes a pasted or dropped list; a field of one line would lose its line breaks.
    fn take_list(&self, pasted: Option<String>) -> bool {
        let Some(pasted) = pasted.filter(|pasted| pasted.contains(['\n', '\r', ',', ';', '\t', '|'])) else {
            return false;
        };
        let draft = self.draft.get_untracked();
        self.draft.set(String::new());
        self.add(&[draft, pasted].concat());
        true
    }

    pub(super) fn on_paste(&self, event: &ClipboardEvent) {
        let pasted = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
        if self.take_list(pasted) {
            event.prevent_default();
        }
    }

    pub(super) fn on_drop(&self, event: &DragEvent) {
        let dropped = event.data_transfer().and_then(|data| data.get_data("text/plain").ok());
        if self.take_list(dropped) {
            event.prevent_default();
        }
    }
}

/// An entry as a line that reads the same without the header of its table.
fn alone(entry: &ListEntry) -> String {
    let written = entry.person.as_ref().map(|person| list::write(person, entry.scope));
    match written {
        Some(written) if entry.scope.is_some() || entry.typed.contains(['\t', ';', ',', '|']) => written,
        _ => entry.typed.to_string(),
    }
}

/// Entries of several sources, with the duplicates among them marked.
fn marked(mut entries: Vec<ListEntry>) -> Vec<ListEntry> {
    if let Some(reader) = people_reader() {
        (reader.mark_doubles)(&mut entries);
    }
    entries
}

/// The rules with the country of a typed code.
fn with_country(code: &str, rules: Rules) -> Rules {
    let reader = (!code.trim().is_empty()).then(people_reader).flatten();
    Rules { country: reader.and_then(|reader| (reader.country)(code)), ..rules }
}

#[cfg(test)]
mod tests {
    use domain::Vendor;
    use domain::capabilities::Capabilities;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::features::adding::people_reader::install_for_tests;

    fn labels(people: People) -> Vec<String> {
        people.usable().iter().map(|person| person.label().to_owned()).collect()
    }

    #[wasm_bindgen_test]
    fn the_text_is_the_list_while_it_is_edited() {
        let owner = Owner::new();
        owner.set();
        install_for_tests();
        let Capabilities { identity, .. } = vendors::capabilities(Vendor::CometChat);
        let people = People::new(identity);
        people.add("fan-001\nfan-002 fan-003");
        people.draft.set("fan-004".to_owned());
        people.toggle();
        assert_eq!(people.text.get_untracked(), "fan-001\nfan-002 fan-003\nfan-004");

        people.text.set("fan-001\nfan-003\nfan-005\nnot an id!".to_owned());
        assert_eq!(labels(people), ["fan-001", "fan-003", "fan-005"]);
        assert_eq!((people.n_people(), people.count(EntryStatus::Refused)), (3, 1));

        // Sending takes in the entry field, and people who were sent leave the text.
        people.commit();
        people.add("fan-006");
        people.take_out(&[PersonKey::Id("fan-001".into()), PersonKey::Id("fan-005".into())]);
        assert_eq!(people.text.get_untracked(), "fan-003\nnot an id!\nfan-006");
        assert_eq!(people.lines(), ["fan-003", "not an id!", "fan-006"]);
        people.toggle();
        assert_eq!(people.lines(), ["fan-003", "not an id!", "fan-006"]);
        assert_eq!(labels(people), ["fan-003", "fan-006"]);
        owner.cleanup();
    }

    #[wasm_bindgen_test]
    fn a_table_stays_a_table_while_people_are_added_and_taken_out() {
        let owner = Owner::new();
        owner.set();
        install_for_tests();
        let Capabilities { identity, .. } = vendors::capabilities(Vendor::CometChat);
        let people = People::new(identity);
        people.add("scope,uid\nmoderator,fan-001\nBlocked,fan-002\n");
        people.add("fan-003, fan-004");
        people.give(Person::by_id("fan-005").with_name("Okonkwo, \"Ace\""), Some(Scope::Admin));
        assert_eq!(labels(people), ["fan-001", "fan-003", "fan-004", "Okonkwo, \"Ace\""]);
        assert_eq!(people.scope_words(), ["Blocked".into()]);

        people.rules.update(|rules| rules.choose("blocked", Some(Scope::Banned)));
        let scopes: Vec<Option<Scope>> = people.with_scopes().into_iter().map(|(_, scope)| scope).collect();
        let expected = [Some(Scope::Moderator), Some(Scope::Banned), None, None, Some(Scope::Admin)];
        assert_eq!(scopes, expected);

        // What is kept while it is unsent reads the same.
        let (lines, answers) = (people.lines(), people.answers());
        people.restore(&lines);
        people.restore_answers(&answers);
        assert_eq!(people.with_scopes().len(), 5);
        people.remove_entry(1);
        people.take_out(&[PersonKey::Id("fan-001".into()), PersonKey::Id("fan-005".into())]);
        assert_eq!(labels(people), ["fan-003", "fan-004"]);
        people.take_out(&[PersonKey::Id("fan-003".into()), PersonKey::Id("fan-004".into())]);
        assert_eq!((people.lines(), people.answers()), (Vec::new(), Answers::default()));
        owner.cleanup();
    }
}
