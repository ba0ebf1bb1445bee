//! The only reader of groups: the group itself, its members page by page, and its bans. Pages show the
//! [`Roster`]; a plan starts from its [snapshot](Roster::snapshot).

use domain::order;
use domain::snapshot::GroupSnapshot;
use domain::{
    ApiError, Connection, ConnectionId, Cursor, ErrorClass, Group, GroupId, GroupKind, Member, Millis, Page,
    Query, Scope, State,
};

use crate::state::reads::{read_all, read_page};
use crate::state::session::{Failure, Session};
use browser::clock;
use i18n::compare;

/// Most members that are read at once; a larger group is read page by page, on demand.
const READ_AT_ONCE: u64 = 1_000;
/// Maximum number of pages read at once, however small the vendor makes them.
const MAX_PAGES_AT_ONCE: usize = 20;

/// Reads what a plan has to know about a group.
///
/// # Errors
/// If one of the reads fails.
pub async fn read_group_state(
    session: Session,
    connection: &Connection,
    group: &GroupId,
) -> Result<GroupSnapshot, Failure> {
    Ok(Roster::read(session, &connection.id, group).await?.snapshot())
}

/// Maximum number of groups read for one plan. Further groups are planned unread; the vendor's answers then
/// tell what was already so.
const MAX_GROUPS_AT_ONCE: usize = 20;

/// Reads what a plan has to know about several groups. A missing or unreadable group is left out, and its
/// people are planned as in an unread group.
///
/// # Errors
/// If a read fails for a transient reason, such as a rate limit.
pub async fn read_group_states(
    session: Session,
    connection: &Connection,
    groups: &[GroupId],
) -> Result<Vec<(GroupId, GroupSnapshot)>, Failure> {
    let can_read =
        vendors::capabilities(connection.vendor).groups.is_some_and(|groups| groups.can_list_members);
    let mut states = Vec::new();
    for group in groups.iter().take(if can_read { MAX_GROUPS_AT_ONCE } else { 0 }) {
        match read_group_state(session, connection, group).await {
            Ok(state) => states.push((group.clone(), state)),
            Err(failed) if failed.error.class == ErrorClass::NotFound || is_unreadable(&failed.error) => {}
            Err(failed) => return Err(failed),
        }
    }
    Ok(states)
}

/// Whether a failed read says nothing about the group and need not hold for a change: a key, relay or vendor
/// that does not allow reading. False for missing groups and rate limits.
pub fn is_unreadable(error: &ApiError) -> bool {
    match error.class {
        ErrorClass::Refused
        | ErrorClass::Auth
        | ErrorClass::Limit
        | ErrorClass::Server
        | ErrorClass::Unknown => true,
        ErrorClass::NotFound | ErrorClass::RateLimited | ErrorClass::AlreadyDone => false,
    }
}

/// A group and its people, as far as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// The group itself.
    pub group: Group,
    /// People sorted by name, including banned ones, without duplicates.
    pub people: Vec<Member>,
    /// How many of `people` are banned.
    pub n_banned: usize,
    /// False if there are more bans than were read.
    pub has_all_banned: bool,
    /// The cursor of the next page of members; `None` if all were read.
    pub next: Option<Cursor>,
    /// Rows of the member list read so far, and the total given by the vendor.
    listed: (u64, u64),
    /// Time of the last read.
    pub read_at: Millis,
    /// Number of calls made.
    pub n_calls: usize,
}

impl Roster {
    /// A group with nothing read yet.
    pub fn unread(id: GroupId) -> Self {
        let name = id.as_str().into();
        let group = Group::new(id, GroupKind::Group, name);
        Self {
            group,
            people: Vec::new(),
            n_banned: 0,
            has_all_banned: true,
            next: None,
            listed: (0, 0),
            read_at: 0,
            n_calls: 0,
        }
    }

    /// Reads the group, its bans and its members: all of a small group, the first page of a large one.
    pub async fn read(session: Session, connection: &ConnectionId, id: &GroupId) -> Result<Self, Failure> {
        let mut roster = Self::unread(id.clone());
        let page = read_page(session, connection, &Query::Group { group: id.clone() }, None).await?;
        roster.n_calls += 1;
        if let Some(group) = page.into_groups().into_iter().next() {
            roster.group = group;
        }
        let banned = Query::Banned { group: id.clone() };
        let (mut people, mut n_calls, mut total) = (Vec::new(), 0, 0);
        let is_at_end = read_all(session, connection, &banned, MAX_PAGES_AT_ONCE, |page| {
            n_calls += 1;
            total = total.max(page.total.unwrap_or_default());
            people.extend(page.into_members());
        })
        .await?;
        roster.n_calls += n_calls;
        roster.has_all_banned = is_at_end && people.len() as u64 >= total;
        for mut person in people {
            person.scope = Some(Scope::Banned);
            roster.upsert(person);
        }
        roster.read_more(session, connection).await?;
        let is_small = roster.group.n_members.is_some_and(|n_members| n_members <= READ_AT_ONCE);
        for _ in 1..MAX_PAGES_AT_ONCE {
            if !is_small || roster.next.is_none() {
                break;
            }
            roster.read_more(session, connection).await?;
        }
        Ok(roster)
    }

