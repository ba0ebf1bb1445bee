//! The state of the group page: who was read, what is marked, and what is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Capabilities, Connection, GroupId, Scope, Search, Snapshot};
use leptos::prelude::*;

use super::staged::{CurrentScope, Staged};
use crate::features::reading::group_state::Roster;
use crate::state::session::Failure;

/// Which people the matrix shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    All,
    /// Those with a marked change.
    Staged,
    Banned,
}

impl Show {
    pub const ALL: [Self; 3] = [Self::All, Self::Staged, Self::Banned];

    /// The name in the URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Staged => "staged",
            Self::Banned => "banned",
        }
    }
}

/// Which rows are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// The search in names and ids.
    pub find: Search,
    /// Which people are shown.
    pub show: Show,
    /// Shows only this scope.
    pub scope: Option<Scope>,
}

/// The state of the page. Copies share the same signals.
#[derive(Clone, Copy)]
pub struct Board {
    pub connection: StoredValue<Arc<Connection>>,
    pub group: StoredValue<GroupId>,
    /// The people read so far.
    pub roster: RwSignal<Roster>,
    /// The marked changes.
    pub staged: RwSignal<Staged>,
    /// Why a change is still marked after sending, by the person's id.
    pub reasons: RwSignal<BTreeMap<Box<str>, String>>,
    /// The filter of the rows.
    pub filter: Memo<Filter>,
    /// Indices of the visible people in the roster.
    pub visible: Memo<Vec<usize>>,
    /// True while something is being read.
    pub is_reading: RwSignal<bool>,
    /// Why the next page of members could not be read.
    pub trouble: RwSignal<Option<Failure>>,
    /// Reads the next page of members.
    pub read_more: Callback<()>,
    /// Clears all filters.
    pub show_all: Callback<()>,
}

impl Board {
    /// The vendor's capabilities.
    pub fn capabilities(&self) -> Capabilities {
        self.connection.with_value(|connection| vendors::capabilities(connection.vendor))
    }

    /// The columns: every scope of the vendor, then "not in the group".
    pub fn columns(&self) -> Vec<CurrentScope> {
        let scopes = self.capabilities().groups.map_or(&[][..], |groups| groups.scopes);
        scopes.iter().copied().map(Some).chain([None]).collect()
    }

    /// What was read, as the state that a plan starts from.
    pub fn snapshot(&self) -> Snapshot {
        let acting_as = self.connection.with_value(|connection| connection.acting_as.clone());
        let known = self.roster.with(Roster::snapshot);
        let groups = self.group.with_value(|group| BTreeMap::from([(group.clone(), known)]));
        Snapshot { groups, acting_as, ..Snapshot::default() }
    }
}

/// Indices of the people that match a filter.
pub fn matching(roster: &Roster, filter: &Filter, is_staged: impl Fn(&str) -> bool) -> Vec<usize> {
    let is_match = |(idx, person): (usize, &domain::Member)| {
        let finds = filter.find.finds_any([Some(&*person.id), person.name.as_deref()].into_iter().flatten());
        let is_shown = match filter.show {
            Show::All => true,
            Show::Staged => is_staged(&person.id),
            Show::Banned => person.scope == Some(Scope::Banned),
        };
        let has_scope = filter.scope.is_none_or(|scope| person.scope == Some(scope));
        (finds && is_shown && has_scope).then_some(idx)
    };
    roster.people.iter().enumerate().filter_map(is_match).collect()
}
