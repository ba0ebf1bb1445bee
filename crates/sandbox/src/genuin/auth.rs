//! Genuin's sign-in and tokens (Genuin contract, section 6).

use domain::{Millis, Vendor};
use serde_json::{Value, json};

use super::reply::{failure, success};
use crate::{
    KeyPolicy, Response, Settings, call::Call, digest::digest, emulator::Context, reply::with_header,
};

/// A token that is always expired.
pub(super) const EXPIRED: &str = "expired-token";

/// The API keys whose sign-in behaves abnormally, and what they provoke.
pub(crate) const ODD_KEYS: [(&str, &str); 6] = [
    ("wrong-key", "5235"),
    ("bad-request-key", "1099"),
    ("precondition-key", "5166"),
    ("expired-token", "5159"),
    ("no-token-key", "auth.no_token"),
    ("token-in-body-key", "token-in-body"),
];

/// A secret that does not belong to any key.
pub(crate) const WRONG_SECRET: &str = "wrong-secret";

/// Genuin, Authentication API.
pub(super) fn sign_in(call: &Call<'_>, context: Context<'_>) -> Response {
    let Some(Value::Object(body)) = call.json() else { return failure("1099") };
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().trim();
    let (key, secret) = (text("api_key"), text("api_secret"));
    // Genuin, Authentication API: the heading of the 404 block calls it "parameters missing".
    if key.is_empty() || secret.is_empty() {
        return failure("5235");
    }
    // Assumed: Genuin answers a wrong secret with 412 `5166`, and an unknown key with 404 `5235`.
    if secret == WRONG_SECRET || !secret_fits(context.settings, secret) {
        return failure("5166");
    }
    let odd = ODD_KEYS.iter().find(|(odd, _)| *odd == key).map(|(_, provokes)| *provokes);
    if odd.is_none() && !key_fits(context.settings, key) {
        return failure("5235");
    }
    match odd {
        Some("auth.no_token") => success("Success", &json!({})),
        Some("token-in-body") => success("Success", &json!({ "gn-access-token": token(context.now) })),
        Some("5159") => with_header(success("Success", &json!({})), "gn-access-token", EXPIRED),
        Some(code) => failure(code),
        None if context.settings.genuin.token_in_body => {
            success("Success", &json!({ "gn-access-token": token(context.now) }))
        }
        // Genuin, Authentication API (newer page): the token is in a response header.
        None => with_header(success("Success", &json!({})), "gn-access-token", &token(context.now)),
    }
}

/// Checks a call's bearer token.
// Assumed: without a valid token every Genuin call answers 401 `5159`, as documented for the group update.
pub(super) fn admit(call: &Call<'_>, context: Context<'_>) -> Result<(), Box<Response>> {
    let refused = || Box::new(failure("5159"));
    let bearer =
        call.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(refused)?;
    let lifetime = context.settings.genuin.token_lifetime_ms;
    match issued_at(bearer.trim()) {
        Some(at) if at.saturating_add(lifetime) > context.now => Ok(()),
        // Assumed: a pasted Genuin token of any other form is valid unless keys are pinned.
        None if matches!(context.settings.keys, KeyPolicy::AnyNonEmpty)
            && !is_ours(bearer)
            && bearer != EXPIRED =>
        {
            Ok(())
        }
        Some(_) if context.settings.genuin.expired_is_precondition => Err(Box::new(failure("5166"))),
        _ if bearer == EXPIRED && context.settings.genuin.expired_is_precondition => {
            Err(Box::new(failure("5166")))
        }
        _ => Err(refused()),
    }
}

/// A token that contains its issue time, so that it needs no state and survives a restart.
fn token(now: Millis) -> String {
    format!("sandbox-token-{now}-{:08x}", check(now))
}

fn is_ours(bearer: &str) -> bool {
    bearer.starts_with("sandbox-token-")
}

fn issued_at(bearer: &str) -> Option<Millis> {
    let (at, sum) = bearer.strip_prefix("sandbox-token-")?.split_once('-')?;
    let at = at.parse().ok()?;
    (sum == format!("{:08x}", check(at))).then_some(at)
}

fn check(at: Millis) -> u64 {
    digest(&format!("token {at}")) & 0xffff_ffff
}

fn key_fits(settings: &Settings, key: &str) -> bool {
    match &settings.keys {
        KeyPolicy::AnyNonEmpty => true,
        KeyPolicy::Exact(keys) => keys.has_key(Vendor::Genuin, key),
    }
}

fn secret_fits(settings: &Settings, secret: &str) -> bool {
    match &settings.keys {
        KeyPolicy::AnyNonEmpty => true,
        KeyPolicy::Exact(keys) => keys.has_secret(Vendor::Genuin, secret),
    }
}
