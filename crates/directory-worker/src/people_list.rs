//! The people of one list, and readings of it.

use std::borrow::Cow;
use std::mem::size_of;

use domain::search::Decompose;
use domain::{Member, Scope, Search};

use crate::columns::{Columns, RowRecord};
use crate::key_table::{KeyTable, hash};
use crate::letters::{Collation, LetterOrder};
use crate::packed::{PackedPerson, Packer, TextField};
use crate::roles::{NO_ROLE, RoleTable};
use crate::rows::RowSet;
use crate::view::Narrowing;

/// The people of one list.
///
/// A row is the number of a person as long as [`numbering`](PeopleList::numbering) stays the same. A person whose
/// record changes gets a new row; the former row can still be read, but is in no view made afterwards.
#[derive(Clone, Debug)]
pub struct PeopleList {
    pub(crate) columns: Columns,
    pub(crate) roles: RoleTable,
    /// Rows of people who are in the list.
    pub(crate) living: RowSet,
    pub(crate) selected: RowSet,
    pub(crate) letters: LetterOrder,
    /// Sorted rows, with rows of people who are not in the list any more.
    pub(crate) by_name: Vec<u32>,
    /// The number of rows that were sorted.
    pub(crate) n_sorted: u32,
    pub(crate) narrowing: Option<Narrowing>,
    pub(crate) decompose: Decompose,
    keys: KeyTable,
    /// A search for nothing, which folds texts.
    folding: Search,
    packer: Packer,
    reading: Option<ListReading>,
    n_living: usize,
    /// The number of people without an id and an e-mail address.
    n_unnamed: usize,
    version: u64,
    numbering: u64,
}

/// A reading that is under way.
#[derive(Clone, Debug, Default)]
struct ListReading {
    /// People of before who were not seen yet.
    unseen: RowSet,
    /// New people with neither id nor e-mail address. At the end they replace those who were there before.
    waiting: Vec<u32>,
    has_unnamed: bool,
}

/// The people that a reading is about, beside those it has seen.
#[derive(Clone, Debug)]
pub(crate) struct ReadingRows<'a> {
    /// People of before who were not seen yet.
    pub(crate) unseen: &'a RowSet,
    /// New people with neither id nor e-mail address.
    pub(crate) waiting: &'a [u32],
    /// Whether those replace others at the end.
    pub(crate) replaces_unnamed: bool,
}

/// What became of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upserted {
    /// The person is new in the list.
    Added,
    /// The person's record was replaced.
    Changed,
    /// The same record was there.
    Same,
    /// The person is banned by the same reading, and stays so.
    StaysBanned,
    /// The person was not taken in: all texts together have more than 4 GB.
    NoRoom,
}

