//! Genuin's groups (Genuin contract, section 10).

use serde_json::{Map, Value, json};

use super::{
    Event, Genuin, people,
    reply::{collaborator, failure, success},
};
use crate::{Response, digest::uuid, emulator::Context};

type Body = Map<String, Value>;

impl Genuin {
    /// Genuin, Create Group API.
    pub(super) fn create_group(
        &mut self,
        body: &Body,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        // Genuin, Create Group API: `type` (4) and `community_id` are mandatory.
        let Some(kind) = body.get("type").and_then(Value::as_u64) else { return failure("1099") };
        let Some(community_id) = text(body.get("community_id")) else { return failure("1099") };
        // Assumed: Genuin's create-group call answers 404 `5218` for an unknown community.
        if !self.state.communities.contains_key(&community_id) {
            return failure("5218");
        }
        let group = body.get("group");
        let field = |name: &str| text(group.and_then(|group| group.get(name)));
        // Assumed: a Genuin group needs a name; the service generates a missing `chat_id`.
        let Some(name) = field("name") else { return failure("1099") };
        let chat_id =
            text(body.get("chat_id")).unwrap_or_else(|| uuid(&format!("genuin chat {community_id} {name}")));
        // Assumed: a duplicate Genuin `chat_id` is refused with 400 `1099`.
        if self.state.groups.contains_key(&chat_id) {
            return failure("1099");
        }
        let members = match group.and_then(|group| group.get("members")) {
            None => Vec::new(),
            Some(list) => match people::read(self, list, context) {
                Some(members) => members,
                None => return failure("1099"),
            },
        };
        let settings = body.get("settings").and_then(|settings| settings.get("discoverable"));
        let discoverable = settings.and_then(Value::as_bool).unwrap_or(true);
        let created = Event::GroupCreated {
            chat_id: chat_id.clone(),
            group_id: uuid(&format!("genuin group {chat_id}")),
            community_id,
            name,
            description: field("description").unwrap_or_default(),
            discoverable,
        };
        self.happen(created, events);
        for named in members {
            if let Some(user_id) = people::settle(self, named, events) {
                self.happen(Event::GroupMemberAdded { chat_id: chat_id.clone(), user_id }, events);
            }
        }
        success(
            "Group Created",
            &json!({ "chat_id": chat_id, "type": kind, "settings": { "discoverable": discoverable } }),
        )
    }

    /// Genuin, Manage Collaborators API: the only PATCH.
    pub(super) fn update_group(
        &mut self,
        chat_id: &str,
        body: &Body,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        // Assumed: Genuin answers an unknown chat id with 404 `5168`, a code seen elsewhere.
        if !self.state.groups.contains_key(chat_id) {
            return failure("5168");
        }
        let list = |name: &str| body.get(name).cloned().unwrap_or_else(|| json!([]));
        let bare = |name: &str| -> Option<Vec<String>> {
            list(name).as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
        };
        // Genuin, Manage Collaborators API: people to add are objects, those to remove bare strings.
        let (Some(add), Some(remove), Some(unsubscribe)) = (
            people::read(self, &list("members_added"), context),
            bare("members_removed"),
            bare("subscribers_removed"),
        ) else {
            return failure("1099");
        };
        let Some(change) = changed_fields(chat_id, body) else { return failure("1099") };

        let mut added = Vec::new();
        for named in add {
            let Some(user_id) = people::settle(self, named, events) else { continue };
            let is_in =
                self.state.groups.get(chat_id).is_some_and(|group| group.members.contains_key(&user_id));
            // Assumed: re-adding a Genuin group member leaves them out; community membership is not required.
            if is_in && !context.settings.genuin.list_existing_members {
                continue;
            }
            if !is_in {
                self.happen(
                    Event::GroupMemberAdded { chat_id: chat_id.into(), user_id: user_id.clone() },
                    events,
                );
            }
            if let Some(person) = self.state.people.get(&user_id) {
                added.push(collaborator(&user_id, person));
            }
        }
        // Assumed: removed members of a Genuin group are listed as bare ids; people not in it are left out.
        let mut removed = Vec::new();
        for user_id in remove {
            if self.state.groups.get(chat_id).is_some_and(|group| group.members.contains_key(&user_id)) {
                removed.push(json!(user_id));
                self.happen(Event::GroupMemberRemoved { chat_id: chat_id.into(), user_id }, events);
            }
        }
        let mut unsubscribed = Vec::new();
        for user_id in unsubscribe {
            if self.state.groups.get(chat_id).is_some_and(|group| group.subscribers.contains_key(&user_id)) {
                // Assumed: removed subscribers of a Genuin group are listed as objects with `member_id`.
                unsubscribed.push(json!({ "member_id": user_id }));
                self.happen(Event::SubscriberRemoved { chat_id: chat_id.into(), user_id }, events);
            }
        }
        let updated = |name: &str| body.contains_key(name);
        let data = json!({
            "members_added": added, "members_removed": removed,
            "subscribers_added": [], "subscribers_removed": unsubscribed, "requester_removed": [],
            "name_updated": updated("name"), "description_updated": updated("description"),
            "dp_updated": updated("dp"), "topics_updated": updated("topics"), "settings_updated": updated("settings"),
        });
        if ["name", "description", "tags", "dp", "topics", "settings"].into_iter().any(updated) {
            self.happen(change, events);
        }
        success("Group Updated", &data)
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// The change of the group's fields; `None` if one has a wrong type.
fn changed_fields(chat_id: &str, body: &Body) -> Option<Event> {
    let field = |name: &str| match body.get(name) {
        None => Some(None),
        Some(Value::String(text)) => Some(Some(text.clone())),
        Some(_) => None,
    };
    let topics = match body.get("topics") {
        None => None,
        Some(list) => Some(list.as_array()?.iter().map(Value::as_u64).collect::<Option<Vec<u64>>>()?),
    };
    let discoverable = match body.get("settings") {
        None => None,
        Some(settings) => settings.as_object()?.get("discoverable").map(Value::as_bool)?,
    };
    Some(Event::GroupChanged {
        chat_id: chat_id.to_owned(),
        name: field("name")?,
        description: field("description")?,
        tags: field("tags")?,
        dp: field("dp")?,
        topics,
        discoverable,
    })
}
