//! The roles of a list, each kept once.

use std::mem::size_of;

use domain::Search;

use crate::key_table::{KeyTable, hash};

/// The number of people without a role.
pub(crate) const NO_ROLE: u32 = u32::MAX;

/// A role and its name as it is searched.
#[derive(Clone, Debug)]
pub(crate) struct KnownRole {
    pub(crate) id: Box<str>,
    pub(crate) name: Box<str>,
    pub(crate) folded: Box<str>,
}

/// Roles by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoleTable {
    roles: Vec<KnownRole>,
    table: KeyTable,
    n_bytes: usize,
}

impl RoleTable {
    /// The number of a role. `search` folds its name.
    pub(crate) fn number_of(&mut self, (id, name): &(Box<str>, Box<str>), search: &Search) -> u32 {
        let hash_of = |id: &str, name: &str| hash(0, id.as_bytes()) ^ hash(1, name.as_bytes());
        let hash = hash_of(id, name);
        let is_same = |number: u32| {
            self.roles.get(number as usize).is_some_and(|role| role.id == *id && role.name == *name)
        };
        if let Some(number) = self.table.find(hash, is_same) {
            return number;
        }
        if !self.table.has_room() {
            self.table = KeyTable::with_room(self.roles.len() * 2 + 8);
            for (number, role) in (0..).zip(&self.roles) {
                self.table.insert(hash_of(&role.id, &role.name), number);
            }
        }
        let number = self.roles.len() as u32;
        let folded: Box<str> = search.fold(name).into();
        self.n_bytes += id.len() + name.len() + folded.len();
        self.roles.push(KnownRole { id: id.clone(), name: name.clone(), folded });
        self.table.insert(hash, number);
        number
    }

    /// The role of a number.
    pub(crate) fn get(&self, number: u32) -> Option<&KnownRole> {
        self.roles.get(number as usize)
    }

    /// Every role, in the order of numbers.
    pub(crate) fn all(&self) -> &[KnownRole] {
        &self.roles
    }

    /// The size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.roles.capacity() * size_of::<KnownRole>() + self.n_bytes + self.table.bytes()
    }
}
