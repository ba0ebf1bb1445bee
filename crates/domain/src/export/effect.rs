//! Effects as columns of a row, and back.

use super::{Detail, ResultRow, Unusable};
use crate::{Effect, Flow, GroupId, PriceId, RoleId, Scope, plain};

/// Marks an effect that had a password, which is never written.
const PASSWORD: &str = "password";
const YES: &str = "yes";

/// Fills in the columns that describe the effect.
pub(super) fn write(effect: &Effect, row: &mut ResultRow) {
    row.effect = name(effect).into();
    row.group = effect.group().map(|group| group.as_str().into()).unwrap_or_default();
    let mut more = Details::default();
    match effect {
        Effect::AddToGroup { scope, .. } | Effect::SetScope { scope, .. } => row.scope = scope.slug().into(),
        Effect::AddToCommunity { flow, is_onboarding, .. } => {
            row.flow = flow.slug().into();
            more.flag("onboarding", *is_onboarding);
        }
        Effect::Register { flow, role, price, password } => {
            row.flow = flow.slug().into();
            row.role = role.as_str().into();
            more.some("price", price.as_ref().map(PriceId::as_str));
            more.flag(PASSWORD, password.is_some());
        }
        Effect::Invite { role, note, prices } => {
            row.role = role.as_str().into();
            more.some("note", note.as_deref());
            for price in prices {
                more.add("price", price.as_str());
            }
        }
        // Groups are created and edited in their own forms; the file only reports the result.
        Effect::CreateGroup(_)
        | Effect::EditGroup { .. }
        | Effect::CreateCommunity(_)
        | Effect::MakeModerator { .. }
        | Effect::Kick { .. }
        | Effect::Ban { .. }
        | Effect::Unban { .. }
        | Effect::Unsubscribe { .. }
        | Effect::DeleteGroup { .. } => {}
    }
    row.details = more.0;
}

/// The effect of a row and whether a password was left out, or the column that cannot be used.
pub(super) fn read(row: &ResultRow) -> Result<(Effect, bool), Unusable> {
    let named = || exact(&row.group).map(GroupId::new).ok_or(Unusable::Column("group"));
    let role = || exact(&row.role).map(RoleId::new).ok_or(Unusable::Column("role"));
    let scope = || Scope::from_slug(&row.scope).ok_or(Unusable::Column("scope"));
    let more = Details(row.details.clone());
    let effect = match &*row.effect {
        "add_to_group" => Effect::AddToGroup { group: named()?, scope: scope()? },
        "add_to_community" => Effect::AddToCommunity {
            community: named()?,
            flow: flow(&row.flow)?,
            is_onboarding: more.is("onboarding"),
        },
        "make_moderator" => Effect::MakeModerator { community: named()? },
        "register" => Effect::Register {
            flow: flow(&row.flow)?,
            role: role()?,
            price: more.get("price").map(PriceId::new),
            password: None,
        },
        "invite" => Effect::Invite {
            role: role()?,
            note: more.get("note").map(Into::into),
            prices: more.all("price").map(PriceId::new).collect(),
        },
        "set_scope" => Effect::SetScope { group: named()?, scope: scope()? },
        "kick" => Effect::Kick { group: named()? },
        "ban" => Effect::Ban { group: named()? },
        "unban" => Effect::Unban { group: named()? },
        "unsubscribe" => Effect::Unsubscribe { group: named()? },
        "create_group" | "edit_group" | "delete_group" | "create_community" => {
            return Err(Unusable::GroupItself);
        }
        _ => return Err(Unusable::Column("effect")),
    };
    Ok((effect, more.is(PASSWORD)))
}

/// The id, if it is valid exactly as written.
fn exact(text: &str) -> Option<&str> {
    plain::id(text).filter(|id| id.len() == text.len())
}

fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::AddToGroup { .. } => "add_to_group",
        Effect::AddToCommunity { .. } => "add_to_community",
        Effect::MakeModerator { .. } => "make_moderator",
        Effect::Register { .. } => "register",
        Effect::Invite { .. } => "invite",
        Effect::SetScope { .. } => "set_scope",
        Effect::Kick { .. } => "kick",
        Effect::Ban { .. } => "ban",
        Effect::Unban { .. } => "unban",
        Effect::Unsubscribe { .. } => "unsubscribe",
        Effect::CreateGroup(_) => "create_group",
        Effect::EditGroup { .. } => "edit_group",
        Effect::DeleteGroup { .. } => "delete_group",
        Effect::CreateCommunity(_) => "create_community",
    }
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
