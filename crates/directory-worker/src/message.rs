//! The messages between page and worker, as JSON: a number with a question, and the same number with its answer. The
//! bytes of a response go beside the question.
//!
//! A worker has the people of one list. To give the memory back, the page ends the worker.

use domain::{Cursor, Member, Query, Scope, Vendor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::{GroupValue, ListCounts, RowGroup, ViewSpec};

/// What the page wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListQuestion {
    /// Sort names as in this language, a BCP 47 tag.
    Language(Box<str>),
    /// The list is read from its beginning.
    Begin,
    /// People of the list.
    Add(Vec<Member>),
    /// A page of the list, of which the response's body is attached.
    Take {
        /// The vendor that answered.
        vendor: Vendor,
        /// The query that was answered.
        query: Query,
        /// The page that was asked for.
        cursor: Cursor,
    },
    /// How many people of each kind there are.
    Count,
    /// The list was read to its end.
    End {
        /// Whether everyone was read, so that people who were not read again are gone.
        has_everyone: bool,
    },
    /// Show a part of the list.
    Show(ShownPart),
    /// Change the selection, and show a part of the list.
    Select {
        /// The change.
        change: Selecting,
        /// What is shown then.
        shown: ShownPart,
    },
    /// Selected people, by name, also those who are not shown.
    Selected {
        /// Number of people to skip.
        from: usize,
        /// Most people to return.
        most: usize,
    },
    /// The person with this id.
    Find(Box<str>),
    /// Everyone as bytes, to be kept on the device.
    Snapshot,
    /// Take the people of a snapshot, which is attached, in place of those who are here.
    Restore,
    /// The scopes of people by id, as bytes: see [`read_scopes`].
    Scopes {
        /// Only of those whom the reading that is under way has seen.
        is_seen: bool,
    },
}

/// A part of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownPart {
    /// Who is shown, and in which order.
    pub view: ViewSpec,
    /// The groups of which only the headers are shown.
    pub collapsed: Vec<GroupValue>,
    /// The first row to return.
    pub from: usize,
    /// One past the last row to return.
    pub to: usize,
}

/// A row of the grid as the user saw it. Its place is another once people arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenRow {
    /// The person with this id.
    Id(Box<str>),
    /// The person who has no id, and this e-mail address.
    Email(Box<str>),
    /// The header of a group.
    Header(GroupValue),
    /// Whoever is at this place: what is there was not fetched yet, or cannot be told from others.
    Place(usize),
}

impl SeenRow {
    /// The row of a person, which was at this place.
    pub fn of(person: &Member, place: usize) -> Self {
        let email = person.email.as_ref().filter(|email| !email.trim().is_empty());
        match (&person.id, email) {
            (id, _) if !id.is_empty() => Self::Id(id.clone()),
            (_, Some(email)) => Self::Email(email.clone()),
            (_, None) => Self::Place(place),
        }
    }
}

/// A change of the selection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selecting {
    /// Selects or deselects a person.
    Toggle(SeenRow),
    /// Adds people, but none of collapsed groups; nobody if one of the rows is gone.
    Range {
        /// A row.
        from: SeenRow,
        /// Another row, before or behind it. Both are added.
        to: SeenRow,
        /// What the user saw, if it differs from what is shown then.
        seen: Option<Box<ShownPart>>,
    },
    /// Selects or deselects everyone in a group, collapsed or not.
    Group(GroupValue, bool),
    /// Selects or deselects everyone in the view, also in collapsed groups.
    All(bool),
    /// Deselects everyone.
    Clear,
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListAnswer {
    /// Done; what it changed shows in the next answers.
    Done,
    /// The people of a page were added, and bytes beside it say who they are; `None` if the response is no page.
    Taken(Option<TakenPage>),
    /// How many people of each kind there are.
    Counted(ListCounts),
    /// A part of the list.
    Shown(ShownRows),
    /// People.
    People(Vec<Member>),
    /// The answer is bytes, which go beside it: most pages never ask for them, and do without the code that reads
    /// them.
    Attached,
    /// Whether the bytes were a snapshot. If not, everyone stays.
    Restored(bool),
}

/// The scopes of people by id, without those who have none: the bytes beside the answer to
/// [`Scopes`](ListQuestion::Scopes). `None` for other bytes.
pub fn read_scopes(bytes: &[u8]) -> Option<Vec<(Box<str>, Scope)>> {
    serde_json::from_str(str::from_utf8(bytes).ok()?).ok()
}

/// A page whose people were added. What is told of them, see [`read_taken`], goes beside the answer: a page of a thousand
/// people would take the receiver several times as long in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenPage {
    /// [`domain::Page::next`].
    pub next: Option<Cursor>,
    /// [`domain::Page::total`].
    pub total: Option<u64>,
    /// [`domain::Page::page_size`].
    pub page_size: Option<u64>,
}

/// Set in the first byte of a person without an id, whose e-mail address follows.
const IS_EMAIL: u8 = 0x80;

/// What identifies each person of a page, and the scope: a byte for that, the length of the id in four bytes, and the id.
pub(crate) fn write_taken(people: &[Member]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for person in people {
        let scope = person.scope.and_then(|scope| Scope::ALL.iter().position(|other| *other == scope));
        let scope = scope.map_or(0, |place| place as u8 + 1);
        let (key, kind) = match &*person.id {
            "" => (person.email.as_deref().unwrap_or_default(), IS_EMAIL),
            id => (id, 0),
        };
        bytes.push(scope | kind);
        bytes.extend((key.len() as u32).to_le_bytes());
        bytes.extend(key.as_bytes());
    }
    bytes
}

