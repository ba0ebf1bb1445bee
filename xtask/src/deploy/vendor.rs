//! A hostile stand-in for the vendors: records requests, forwards them to the sandbox, and adds response
//! headers that try to set cookies, open other origins and redirect browsers.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Result, anyhow};
use tiny_http::{Request, Server};

use super::client::{self, Answer};

const N_THREADS: usize = 4;

/// Headers that a relay must neither forward nor obey.
pub const HOSTILE: [(&str, &str); 52] = [
    ("Set-Cookie", "session=stolen; Path=/"),
    ("WWW-Authenticate", "Basic realm=\"give me your password\""),
    ("Proxy-Authenticate", "Basic realm=\"stolen\""),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Allow-Headers", "stolen"),
    ("Access-Control-Allow-Private-Network", "true"),
    ("Access-Control-Expose-Headers", "*"),
    ("Timing-Allow-Origin", "*"),
    ("Location", "https://elsewhere.example/"),
    ("Content-Location", "https://elsewhere.example/"),
    ("Refresh", "0; url=https://elsewhere.example/"),
    ("Link", "<https://elsewhere.example/a.js>; rel=preload"),
    ("Speculation-Rules", "\"https://elsewhere.example/rules\""),
    ("Clear-Site-Data", "\"*\""),
    ("Content-Security-Policy", "default-src *"),
    ("Content-Security-Policy-Report-Only", "default-src *; report-uri https://elsewhere.example/"),
    ("Permissions-Policy", "camera=*"),
    ("Document-Policy", "js-profiling"),
    ("Cross-Origin-Opener-Policy", "unsafe-none"),
    ("Cross-Origin-Embedder-Policy-Report-Only", "require-corp; report-to=\"elsewhere\""),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Referrer-Policy", "unsafe-url"),
    ("Origin-Agent-Cluster", "?0"),
    ("Service-Worker-Allowed", "/"),
    ("Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload"),
    ("Public-Key-Pins", "pin-sha256=\"stolen\"; max-age=9999999"),
    ("Expect-CT", "max-age=9999999, enforce"),
    (
        "Report-To",
        "{\"group\":\"elsewhere\",\"max_age\":9999999,\"endpoints\":[{\"url\":\"https://elsewhere.example/\"}]}",
    ),
    ("Reporting-Endpoints", "default=\"https://elsewhere.example/\""),
    ("NEL", "{\"report_to\":\"elsewhere\",\"max_age\":9999999,\"success_fraction\":1}"),
    ("Alt-Svc", "h3=\"elsewhere.example:443\""),
    ("SourceMap", "https://elsewhere.example/map"),
    ("Accept-CH", "Sec-CH-UA-Full-Version-List"),
    ("Critical-CH", "Sec-CH-UA-Full-Version-List"),
    ("Secure-Session-Registration", "(ES256);path=\"stolen\""),
    ("Use-As-Dictionary", "match=\"/*\""),
    ("Cache-Control", "public, max-age=60"),
    ("Expires", "Thu, 01 Jan 2099 00:00:00 GMT"),
    ("ETag", "\"stolen\""),
    ("Content-Disposition", "attachment; filename=stolen.html"),
    ("Content-Type", "text/html; charset=utf-7"),
    ("X-Content-Type-Options", "none"),
    ("X-Frame-Options", "ALLOWALL"),
    ("X-Powered-By", "hope"),
    ("X-Accel-Redirect", "/relay/networked/founders-guild/api/v1/global/tags/community"),
    ("X-Accel-Expires", "9999999"),
    ("X-Accel-Limit-Rate", "1"),
    ("X-Accel-Charset", "utf-7"),
    ("X-Sendfile", "/etc/passwd"),
    ("gn-access-token", "for-the-relay-only"),
    ("Muster-Relay", "sign-in"),
];

/// Rate limit headers that a relay must forward, in both spellings.
pub const RATES: [(&str, &str); 7] = [
    ("X-RateLimit-Limit", "10000"),
    ("X-RateLimit-Remaining", "9876"),
    ("X-RateLimit-Reset", "1795332918"),
    ("X-Rate-Limit", "10000"),
    ("X-Rate-Limit-Remaining", "9876"),
    ("X-Rate-Limit-Reset", "1795332918"),
    ("Retry-After", "7"),
];

/// Prefix of group ids whose changes are made at once but answered late.
pub const HELD: &str = "/groups/held-";
const HELD_FOR: Duration = Duration::from_secs(3);

/// A group id that the vendor answers with an interim response first.
pub const EARLY: &str = "early";

/// Path prefix that returns the number of recorded changes whose URL contains the rest of the path.
const ARRIVED: &str = "/arrived";

/// A group id that the vendor answers with a redirect.
pub const REDIRECTING: &str = "redirecting";