    /// Reads the next page of members, or the first.
    pub async fn read_more(&mut self, session: Session, connection: &ConnectionId) -> Result<(), Failure> {
        let query = Query::GroupMembers { group: self.group.id.clone(), scopes: Vec::new() };
        let page = read_page(session, connection, &query, self.next).await?;
        self.n_calls += 1;
        self.add_page(page);
        self.read_at = clock::now();
        Ok(())
    }

    /// What was read, as the state that a plan starts from.
    pub fn snapshot(&self) -> GroupSnapshot {
        let scope_of = |person: &Member| Some((person.id.clone(), person.scope?));
        // A listed member may be banned as well, so a scope is uncertain until all bans are read.
        let is_certain = |scope: Scope| self.has_all_banned || scope == Scope::Banned;
        let known = self.people.iter().filter_map(scope_of).filter(|(_, scope)| is_certain(*scope));
        GroupSnapshot {
            name: Some(self.group.name.clone()),
            scopes: known.collect(),
            is_complete: self.has_everybody(),
            owner: self.group.owner.clone(),
            n_members: self.group.n_members,
            read_at: self.read_at,
        }
    }

    /// A person's scope, as far as it was read.
    pub fn standing(&self, id: &str) -> Option<Scope> {
        self.people.iter().find(|person| &*person.id == id)?.scope
    }

    /// A person's scope, or whether they are known not to be in the group.
    pub fn state(&self, id: &str) -> State {
        match self.standing(id) {
            Some(scope) => State::Scope(scope),
            None if self.has_everybody() => State::Absent,
            None => State::Unread,
        }
    }

    /// Whether everyone was read, so that a person who is not listed is not in the group. A list shorter than
    /// the vendor's total is incomplete.
    fn has_everybody(&self) -> bool {
        let (n_listed, total) = self.listed;
        self.next.is_none() && self.has_all_banned && n_listed >= total
    }

    fn add_page(&mut self, page: Page) {
        let next = page.next;
        // A vendor that repeats a cursor would be read forever.
        self.next = next.filter(|next| Some(*next) != self.next);
        self.listed.1 = self.listed.1.max(page.total.unwrap_or_default());
        for person in page.into_members() {
            self.listed.0 += 1;
            self.upsert(person);
        }
        order::sort_by(&mut self.people, |a, b| compare(a.label(), b.label()));
    }

    fn upsert(&mut self, person: Member) {
        let place = self.people.iter().position(|known| known.id == person.id);
        match place {
            // A person in both lists is banned.
            Some(place) if self.people[place].scope == Some(Scope::Banned) => {}
            Some(place) => self.people[place] = person,
            None => {
                self.n_banned += usize::from(person.scope == Some(Scope::Banned));
                self.people.push(person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn person(id: &str, scope: Scope) -> Member {
        Member { id: id.into(), scope: Some(scope), ..Member::default() }
    }

    fn page(people: Vec<Member>, next: Option<u64>) -> Page {
        Page { items: domain::Items::Members(people), next: next.map(Cursor), total: None }
    }

    #[wasm_bindgen_test]
    fn nobody_is_there_twice_and_a_ban_counts_more_than_a_membership() {
        let mut roster = Roster::unread(GroupId::new("g"));
        roster.upsert(person("bo", Scope::Banned));
        roster.add_page(page(vec![person("bo", Scope::Admin), person("ada", Scope::Admin)], Some(2)));
        roster.add_page(page(vec![person("ada", Scope::Participant)], None));
        let snapshot = roster.snapshot();
        assert_eq!(roster.n_banned, 1);
        assert_eq!(snapshot.scopes.len(), 2);
        assert_eq!(
            (roster.standing("bo"), roster.standing("ada")),
            (Some(Scope::Banned), Some(Scope::Participant))
        );
        assert!(snapshot.is_complete);
    }

    #[wasm_bindgen_test]
    fn a_list_shorter_than_the_vendor_says_does_not_show_who_is_out() {
        for (total, is_known) in [(None, true), (Some(2), true), (Some(3), false)] {
            let mut roster = Roster::unread(GroupId::new("g"));
            let people = vec![person("ada", Scope::Admin), person("cy", Scope::Participant)];
            roster.add_page(Page { total, ..page(people, None) });
            assert_eq!(roster.state("bo") != State::Unread, is_known, "{total:?}");
            assert_eq!(roster.snapshot().is_complete, is_known, "{total:?}");
        }
    }

    #[wasm_bindgen_test]
    fn who_may_be_banned_is_not_known_to_be_a_member() {
        let mut roster = Roster::unread(GroupId::new("g"));
        roster.has_all_banned = false;
        roster.upsert(person("bo", Scope::Banned));
        roster.add_page(page(vec![person("ada", Scope::Admin)], None));
        let snapshot = roster.snapshot();
        assert!(!snapshot.is_complete);
        assert_eq!(snapshot.scopes.into_iter().collect::<Vec<_>>(), [("bo".into(), Scope::Banned)]);
    }

    #[wasm_bindgen_test]
    fn an_absent_person_is_out_only_if_everybody_was_read() {
        let mut roster = Roster::unread(GroupId::new("g"));
        roster.add_page(page(vec![person("ada", Scope::Admin)], Some(2)));
        assert_eq!((roster.state("bo"), roster.snapshot().is_complete), (State::Unread, false));
        // A repeated cursor would be read forever, so the list ends there.
        roster.add_page(page(vec![person("cy", Scope::Admin)], Some(2)));
        assert_eq!((roster.next, roster.state("bo")), (None, State::Absent));
    }
}