/// The people of a [`TakenPage`], of whom nothing is told but what identifies them, and their scopes. `None` for other
/// bytes.
pub fn read_taken(mut bytes: &[u8]) -> Option<Vec<Member>> {
    let mut people = Vec::new();
    while let Some((first, rest)) = bytes.split_first() {
        let (n_bytes, rest) = rest.split_first_chunk::<4>()?;
        let (key, rest) = rest.split_at_checked(u32::from_le_bytes(*n_bytes) as usize)?;
        let key = Box::<str>::from(str::from_utf8(key).ok()?);
        let scope = match first & !IS_EMAIL {
            0 => None,
            number => Some(*Scope::ALL.get(usize::from(number) - 1)?),
        };
        let (id, email) = if first & IS_EMAIL == 0 { (key, None) } else { ("".into(), Some(key)) };
        people.push(Member { id, email, scope, ..Member::default() });
        bytes = rest;
    }
    Some(people)
}

/// A part of the list as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownRows {
    /// Number of people in the view, also in collapsed groups.
    pub n_people: usize,
    /// Number of rows: people and headers.
    pub n_rows: usize,
    /// The place of the first of `rows`.
    pub from: usize,
    /// The rows.
    pub rows: Vec<ShownRow>,
    /// Number of people who are selected.
    pub n_selected: usize,
    /// Number of people in the view who are selected.
    pub n_selected_here: usize,
}

/// A row as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShownRow {
    /// A person, and whether they are selected.
    Person(#[serde(serialize_with = "write_known")] Box<Member>, bool),
    /// The header of the group that follows.
    Header(ShownHeader),
}

/// Writes what is known of a person: most fields are empty, and reading that takes the receiver longer than the rest.
fn write_known<S: Serializer>(person: &Member, serializer: S) -> Result<S::Ok, S::Error> {
    let Member {
        id,
        name,
        email,
        phone,
        role,
        scope,
        is_active,
        joined_at,
        created_at,
        invite_id,
        nickname,
        bio,
        picture,
        small_picture,
        is_avatar,
        is_system,
    } = person;
    let mut known = serializer.serialize_map(None)?;
    known.serialize_entry("id", id)?;
    let texts = [
        ("name", name),
        ("email", email),
        ("phone", phone),
        ("invite_id", invite_id),
        ("nickname", nickname),
        ("bio", bio),
        ("picture", picture),
        ("small_picture", small_picture),
    ];
    for (field, text) in texts {
        write_field(&mut known, field, text.as_ref())?;
    }
    write_field(&mut known, "role", role.as_ref())?;
    write_field(&mut known, "scope", scope.as_ref())?;
    for (field, at) in [("joined_at", joined_at), ("created_at", created_at)] {
        write_field(&mut known, field, at.as_ref())?;
    }
    for (field, is) in [("is_active", is_active), ("is_avatar", is_avatar), ("is_system", is_system)] {
        write_field(&mut known, field, is.as_ref())?;
    }
    known.end()
}

fn write_field<M: SerializeMap>(
    known: &mut M,
    field: &'static str,
    value: Option<&impl Serialize>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| known.serialize_entry(field, value))
}

/// The header of a group as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownHeader {
    /// The group.
    pub group: RowGroup,
    /// Number of its people who are selected.
    pub n_selected: usize,
    /// Whether its people are not shown.
    pub is_collapsed: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn people_are_read_as_they_were_written(
            people in prop::collection::vec((".{0,9}", prop::option::of(".{1,9}"), 0_usize..5), 0..9),
            n_bytes in any::<prop::sample::Index>(),
        ) {
            let person = |(id, email, scope): &(String, Option<String>, usize)| Member {
                id: id.as_str().into(),
                email: Some(email.as_deref().unwrap_or_default().into()).filter(|_| id.is_empty()),
                scope: Scope::ALL.get(*scope).copied(),
                ..Member::default()
            };
            let people: Vec<Member> = people.iter().map(person).collect();
            let bytes = write_taken(&people);
            // A part is fewer people, or none at all.
            let part = read_taken(&bytes[..n_bytes.index(bytes.len() + 1)]);
            prop_assert!(part.is_none_or(|part| people.starts_with(&part)));
            prop_assert_eq!(read_taken(&bytes), Some(people));
        }
    }

    #[test]
    fn a_person_is_shown_with_all_that_is_known() {
        let text = || Some(Box::<str>::from("x"));
        let whole = Member {
            id: "u1".into(),
            name: text(),
            email: text(),
            phone: text(),
            role: text().zip(text()),
            scope: Some(Scope::Admin),
            is_active: Some(false),
            joined_at: Some(1),
            created_at: Some(2),
            invite_id: text(),
            nickname: text(),
            bio: text(),
            picture: text(),
            small_picture: text(),
            is_avatar: Some(true),
            is_system: Some(true),
        };
        for person in [whole, Member { id: "u2".into(), ..Member::default() }] {
            let row = ShownRow::Person(person.into(), true);
            let json = serde_json::to_string(&row).expect("texts are keys");
            assert!(!json.contains("null"), "{json}");
            assert_eq!(serde_json::from_str::<ShownRow>(&json).ok(), Some(row), "{json}");
        }
    }

    #[test]
    fn other_bytes_are_no_people() {
        for bytes in [&b"MUP"[..], &[9, 0, 0, 0, 0], &[0, 1, 0, 0, 0, 0xff], &[0, 255, 255, 255, 255, b'a']] {
            assert_eq!(read_taken(bytes), None, "{bytes:?}");
        }
    }
}
