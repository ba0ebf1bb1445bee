//! The routes, and the conversion of the world's answers to HTTP.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State as Shared};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::{Millis, Vendor};
use http::{StatusCode, Uri, header};
use sandbox::Answer;

use crate::cors::{self, Origins};
use crate::crooked::{self, CROOKS};
use crate::held::HeldCalls;
use crate::state::State;

/// The maximum body size, well above any vendor call.
const MAX_BODY: usize = 4 << 20;

/// Marks a response that must not be sent: the accept loop cuts the connection instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut;

#[derive(Clone)]
struct Context {
    state: Arc<Mutex<State>>,
    origins: Arc<Origins>,
    held: Arc<HeldCalls>,
}

/// Builds the router. The accept loop must handle responses with a [`Cut`] extension.
pub fn router(state: State, origins: Origins) -> Router {
    let context =
        Context { state: Arc::new(Mutex::new(state)), origins: Arc::new(origins), held: Arc::default() };
    Router::new()
        .route("/hold/{words}", post(hold).delete(release))
        .route("/inspect", get(inspect))
        .route("/reset", post(reset))
        .route("/sentinels", get(sentinels))
        .fallback(vendor)
        .layer(from_fn_with_state(context.clone(), share))
        .with_state(context)
}

/// Splits a path into its vendor and the rest after the base path.
fn split_base(path: &str) -> Option<(Vendor, &str)> {
    Vendor::ALL.into_iter().find_map(|vendor| {
        let rest = path.strip_prefix(sandbox::base_path(vendor).as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then_some((vendor, rest))
    })
}

async fn share(Shared(context): Shared<Context>, mut request: Request, next: Next) -> Response {
    let is_preflight = cors::is_preflight(request.method(), request.headers());
    let origin = context.origins.admitted(request.headers()).cloned();
    let crook = crooked::split(request.uri()).map(|(crook, uri)| {
        *request.uri_mut() = uri;
        crook
    });
    let bent = match crook {
        Some(crook) => crook.answer(is_preflight).await,
        None => None,
    };
    let mut response = match (bent, is_preflight, &origin) {
        (Some(bent), ..) => bent,
        (None, true, Some(_)) => StatusCode::NO_CONTENT.into_response(),
        (None, true, None) => StatusCode::FORBIDDEN.into_response(),
        (None, false, _) => next.run(request).await,
    };
    if let Some(origin) = &origin {
        cors::allow(origin, is_preflight, response.headers_mut());
    }
    if let Some(crook) = crook {
        let status = response.status();
        crook.bend(is_preflight, status, response.headers_mut());
    }
    response
}

async fn vendor(Shared(context): Shared<Context>, request: Request) -> Response {
    let Some((vendor, path)) = split_base(request.uri().path()) else {
        let bases = Vendor::ALL.map(sandbox::base_path).join(", ");
        return (StatusCode::NOT_FOUND, format!("expected a path below one of {bases}")).into_response();
    };
    let path = if path.is_empty() { "/" } else { path };
    let path = request.uri().query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let Ok(uri) = path.parse::<Uri>() else {
        return (StatusCode::BAD_REQUEST, "expected a path").into_response();
    };
    let (mut parts, body) = request.into_parts();
    parts.uri = uri;
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "expected at most 4 MiB").into_response();
    };
    let request = http::Request::from_parts(parts, body.to_vec());
    let call = format!("{path}\n{}", String::from_utf8_lossy(request.body()));
    let handled = context.lock().handle(vendor, &request, now());
    let handled = match handled {
        Ok(handled) => handled,
        Err(error) => return broken(&error),
    };
    if handled.latency_ms > 0 {
        tokio::time::sleep(Duration::from_millis(handled.latency_ms)).await;
    }
    context.held.wait(&call).await;
    match handled.answer {
        Answer::Respond(response) => response.map(Body::from),
        Answer::Hang => std::future::pending().await,
        Answer::CutBefore | Answer::CutAfter => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(Cut);
            response
        }
    }
}

/// Holds the responses of calls that contain these words. The calls are executed as usual.
async fn hold(Shared(context): Shared<Context>, Path(words): Path<String>) -> StatusCode {
    context.held.hold(words);
    StatusCode::NO_CONTENT
}

async fn release(Shared(context): Shared<Context>, Path(words): Path<String>) -> StatusCode {
    context.held.release(&words);
    StatusCode::NO_CONTENT
}

async fn inspect(Shared(context): Shared<Context>) -> Response {
    match context.lock().dump() {
        Ok(dump) => ([(header::CONTENT_TYPE, "application/json")], dump.to_string()).into_response(),
        Err(error) => broken(&error),
    }
}

/// Lists the sentinels and crooked base paths, for tests that try each of them.
async fn sentinels() -> Response {
    let row = |sentinel: sandbox::Sentinel| {
        serde_json::json!({
            "vendor": sentinel.vendor,
            "place": sentinel.place,
            "value": sentinel.value,
            "provokes": sentinel.provokes,
        })
    };
    let path = |(name, _): (&str, _)| {
        serde_json::json!({
            "vendor": null, "place": "base path", "value": format!("/crooked/{name}"), "provokes": name,
        })
    };
    let rows: serde_json::Value =
        sandbox::sentinels().into_iter().map(row).chain(CROOKS.into_iter().map(path)).collect();
    ([(header::CONTENT_TYPE, "application/json")], rows.to_string()).into_response()
}

async fn reset(Shared(context): Shared<Context>, request: Request) -> Response {
    // A cross-origin page can send this POST without a preflight, so the origin is checked here.
    if context.origins.is_stranger(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match context.lock().reset() {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => broken(&error),
    }
}

fn broken(error: &crate::journal::JournalError) -> Response {
    eprintln!("error: {error}");
    (StatusCode::INTERNAL_SERVER_ERROR, "the sandbox cannot use its journal; its own output says why")
        .into_response()
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

impl Context {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // After a panic the world may be half changed, but a sandbox should keep running.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
