//! Groups and people that pages of this tab have read, so that the command palette finds them. They are kept with
//! what is cached of a connection, never on the device, and forgotten when it is locked.

use domain::{ConnectionId, Group, Items, Member, Page, seen};

use super::Session;

/// The keys of the cache.
const GROUPS: &str = "seen groups";
const PEOPLE: &str = "seen people";

impl Session {
    /// The groups that pages have read; untracked.
    pub fn seen_groups(self, id: &ConnectionId) -> Vec<Group> {
        self.cached(id, GROUPS).map(Page::into_groups).unwrap_or_default()
    }

    /// The people that pages have read; untracked.
    pub fn seen_people(self, id: &ConnectionId) -> Vec<Member> {
        self.cached(id, PEOPLE).map(Page::into_members).unwrap_or_default()
    }

    pub(crate) fn note_seen(self, id: &ConnectionId, page: &Page) {
        let (what, none) = match page.items {
            Items::Groups(_) => (GROUPS, Items::Groups(Vec::new())),
            Items::Members(_) => (PEOPLE, Items::Members(Vec::new())),
            Items::Roles(_) | Items::Prices(_) => return,
        };
        let inner = self.inner();
        let mut cache = inner.cache.borrow_mut();
        let known = (id.clone(), what);
        if !cache.contains_key(&known) {
            cache.insert(known.clone(), Page { items: none, next: None, total: None });
        }
        if let Some(list) = cache.get_mut(&known) {
            seen::gather(&mut list.items, &page.items);
        }
    }
}
