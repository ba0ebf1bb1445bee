//! Makes views: who is shown, and in which order.

use std::mem::size_of;

use domain::Search;
use memchr::memmem::Finder;

use crate::grouping::RowGroup;
use crate::packed::PackedPerson;
use crate::people_list::PeopleList;
use crate::rows::RowSet;
use crate::spec::{Only, ViewFilter, ViewSpec};

/// Rows searched by one call. Browsers make fast code of a function that is called again and again, not of one that
/// runs for long.
const BLOCK: u32 = 1024;

/// Who was found by the last search, so that a longer term is searched only in them.
#[derive(Clone, Debug)]
pub(crate) struct Narrowing {
    version: u64,
    wanted: Box<str>,
    /// The filter, whomever it looks at.
    filter: ViewFilter,
    found: RowSet,
}

impl Narrowing {
    /// The size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.found.bytes() + self.wanted.len() + size_of::<Self>()
    }
}

/// The place of a row in a view.
pub fn place_of(view: &[u32], row: u32) -> Option<usize> {
    view.iter().position(|other| *other == row)
}

impl PeopleList {
    /// The rows of the people who are shown, in order.
    pub fn view(&mut self, spec: &ViewSpec) -> Vec<u32> {
        self.grouped_view(spec).0
    }

    /// The rows of the people who are shown, in order, and their groups; no groups if the view has none.
    pub fn grouped_view(&mut self, spec: &ViewSpec) -> (Vec<u32>, Vec<RowGroup>) {
        self.sort_names();
        let found = self.found(spec);
        let rows = self.by_name.iter().copied().filter(|row| found.contains(*row)).collect();
        let rows = match spec.sort {
            Some(sort) => self.sorted(rows, sort),
            None => rows,
        };
        match spec.group_by {
            Some(by) => self.grouped(&rows, by),
            None => (rows, Vec::new()),
        }
    }

    /// People who are found and pass the filter.
    fn found(&mut self, spec: &ViewSpec) -> RowSet {
        let search = Search::new(&spec.search, self.decompose);
        let wanted = search.wanted();
        let filter = everyone(&spec.filter);
        let former = self.narrowing.take().filter(|former| {
            former.version == self.version() && former.filter == filter && wanted.contains(&*former.wanted)
        });
        let found = match former {
            Some(former) if *former.wanted == *wanted => former.found,
            Some(former) => self.searched(wanted, former.found),
            None => self.searched(wanted, self.filtered(&filter)),
        };
        let only = self.only(&spec.filter.only);
        let mut shown = found.clone();
        if let Some(only) = only {
            shown.intersect(&only);
        }
        self.narrowing = Some(Narrowing { version: self.version(), wanted: wanted.into(), filter, found });
        shown
    }

    /// The rows that are looked at; `None` if all are.
    fn only(&self, only: &Only) -> Option<RowSet> {
        match only {
            Only::All => None,
            Only::Selected => Some(self.selected.clone()),
            Only::Ids(ids) => {
                Some(ids.iter().filter_map(|id| self.row_of(id).or_else(|| self.row_of_email(id))).collect())
            }
        }
    }

    /// People who pass the filter.
    fn filtered(&self, filter: &ViewFilter) -> RowSet {
        let mut rows = self.living.clone();
        let columns = &self.columns;
        if !filter.scopes.is_empty() {
            let has_scope =
                |row| PackedPerson::scope(columns.flags(row)).is_some_and(|own| filter.scopes.contains(&own));
            rows.retain(has_scope);
        }
        if let Some(is_active) = filter.is_active {
            rows.retain(|row| PackedPerson::is_active(columns.flags(row)) == Some(is_active));
        }
        if !filter.roles.is_empty() {
            let roles: Vec<bool> =
                self.roles.all().iter().map(|role| filter.roles.contains(&role.id)).collect();
            rows.retain(|row| roles.get(columns.role(row) as usize) == Some(&true));
        }
        if filter.joined_from.is_some() || filter.joined_to.is_some() {
            let from = filter.joined_from.unwrap_or_default();
            let to = filter.joined_to.unwrap_or(u64::MAX);
            rows.retain(|row| columns.joined_at(row).is_some_and(|at| (from..=to).contains(&at)));
        }
        if !filter.domains.is_empty() {
            let mut domains: Vec<String> =
                filter.domains.iter().map(|domain| domain.to_lowercase()).collect();
            domains.sort_unstable();
            let mut buffer = String::new();
            rows.retain(|row| {
                let own = columns.person(row).email_domain(&mut buffer);
                own.is_some_and(|own| domains.binary_search_by(|domain| (**domain).cmp(&own)).is_ok())
            });
        }
        rows
    }

    /// Those of the rows that have the text in one of theirs, or in the name of their role.
    fn searched(&self, wanted: &str, mut rows: RowSet) -> RowSet {
        if wanted.is_empty() {
            return rows;
        }
        let finder = Finder::new(wanted);
        let roles: Vec<bool> = self.roles.all().iter().map(|role| role.folded.contains(wanted)).collect();
        let has_role = |row| roles.get(self.columns.role(row) as usize) == Some(&true);
        let text = self.columns.text();
        // Looking at one row after the other costs more, unless they are few.
        if rows.len() < self.columns.n_rows() as usize / 4 {
            rows.retain(|row| {
                has_role(row) || finder.find(&text[self.columns.start(row)..self.columns.end(row)]).is_some()
            });
            return rows;
        }
        let mut found = RowSet::default();
        for first in (0..self.columns.n_rows()).step_by(BLOCK as usize) {
            self.search_block(&finder, first, &mut found);
        }
        if roles.contains(&true) {
            rows.iter().filter(|row| has_role(*row)).for_each(|row| found.insert(row));
        }
        rows.intersect(&found);
        rows
    }

    /// Searches a block of rows, dead ones too.
    #[inline(never)]
    fn search_block(&self, finder: &Finder, first: u32, found: &mut RowSet) {
        let columns = &self.columns;
        let last = (columns.n_rows() - 1).min(first + BLOCK - 1);
        let text = &columns.text()[..columns.end(last)];
        let (mut row, mut at) = (first, columns.start(first));
        while let Some(offset) = finder.find(&text[at..]) {
            while columns.end(row) <= at + offset {
                row += 1;
            }
            found.insert(row);
            at = columns.end(row);
            row += 1;
        }
    }
}

/// The same filter, looking at everyone.
fn everyone(filter: &ViewFilter) -> ViewFilter {
    ViewFilter {
        scopes: filter.scopes.clone(),
        roles: filter.roles.clone(),
        is_active: filter.is_active,
        joined_from: filter.joined_from,
        joined_to: filter.joined_to,
        domains: filter.domains.clone(),
        only: Only::All,
    }
}
