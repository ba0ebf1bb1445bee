//! Emulator of CometChat: users, groups with scopes, bans, app-wide roles.

mod bans;
mod clearance;
pub(crate) mod codes;
mod event;
mod fields;
mod groups;
mod holds;
pub(crate) mod ids;
mod members;
pub(crate) mod op;
mod page;
mod seed;
mod sentinels;
mod settings;
mod show;
mod state;
pub(crate) mod triggers;
mod users;

use std::collections::BTreeMap;

use domain::{Change, Millis, Operation, Vendor};
use serde_json::{Value, json};

pub use event::{Event, GroupFields, UserFields};
pub use settings::{EmptyScopes, FailedEntry, Settings};

use crate::{
    KeyPolicy, Response,
    call::Call,
    emulator::{Context, Emulator, ErrorText, Facts},
    faults::{Fault, FoundSentinel, RETRY_AFTER_S},
    reply::{json_reply, with_header},
    windows::Windows,
};
use op::Op;

pub(crate) const FACTS: Facts = Facts {
    api_path: "/v3",
    key_header: "apikey",
    refused_key: "AUTH_ERR_APIKEY_NOT_FOUND",
    sign_in_key: |_| None,
    error,
    // A group that exists or is gone already is an error; everything else sets a state.
    has_secret: false,
    is_repeatable: |operation| {
        !matches!(operation, Operation::CreateGroup(_) | Operation::DeleteGroup { .. })
    },
    sentinels: sentinels::add,
};

fn error(text: ErrorText) -> Value {
    let ErrorText { code, message, field, details } = text;
    json!({ "error": {
        "code": code,
        "message": message,
        "devMessage": field,
        "details": { field.clone(): details, "__proto__": [1, -1, null] },
    } })
}

/// The maximum size of a POST body (CometChat, Chat APIs): 10 KB.
const LARGEST_POST: usize = 10 * 1024;

/// The state of the app "Superhero fans".
#[derive(Clone, Debug)]
pub(crate) struct CometChat {
    state: state::State,
}

impl CometChat {
    pub(crate) fn seeded() -> Self {
        Self { state: seed::state() }
    }

    fn happen(&mut self, event: Event, events: &mut Vec<Event>) {
        self.state.apply(&event);
        events.push(event);
    }

    fn limit(call: &Call<'_>, context: Context<'_>) -> (bool, usize) {
        // CometChat, Rate Limits: core 10,000 and standard 20,000 a minute, 500 on the Build plan.
        let is_core = Op::of(call).is_some_and(Op::is_core);
        match (context.settings.cometchat.small_plan, is_core) {
            (true, _) => (is_core, 500),
            (false, true) => (is_core, 10_000),
            (false, false) => (is_core, 20_000),
        }
    }

    // Assumed: CometChat's 429 has its error envelope and the newest rate headers; a switch gives older ones.
    fn throttled(wait_s: Option<u64>, context: Context<'_>) -> Response {
        let response = codes::failure("ERR_TOO_MANY_REQUESTS");
        let Some(wait_s) = wait_s else { return response };
        let (limit, left, reset) = if context.settings.cometchat.old_rate_headers {
            ("x-rate-limit", "x-rate-limit-remaining", "x-rate-limit-reset")
        } else {
            ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
        };
        let max = if context.settings.cometchat.small_plan { "500" } else { "10000" };
        let response = with_header(response, "retry-after", &wait_s.to_string());
        let response = with_header(with_header(response, limit, max), left, "0");
        with_header(response, reset, &(context.now / 1000 + wait_s).to_string())
    }
}

/// The response of a call that returns no data (CometChat, Delete group, example).
fn done(message: &str) -> Response {
    json_reply(200, &json!({ "data": { "success": true, "message": message } }))
}

impl Emulator for CometChat {
    type Event = Event;

    // CometChat, Error guide: a missing and an unknown key have different codes.
    fn admit(&self, call: &Call<'_>, context: Context<'_>) -> Result<(), Box<Response>> {
        let key = call.header("apikey").ok_or_else(|| Box::new(codes::failure("AUTH_ERR_EMPTY_APIKEY")))?;
        match &context.settings.keys {
            KeyPolicy::AnyNonEmpty => Ok(()),
            KeyPolicy::Exact(keys) if keys.has_key(Vendor::CometChat, key) => Ok(()),
            // A sentinel key fails later, with its own fault.
            KeyPolicy::Exact(_) if triggers::of_key(key).is_some() => Ok(()),
            KeyPolicy::Exact(_) => Err(Box::new(codes::failure("AUTH_ERR_APIKEY_NOT_FOUND"))),
        }
    }

    fn class(&self, call: &Call<'_>, context: Context<'_>) -> (String, Windows) {
        let (is_core, max) = Self::limit(call, context);
        let key = call.header("apikey").unwrap_or_default();
        (format!("{} {key}", if is_core { "core" } else { "standard" }), vec![(60_000, max)])
    }

