//! Reads groups for plans.

use std::sync::Arc;

use domain::snapshot::GroupSnapshot;
use domain::{ApiError, Connection, ErrorClass, GroupId, Query, Snapshot};

use crate::state::group_read::GroupRead;
use crate::state::reads::read_page;
use crate::state::session::{Failure, Session};
use crate::state::whole::{ListReading, ReadEvent};

/// Largest group that is read for a plan. Of a larger one, the first page is: further people are planned unread, and the
/// vendor's answers tell what was already so.
pub const MAX_MEMBERS: u64 = 20_000;

/// Reads what a plan has to know about a group.
///
/// # Errors
/// If one of the reads fails.
pub async fn read_group_state(
    session: Session,
    connection: &Arc<Connection>,
    group: &GroupId,
) -> Result<GroupSnapshot, Failure> {
    let mut read = GroupRead::new(group.clone());
    let page = read_page(session, &connection.id, &Query::Group { group: group.clone() }, None).await?;
    read.take_group(page);
    let mut n_listed = 0;
    for query in GroupRead::lists(group) {
        let has_limit = matches!(query, Query::GroupMembers { .. });
        let mut list = ListReading::new(connection, query.clone()).await?;
        list.read_on(session, None, connection, |list, event| {
            if let ReadEvent::Page(read_page) = event {
                let people = read_page.page.into_members();
                n_listed += people.len() as u64;
                read.take(&query, &people);
                read.note_end(&query, list.is_over() && list.progress().is_sure);
            }
            !has_limit || read.group.n_members.unwrap_or(n_listed) <= MAX_MEMBERS
        })
        .await?;
    }
    Ok(read.snapshot())
}

/// Maximum number of groups read for one plan. Further groups are planned unread; the vendor's answers then
/// tell what was already so.
pub const MAX_GROUPS_AT_ONCE: usize = 20;

/// What was read of several groups.
#[derive(Clone, Debug, Default)]
pub struct GroupStates {
    /// The groups that were read.
    pub read: Vec<(GroupId, GroupSnapshot)>,
    /// The groups that do not exist.
    pub missing: Vec<GroupId>,
}

impl GroupStates {
    /// What a plan of this connection starts from: what was read, and what earlier runs tell.
    pub fn into_snapshot(self, session: Session, connection: &Connection) -> Snapshot {
        let mut snapshot = session.ledger_snapshot(&connection.id);
        snapshot.acting_as.clone_from(&connection.acting_as);
        snapshot.groups.extend(self.read);
        snapshot.missing_groups.extend(self.missing);
        snapshot
    }
}

/// Reads what a plan has to know about several groups. An unreadable group is left out, and its people are planned as
/// in an unread group.
///
/// # Errors
/// If a read fails for a transient reason, such as a rate limit.
pub async fn read_group_states(
    session: Session,
    connection: &Arc<Connection>,
    groups: &[GroupId],
) -> Result<GroupStates, Failure> {
    let can_read =
        vendors::capabilities(connection.vendor).groups.is_some_and(|groups| groups.can_list_members);
    let mut states = GroupStates::default();
    for group in groups.iter().take(if can_read { MAX_GROUPS_AT_ONCE } else { 0 }) {
        match read_group_state(session, connection, group).await {
            Ok(state) => states.read.push((group.clone(), state)),
            Err(failed) if failed.error.class == ErrorClass::NotFound => states.missing.push(group.clone()),
            Err(failed) if is_unreadable(&failed.error) => {}
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