/// What tells a person from others.
enum ListKey<'a> {
    Id(&'a str),
    /// In lower case.
    Email(Cow<'a, str>),
}

impl<'a> ListKey<'a> {
    fn of(id: &'a str, email: &'a str) -> Option<Self> {
        if !id.is_empty() {
            Some(Self::Id(id))
        } else if email.trim().is_empty() {
            None
        } else {
            let has_capitals = !email.is_ascii() || email.bytes().any(|byte| byte.is_ascii_uppercase());
            Some(Self::Email(if has_capitals { email.to_lowercase().into() } else { email.into() }))
        }
    }

    fn hash(&self) -> u64 {
        match self {
            Self::Id(id) => hash(0, id.as_bytes()),
            Self::Email(email) => hash(1, email.as_bytes()),
        }
    }

    fn is_of(&self, person: &PackedPerson) -> bool {
        let (mut id, mut email) = (String::new(), String::new());
        let own = person.text(TextField::Id, &mut id);
        match self {
            Self::Id(id) => own == *id,
            Self::Email(address) => {
                let email = person.text(TextField::Email, &mut email);
                own.is_empty() && (email == address || email.to_lowercase() == **address)
            }
        }
    }
}

impl PeopleList {
    /// A list of nobody. `decompose` is Unicode's NFKD, and `collation` the order of the reader's language.
    pub fn new(decompose: Decompose, collation: Collation) -> Self {
        Self {
            columns: Columns::default(),
            roles: RoleTable::default(),
            living: RowSet::default(),
            selected: RowSet::default(),
            letters: LetterOrder::new(collation),
            by_name: Vec::new(),
            n_sorted: 0,
            narrowing: None,
            decompose,
            keys: KeyTable::default(),
            folding: Search::new("", decompose),
            packer: Packer::default(),
            reading: None,
            n_living: 0,
            n_unnamed: 0,
            version: 0,
            numbering: 0,
        }
    }

    /// Changes the order of letters, when the reader changes the language.
    pub fn set_collation(&mut self, collation: Collation) {
        self.letters = self.letters.with(collation);
        self.by_name.clear();
        self.n_sorted = 0;
        self.version += 1;
    }

    /// The number of people.
    pub fn len(&self) -> usize {
        self.n_living
    }

    /// True if there is nobody.
    pub fn is_empty(&self) -> bool {
        self.n_living == 0
    }

    /// Changes with the people and their order, so that a view of another version may be out of date. Does not change
    /// with the selection, on which a view of [selected people](crate::Only::Selected) depends too.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Changes when rows get other numbers, so that rows of another numbering mean nothing.
    pub fn numbering(&self) -> u64 {
        self.numbering
    }

    /// Adds a person, or replaces the record of the person who has the same id, or the same e-mail address in any
    /// case if there is no id. People with neither are told from nobody: each is added.
    pub fn upsert(&mut self, member: &Member) -> Upserted {
        let mut packer = std::mem::take(&mut self.packer);
        packer.pack(member, &self.folding);
        let role = member.role.as_ref().map_or(NO_ROLE, |role| self.roles.number_of(role, &self.folding));
        let texts = [&member.name, &member.email, &member.phone];
        let role_name = member.role.as_ref().map(|(_, name)| name);
        for text in texts.into_iter().flatten().chain([&member.id]).chain(role_name) {
            self.letters.learn(text);
        }
        let (joined_at, created_at) = (member.joined_at, member.created_at);
        let upserted =
            self.upsert_record(member, &RowRecord { person: packer.person(), role, joined_at, created_at });
        packer.shrink();
        self.packer = packer;
        upserted
    }

    /// Removes a person.
    pub fn remove(&mut self, row: u32) {
        if self.living.remove(row) {
            self.selected.remove(row);
            self.n_living -= 1;
            self.n_unnamed -= usize::from(self.is_unnamed(row));
            self.version += 1;
            if let Some(reading) = &mut self.reading {
                reading.unseen.remove(row);
            }
        }
    }

    /// The person of a row; nobody in particular if there is no such row.
    pub fn member(&self, row: u32) -> Member {
        if row >= self.columns.n_rows() {
            return Member::default();
        }
        let role = self.roles.get(self.columns.role(row)).map(|role| (role.id.clone(), role.name.clone()));
        Member { role, ..self.columns.member(row) }
    }

    /// The row of the person with this id.
    pub fn row_of(&self, id: &str) -> Option<u32> {
        self.find(&ListKey::of(id, "")?)
    }

    /// The row of the person who has no id, and this e-mail address in any case.
    pub fn row_of_email(&self, email: &str) -> Option<u32> {
        self.find(&ListKey::of("", email)?)
    }

    /// Starts a reading of the whole list. People of before stay until it ends.
    pub fn begin_reading(&mut self) {
        self.abandon_reading();
        let has_unnamed = self.n_unnamed > 0;
        self.reading = Some(ListReading { unseen: self.living.clone(), waiting: Vec::new(), has_unnamed });
    }

    /// Ends a reading that got to the end of the list: people who were there before and were not seen are removed.
    /// Returns their number. Rows may get other [numbers](PeopleList::numbering).
    pub fn end_reading(&mut self) -> usize {
        let Some(reading) = self.reading.take() else {
            return 0;
        };
        let n_unnamed_before = self.n_unnamed;
        reading.unseen.iter().for_each(|row| self.remove(row));
        let n_replaced = (n_unnamed_before - self.n_unnamed).min(reading.waiting.len());
        reading.waiting.iter().for_each(|row| self.revive(*row, true));
        self.pack_rows();
        reading.unseen.len() - n_replaced
    }

    /// Ends a reading that failed: everyone stays, with what was read.
    pub fn abandon_reading(&mut self) {
        self.reading = None;
    }

    /// The reading that is under way.
    pub(crate) fn reading_rows(&self) -> Option<ReadingRows<'_>> {
        let ListReading { unseen, waiting, has_unnamed } = self.reading.as_ref()?;
        Some(ReadingRows { unseen, waiting, replaces_unnamed: *has_unnamed })
    }

    /// Goes on with a reading that has seen nobody of those who are here.
    pub(crate) fn resume_reading(&mut self, replaces_unnamed: bool) {
        self.begin_reading();
        if let Some(reading) = &mut self.reading {
            reading.has_unnamed = replaces_unnamed;
        }
    }

    /// The size in bytes.
    pub fn bytes(&self) -> usize {
        let reading = self.reading.as_ref();
        size_of::<Self>()
            + self.columns.bytes()
            + self.roles.bytes()
            + self.keys.bytes()
            + self.letters.bytes()
            + self.living.bytes()
            + self.selected.bytes()
            + self.by_name.capacity() * size_of::<u32>()
            + self.narrowing.as_ref().map_or(0, Narrowing::bytes)
            + reading
                .map_or(0, |reading| reading.unseen.bytes() + reading.waiting.capacity() * size_of::<u32>())
    }

    fn upsert_record(&mut self, member: &Member, record: &RowRecord) -> Upserted {
        let Some(key) = ListKey::of(&member.id, member.email.as_deref().unwrap_or_default()) else {
            return self.add_unnamed(record);
        };
        let Some(former) = self.find_any(&key) else {
            let Some(row) = self.columns.push(record) else {
                return Upserted::NoRoom;
            };
            self.revive(row, false);
            self.insert_key(key.hash(), row);
            return Upserted::Added;
        };
        let is_living = self.living.contains(former);
        if is_living {
            let was_seen = self.reading.as_ref().is_some_and(|reading| !reading.unseen.contains(former));
            let was_banned = PackedPerson::scope(self.columns.flags(former)) == Some(Scope::Banned);
            if was_seen && was_banned && member.scope != Some(Scope::Banned) {
                return Upserted::StaysBanned;
            }
            if self.columns.record(former) == *record {
                if let Some(reading) = &mut self.reading {
                    reading.unseen.remove(former);
                }
                return Upserted::Same;
            }
        }
        let Some(row) = self.columns.push(record) else {
            return Upserted::NoRoom;
        };
        self.keys.replace(key.hash(), former, row);
        let was_selected = self.selected.contains(former);
        self.remove(former);
        self.revive(row, false);
        if was_selected {
            self.selected.insert(row);
        }
        if is_living { Upserted::Changed } else { Upserted::Added }
    }

    fn add_unnamed(&mut self, record: &RowRecord) -> Upserted {
        let Some(row) = self.columns.push(record) else {
            return Upserted::NoRoom;
        };
        match &mut self.reading {
            Some(reading) if reading.has_unnamed => reading.waiting.push(row),
            Some(_) | None => self.revive(row, true),
        }
        Upserted::Added
    }

    /// Takes a row into the list.
    fn revive(&mut self, row: u32, is_unnamed: bool) {
        self.living.insert(row);
        self.n_living += 1;
        self.n_unnamed += usize::from(is_unnamed);
        self.version += 1;
    }

    fn is_unnamed(&self, row: u32) -> bool {
        self.with_key(row, |key| key.is_none())
    }

    fn with_key<T>(&self, row: u32, then: impl FnOnce(Option<ListKey>) -> T) -> T {
        let person = self.columns.person(row);
        let (mut id, mut email) = (String::new(), String::new());
        let id = person.text(TextField::Id, &mut id);
        then(ListKey::of(id, person.text(TextField::Email, &mut email)))
    }

    fn find(&self, key: &ListKey) -> Option<u32> {
        self.find_any(key).filter(|row| self.living.contains(*row))
    }

    /// The last row of a person, who may have been removed.
    fn find_any(&self, key: &ListKey) -> Option<u32> {
        self.keys.find(key.hash(), |row| key.is_of(&self.columns.person(row)))
    }

    fn insert_key(&mut self, hash: u64, row: u32) {
        if self.keys.has_room() {
            self.keys.insert(hash, row);
        } else {
            self.fill_keys(self.n_living + self.n_living / 2 + 64);
        }
    }

    /// Makes a new table of the keys of everyone who is in the list.
    fn fill_keys(&mut self, n_keys: usize) {
        let mut keys = KeyTable::with_room(n_keys);
        for row in self.living.iter() {
            if let Some(hash) = self.with_key(row, |key| key.map(|key| key.hash())) {
                keys.insert(hash, row);
            }
        }
        self.keys = keys;
    }

    /// Returns memory, and closes holes if they are many.
    fn pack_rows(&mut self) {
        let n_rows = self.columns.n_rows();
        if (n_rows as usize - self.n_living) * 8 > n_rows as usize {
            let mut numbers = vec![u32::MAX; n_rows as usize];
            for (number, row) in (0..).zip(self.living.iter()) {
                numbers[row as usize] = number;
            }
            let number_of =
                |row: u32| numbers.get(row as usize).copied().filter(|number| *number != u32::MAX);
            self.by_name = self.by_name.iter().filter_map(|row| number_of(*row)).collect();
            self.n_sorted = self.by_name.len() as u32;
            self.selected = self.selected.iter().filter_map(number_of).collect();
            self.columns.keep(&self.living);
            self.living = RowSet::all(self.n_living as u32);
            self.narrowing = None;
            self.version += 1;
            self.numbering += 1;
        }
        self.columns.shrink();
        self.living.shrink();
        self.by_name.shrink_to_fit();
        self.fill_keys(self.n_living);
    }
}
