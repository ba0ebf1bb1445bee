//! The state of the group page: who was read, what is marked, and what is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Capabilities, Connection, Group, GroupId, GroupKind, Snapshot};
use leptos::prelude::*;

use crate::features::directory::people_view::PeopleView;
use crate::state::directory::{PeopleDirectory, ReadingStatus};
use crate::state::group_read::GroupRead;
use domain::staged::{CurrentScope, Staged};

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

/// The state of the page. Copies share the same signals.
#[derive(Clone, Copy)]
pub struct Board {
    pub connection: StoredValue<Arc<Connection>>,
    pub group: StoredValue<GroupId>,
    /// The people, as they are read.
    pub directory: StoredValue<PeopleDirectory, LocalStorage>,
    /// How far the reading is.
    pub status: RwSignal<ReadingStatus>,
    /// The group and everyone's scope.
    pub read: RwSignal<Option<GroupRead>>,
    /// The id of the group's owner, once it was read.
    pub owner: Memo<Option<String>>,
    /// The rows that are shown.
    pub people: PeopleView,
    /// Whether only selected people are shown.
    pub is_selected_only: RwSignal<bool>,
    /// The marked changes.
    pub staged: RwSignal<Staged>,
    /// Why a change is still marked after sending, by the person's id.
    pub reasons: RwSignal<BTreeMap<Box<str>, String>>,
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

    /// What was read of the group; tracked. Nothing but its id before.
    pub fn with_read<T>(&self, look: impl FnOnce(&GroupRead) -> T) -> T {
        self.read.with(|read| match read {
            Some(read) => look(read),
            None => look(&GroupRead::new(self.group.get_value())),
        })
    }

    /// The group itself, as far as it was read; tracked.
    pub fn group_read(&self) -> Group {
        let unread = || {
            let id = self.group.get_value();
            let name = id.as_str().into();
            Group::new(id, GroupKind::Group, name)
        };
        self.read.with(|read| read.as_ref().map_or_else(unread, |read| read.group.clone()))
    }

    /// What was read, as the state that a plan starts from.
    pub fn snapshot(&self) -> Snapshot {
        let acting_as = self.connection.with_value(|connection| connection.acting_as.clone());
        let known = self.with_read(GroupRead::snapshot);
        let groups = self.group.with_value(|group| BTreeMap::from([(group.clone(), known)]));
        Snapshot { groups, acting_as, ..Snapshot::default() }
    }
}
