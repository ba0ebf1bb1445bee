//! Groups and people that pages of this tab have read, so that the command palette finds them and the overview
//! counts them. They are kept with what is cached of a connection, never on the device, and forgotten when it is
//! locked.

use domain::{Connection, ConnectionId, Group, GroupId, GroupKind, Items, Member, Page, Query, seen};

use super::Session;

/// The keys of the cache.
const GROUPS: &str = "seen groups";
const PEOPLE: &str = "seen people";
const TOTAL: &str = "total of people";

/// The number of people of a connection, as far as it is known without a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeopleCount {
    /// All members, as the vendor counted them.
    Members(usize),
    /// Those that pages have read.
    Seen(usize),
}

impl Session {
    /// The groups that pages have read; untracked.
    pub fn seen_groups(self, id: &ConnectionId) -> Vec<Group> {
        self.cached(id, GROUPS).map(Page::into_groups).unwrap_or_default()
    }

    /// The people that pages have read; untracked.
    pub fn seen_people(self, id: &ConnectionId) -> Vec<Member> {
        self.cached(id, PEOPLE).map(Page::into_members).unwrap_or_default()
    }

    /// How many people are known; `None` if none are. Untracked.
    pub fn people_count(self, id: &ConnectionId) -> Option<PeopleCount> {
        if let Some(total) = self.cached(id, TOTAL).and_then(|page| page.total) {
            return Some(PeopleCount::Members(total as usize));
        }
        let inner = self.inner();
        let cache = inner.cache.borrow();
        match &cache.get(&(id.clone(), PEOPLE))?.items {
            Items::Members(people) => Some(PeopleCount::Seen(people.len())).filter(|_| !people.is_empty()),
            Items::Groups(_) | Items::Roles(_) | Items::Prices(_) => None,
        }
    }

    /// Remembers how many members there are, if a page of all of them says so.
    pub(crate) fn note_total(self, connection: &Connection, query: &Query, page: &Page) {
        if page.total.is_some() && matches!(query, Query::People { search } if search.is_empty()) {
            let total = Page { total: page.total, ..Page::whole(Items::Members(Vec::new())) };
            self.keep(connection, TOTAL, &total);
        }
    }

    /// Forgets how many members there are, because a run has changed it.
    pub(crate) fn forget_total(self, id: &ConnectionId) {
        self.note_changed(id);
        self.inner().cache.borrow_mut().remove(&(id.clone(), TOTAL));
    }

    /// Forgets a group that was deleted.
    pub(crate) fn forget_group(self, id: &ConnectionId, group: &GroupId) {
        let inner = self.inner();
        let mut cache = inner.cache.borrow_mut();
        if let Some(Items::Groups(groups)) = cache.get_mut(&(id.clone(), GROUPS)).map(|page| &mut page.items)
        {
            groups.retain(|known| known.id != *group || known.kind != GroupKind::Group);
        }
    }

    /// Remembers the groups or people of a page that was read through a connection.
    pub(crate) fn note_seen(self, connection: &Connection, page: &Page) {
        let (what, none) = match page.items {
            Items::Groups(_) => (GROUPS, Items::Groups(Vec::new())),
            Items::Members(_) => (PEOPLE, Items::Members(Vec::new())),
            Items::Roles(_) | Items::Prices(_) => return,
        };
        if !self.may_remember(connection) {
            return;
        }
        let inner = self.inner();
        let mut cache = inner.cache.borrow_mut();
        let known = (connection.id.clone(), what);
        if !cache.contains_key(&known) {
            cache.insert(known.clone(), Page::whole(none));
        }
        if let Some(list) = cache.get_mut(&known) {
            seen::gather(&mut list.items, &page.items);
        }
    }
}
