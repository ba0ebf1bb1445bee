//! Emulator of Genuin: a sign-in, and five calls that only write.

mod auth;
mod communities;
mod event;
mod groups;
mod holds;
pub(crate) mod ids;
mod people;
mod reply;
mod seed;
mod sentinels;
mod settings;
mod state;
pub(crate) mod triggers;

use domain::{Change, Millis};
use serde_json::{Value, json};

pub use event::Event;
pub use settings::Settings;

use crate::{
    Request, Response,
    call::Call,
    emulator::{Context, Emulator, Facts},
    faults::{Fault, FoundSentinel, RETRY_AFTER_S},
    reply::{json_reply, with_header},
    windows::Windows,
};

pub(crate) const FACTS: Facts = Facts {
    api_path: "",
    key_header: "authorization",
    refused_key: "5159",
    sign_in_key,
    error: |text| json!({ "code": text.code, "message": text.message, "data": { text.field.clone(): text.field } }),
    // Nothing tells afterwards whether a call was executed.
    has_secret: true,
    is_repeatable: |_| false,
    sentinels: sentinels::add,
};

/// Genuin's keys are sent only in the body of the sign-in (Genuin, Authentication).
fn sign_in_key(request: &Request) -> Option<String> {
    if !request.uri().path().ends_with("/auth") {
        return None;
    }
    let body: Value = serde_json::from_slice(request.body()).ok()?;
    Some(body.get("api_key")?.as_str()?.trim().to_owned())
}

/// The state of the brand "Loop Studio".
#[derive(Clone, Debug)]
pub(crate) struct Genuin {
    state: state::State,
}

impl Genuin {
    pub(crate) fn seeded() -> Self {
        Self { state: seed::state() }
    }

    fn happen(&mut self, event: Event, events: &mut Vec<Event>) {
        self.state.apply(&event);
        events.push(event);
    }
}

const AUTH: [&str; 3] = ["api", "thirdparty", "auth"];

impl Emulator for Genuin {
    type Event = Event;

    fn admit(&self, call: &Call<'_>, context: Context<'_>) -> Result<(), Box<Response>> {
        if call.path == AUTH { Ok(()) } else { auth::admit(call, context) }
    }

    // Genuin documents no limit; a switch sets one.
    fn class(&self, call: &Call<'_>, context: Context<'_>) -> (String, Windows) {
        let limit = context.settings.genuin.per_minute.map(|max| (60_000, max as usize));
        (call.header("authorization").unwrap_or_default().to_owned(), limit.into_iter().collect())
    }

    fn triggers(&self, call: &Call<'_>) -> Vec<FoundSentinel> {
        triggers::triggers(call)
    }

    fn refuse(&self, fault: &Fault, _: Context<'_>) -> Response {
        match fault {
            Fault::RateLimited { retry_after: true } => {
                with_header(reply::failure("429"), "retry-after", RETRY_AFTER_S)
            }
            Fault::RateLimited { retry_after: false } => reply::failure("429"),
            Fault::Code(code) => reply::failure(code),
            // Assumed: the body of Genuin's 500 is an empty object.
            _ => json_reply(500, &json!({})),
        }
    }

    fn too_many(&self, wait_ms: Millis, context: Context<'_>) -> Response {
        let response = reply::failure("429");
        if context.settings.retry_after {
            with_header(response, "retry-after", &wait_ms.div_ceil(1000).to_string())
        } else {
            response
        }
    }

    fn answer(&mut self, call: &Call<'_>, context: Context<'_>, events: &mut Vec<Event>) -> Response {
        self.route(call, context, events)
    }

    fn apply(&mut self, event: &Event) {
        self.state.apply(event);
    }

    fn holds(&self, change: &Change) -> Option<bool> {
        self.state.holds(change)
    }

    fn dump(&self) -> Value {
        json!(self.state)
    }
}

impl Genuin {
    fn route(&mut self, call: &Call<'_>, context: Context<'_>, events: &mut Vec<Event>) -> Response {
        let (method, path) = call.route();
        let Some(path) = path.strip_prefix(&["api", "thirdparty"][..]) else { return not_found() };
        let call_body = || match call.json() {
            Some(Value::Object(body)) => Some(body),
            _ => None,
        };
        if matches!((method, path), ("POST", ["auth"])) {
            return auth::sign_in(call, context);
        }
        // Assumed: Genuin answers a body that is not a JSON object with 400 `1099`.
        let Some(body) = call_body() else {
            let is_known = matches!(
                (method, path),
                ("POST", ["community", "create" | "add_users" | "add_moderators"] | ["group", "create"])
                    | ("PATCH", ["update_conversation", _])
            );
            return if is_known { reply::failure("1099") } else { not_found() };
        };
        match (method, path) {
            ("POST", ["community", "create"]) => self.create_community(&body, context, events),
            ("POST", ["community", "add_users"]) => self.add_users(&body, context, events),
            ("POST", ["community", "add_moderators"]) => self.add_moderators(&body, context, events),
            ("POST", ["group", "create"]) => self.create_group(&body, context, events),
            ("PATCH", ["update_conversation", chat_id]) => self.update_group(chat_id, &body, context, events),
            _ => not_found(),
        }
    }
}

// Assumed: Genuin answers an unknown path with 404 without a code.
fn not_found() -> Response {
    json_reply(404, &json!({ "message": "Not Found" }))
}
