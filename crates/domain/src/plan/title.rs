//! What a plan does, as data that the console puts into words.

use serde::{Deserialize, Serialize};

use super::Plan;
use crate::{Connection, Flow, GroupId, Operation, Scope, order};

/// The kind of change that a plan makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TitleKind {
    /// Adds people to a group or community.
    Add,
    /// Bans people from a group.
    Ban,
    /// Invites people, to a community if there is a place.
    Invite,
    /// Adds people to the whole community without an invite.
    Register,
    /// Makes people moderators of a community.
    MakeModerators,
    /// Changes scopes.
    SetScopes,
    /// Removes people from a group.
    Remove,
    /// Unbans people.
    Unban,
    /// Ends subscriptions.
    Unsubscribe,
    /// Creates groups.
    CreateGroup,
    /// Changes a group's fields.
    EditGroup,
    /// Deletes a group.
    DeleteGroup,
    /// Creates a community.
    CreateCommunity,
    /// Several kinds at once.
    #[default]
    Mixed,
}

impl TitleKind {
    /// The kind of an operation.
    pub fn of(operation: &Operation) -> Self {
        match operation {
            Operation::AddToGroup { scope: Scope::Banned, .. } | Operation::Ban { .. } => Self::Ban,
            Operation::AddToCommunity { flow: Flow::Invite, .. }
            | Operation::Register { flow: Flow::Invite, .. }
            | Operation::Invite { .. } => Self::Invite,
            Operation::AddToGroup { .. } | Operation::AddToCommunity { .. } => Self::Add,
            Operation::Register { .. } => Self::Register,
            Operation::MakeModerator { .. } => Self::MakeModerators,
            Operation::SetScope { .. } => Self::SetScopes,
            Operation::Kick { .. } => Self::Remove,
            Operation::Unban { .. } => Self::Unban,
            Operation::Unsubscribe { .. } => Self::Unsubscribe,
            Operation::CreateGroup(_) => Self::CreateGroup,
            Operation::EditGroup { .. } => Self::EditGroup,
            Operation::DeleteGroup { .. } => Self::DeleteGroup,
            Operation::CreateCommunity(_) => Self::CreateCommunity,
        }
    }
}

/// Where the changes of a plan are made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TitlePlace {
    /// In the whole community.
    #[default]
    Community,
    /// In one group or community of this name, or of this id if its name is unknown.
    Named(Box<str>),
    /// In this many groups or communities.
    Several(u32),
}

/// The title of a plan and of its run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// The kind of change.
    pub kind: TitleKind,
    /// The number of people, or of changes if the kinds are mixed.
    pub count: u32,
    /// Where.
    #[serde(default)]
    pub place: TitlePlace,
}

impl Plan {
    /// The title of what is still to be sent; the default if that is nothing.
    pub fn title(&self, connection: &Connection) -> Title {
        let Some(first) = self.to_send().next() else { return Title::default() };
        let first_kind = TitleKind::of(&first.operation);
        let is_mixed = self.to_send().any(|change| TitleKind::of(&change.operation) != first_kind);
        let (kind, count) = if is_mixed {
            (TitleKind::Mixed, self.to_send().count())
        } else {
            (first_kind, self.n_people_to_send())
        };
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Title { kind, count, place: self.title_place(connection, is_mixed) }
    }

    fn title_place(&self, connection: &Connection, is_mixed: bool) -> TitlePlace {
        let mut created = self.to_send().filter_map(|change| match &*change.operation {
            Operation::CreateGroup(new) => Some(&new.name),
            Operation::CreateCommunity(new) => Some(&new.name),
            _ => None,
        });
        if let Some(name) = created.next() {
            return match created.count() {
                0 => TitlePlace::Named(name.clone()),
                _ if is_mixed => TitlePlace::Community,
                more => TitlePlace::Several(u32::try_from(more + 1).unwrap_or(u32::MAX)),
            };
        }
        let groups = order::distinct(self.to_send().filter_map(|change| change.operation.group()));
        match groups.as_slice() {
            [] => TitlePlace::Community,
            [group] => TitlePlace::Named(self.name_of(group, connection).into()),
            several => TitlePlace::Several(several.len() as u32),
        }
    }

    /// The name given to a group in the connection, else the name that was read, else its id.
    fn name_of<'a>(&'a self, group: &'a GroupId, connection: &'a Connection) -> &'a str {
        let given = connection.known_groups.iter().find(|known| known.id == *group).map(|known| &*known.name);
        let read = self.group_names.get(group).map(AsRef::as_ref);
        let name = given.or(read).filter(|name| !name.trim().is_empty());
        name.unwrap_or_else(|| group.as_str())
    }
}
