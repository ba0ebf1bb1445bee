//! Emulator of Networked: users with roles and plans, added directly or by invite.

mod event;
mod holds;
pub(crate) mod ids;
mod lists;
mod people;
mod reply;
mod seed;
mod sentinels;
mod settings;
mod state;
pub(crate) mod triggers;

use domain::{Change, Millis, Vendor};
use serde_json::{Value, json};

pub use event::Event;
pub use settings::{PlansForm, Settings};

use crate::{
    KeyPolicy, Response,
    call::Call,
    emulator::{Context, Emulator, Facts},
    faults::{Fault, FoundSentinel, RETRY_AFTER_S},
    reply::with_header,
    windows::Windows,
};

pub(crate) const FACTS: Facts = Facts {
    api_path: "",
    key_header: "x-api-key",
    refused_key: "401",
    sign_in_key: |_| None,
    error: |text| json!({ "error": true, "message": text.message, "code": text.code }),
    // A second call sends a second e-mail.
    has_secret: false,
    is_repeatable: |_| false,
    sentinels: sentinels::add,
};

/// The state of the community "Founders Guild".
#[derive(Clone, Debug)]
pub(crate) struct Networked {
    state: state::State,
}

impl Networked {
    pub(crate) fn seeded() -> Self {
        Self { state: seed::state() }
    }

    fn happen(&mut self, event: Event, events: &mut Vec<Event>) {
        self.state.apply(&event);
        events.push(event);
    }
}

impl Emulator for Networked {
    type Event = Event;

    // Networked, User Authentication: 401 without a key. The body is the envelope's failure.
    // Assumed: Networked answers a wrong key like a missing one.
    fn admit(&self, call: &Call<'_>, context: Context<'_>) -> Result<(), Box<Response>> {
        let refused = || Box::new(reply::failure(401, "Unauthorized"));
        let key = call.header("x-api-key").ok_or_else(refused)?;
        match &context.settings.keys {
            KeyPolicy::AnyNonEmpty => Ok(()),
            KeyPolicy::Exact(keys) if keys.has_key(Vendor::Networked, key) => Ok(()),
            // A sentinel key fails later, with its own fault.
            KeyPolicy::Exact(_) if triggers::of_key(key).is_some() => Ok(()),
            KeyPolicy::Exact(_) => Err(refused()),
        }
    }

    // Networked, User Authentication: 10 per minute, 50 per 10 minutes, 120 per hour, for all calls together.
    fn class(&self, call: &Call<'_>, _: Context<'_>) -> (String, Windows) {
        let windows = vec![(60_000, 10), (600_000, 50), (3_600_000, 120)];
        (call.header("x-api-key").unwrap_or_default().to_owned(), windows)
    }

    fn triggers(&self, call: &Call<'_>) -> Vec<FoundSentinel> {
        triggers::triggers(call)
    }

    fn refuse(&self, fault: &Fault, _: Context<'_>) -> Response {
        // Assumed: the statuses of Networked's failures other than 401, and their bodies.
        match fault {
            Fault::RateLimited { retry_after: true } => {
                with_header(reply::failure(429, "Too many requests"), "retry-after", RETRY_AFTER_S)
            }
            Fault::RateLimited { retry_after: false } => reply::failure(429, "Too many requests"),
            Fault::Code("401") => reply::failure(401, "Unauthorized"),
            Fault::Code("403") => reply::failure(403, "You are not authorized to perform this action"),
            // Assumed: a gateway's own message with status 200 at Networked; no page shows such a response.
            Fault::Code("200+message") => {
                crate::reply::json_reply(200, &json!({ "message": "Unauthorized" }))
            }
            Fault::Code("200+success") => crate::reply::json_reply(
                200,
                &json!({ "success": false, "message": "The request was refused" }),
            ),
            Fault::Code("408") => reply::failure(408, "Request Timeout"),
            Fault::Code("552") => reply::failure(552, "Session closed"),
            Fault::Code("400") => reply::failure(400, "The request was refused"),
            Fault::Code(_) => reply::failure(200, "The request was refused"),
            _ => reply::failure(500, "Something went wrong"),
        }
    }

    // Assumed: Networked answers 429 for a full window; a switch controls `Retry-After`.
    fn too_many(&self, wait_ms: Millis, context: Context<'_>) -> Response {
        let response = reply::failure(429, "Too many requests");
        if context.settings.retry_after {
            with_header(response, "retry-after", &wait_ms.div_ceil(1000).to_string())
        } else {
            response
        }
    }

    fn answer(&mut self, call: &Call<'_>, context: Context<'_>, events: &mut Vec<Event>) -> Response {
        let (method, path) = call.route();
        match (method, path.as_slice()) {
            ("POST", ["api", "v1", "admin", "community", "addExternalUsers"]) => {
                self.add_user(call, context, events)
            }
            ("POST", ["api", "v1", "admin", "community", "invites", "emails"]) => {
                self.send_invites(call, context, events)
            }
            ("GET", ["api", "v1", "admin", "community", "users"]) => self.list_users(call),
            ("GET", ["api", "v1", "global", "tags", "community"]) => self.list_roles(),
            ("GET", ["api", "v1", "community", "one", "brief"]) => self.get_community(),
            ("GET", ["stripe", "monetization", "plans"]) => self.list_plans(context),
            // Assumed: Networked answers an unknown path with 404.
            _ => reply::failure(404, "Not found"),
        }
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
