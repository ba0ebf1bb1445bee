//! The facts in the sandbox: the seeded state, and all events since.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::{Change, Flow, GroupId, Operation, PersonKey, Scope, Vendor};
use sandbox::{Event, Settings, World, cometchat, genuin, networked};
use serde_json::Value;

/// A freshly seeded world, to be cloned.
pub(crate) static FIRST_DAY: LazyLock<World> = LazyLock::new(|| World::new(Settings::default()));

static FIRST_TRUTH: LazyLock<Value> = LazyLock::new(|| FIRST_DAY.dump());

/// The key of a fact: its kind, its place and its person.
type Fact = (&'static str, Box<str>, Box<str>);

/// The current facts. Unchanged ones are looked up in the seed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Truth {
    changed: BTreeMap<Fact, Option<Box<str>>>,
}

impl Truth {
    /// Applies an event.
    pub(crate) fn learn(&mut self, event: &Event) {
        match event {
            Event::CometChat(event) => self.learn_cometchat(event),
            Event::Genuin(event) => self.learn_genuin(event),
            Event::Networked(event) => self.learn_networked(event),
        }
    }

    fn set(&mut self, what: &'static str, place: &str, who: &str, value: Option<&str>) {
        self.changed.insert((what, place.into(), who.into()), value.map(Into::into));
    }

    fn learn_cometchat(&mut self, event: &cometchat::Event) {
        use cometchat::Event::{
            GroupChanged, GroupCreated, GroupDeleted, MemberAdded, MemberKicked, ScopeChanged, UserBanned,
            UserUnbanned,
        };
        match event {
            MemberAdded { guid, uid, scope, .. } | ScopeChanged { guid, uid, scope } => {
                self.set("scope", guid, uid, Some(scope.slug()));
            }
            MemberKicked { guid, uid } | UserUnbanned { guid, uid } => self.set("scope", guid, uid, None),
            UserBanned { guid, uid, .. } => self.set("scope", guid, uid, Some(Scope::Banned.slug())),
            GroupCreated { guid, fields, .. } => self.set("group", guid, "", fields.name.as_deref()),
            GroupChanged { guid, fields, .. } => {
                if let Some(name) = &fields.name {
                    self.set("group", guid, "", Some(name));
                }
            }
            GroupDeleted { guid } => self.set("group", guid, "", None),
            _ => {}
        }
    }

    fn learn_genuin(&mut self, event: &genuin::Event) {
        use genuin::Event::{
            CommunityCreated, GroupChanged, GroupCreated, GroupMemberAdded, GroupMemberRemoved, MemberAdded,
            MemberInvited, ModeratorAssigned, PersonCreated, SubscriberRemoved,
        };
        match event {
            PersonCreated { user_id, phone } => self.set("phone", phone, "", Some(user_id)),
            CommunityCreated { handle, .. } => self.set("handle", handle, "", Some("there")),
            MemberAdded { community_id, user_id } => self.set("role", community_id, user_id, Some("2")),
            MemberInvited { community_id, user_id } => {
                self.set("invited", community_id, user_id, Some("there"));
            }
            ModeratorAssigned { community_id, user_id } => self.set("role", community_id, user_id, Some("3")),
            GroupCreated { chat_id, name, .. } => self.set("chat", chat_id, "", Some(name)),
            GroupChanged { chat_id, name: Some(name), .. } => self.set("chat", chat_id, "", Some(name)),
            GroupMemberAdded { chat_id, user_id } => self.set("in chat", chat_id, user_id, Some("there")),
            GroupMemberRemoved { chat_id, user_id } => self.set("in chat", chat_id, user_id, None),
            SubscriberRemoved { chat_id, user_id } => self.set("follows", chat_id, user_id, None),
            _ => {}
        }
    }

    fn learn_networked(&mut self, event: &networked::Event) {
        match event {
            networked::Event::InviteSent { email, .. } => {
                self.set("mail", "", &email.trim().to_lowercase(), Some("there"));
            }
            networked::Event::UserAdded { email, .. } => {
                self.set("user", "", &email.trim().to_lowercase(), Some("there"));
            }
            _ => {}
        }
    }

    fn get(&self, what: &'static str, place: &str, who: &str) -> Option<Box<str>> {
        match self.changed.get(&(what, place.into(), who.into())) {
            Some(now) => now.clone(),
            None => first_day(what, place, who),
        }
    }

    /// A user's scope in a CometChat group.
    pub(crate) fn scope(&self, group: &str, uid: &str) -> Option<Scope> {
        Scope::from_slug(&self.get("scope", group, uid)?)
    }

