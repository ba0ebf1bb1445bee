//! What a plan has to know of one group before it is made.

use domain::snapshot::GroupSnapshot;
use domain::{Connection, GroupId, Query};

use crate::clock;
use crate::reads::{read_all, read_page};
use crate::session::{Failure, Session};

/// Pages of members that are read for a plan; a larger group is planned without knowing everybody.
const MAX_PAGES: usize = 5;

/// Reads a group's size and owner, and its people and bans if it is not too large for that.
///
/// # Errors
/// If one of the reads fails.
pub async fn read_group_state(
    session: Session,
    connection: &Connection,
    group: &GroupId,
) -> Result<GroupSnapshot, Failure> {
    let id = &connection.id;
    let about = read_page(session, id, &Query::Group { group: group.clone() }, None).await?;
    let about = about.into_groups().into_iter().next();
    let mut state = GroupSnapshot {
        owner: about.as_ref().and_then(|group| group.owner.clone()),
        n_members: about.and_then(|group| group.n_members),
        ..GroupSnapshot::default()
    };
    if state.n_members.is_some_and(|n| n <= 100 * MAX_PAGES as u64) {
        let members = Query::GroupMembers { group: group.clone(), scopes: Vec::new() };
        let mut note = |page: domain::Page| {
            let members = page.into_members().into_iter();
            state.scopes.extend(members.filter_map(|member| Some((member.id, member.scope?))));
        };
        let all_members = read_all(session, id, &members, MAX_PAGES, &mut note).await?;
        let banned = Query::Banned { group: group.clone() };
        let mut note = |page: domain::Page| {
            let banned = page.into_members().into_iter();
            state.scopes.extend(banned.map(|member| (member.id, domain::Scope::Banned)));
        };
        let all_banned = read_all(session, id, &banned, MAX_PAGES, &mut note).await?;
        state.is_complete = all_members && all_banned;
    }
    state.read_at = clock::now();
    Ok(state)
}
