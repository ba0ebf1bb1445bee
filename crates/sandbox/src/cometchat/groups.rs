//! CometChat's groups (CometChat contract, section 6).

use domain::{Scope, order};
use serde_json::{Map, Value, json};

use super::{
    CometChat, Event, clearance,
    codes::{failure, invalid},
    fields::Fields,
    page::{Cursor, Wanted},
    show,
    state::Group,
};
use crate::{Response, call::Call, emulator::Context, reply::json_reply};

type Body = Map<String, Value>;

impl CometChat {
    /// CometChat, List groups.
    pub(super) fn list_groups(&self, call: &Call<'_>, actor: Option<&str>) -> Response {
        let key = call.query("searchKey").map(str::to_lowercase).filter(|key| !key.is_empty());
        let kinds: Vec<&str> = [call.query("type"), call.query("types")]
            .into_iter()
            .flatten()
            .flat_map(|t| t.split(','))
            .collect();
        let tags: Vec<&str> = call.query("tags").map(|tags| tags.split(',').collect()).unwrap_or_default();
        let only_joined = call.query("hasJoined") == Some("true");
        let search_in = call.query("searchIn");
        // Assumed: CometChat's group search matches the start of the name, of a word in it, or of the guid.
        let is_found = |guid: &str, group: &Group, key: &str| {
            let name = group.fields.name.as_deref().unwrap_or_default().to_lowercase();
            let in_name = name.starts_with(key) || name.split_whitespace().any(|word| word.starts_with(key));
            (search_in != Some("guid") && in_name) || (search_in != Some("name") && guid.starts_with(key))
        };
        let mut rows: Vec<(&String, &Group)> =
            self.state.groups.iter().map(|(guid, group)| (guid, &**group)).collect();
        rows.retain(|(guid, group)| {
            let kind = group.fields.kind.as_deref().unwrap_or("public");
            let own_tags = group.fields.tags.as_deref().unwrap_or_default();
            key.as_ref().map_or(!group.is_hidden, |key| is_found(guid, group, key))
                && (kinds.is_empty() || kinds.contains(&kind))
                && (tags.is_empty() || own_tags.iter().any(|tag| tags.contains(&tag.as_str())))
                // Assumed: CometChat lists private groups to the system, and to an actor those joined.
                && actor.is_none_or(|actor| group.members.contains_key(actor) || (kind != "private" && !only_joined))
        });
        // Assumed: CometChat lists groups by `createdAt` descending unless `sortBy` is given.
        match call.query("sortBy") {
            Some("name") => {
                order::sort_by(&mut rows, |a, b| a.1.fields.name.cmp(&b.1.fields.name).then(a.0.cmp(b.0)))
            }
            Some("guid") => order::sort_by(&mut rows, |a, b| a.0.cmp(b.0)),
            Some(_) => {
                order::sort_by(&mut rows, |a, b| a.1.created_at.cmp(&b.1.created_at).then(a.0.cmp(b.0)))
            }
            None => order::sort_by(&mut rows, |a, b| b.1.created_at.cmp(&a.1.created_at).then(a.0.cmp(b.0))),
        }
        if call.query("sortBy").is_some() && call.query("sortOrder") == Some("desc") {
            rows.reverse();
        }
        // Assumed: CometChat's lists include `tags` only with `withTags=true`.
        let with_tags = call.query("withTags") == Some("true");
        let row =
            |(guid, group): &(&String, &Group)| Value::Object(show::group(guid, group, actor, with_tags));
        Wanted::of(call).reply(&rows, row, Cursor::InMeta)
    }

    /// CometChat, Get group.
    pub(super) fn get_group(&self, guid: &str, actor: Option<&str>) -> Response {
        match self.state.groups.get(guid) {
            Some(group) => json_reply(200, &json!({ "data": show::group(guid, group, actor, true) })),
            None => failure("ERR_GUID_NOT_FOUND"),
        }
    }

