//! Counts of people, for the facts above a list and for its filters.

use domain::Scope;
use serde::{Deserialize, Serialize};

use crate::key_table::{KeyTable, hash};
use crate::packed::PackedPerson;
use crate::people_list::PeopleList;

/// The number of domains that are named.
const MAX_DOMAINS: usize = 50;

/// How many people there are of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListCounts {
    /// Everyone, with those who are banned.
    pub n_people: usize,
    /// Admins of the group.
    pub n_admins: usize,
    /// Moderators of the group.
    pub n_moderators: usize,
    /// Participants of the group.
    pub n_participants: usize,
    /// People who are banned from the group.
    pub n_banned: usize,
    /// People without a scope.
    pub n_unscoped: usize,
    /// People who are active.
    pub n_active: usize,
    /// People who are not active. The state of everyone else is unknown.
    pub n_inactive: usize,
    /// Roles that someone has, most frequent first.
    pub roles: Vec<RoleCount>,
    /// The most frequent domains of e-mail addresses, at most 50.
    pub domains: Vec<DomainCount>,
    /// The number of all domains.
    pub n_domains: usize,
}

/// How many people have a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCount {
    /// The role's id.
    pub id: Box<str>,
    /// The role's name.
    pub name: Box<str>,
    /// The number of people.
    pub n_people: usize,
}

/// How many people have an e-mail address in a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainCount {
    /// The domain, in lower case.
    pub domain: Box<str>,
    /// The number of people.
    pub n_people: usize,
}

impl PeopleList {
    /// Counts everyone in the list.
    pub fn counts(&self) -> ListCounts {
        let mut counts = ListCounts { n_people: self.len(), ..ListCounts::default() };
        let mut n_by_role = vec![0_usize; self.roles.all().len()];
        let mut domains = Domains::default();
        let mut buffer = String::new();
        for row in self.living.iter() {
            let flags = self.columns.flags(row);
            let n_scope = match PackedPerson::scope(flags) {
                Some(Scope::Admin) => &mut counts.n_admins,
                Some(Scope::Moderator) => &mut counts.n_moderators,
                Some(Scope::Participant) => &mut counts.n_participants,
                Some(Scope::Banned) => &mut counts.n_banned,
                None => &mut counts.n_unscoped,
            };
            *n_scope += 1;
            match PackedPerson::is_active(flags) {
                Some(true) => counts.n_active += 1,
                Some(false) => counts.n_inactive += 1,
                None => {}
            }
            if let Some(n_role) = n_by_role.get_mut(self.columns.role(row) as usize) {
                *n_role += 1;
            }
            if let Some(domain) = self.columns.person(row).email_domain(&mut buffer) {
                domains.count(&domain);
            }
        }
        let roles = self.roles.all().iter().zip(n_by_role).filter(|(_, n_people)| *n_people > 0);
        let count = |role: &crate::roles::KnownRole, n_people| RoleCount {
            id: role.id.clone(),
            name: role.name.clone(),
            n_people,
        };
        counts.roles = roles.map(|(role, n_people)| count(role, n_people)).collect();
        let order = |role: &RoleCount| (usize::MAX - role.n_people, role.name.clone(), role.id.clone());
        counts.roles.sort_by_cached_key(order);
        counts.n_domains = domains.counts.len();
        counts.domains = domains.most_frequent();
        counts
    }
}

/// Domains in the order in which they were met.
#[derive(Default)]
pub(crate) struct Domains {
    counts: Vec<DomainCount>,
    table: KeyTable,
}

impl Domains {
    /// Counts a person, and returns the number of the domain.
    pub(crate) fn count(&mut self, domain: &str) -> usize {
        let hash_of = |domain: &str| hash(0, domain.as_bytes());
        let hash = hash_of(domain);
        let is_same = |at: u32| *self.counts[at as usize].domain == *domain;
        if let Some(at) = self.table.find(hash, is_same) {
            self.counts[at as usize].n_people += 1;
            return at as usize;
        }
        if !self.table.has_room() {
            self.table = KeyTable::with_room(self.counts.len() * 2 + 8);
            for (at, known) in (0..).zip(&self.counts) {
                self.table.insert(hash_of(&known.domain), at);
            }
        }
        self.table.insert(hash, self.counts.len() as u32);
        self.counts.push(DomainCount { domain: domain.into(), n_people: 1 });
        self.counts.len() - 1
    }

    /// All domains, by their numbers.
    pub(crate) fn into_counts(self) -> Vec<DomainCount> {
        self.counts
    }

    fn most_frequent(mut self) -> Vec<DomainCount> {
        self.counts.sort_unstable_by(|one, other| {
            other.n_people.cmp(&one.n_people).then_with(|| one.domain.cmp(&other.domain))
        });
        self.counts.truncate(MAX_DOMAINS);
        self.counts
    }
}
