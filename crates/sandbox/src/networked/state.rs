//! Networked's users, invites and outbox.

use serde::Serialize;

use super::Event;
use crate::table::Table;

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct State {
    pub(super) roles: Vec<Role>,
    pub(super) plans: Vec<Plan>,
    /// Keyed by folded address, see [`fold`].
    pub(super) users: Table<User>,
    /// Keyed by folded address, see [`fold`].
    pub(super) invites: Table<Invite>,
    /// The e-mails that would have been sent since the seed.
    pub(super) outbox: Vec<Mail>,
    pub(super) n_users_ever: u64,
    pub(super) n_invites_ever: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Role {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) kind: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Plan {
    pub(super) id: String,
    pub(super) name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) location: String,
    pub(super) image: String,
    /// `None` if responses show no role.
    pub(super) role_id: Option<String>,
    pub(super) plan_id: Option<String>,
    pub(super) is_active: bool,
    /// The position in the order of joining.
    pub(super) joined: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Invite {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) role_id: String,
    pub(super) plan_ids: Vec<String>,
    pub(super) note: Option<String>,
    pub(super) at: u64,
}

/// An e-mail in the sandbox's outbox.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Mail {
    pub(super) to: String,
    /// "invite" or "credentials".
    pub(super) what: &'static str,
}

/// The normalized form in which addresses are compared.
// Assumed: Networked compares addresses trimmed and ignoring case.
pub(super) fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}

impl State {
    pub(super) fn next_user_id(&self) -> String {
        format!("5f0000000000000000{:06x}", 0x0c_0000 + self.n_users_ever)
    }

    pub(super) fn next_invite_id(&self) -> String {
        format!("5f0000000000000000{:06x}", 0x0b_0000 + self.n_invites_ever)
    }

    pub(super) fn has_role(&self, id: &str) -> bool {
        self.roles.iter().any(|role| role.id == id)
    }

    pub(super) fn has_plan(&self, id: &str) -> bool {
        self.plans.iter().any(|plan| plan.id == id)
    }

    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::InviteSent { invite_id, email, name, role_id, plan_ids, note, at } => {
                let invite = Invite {
                    id: invite_id.clone(),
                    email: email.clone(),
                    name: name.clone(),
                    role_id: role_id.clone(),
                    plan_ids: plan_ids.clone(),
                    note: note.clone(),
                    at: *at,
                };
                self.invites.insert(fold(email), invite);
                self.n_invites_ever += 1;
                self.outbox.push(Mail { to: email.clone(), what: "invite" });
            }
            Event::UserAdded { user_id, email, name, role_id, plan_id } => {
                let user = User {
                    id: user_id.clone(),
                    email: email.clone(),
                    name: name.clone(),
                    title: String::new(),
                    location: String::new(),
                    image: String::new(),
                    role_id: Some(role_id.clone()),
                    plan_id: plan_id.clone(),
                    is_active: true,
                    joined: self.n_users_ever,
                };
                self.invites.remove(&fold(email));
                self.users.insert(fold(email), user);
                self.n_users_ever += 1;
                self.outbox.push(Mail { to: email.clone(), what: "credentials" });
            }
        }
    }
}