    fn triggers(&self, call: &Call<'_>) -> Vec<FoundSentinel> {
        triggers::triggers(call)
    }

    fn refuse(&self, fault: &Fault, context: Context<'_>) -> Response {
        match fault {
            Fault::RateLimited { retry_after: true } => Self::throttled(RETRY_AFTER_S.parse().ok(), context),
            Fault::RateLimited { retry_after: false } => Self::throttled(None, context),
            Fault::Code(code) => codes::failure(code),
            _ => codes::failure("ERR_EXCEPTION"),
        }
    }

    fn too_many(&self, wait_ms: Millis, context: Context<'_>) -> Response {
        Self::throttled(context.settings.retry_after.then(|| wait_ms.div_ceil(1000)), context)
    }

    fn answer(&mut self, call: &Call<'_>, context: Context<'_>, events: &mut Vec<Event>) -> Response {
        let mut settings;
        let context = if let Some(bans_hold) = call.header("apikey").and_then(triggers::bans_hold) {
            settings = context.settings.clone();
            settings.cometchat.bans_hold = bans_hold;
            Context { settings: &settings, ..context }
        } else {
            context
        };
        self.route(call, context, events)
    }

    fn apply(&mut self, event: &Event) {
        self.state.apply(event);
    }

    // Leaves out citizens who are unchanged since the seed; there are 30,000.
    fn holds(&self, change: &Change) -> Option<bool> {
        self.state.holds(change)
    }

    fn dump(&self) -> Value {
        let users: BTreeMap<_, _> =
            self.state.users.iter().filter(|(uid, user)| !seed::is_untouched_citizen(uid, user)).collect();
        let groups: BTreeMap<_, &state::Group> =
            self.state.groups.iter().map(|(guid, group)| (guid, &**group)).collect();
        json!({
            "users": users, "groups": groups, "roles": self.state.roles,
            "n_messages": self.state.n_messages,
        })
    }
}

impl CometChat {
    fn route(&mut self, call: &Call<'_>, context: Context<'_>, events: &mut Vec<Event>) -> Response {
        // CometChat, Error guide: an unknown path and a wrong method share a code.
        let Some(op) = Op::of(call) else { return codes::failure("ERR_API_NOT_FOUND") };
        // Assumed: CometChat refuses a POST body above 10 KB with `ERR_BAD_REQUEST`.
        if call.method == "POST" && call.body().len() > LARGEST_POST {
            return codes::invalid(&[("body", "The body is larger than 10 KB.")]);
        }
        // Assumed: CometChat compares ids in a path in lower case, as they are stored.
        let id = |idx: usize| call.path.get(idx).map(|id| id.to_lowercase()).unwrap_or_default();
        let (guid, uid) = (id(1), id(3));
        let actor = call.header("onbehalfof").filter(|_| op.takes_actor()).map(str::to_lowercase);
        let actor = match clearance::actor(&self.state, actor.as_deref(), op.is_read()) {
            Ok(actor) => actor,
            Err(code) => return codes::failure(code),
        };
        let body = match call.json() {
            Some(Value::Object(body)) => Some(body),
            None if call.body().is_empty() => Some(serde_json::Map::new()),
            _ => None,
        };
        // Assumed: a body that is not a JSON object is CometChat's `ERR_BAD_REQUEST`; reads ignore the body.
        let Some(body) = body.or_else(|| op.is_read().then(serde_json::Map::new)) else {
            return codes::invalid(&[("body", "The body is not a JSON object.")]);
        };
        match op {
            Op::ListGroups => self.list_groups(call, actor),
            Op::CreateGroup => self.create_group(&body, actor, context, events),
            Op::GetGroup => self.get_group(&guid, actor),
            Op::UpdateGroup => self.update_group(&guid, &body, actor, context, events),
            Op::DeleteGroup => self.delete_group(&guid, actor, events),
            Op::ListMembers => self.list_members(&guid, call, context),
            Op::AddMembers => self.add_members(&guid, &body, actor, context, events),
            Op::ChangeScope => self.change_scope(&guid, &uid, &body, actor, events),
            Op::KickMember => self.kick_member(&guid, &uid, actor, events),
            Op::ListBanned => self.list_banned(&guid, call),
            Op::BanUser => self.ban_user(&guid, &uid, actor, context, events),
            Op::UnbanUser => self.unban_user(&guid, &uid, actor, events),
            Op::ListUsers => self.list_users(call),
            Op::GetUser => self.get_user(&guid),
            Op::CreateUser => self.create_user(&body, context, events),
            Op::UpdateUser => self.update_user(&guid, &body, context, events),
            Op::DeleteUser => self.delete_user(&guid, events),
            Op::DeactivateUsers => self.set_active(&body, false, events),
            Op::ReactivateUsers => self.set_active(&body, true, events),
            Op::ListRoles => self.list_roles(call),
        }
    }
}