/// A recorded request.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub method: String,
    /// Path and query, unchanged.
    pub url: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Arrived {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A running stand-in; dropping it stops it.
pub struct Vendor {
    pub address: String,
    server: Arc<Server>,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    is_stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Vendor {
    /// Starts listening on this machine. `base` is the vendor's path in the sandbox.
    pub fn start(sandbox: &str, base: &'static str) -> Result<Self> {
        let server =
            Server::http("127.0.0.1:0").map_err(|error| anyhow!("no port for a stand-in: {error}"))?;
        let server = Arc::new(server);
        let port = server.server_addr().to_ip().map_or(0, |address| address.port());
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let is_stopping = Arc::new(AtomicBool::new(false));
        let threads = (0..N_THREADS).map(|_| {
            let (server, arrived, is_stopping) =
                (Arc::clone(&server), Arc::clone(&arrived), Arc::clone(&is_stopping));
            let sandbox = sandbox.to_owned();
            thread::spawn(move || {
                while !is_stopping.load(Ordering::SeqCst) {
                    if let Ok(request) = server.recv() {
                        serve(request, &sandbox, base, &arrived);
                    }
                }
            })
        });
        let threads = threads.collect();
        Ok(Self { address: format!("http://127.0.0.1:{port}"), server, arrived, is_stopping, threads })
    }

    /// The requests recorded since the last call.
    pub fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut *self.arrived.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        for _ in &self.threads {
            self.server.unblock();
        }
        for thread in self.threads.drain(..) {
            thread.join().ok();
        }
    }
}

fn serve(mut request: Request, sandbox: &str, base: &str, arrived: &Mutex<Vec<Arrived>>) {
    let mut body = Vec::new();
    if request.as_reader().read_to_end(&mut body).is_err() {
        return; // the client disconnected halfway and expects no response
    }
    let header = |header: &tiny_http::Header| {
        (header.field.as_str().as_str().to_ascii_lowercase(), header.value.as_str().to_owned())
    };
    let call = Arrived {
        method: request.method().as_str().to_owned(),
        url: request.url().to_owned(),
        headers: request.headers().iter().map(header).collect(),
        body,
    };
    if let Some(path) = call.url.strip_prefix(ARRIVED) {
        let arrived = arrived.lock().unwrap_or_else(PoisonError::into_inner);
        let is_asked = |one: &&Arrived| one.method != "GET" && one.url.contains(path);
        let body = arrived.iter().filter(is_asked).count().to_string().into_bytes();
        drop(arrived);
        write(request.into_writer(), &Answer { status: 200, headers: Vec::new(), body }).ok();
        return;
    }
    let is_held = call.method != "GET" && call.url.contains(HELD);
    let answer = answer(&call, sandbox, base);
    arrived.lock().unwrap_or_else(PoisonError::into_inner).push(call.clone());
    if is_held {
        thread::sleep(HELD_FOR);
    }
    if call.url.ends_with(&format!("/{EARLY}")) {
        early(request.into_writer(), &answer).ok();
        return;
    }
    // The relay may have closed the connection.
    write(request.into_writer(), &answer).ok();
}

fn answer(call: &Arrived, sandbox: &str, base: &str) -> Answer {
    let hostile = HOSTILE.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    if call.url.ends_with(&format!("/{REDIRECTING}")) {
        return Answer { status: 307, headers: hostile.collect(), body: b"elsewhere".to_vec() };
    }
    let is_for_sandbox = |name: &str| {
        matches!(name, "apikey" | "x-api-key" | "authorization" | "content-type" | "onbehalfof" | "accept")
    };
    let headers: Vec<(&str, &str)> =
        call.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let headers: Vec<_> = headers.into_iter().filter(|(name, _)| is_for_sandbox(name)).collect();
    let first = format!("{} {base}{}", call.method, call.url);
    match client::send(sandbox, &first, &headers, &call.body) {
        Ok(mut answer) => {
            let is_ours = |name: &str| {
                matches!(name, "content-length" | "transfer-encoding" | "connection" | "content-type")
            };
            let is_rate = |name: &str| RATES.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
            answer.headers.retain(|(name, _)| !is_ours(name) && !is_rate(name));
            answer.headers.extend(RATES.map(|(name, value)| (name.to_owned(), value.to_owned())));
            let is_sign_in = call.url.ends_with("/auth");
            answer.headers.extend(hostile.filter(|(name, _)| !(is_sign_in && name == "gn-access-token")));
            answer
        }
        Err(error) => Answer { status: 599, headers: Vec::new(), body: error.to_string().into_bytes() },
    }
}

/// Sends an interim response first. Its `Content-Length` is that of the final response, in case a relay takes
/// it for the final one.
fn early(mut to: impl Write, answer: &Answer) -> std::io::Result<()> {
    let mut whole = Vec::new();
    write(&mut whole, answer)?;
    write!(to, "HTTP/1.1 103 Early Hints\r\n")?;
    for (name, _) in HOSTILE.iter().filter(|(name, _)| *name != "Content-Type") {
        write!(to, "{name}: early\r\n")?;
    }
    write!(to, "Content-Length: {}\r\n\r\n", whole.len())?;
    to.write_all(&whole)?;
    to.flush()
}

fn write(mut to: impl Write, answer: &Answer) -> std::io::Result<()> {
    write!(to, "HTTP/1.1 {} Answered\r\n", answer.status)?;
    for (name, value) in &answer.headers {
        write!(to, "{name}: {value}\r\n")?;
    }
    write!(to, "Content-Length: {}\r\nConnection: close\r\n\r\n", answer.body.len())?;
    to.write_all(&answer.body)?;
    to.flush()
}
