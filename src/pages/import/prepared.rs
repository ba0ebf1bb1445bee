//! People of a file with what is to happen to them, handed from the import to its preview. In memory only: they are
//! personal data, and a password may be among the fields.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use domain::form::people::{PeopleFields, PeopleForm};
use domain::{Command, ConnectionId, GroupId, Person, Scope, Snapshot, order};
use import_worker::ImportPerson;

/// Everything that a plan is made of, besides what is known of the groups.
pub(super) struct Prepared {
    pub connection: ConnectionId,
    /// The name of the file.
    pub name: String,
    pub asks: PeopleForm,
    /// What holds for all people whose row says nothing else.
    pub fields: PeopleFields,
    pub people: Vec<ImportPerson>,
    /// Number of rows that stay out.
    pub n_left: usize,
}

thread_local! {
    static PREPARED: RefCell<Option<Rc<Prepared>>> = const { RefCell::new(None) };
}

/// Leaves what was prepared for the preview.
pub(super) fn hand_over(prepared: Prepared) {
    PREPARED.set(Some(Rc::new(prepared)));
}

/// What was prepared last, until it is sent.
pub(super) fn prepared() -> Option<Rc<Prepared>> {
    PREPARED.with_borrow(Clone::clone)
}

/// Forgets what was prepared.
pub(super) fn forget() {
    PREPARED.take();
}

/// Where a row says that its person goes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Where {
    group: Option<Box<str>>,
    role: Option<Box<str>>,
    price: Option<Box<str>>,
    note: Option<Box<str>>,
}

/// People who go to the same place.
type Part = (Where, Vec<(Person, Option<Scope>)>);

impl Prepared {
    /// The groups that people are added to.
    pub(super) fn groups(&self) -> Vec<GroupId> {
        let own = self.people.iter().filter_map(|person| person.group.as_deref());
        let is_without = self.people.iter().any(|person| person.group.is_none());
        let of_all = self.fields.group.as_deref().filter(|_| is_without);
        order::distinct(own.chain(of_all)).into_iter().map(GroupId::new).collect()
    }

    /// The command for everyone; `None` without people.
    pub(super) fn command(&self, snapshot: &Snapshot) -> Option<Command> {
        // One form for each combination. Notes can be as many as people.
        let mut parts: Vec<Part> = Vec::new();
        let mut places: BTreeMap<Where, usize> = BTreeMap::new();
        for ImportPerson { person, scope, group, role, price, note } in &self.people {
            let place =
                Where { group: group.clone(), role: role.clone(), price: price.clone(), note: note.clone() };
            let part = *places.entry(place.clone()).or_insert_with(|| {
                parts.push((place, Vec::new()));
                parts.len() - 1
            });
            parts[part].1.push((person.clone(), *scope));
        }
        let commands = parts
            .into_iter()
            .filter_map(|(place, people)| self.asks.command(&self.fields_for(place), people, snapshot));
        commands.reduce(|mut all, command| {
            all.append(command);
            all
        })
    }

    fn fields_for(&self, place: Where) -> PeopleFields {
        let mut fields = self.fields.clone();
        if let Some(group) = place.group {
            fields.communities.clear();
            fields.group = Some(group.into());
        }
        if let Some(role) = place.role {
            fields.role = role.into();
        }
        if let Some(price) = place.price {
            fields.prices = vec![price.to_string()];
            fields.price = price.into();
        }
        if let Some(note) = place.note {
            fields.note = note.into();
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use domain::form::people::Purpose;
    use domain::{Operation, PersonKey, Vendor};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn person(id: &str, group: Option<&str>, scope: Option<Scope>) -> ImportPerson {
        let group = group.map(Into::into);
        ImportPerson { person: Person::by_id(id), scope, group, role: None, price: None, note: None }
    }

    #[wasm_bindgen_test]
    fn every_row_goes_where_it_says() {
        let people = vec![
            person("a", Some("books"), Some(Scope::Moderator)),
            person("b", None, None),
            person("a", Some("films"), None),
            person("c", Some("books"), None),
        ];
        let capabilities = vendors::capabilities(Vendor::CometChat);
        let prepared = Prepared {
            connection: ConnectionId::new("c"),
            name: String::new(),
            asks: PeopleForm { purpose: Purpose::Add, capabilities },
            fields: PeopleFields { group: Some("all".to_owned()), ..PeopleFields::default() },
            people,
            n_left: 0,
        };
        let groups: Vec<String> = prepared.groups().iter().map(ToString::to_string).collect();
        assert_eq!(groups, ["all", "books", "films"]);
        let command = prepared.command(&Snapshot::default()).expect("people");
        let said = command.items.iter().map(|(person, idx)| {
            match (&person.key, &*command.operations[*idx as usize]) {
                (PersonKey::Id(id), Operation::AddToGroup { group, scope }) => {
                    format!("{id} {group} {}", scope.slug())
                }
                other => format!("{other:?}"),
            }
        });
        let expected =
            ["a books moderator", "c books participant", "b all participant", "a films participant"];
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }
}
