//! Genuin's communities, their members and moderators (Genuin contract, sections 7 to 9).

use serde_json::{Map, Value, json};

use super::{
    Event, Genuin, people,
    reply::{failure, member, moderator, success},
    state::{LEADER, MODERATOR},
};
use crate::{Response, digest::uuid, emulator::Context};

type Body = Map<String, Value>;

impl Genuin {
    /// Genuin, Create Community API.
    pub(super) fn create_community(
        &mut self,
        body: &Body,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        let text = |name: &str| {
            body.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
        };
        let (Some(handle), Some(name)) = (text("handle"), text("name")) else { return failure("1099") };
        // Assumed: a duplicate Genuin handle is refused with 400 `1099`.
        if self.state.communities.values().any(|community| community.handle == handle) {
            return failure("1099");
        }
        // Assumed: a Genuin community's `type` (default public) and `actions` are optional, as in the sample.
        let kind = body.get("type").and_then(Value::as_u64).unwrap_or(1);
        let users = match body.get("users") {
            None => Vec::new(),
            Some(list) => match people::read(self, list, context) {
                Some(users) => users,
                None => return failure("1099"),
            },
        };
        let community_id = uuid(&format!("genuin community {handle}"));
        let created = Event::CommunityCreated {
            community_id: community_id.clone(),
            handle: handle.into(),
            name: name.into(),
            kind,
        };
        self.happen(created, events);
        for named in users {
            if let Some(user_id) = people::settle(self, named, events) {
                self.happen(Event::MemberAdded { community_id: community_id.clone(), user_id }, events);
            }
        }
        let file = |name: &str| match text(name) {
            Some(file) => format!("https://media.example.com/c/{file}"),
            None => String::new(),
        };
        success(
            "Community Created",
            &json!({
                "community_id": community_id,
                "share_url": format!("https://community.example.com/community/{handle}"),
                "dp": file("dp"), "banner": file("banner"),
                "color_code": "#AABBCC", "text_color_code": "#112233",
                "leader": {
                    "member_id": super::seed::SYSTEM_USER, "name": "Loop Studio", "bio": "", "nickname": "loopstudio",
                    "phone": "15550100000", "is_brand_system_user": true, "is_avatar": false,
                    "brand": { "brand_id": 7, "brand_slug": "loop-studio-7" },
                    "profile_image": "https://media.example.com/u.png",
                    "profile_image_s": "", "profile_image_m": "", "profile_image_l": "",
                },
            }),
        )
    }

    /// Genuin, Add Member API.
    pub(super) fn add_users(
        &mut self,
        body: &Body,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        let flags = ["onboarding_communities", "single_tap_join", "invite_members", "join_request_approved"];
        // Assumed: Genuin's four flags are booleans; other types are refused with 400 `1099`.
        if flags.iter().any(|flag| body.get(*flag).is_some_and(|value| !value.is_boolean())) {
            return failure("1099");
        }
        let [is_onboarding, _, is_invite, is_approval] =
            flags.map(|flag| body.get(flag).and_then(Value::as_bool).unwrap_or(false));
        let communities = match texts(body.get("communities")) {
            Texts::Missing => return failure("5166"),
            Texts::Malformed => return failure("1099"),
            Texts::Are(ids) => ids,
        };
        let users = match self.users_of(body, context) {
            Ok(users) => users,
            Err(code) => return failure(code),
        };
        // Genuin, Add Member API: 404 `5218` when the community or resource does not exist.
        if communities.iter().any(|id| !self.state.communities.contains_key(id)) {
            return failure("5218");
        }
        let mut added = Vec::new();
        for named in users {
            // Assumed: a person unknown to Genuin is left out of `members_added`, with HTTP 200.
            let Some(user_id) = people::settle(self, named, events) else { continue };
            for community_id in &communities {
                let Some(community) = self.state.communities.get(community_id) else { continue };
                let is_member = community.members.contains_key(&user_id);
                let has_asked = community.pending.contains_key(&user_id);
                let event = match (is_member, is_approval, is_invite) {
                    // Assumed: a member added to a Genuin community again is left out; a switch lists them.
                    (true, ..) => None,
                    // Assumed: Genuin's `join_request_approved` adds only people who asked to join.
                    (false, true, _) => has_asked.then_some(true),
                    // Assumed: Genuin's `invite_members` invites instead of adding, but lists the person.
                    (false, false, true) => Some(false),
                    // Assumed: Genuin's `single_tap_join` adds at once, as without flags.
                    (false, false, false) => Some(true),
                };
                let (community_id, user_id) = (community_id.clone(), user_id.clone());
                let is_listed = match event {
                    Some(true) => {
                        self.happen(Event::MemberAdded { community_id, user_id: user_id.clone() }, events);
                        true
                    }
                    Some(false) => {
                        if !community.invited.contains_key(&user_id) {
                            self.happen(
                                Event::MemberInvited { community_id, user_id: user_id.clone() },
                                events,
                            );
                        }
                        true
                    }
                    None => is_member && context.settings.genuin.list_existing_members,
                };
                if is_listed && let Some(person) = self.state.people.get(&user_id) {
                    added.push(member(&user_id, person));
                }
            }
        }
        if is_onboarding {
            // Assumed: `onboarding_communities` marks Genuin's communities as offered during onboarding.
            for community_id in communities {
                if self.state.communities.get(&community_id).is_some_and(|community| !community.is_onboarding)
                {
                    self.happen(Event::OnboardingSet { community_id }, events);
                }
            }
        }
        success("Members Added", &json!({ "members_added": added }))
    }

