//! Reading from a vendor.

use crate::{Group, GroupId, Member, Scope, person::Price, person::Role};

/// Data to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// The community the key belongs to.
    Community,
    /// People of the whole community or app.
    People {
        /// Search text; empty for all.
        search: Box<str>,
    },
    /// One person by id.
    Person {
        /// The vendor's id.
        id: Box<str>,
    },
    /// Groups.
    Groups {
        /// Search text; empty for all.
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
    /// Available roles.
    Roles,
    /// Price plans.
    Prices,
}

/// The start of the next page; opaque outside the vendor's own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub u64);

/// The contents of one page.
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

/// One page of results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The items.
    pub items: Items,
    /// The start of the next page; `None` on the last page.
    pub next: Option<Cursor>,
    /// The total number of items, if the vendor reports it reliably.
    pub total: Option<u64>,
}

impl Page {
    /// The people of the page; empty if it holds something else.
    pub fn into_members(self) -> Vec<Member> {
        match self.items {
            Items::Members(members) => members,
            Items::Groups(_) | Items::Roles(_) | Items::Prices(_) => Vec::new(),
        }
    }

    /// The groups of the page; empty if it holds something else.
    pub fn into_groups(self) -> Vec<Group> {
        match self.items {
            Items::Groups(groups) => groups,
            Items::Members(_) | Items::Roles(_) | Items::Prices(_) => Vec::new(),
        }
    }
}
