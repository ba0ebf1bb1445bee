//! A stand-in for oauth2-proxy: a request with its cookie is signed in.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Result, anyhow};
use tiny_http::{Header, Request, Response, Server};

/// The cookie of a signed-in user.
pub const COOKIE: (&str, &str) = ("_oauth2_proxy", "signed-in");
/// That user's address.
pub const EMAIL: &str = "ada@muster.example";

/// A running stand-in; dropping it stops it.
pub struct SignIn {
    /// `host:port`.
    pub host: String,
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
}

impl SignIn {
    /// Starts listening on this machine.
    pub fn start() -> Result<Self> {
        let server =
            Server::http("127.0.0.1:0").map_err(|error| anyhow!("no port for a stand-in: {error}"))?;
        let server = Arc::new(server);
        let port = server.server_addr().to_ip().map_or(0, |address| address.port());
        let thread = thread::spawn({
            let server = Arc::clone(&server);
            move || {
                while let Ok(request) = server.recv() {
                    answer(request);
                }
            }
        });
        Ok(Self { host: format!("127.0.0.1:{port}"), server, thread: Some(thread) })
    }
}

impl Drop for SignIn {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn answer(request: Request) {
    let cookie = format!("{}={}", COOKIE.0, COOKIE.1);
    let is_signed_in = request
        .headers()
        .iter()
        .any(|header| header.field.equiv("Cookie") && header.value.as_str().contains(&cookie));
    let path = request.url().split('?').next().unwrap_or_default();
    let (status, text) = match (path, is_signed_in) {
        ("/oauth2/auth", true) => (202, ""),
        ("/oauth2/auth", false) => (401, "Unauthorized"),
        ("/oauth2/start", _) => (200, "<!doctype html><title>Sign in</title><h1>Sign in</h1>"),
        _ => (404, "no such page"),
    };
    let mut response = Response::from_string(text).with_status_code(status);
    for (name, value) in [("X-Auth-Request-Email", EMAIL), ("Content-Type", "text/html")] {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    // The server may have closed the connection.
    request.respond(response).ok();
}
