//! Puts the rows of a view into groups.

use std::collections::BTreeMap;

use domain::Scope;
use serde::{Deserialize, Serialize};

use crate::counts::Domains;
use crate::packed::PackedPerson;
use crate::people_list::PeopleList;
use crate::spec::GroupBy;

/// What the people of a group have in common, as it is in a filter: a scope's name, a role's id, a domain, or
/// [`ACTIVE`] or [`INACTIVE`]. `None` for those who have none.
pub type GroupValue = Option<Box<str>>;

/// The value of people who are active.
pub const ACTIVE: &str = "active";
/// The value of people who are not active.
pub const INACTIVE: &str = "inactive";

/// A group of people who follow each other in a view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowGroup {
    /// What they have in common.
    pub value: GroupValue,
    /// The name of a role, which may be blank; for all others, the value again.
    pub name: Box<str>,
    /// Number of people.
    pub n_people: usize,
}

impl RowGroup {
    fn new(value: &str, name: &str) -> Self {
        Self { value: Some(value.into()), name: name.into(), n_people: 0 }
    }

    fn of_values(values: &[&str]) -> Vec<Self> {
        values.iter().map(|value| Self::new(value, value)).collect()
    }
}

/// The groups that there can be, in order, and the number of each row's group. Rows without a value have the number after
/// the last.
struct Numbered {
    groups: Vec<RowGroup>,
    numbers: Vec<usize>,
}

impl PeopleList {
    /// Puts sorted rows into groups. Within a group they keep their order.
    pub(crate) fn grouped(&mut self, rows: &[u32], by: GroupBy) -> (Vec<u32>, Vec<RowGroup>) {
        let Numbered { mut groups, numbers } = match by {
            GroupBy::Scope => self.by_scope(rows),
            GroupBy::State => self.by_state(rows),
            GroupBy::Role => self.by_role(rows),
            GroupBy::Domain => self.by_domain(rows),
        };
        groups.push(RowGroup::default());
        numbers.iter().for_each(|number| groups[*number].n_people += 1);
        let mut next: Vec<usize> = Vec::with_capacity(groups.len());
        let mut n_before = 0;
        for group in &groups {
            next.push(n_before);
            n_before += group.n_people;
        }
        let mut sorted = vec![0; rows.len()];
        for (row, number) in rows.iter().zip(numbers) {
            sorted[next[number]] = *row;
            next[number] += 1;
        }
        groups.retain(|group| group.n_people > 0);
        (sorted, groups)
    }

    fn by_scope(&self, rows: &[u32]) -> Numbered {
        let scope = |row: &u32| PackedPerson::scope(self.columns.flags(*row));
        let numbers = rows.iter().map(|row| scope(row).map_or(Scope::ALL.len(), |scope| scope as usize));
        Numbered { groups: RowGroup::of_values(&Scope::ALL.map(Scope::slug)), numbers: numbers.collect() }
    }

    fn by_state(&self, rows: &[u32]) -> Numbered {
        let number = |row: &u32| match PackedPerson::is_active(self.columns.flags(*row)) {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        };
        let numbers = rows.iter().map(number).collect();
        Numbered { groups: RowGroup::of_values(&[ACTIVE, INACTIVE]), numbers }
    }

    /// By the id of the role, in the order of names. Roles without a name are the last.
    fn by_role(&self, rows: &[u32]) -> Numbered {
        let roles = self.roles.all();
        let mut is_used = vec![false; roles.len()];
        for row in rows {
            if let Some(is_used) = is_used.get_mut(self.columns.role(*row) as usize) {
                *is_used = true;
            }
        }
        let used = roles.iter().zip(is_used).filter(|(_, is_used)| *is_used);
        // While people are read again, a role that was renamed has both names. The new one was met last.
        let names: BTreeMap<&str, &str> = used.map(|(role, _)| (&*role.id, &*role.name)).collect();
        let mut groups: Vec<RowGroup> = names.into_iter().map(|(id, name)| RowGroup::new(id, name)).collect();
        let is_blank = |group: &RowGroup| group.name.trim().is_empty();
        groups.sort_by(|one, other| {
            let by_name = || self.letters.cmp(&one.name, &other.name);
            let are_blank = (is_blank(one), is_blank(other));
            let by_blank = are_blank.0.cmp(&are_blank.1);
            by_blank.then_with(|| if are_blank.0 { one.value.cmp(&other.value) } else { by_name() })
        });
        let places: BTreeMap<&str, usize> = groups
            .iter()
            .zip(0..)
            .filter_map(|(group, place)| Some((group.value.as_deref()?, place)))
            .collect();
        let by_number: Vec<usize> =
            roles.iter().map(|role| places.get(&*role.id).copied().unwrap_or(groups.len())).collect();
        let number = |row: &u32| by_number.get(self.columns.role(*row) as usize).copied();
        let numbers = rows.iter().map(|row| number(row).unwrap_or(groups.len())).collect();
        Numbered { groups, numbers }
    }

    fn by_domain(&mut self, rows: &[u32]) -> Numbered {
        let mut domains = Domains::default();
        let mut buffer = String::new();
        let mut number = |row: &u32| {
            let domain = self.columns.person(*row).email_domain(&mut buffer)?;
            Some(domains.count(&domain))
        };
        let met: Vec<Option<usize>> = rows.iter().map(&mut number).collect();
        let domains = domains.into_counts();
        // They are in lower case, so they may have other letters than the addresses.
        domains.iter().for_each(|known| self.letters.learn(&known.domain));
        self.letters.prepare();
        let mut order: Vec<usize> = (0..domains.len()).collect();
        order.sort_by(|one, other| self.letters.cmp(&domains[*one].domain, &domains[*other].domain));
        let mut places = vec![0; domains.len()];
        order.iter().zip(0..).for_each(|(number, place)| places[*number] = place);
        let numbers = met.into_iter().map(|number| number.map_or(domains.len(), |number| places[number]));
        let name = |number: &usize| &*domains[*number].domain;
        let groups = order.iter().map(name).map(|name| RowGroup::new(name, name)).collect();
        Numbered { numbers: numbers.collect(), groups }
    }
}