    /// CometChat, Create group.
    pub(super) fn create_group(
        &mut self,
        body: &Body,
        actor: Option<&str>,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        let mut read = Fields::of(body);
        let guid = read.id("guid");
        read.required("name", 100);
        let mut fields = read.group();
        let (owner, password) = (read.text("owner", 100), read.text("password", 100));
        let members = body.get("members").filter(|members| !members.is_null());
        let plan = members.map(super::members::read_arrays);
        if matches!(plan, Some(None)) {
            read.problems.push(("members", "The members are invalid."));
        }
        let (Some(guid), true) = (guid, read.problems.is_empty()) else { return invalid(&read.problems) };
        // CometChat, Create group: `type` is optional, and the default is public.
        fields.kind.get_or_insert_with(|| "public".into());
        if fields.kind.as_deref() == Some("password") && password.is_none_or(|password| password.is_empty()) {
            return failure("ERR_EMPTY_GROUP_PASS");
        }
        if self.state.groups.contains_key(&guid) {
            return failure("ERR_GUID_ALREADY_EXISTS");
        }
        // CometChat, Groups (older page): without an owner and an actor, the system user owns the group.
        let owner = owner.map(|owner| owner.to_lowercase()).or_else(|| actor.map(str::to_owned));
        if owner.as_ref().is_some_and(|owner| self.state.user(owner).is_none()) {
            return failure("ERR_UID_NOT_FOUND");
        }
        let at = context.now / 1000;
        let owned_by = owner.clone().unwrap_or_else(|| "app_system".into());
        self.happen(Event::GroupCreated { guid: guid.clone(), owner: owned_by, fields, at }, events);
        // Assumed: the owner of a new CometChat group is its first member, as an admin.
        if let Some(uid) = owner.clone() {
            self.happen(Event::MemberAdded { guid: guid.clone(), uid, scope: Scope::Admin, at }, events);
        }
        let outcome = plan
            .flatten()
            .map(|people| self.add_each(&guid, people, owner.as_deref(), actor, context, events));
        let Some(group) = self.state.groups.get(&guid) else { return failure("ERR_EXCEPTION") };
        let mut data = show::group(&guid, group, actor, true);
        if let Some(outcome) = outcome {
            data.insert("members".into(), outcome);
        }
        json_reply(200, &json!({ "data": data }))
    }

    /// CometChat, Update group.
    pub(super) fn update_group(
        &mut self,
        guid: &str,
        body: &Body,
        actor: Option<&str>,
        context: Context<'_>,
        events: &mut Vec<Event>,
    ) -> Response {
        let Some(group) = self.state.groups.get(guid) else { return failure("ERR_GUID_NOT_FOUND") };
        let mut read = Fields::of(body);
        let fields = read.group();
        let (owner, password) = (read.text("owner", 100), read.text("password", 100));
        let unset = read.unset(&["icon", "description", "metadata"]);
        if !read.problems.is_empty() {
            return invalid(&read.problems);
        }
        if let Err(code) = clearance::may_update(group, actor) {
            return failure(code);
        }
        let becomes_password =
            fields.kind.as_deref() == Some("password") && group.fields.kind.as_deref() != Some("password");
        if becomes_password && password.is_none_or(|password| password.is_empty()) {
            return failure("ERR_EMPTY_GROUP_PASS");
        }
        // CometChat, Update group: `owner` is ignored when `onBehalfOf` is present.
        let owner = owner.filter(|_| actor.is_none()).map(|owner| owner.to_lowercase());
        if let Some(owner) = &owner {
            if self.state.user(owner).is_none() {
                return failure("ERR_UID_NOT_FOUND");
            }
            // Assumed: a new CometChat owner must be a member and becomes an admin; the old one stays admin.
            match group.members.get(owner).map(|member| member.scope) {
                None => return failure("ERR_NOT_A_MEMBER"),
                Some(Scope::Admin) => {}
                Some(_) => {
                    let promoted =
                        Event::ScopeChanged { guid: guid.into(), uid: owner.clone(), scope: Scope::Admin };
                    self.happen(promoted, events);
                }
            }
        }
        self.happen(
            Event::GroupChanged { guid: guid.into(), owner, fields, unset, at: context.now / 1000 },
            events,
        );
        self.get_group(guid, actor)
    }

    /// CometChat, Delete group.
    pub(super) fn delete_group(
        &mut self,
        guid: &str,
        actor: Option<&str>,
        events: &mut Vec<Event>,
    ) -> Response {
        let Some(group) = self.state.groups.get(guid) else { return failure("ERR_GUID_NOT_FOUND") };
        if let Err(code) = clearance::may_delete(group, actor) {
            return failure(code);
        }
        self.happen(Event::GroupDeleted { guid: guid.into() }, events);
        super::done(&format!("The group with {guid} has been deleted."))
    }
}
