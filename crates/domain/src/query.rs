//! Reading from a vendor.

use crate::{Group, GroupId, Member, Scope, person::Price, person::Role};

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Which community the key belongs to.
    Community,
    /// People of the whole community or app.
    People {
        /// Text to look for; empty for all.
        search: Box<str>,
    },
    /// One person by id.
    Person {
        /// The vendor's id.
        id: Box<str>,
    },
    /// Groups.
    Groups {
        /// Text to look for; empty for all.
        search: Box<str>,
    },
    /// One group.
    Group {
        /// The group.
        group: GroupId,
    },
    /// Members of a group with their scopes.
    GroupMembers {
        /// The group.
        group: GroupId,
        /// Only these scopes; empty for all.
        scopes: Vec<Scope>,
    },
    /// People banned from a group.
    Banned {
        /// The group.
        group: GroupId,
    },
    /// Roles that can be given.
    Roles,
    /// Price plans.
    Prices,
}

/// Where the next page begins; opaque outside the vendor's own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub u64);

/// What one page holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Items {
    /// People.
    Members(Vec<Member>),
    /// Groups or communities.
    Groups(Vec<Group>),
    /// Roles.
    Roles(Vec<Role>),
    /// Price plans.
    Prices(Vec<Price>),
}

/// One page of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What it holds.
    pub items: Items,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<Cursor>,
    /// How many there are in all, where the vendor says so credibly.
    pub total: Option<u64>,
}

impl Page {
    /// The people of the page; none if it holds something else.
    pub fn into_members(self) -> Vec<Member> {
        match self.items {
            Items::Members(members) => members,
            Items::Groups(_) | Items::Roles(_) | Items::Prices(_) => Vec::new(),
        }
    }

    /// The groups of the page; none if it holds something else.
    pub fn into_groups(self) -> Vec<Group> {
        match self.items {
            Items::Groups(groups) => groups,
            Items::Members(_) | Items::Roles(_) | Items::Prices(_) => Vec::new(),
        }
    }
}
