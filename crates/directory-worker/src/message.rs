//! The messages between page and worker, as JSON: a number with a question, and the same number with its answer. The
//! bytes of a response go beside the question.
//!
//! A worker has the people of one list. To give the memory back, the page ends the worker.

use domain::{Cursor, Member, Query, Scope, Vendor};
use serde::{Deserialize, Serialize};

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

/// A change of the selection. Rows are those of the grid, with headers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selecting {
    /// Selects or deselects a person.
    Toggle(usize),
    /// Adds people, but none of collapsed groups.
    Range {
        /// A row.
        from: usize,
        /// Another row, before or behind it. Both are added.
        to: usize,
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
    /// The people of a page were added; `None` if the response is no page.
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

/// A page whose people were added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenPage {
    /// What identifies each person, and the scope. Nothing else is told.
    pub people: Vec<TakenPerson>,
    /// [`domain::Page::next`].
    pub next: Option<Cursor>,
    /// [`domain::Page::total`].
    pub total: Option<u64>,
    /// [`domain::Page::page_size`].
    pub page_size: Option<u64>,
}

/// The id of a person, or the e-mail address of a person without an id, and the scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenPerson {
    /// The vendor's id.
    Id(Box<str>, Option<Scope>),
    /// The e-mail address.
    Email(Box<str>, Option<Scope>),
}

impl TakenPerson {
    pub(crate) fn of(person: &Member) -> Self {
        if person.id.is_empty() {
            Self::Email(person.email.clone().unwrap_or_default(), person.scope)
        } else {
            Self::Id(person.id.clone(), person.scope)
        }
    }
}

impl From<TakenPerson> for Member {
    fn from(person: TakenPerson) -> Self {
        match person {
            TakenPerson::Id(id, scope) => Self { id, scope, ..Self::default() },
            TakenPerson::Email(email, scope) => Self { email: Some(email), scope, ..Self::default() },
        }
    }
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
    Person(Box<Member>, bool),
    /// The header of the group that follows.
    Header(ShownHeader),
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