    /// Whether the operation of a change is in place; `None` if the sandbox has no data to decide it.
    pub(crate) fn is_so(&self, vendor: Vendor, change: &Change) -> Option<bool> {
        let who = change.person.key.as_str();
        Some(match (vendor, &*change.operation) {
            (
                Vendor::CometChat,
                Operation::AddToGroup { group, scope } | Operation::SetScope { group, scope },
            ) => self.scope(group.as_str(), who) == Some(*scope),
            (Vendor::CometChat, Operation::Ban { group }) => {
                self.scope(group.as_str(), who) == Some(Scope::Banned)
            }
            (Vendor::CometChat, Operation::Unban { group }) => {
                self.scope(group.as_str(), who) != Some(Scope::Banned)
            }
            (Vendor::CometChat, Operation::Kick { group }) => {
                self.scope(group.as_str(), who).is_none_or(|scope| !scope.is_member())
            }
            (Vendor::CometChat, Operation::CreateGroup(new)) => {
                self.get("group", new.id.as_str(), "").is_some()
            }
            (Vendor::CometChat, Operation::EditGroup { group, edit }) => {
                self.get("group", group.as_str(), "").as_deref() == edit.name.as_deref()
            }
            (Vendor::CometChat, Operation::DeleteGroup { group }) => {
                self.get("group", group.as_str(), "").is_none()
            }
            (Vendor::Genuin, Operation::AddToCommunity { community, flow: Flow::Invite, .. }) => {
                self.about(&change.person.key, |user| {
                    self.get("invited", community.as_str(), user).is_some()
                        || self.get("role", community.as_str(), user).is_some()
                })
            }
            (Vendor::Genuin, Operation::AddToCommunity { community, .. }) => {
                self.about(&change.person.key, |user| self.get("role", community.as_str(), user).is_some())
            }
            (Vendor::Genuin, Operation::MakeModerator { community }) => {
                self.about(&change.person.key, |user| {
                    self.get("role", community.as_str(), user).is_some_and(|role| matches!(&*role, "1" | "3"))
                })
            }
            (Vendor::Genuin, Operation::AddToGroup { group, .. }) => {
                self.about(&change.person.key, |user| self.get("in chat", group.as_str(), user).is_some())
            }
            (Vendor::Genuin, Operation::Kick { group }) => {
                self.about(&change.person.key, |user| self.get("in chat", group.as_str(), user).is_none())
            }
            (Vendor::Genuin, Operation::Unsubscribe { group }) => {
                self.about(&change.person.key, |user| self.get("follows", group.as_str(), user).is_none())
            }
            (Vendor::Genuin, Operation::CreateGroup(new)) => self.get("chat", new.id.as_str(), "").is_some(),
            (Vendor::Genuin, Operation::EditGroup { group, edit }) => {
                self.get("chat", group.as_str(), "").as_deref() == edit.name.as_deref()
            }
            (Vendor::Genuin, Operation::CreateCommunity(new)) => {
                self.get("handle", &new.handle, "").is_some()
            }
            (Vendor::Networked, Operation::Register { flow: Flow::Direct, .. }) => {
                self.get("user", "", &who.to_lowercase()).is_some()
            }
            (Vendor::Networked, Operation::Register { .. } | Operation::Invite { .. }) => {
                self.get("mail", "", &who.to_lowercase()).is_some()
                    || self.get("user", "", &who.to_lowercase()).is_some()
            }
            _ => return None,
        })
    }

    /// Resolves a Genuin person, who may be given by phone, and applies a predicate.
    fn about(&self, key: &PersonKey, is_so: impl Fn(&str) -> bool) -> bool {
        match key {
            PersonKey::Phone(phone) => self.get("phone", phone, "").is_some_and(|user| is_so(&user)),
            key => is_so(key.as_str()),
        }
    }
}

/// The seeded scopes in a CometChat group, including bans.
pub(crate) fn scopes_on_the_first_day(group: &GroupId) -> Vec<(String, Scope)> {
    let group = &FIRST_TRUTH["cometchat"]["groups"][group.as_str()];
    let members = group["members"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(uid, member)| Some((uid.clone(), Scope::from_slug(member["scope"].as_str()?)?)));
    let banned = group["banned"].as_object().into_iter().flatten();
    members.chain(banned.map(|(uid, _)| (uid.clone(), Scope::Banned))).collect()
}

fn first_day(what: &str, place: &str, who: &str) -> Option<Box<str>> {
    let (genuin, networked) = (&FIRST_TRUTH["genuin"], &FIRST_TRUTH["networked"]);
    let groups = &FIRST_TRUTH["cometchat"]["groups"];
    let listed = |list: &Value| list.as_array().is_some_and(|list| list.iter().any(|item| item == who));
    let there = |is_there: bool| is_there.then(|| "there".into());
    match what {
        "scope" if !groups[place]["banned"][who].is_null() => Some(Scope::Banned.slug().into()),
        "scope" => groups[place]["members"][who]["scope"].as_str().map(Into::into),
        "group" => groups[place]["name"].as_str().map(Into::into),
        "role" => genuin["communities"][place]["members"][who].as_u64().map(|role| role.to_string().into()),
        "invited" => there(listed(&genuin["communities"][place]["invited"])),
        "chat" => genuin["groups"][place]["name"].as_str().map(Into::into),
        "in chat" => there(listed(&genuin["groups"][place]["members"])),
        "follows" => there(listed(&genuin["groups"][place]["subscribers"])),
        "handle" => {
            let communities = genuin["communities"].as_object()?;
            there(communities.values().any(|community| community["handle"] == place))
        }
        "phone" => {
            let people = genuin["people"].as_object()?;
            people.iter().find(|(_, person)| person["phone"] == place).map(|(id, _)| id.as_str().into())
        }
        "mail" => there(!networked["invites"][who].is_null()),
        "user" => there(!networked["users"][who].is_null()),
        _ => None,
    }
}