    /// Genuin, Assign Moderators API.
    pub(super) fn add_moderators(
        &mut self,
        body: &Body,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        let community_id = match body.get("community_id") {
            Some(Value::String(id)) if !id.is_empty() => id.clone(),
            Some(Value::String(_)) | None => return failure("5166"),
            Some(_) => return failure("1099"),
        };
        let users = match self.users_of(body, context) {
            Ok(users) => users,
            Err(code) => return failure(code),
        };
        // Genuin, Assign Moderators API: 404 `5218` for an unknown community or user.
        // Assumed: one unknown person fails the whole Genuin call for moderators, and promotes no one.
        let is_unknown = users.iter().any(|named| !matches!(named, people::Named::Known(_)));
        if is_unknown || !self.state.communities.contains_key(&community_id) {
            return failure("5218");
        }
        let mut added = Vec::new();
        for named in users {
            let Some(user_id) = people::settle(self, named, events) else { continue };
            let role = self
                .state
                .communities
                .get(&community_id)
                .and_then(|community| community.members.get(&user_id));
            // Assumed: Genuin's `moderators_added` leaves out moderators and the leader; non-members join.
            if matches!(role, Some(&(MODERATOR | LEADER))) && !context.settings.genuin.list_existing_members {
                continue;
            }
            if !matches!(role, Some(&(MODERATOR | LEADER))) {
                let (community_id, user_id) = (community_id.clone(), user_id.clone());
                self.happen(Event::ModeratorAssigned { community_id, user_id }, events);
            }
            if let Some(person) = self.state.people.get(&user_id) {
                added.push(moderator(&user_id, person));
            }
        }
        // Genuin, Assign Moderators API: the message is the same as for adding members.
        success("Members Added", &json!({ "moderators_added": added }))
    }

    fn users_of(&self, body: &Body, context: Context<'_>) -> Result<Vec<people::Named>, &'static str> {
        match body.get("users") {
            None => Err("5166"),
            Some(Value::Array(list)) if list.is_empty() => Err("5166"),
            Some(Value::Array(list))
                if !context.settings.genuin.bare_user_ids && list.iter().any(Value::is_string) =>
            {
                Err("5166")
            }
            Some(list) => people::read(self, list, context).ok_or("1099"),
        }
    }
}

enum Texts {
    Missing,
    Malformed,
    Are(Vec<String>),
}

// Assumed: no or empty `communities`, `users` or `community_id` is Genuin's 412 `5166`, bad types 400 `1099`.
fn texts(value: Option<&Value>) -> Texts {
    match value {
        None => Texts::Missing,
        Some(Value::Array(items)) if items.is_empty() => Texts::Missing,
        Some(Value::Array(items)) => {
            let ids: Option<Vec<String>> =
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            ids.map_or(Texts::Malformed, Texts::Are)
        }
        // Assumed: Genuin also accepts one community as a bare string.
        Some(Value::String(id)) if !id.is_empty() => Texts::Are(vec![id.clone()]),
        Some(_) => Texts::Malformed,
    }
}
