//! Operations as columns of a row, and back.

use super::{Detail, ResultRow, Unusable};
use crate::{Flow, GroupId, Operation, PriceId, RoleId, Scope, plain};

/// Marks an operation that had a password, which is never written.
const PASSWORD: &str = "password";
const YES: &str = "yes";

/// Fills in the columns that describe the operation.
pub(super) fn write(operation: &Operation, row: &mut ResultRow) {
    row.operation = operation.name().into();
    row.group = operation.group().map(|group| group.as_str().into()).unwrap_or_default();
    let mut more = Details::default();
    match operation {
        Operation::AddToGroup { scope, .. } | Operation::SetScope { scope, .. } => {
            row.scope = scope.slug().into()
        }
        Operation::AddToCommunity { flow, is_onboarding, .. } => {
            row.flow = flow.slug().into();
            more.flag("onboarding", *is_onboarding);
        }
        Operation::Register { flow, role, price, password } => {
            row.flow = flow.slug().into();
            row.role = role.as_str().into();
            more.some("price", price.as_ref().map(PriceId::as_str));
            more.flag(PASSWORD, password.is_some());
        }
        Operation::Invite { role, note, prices } => {
            row.role = role.as_str().into();
            more.some("note", note.as_deref());
            for price in prices {
                more.add("price", price.as_str());
            }
        }
        // Groups are created and edited in their own forms; the file only reports the result.
        Operation::CreateGroup(_)
        | Operation::EditGroup { .. }
        | Operation::CreateCommunity(_)
        | Operation::MakeModerator { .. }
        | Operation::Kick { .. }
        | Operation::Ban { .. }
        | Operation::Unban { .. }
        | Operation::Unsubscribe { .. }
        | Operation::DeleteGroup { .. } => {}
    }
    row.details = more.0;
}

/// The operation of a row and whether a password was left out, or the column that cannot be used.
pub(super) fn read(row: &ResultRow) -> Result<(Operation, bool), Unusable> {
    let named = || exact(&row.group).map(GroupId::new).ok_or(Unusable::Column("group"));
    let role = || exact(&row.role).map(RoleId::new).ok_or(Unusable::Column("role"));
    let scope = || Scope::from_slug(&row.scope).ok_or(Unusable::Column("scope"));
    let more = Details(row.details.clone());
    let operation = match &*row.operation {
        "add_to_group" => Operation::AddToGroup { group: named()?, scope: scope()? },
        "add_to_community" => Operation::AddToCommunity {
            community: named()?,
            flow: flow(&row.flow)?,
            is_onboarding: more.is("onboarding"),
        },
        "make_moderator" => Operation::MakeModerator { community: named()? },
        "register" => Operation::Register {
            flow: flow(&row.flow)?,
            role: role()?,
            price: more.get("price").map(PriceId::new),
            password: None,
        },
        "invite" => Operation::Invite {
            role: role()?,
            note: more.get("note").map(Into::into),
            prices: more.all("price").map(PriceId::new).collect(),
        },
        "set_scope" => Operation::SetScope { group: named()?, scope: scope()? },
        "kick" => Operation::Kick { group: named()? },
        "ban" => Operation::Ban { group: named()? },
        "unban" => Operation::Unban { group: named()? },
        "unsubscribe" => Operation::Unsubscribe { group: named()? },
        "create_group" | "edit_group" | "delete_group" | "create_community" => {
            return Err(Unusable::GroupItself);
        }
        _ => return Err(Unusable::Column("operation")),
    };
    Ok((operation, more.is(PASSWORD)))
}

/// The id, if it is valid exactly as written.
fn exact(text: &str) -> Option<&str> {
    plain::id(text).filter(|id| id.len() == text.len())
}

fn flow(slug: &str) -> Result<Flow, Unusable> {
    let flows = [Flow::Direct, Flow::Invite, Flow::SingleTap, Flow::ApproveRequest];
    flows.into_iter().find(|flow| flow.slug() == slug).ok_or(Unusable::Column("flow"))
}

/// Named texts in order; names may repeat.
#[derive(Default)]
struct Details(Vec<Detail>);

impl Details {
    fn add(&mut self, name: &str, text: &str) {
        self.0.push((name.into(), text.into()));
    }

    fn some(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.add(name, text);
        }
    }

    fn flag(&mut self, name: &str, value: bool) {
        if value {
            self.add(name, YES);
        }
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(own, _)| &**own == name).map(|(_, text)| &**text)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| &**own == name).map(|(_, text)| &**text)
    }

    fn is(&self, name: &str) -> bool {
        self.get(name) == Some(YES)
    }
}
