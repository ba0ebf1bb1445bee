//! Reading from a vendor.

use serde::{Deserialize, Serialize};

use crate::{Group, GroupId, Member, Scope, person::Price, person::Role};

/// Data to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Consecutive positions of a list: a page, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The first position, from 0. A multiple of `len` where the vendor has page numbers.
    pub start: u64,
    /// Number of positions.
    pub len: u64,
}

impl Cursor {
    /// The page with this number, from 1, of pages of `len` items.
    pub fn page(number: u64, len: u64) -> Self {
        Self { start: number.saturating_sub(1).saturating_mul(len), len }
    }

    /// The number of the page, from 1, for vendors that have page numbers.
    pub fn page_number(self) -> u64 {
        (self.start / self.len.max(1)).saturating_add(1)
    }

    /// One past the last position.
    pub fn end(self) -> u64 {
        self.start.saturating_add(self.len)
    }

    /// The positions behind it.
    pub fn next(self) -> Self {
        Self { start: self.end(), len: self.len }
    }
}

/// How a vendor addresses the pages of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// By the position of the first item, and a number of items up to this.
    Offset(u64),
    /// By a page number, and a page size up to this.
    Pages(u64),
}

impl Paging {
    /// Most items of a page.
    pub fn most(self) -> u64 {
        let (Paging::Offset(most) | Paging::Pages(most)) = self;
        most
    }

    /// The first page, as large as possible.
    pub fn first(self) -> Cursor {
        Cursor { start: 0, len: self.most() }
    }
}

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
    /// The next page; `None` on the last page.
    pub next: Option<Cursor>,
    /// The total number of items, if the vendor reports it reliably.
    pub total: Option<u64>,
    /// The page size that the vendor used, if it is smaller than the one asked for.
    pub page_size: Option<u64>,
}

impl Page {
    /// The whole list.
    pub fn whole(items: Items) -> Self {
        Self { items, next: None, total: None, page_size: None }
    }

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
