//! The community "Founders Guild": 140 users, six roles, four plans, nine pending invites.

use super::state::{Invite, Plan, Role, State, User, fold};
use crate::{ids, names};

/// 1 May 2026, in milliseconds.
const FIRST_INVITE_AT: u64 = 1_777_593_600_000;

pub(super) fn state() -> State {
    let mut state = State { roles: roles(), plans: plans(), ..State::default() };
    add(&mut state, ids::NETWORKED_OWNER_EMAIL, "Ines Okafor", ids::NETWORKED_ADMIN);
    for number in 1..140 {
        let role = match number {
            1..=3 => ids::NETWORKED_ADMIN,
            4..=11 => ids::NETWORKED_MODERATOR,
            number if number % 11 == 0 => ids::NETWORKED_SEASON_TICKET,
            number if number % 13 == 0 => ids::NETWORKED_MENTOR,
            number if number % 2 == 0 => ids::NETWORKED_CONTRIBUTOR,
            _ => ids::NETWORKED_VIEWER,
        };
        let host = ["founders.example", "guild.example.org", "example.com"][number % 3];
        add(&mut state, &format!("{}@{host}", names::mailbox(number)), &names::name(number), role);
    }
    for (idx, (_, user)) in state.users.iter_mut().enumerate() {
        user.is_active = idx % 23 != 22;
        user.title = ["Founder", "Engineer", "Designer", "", "Investor"][idx % 5].into();
        user.location = ["Nairobi", "Łódź", "São Paulo", "القاهرة", "", "Osaka"][idx % 6].into();
        // Networked contract, section 6: `affiliatedTag` may be missing.
        if idx % 47 == 46 {
            user.role_id = None;
        }
    }
    for number in 200..209 {
        let email = format!("{}@invited.example", names::mailbox(number));
        let invite = Invite {
            id: state.next_invite_id(),
            email: email.clone(),
            name: names::name(number),
            role_id: if number % 2 == 0 { ids::NETWORKED_VIEWER } else { ids::NETWORKED_CONTRIBUTOR }.into(),
            plan_ids: if number % 3 == 0 { vec![ids::NETWORKED_PLANS[0].into()] } else { Vec::new() },
            note: None,
            at: FIRST_INVITE_AT + (number as u64) * 86_400_000,
        };
        state.invites.insert(fold(&email), invite);
        state.n_invites_ever += 1;
    }
    state
}

fn add(state: &mut State, email: &str, name: &str, role_id: &str) {
    let user = User {
        id: state.next_user_id(),
        email: email.into(),
        name: name.into(),
        title: String::new(),
        location: String::new(),
        image: String::new(),
        role_id: Some(role_id.into()),
        plan_id: None,
        is_active: true,
        joined: state.n_users_ever,
    };
    state.users.insert(fold(email), user);
    state.n_users_ever += 1;
}

/// Networked, Roles List: types 0 Admin, 1 Moderator, 2 Contributor, 3 Viewer, and custom roles.
fn roles() -> Vec<Role> {
    let rows = [
        (ids::NETWORKED_ADMIN, "Admin", "Runs the community", 0),
        (ids::NETWORKED_MODERATOR, "Moderator", "Looks after posts and people", 1),
        (ids::NETWORKED_CONTRIBUTOR, "Contributor", "Posts and comments", 2),
        (ids::NETWORKED_VIEWER, "Viewer", "", 3),
        // Assumed: a custom role of Networked has type 3.
        (ids::NETWORKED_SEASON_TICKET, "Season Ticket ", "", 3),
        (ids::NETWORKED_MENTOR, "Mentor & Coach", "Helps new founders", 3),
    ];
    let role = |(id, name, description, kind): (&str, &str, &str, u64)| Role {
        id: id.into(),
        name: name.into(),
        description: description.into(),
        kind,
    };
    rows.map(role).into()
}

fn plans() -> Vec<Plan> {
    let names = ["Monthly", "Yearly", "Founding member", "Student"];
    ids::NETWORKED_PLANS
        .iter()
        .zip(names)
        .map(|(id, name)| Plan { id: (*id).into(), name: name.into() })
        .collect()
}
