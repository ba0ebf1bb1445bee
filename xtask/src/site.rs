//! Serves the built site like a production host: same headers, same fallback, same compression.

use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use anyhow::{Result, anyhow};
use hosting::{Config, headers};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use crate::app;
use crate::files;
use crate::hosted::Hosted;
use crate::watch::{self, Live};

const N_THREADS: usize = 6;

/// A built site and its configuration.
#[derive(Debug, Clone)]
pub struct Site {
    pub files: PathBuf,
    /// The folder of the compressed files, named `….br`.
    pub compressed: PathBuf,
    /// The `config.json` to serve, instead of the one of the build.
    pub hosted: Hosted,
}

/// A site being served; dropping it stops the server.
pub struct Running {
    pub address: String,
    server: Arc<Server>,
    is_stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

struct Answer {
    status: u16,
    name: String,
    body: Vec<u8>,
    is_brotli: bool,
}

impl Site {
    /// Starts serving on this machine only; port 0 takes any free port.
    pub fn start(self, port: u16) -> Result<Running> {
        self.start_with(port, None)
    }

    /// Like [`Site::start`]; pages follow changes of the sources.
    pub fn start_live(self, port: u16, live: Arc<Live>) -> Result<Running> {
        self.start_with(port, Some(live))
    }

    fn start_with(self, port: u16, live: Option<Arc<Live>>) -> Result<Running> {
        let server = Server::http(("127.0.0.1", port)).map_err(|error| {
            anyhow!(
                "port {port} cannot be used ({error}); please choose another: cargo xtask serve --port 8090"
            )
        })?;
        let server = Arc::new(server);
        let is_stopping = Arc::new(AtomicBool::new(false));
        let port = server.server_addr().to_ip().map_or(port, |address| address.port());
        let site = Arc::new(self);
        let threads = (0..N_THREADS)
            .map(|_| {
                let (site, server, is_stopping) =
                    (Arc::clone(&site), Arc::clone(&server), Arc::clone(&is_stopping));
                let live = live.clone();
                thread::spawn(move || {
                    while !is_stopping.load(Ordering::SeqCst) {
                        if let Ok(request) = server.recv() {
                            site.respond(request, live.as_deref());
                        }
                    }
                })
            })
            .collect();
        Ok(Running { address: format!("http://127.0.0.1:{port}"), server, is_stopping, threads })
    }

    fn respond(&self, request: Request, live: Option<&Live>) {
        let takes_brotli = header(&request, "Accept-Encoding").is_some_and(|value| value.contains("br"));
        let known = header(&request, "If-None-Match").unwrap_or_default().to_owned();
        if let Some(there) = moved(&request) {
            // The browser may have closed the connection; this also applies below.
            request.respond(there).ok();
            return;
        }
        let path = path(request.url()).to_owned();
        if let Some(live) = live.filter(|_| path == watch::EVENTS) {
            live.listen(request.into_writer(), &self.hosted.config).ok();
            return;
        }
        let answer = match request.method() {
            Method::Get | Method::Head => match live {
                Some(live) => self.live_answer(live, &path),
                None => self.answer(request.url(), takes_brotli),
            },
            _ => Answer::text(405, "only GET and HEAD are answered here\n"),
        };
        let is_head = *request.method() == Method::Head;
        let answer = answer.unless(&known);
        answer.write(request.into_writer(), &self.hosted.config, is_head).ok();
    }

    fn answer(&self, url: &str, takes_brotli: bool) -> Answer {
        let path = path(url);
        if matches!(path, app::MANIFEST | app::WORKER) {
            return self.generated(path);
        }
        if path == "config.json" {
            return Answer {
                status: 200,
                name: path.to_owned(),
                body: self.hosted.text.clone().into_bytes(),
                is_brotli: false,
            };
        }
        let is_within = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        // Hosts do not serve `_headers`, `_redirects` and dotfiles either.
        let is_hidden = path.starts_with('_') || path.split('/').any(|part| part.starts_with('.'));
        if !is_within || path.contains('\\') || is_hidden {
            return Answer::text(404, "there is no such file\n");
        }
        if let Some(found) = self.file(if path.is_empty() { "index.html" } else { path }, takes_brotli) {
            return found;
        }
        // A path without an extension is a page of the console; a missing file must not look like a page.
        let last = path.rsplit('/').next().unwrap_or_default();
        if last.contains('.') {
            return Answer::text(404, "there is no such file\n");
        }
        self.file("index.html", takes_brotli).unwrap_or_else(|| Answer::text(404, "the site is not built\n"))
    }

    /// A file that depends on the settings.
    fn generated(&self, name: &str) -> Answer {
        let found = app::generated(&self.files, &self.hosted)
            .map(|all| all.into_iter().find(|(known, _)| *known == name));
        match found {
            Ok(Some((_, body))) => Answer { status: 200, name: name.to_owned(), body, is_brotli: false },
            Ok(None) => Answer::text(404, "there is no such file\n"),
            Err(error) => Answer::text(500, &format!("{error:#}\n")),
        }
    }

    /// Answers with files of `live`, and makes pages follow it.
    fn live_answer(&self, live: &Live, path: &str) -> Answer {
        if let Some(body) = live.file(path) {
            return Answer { status: 200, name: path.to_owned(), body, is_brotli: false };
        }
        let answer = self.answer(path, false);
        if answer.name != "index.html" {
            return answer;
        }
        match live.page(&answer.body) {
            Ok(body) => Answer { body, ..answer },
            Err(error) => Answer::text(500, &format!("{error:#}\n")),
        }
    }

    fn file(&self, name: &str, takes_brotli: bool) -> Option<Answer> {
        let compressed = self.compressed.join(format!("{name}.br"));
        let is_brotli = takes_brotli && compressed.is_file();
        let plain = || self.hosted.logo(name).unwrap_or_else(|| self.files.join(name));
        let body = std::fs::read(if is_brotli { compressed } else { plain() }).ok()?;
        Some(Answer { status: 200, name: name.to_owned(), body, is_brotli })
    }
}

/// The path of a URL, relative to the site.
fn path(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/')
}

fn header<'a>(request: &'a Request, name: &'static str) -> Option<&'a str> {
    request.headers().iter().find(|header| header.field.equiv(name)).map(|header| header.value.as_str())
}

/// Redirects `localhost` to `127.0.0.1`, which is the origin that the sandbox and the browser's storage know.
fn moved(request: &Request) -> Option<Response<std::io::Empty>> {
    let host = header(request, "Host")?;
    let port = host.strip_prefix("localhost:")?;
    let address = format!("http://127.0.0.1:{port}{}", request.url());
    let header = Header::from_bytes("Location", address).ok()?;
    Some(Response::empty(307).with_header(header))
}

impl Answer {
    fn text(status: u16, text: &str) -> Self {
        Self { status, name: "answer.txt".to_owned(), body: text.as_bytes().to_vec(), is_brotli: false }
    }

    /// An ETag that changes with the content.
    fn tag(&self) -> String {
        format!("\"{}\"", files::digest(&self.body))
    }

    /// Becomes a 304 if the browser has this content already.
    fn unless(self, known: &str) -> Self {
        let tag = self.tag();
        let is_known = self.status == 200 && known.split(',').any(|known| known.trim() == tag);
        if is_known { Self { status: 304, ..self } } else { self }
    }

    /// Writes the response and closes the connection. tiny_http may leave a connection without a thread while
    /// others are kept alive, and browsers keep them alive.
    fn write(self, mut to: impl Write, config: &Config, is_head: bool) -> std::io::Result<()> {
        let reason = StatusCode(self.status).default_reason_phrase();
        let mut all = headers::security(config);
        all.push(("Content-Type", headers::content_type(&self.name).to_owned()));
        let is_file = matches!(self.status, 200 | 304);
        let cache = if is_file { headers::cache_control(&self.name) } else { "no-store" };
        if is_file {
            all.push(("ETag", self.tag()));
        }
        all.push(("Cache-Control", cache.to_owned()));
        all.push(("Vary", "Accept-Encoding".to_owned()));
        if self.status != 304 {
            all.push(("Content-Length", self.body.len().to_string()));
        }
        all.push(("Connection", "close".to_owned()));
        if self.is_brotli {
            all.push(("Content-Encoding", "br".to_owned()));
        }
        write!(to, "HTTP/1.1 {} {reason}\r\n", self.status)?;
        for (name, value) in all {
            write!(to, "{name}: {value}\r\n")?;
        }
        to.write_all(b"\r\n")?;
        if !is_head && self.status != 304 {
            to.write_all(&self.body)?;
        }
        to.flush()
    }
}

impl Drop for Running {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn site(name: &str) -> Site {
        let folder = files::memory().join("site-tests").join(name);
        files::write(&folder.join("dist/index.html"), "<!doctype html>")
            .expect("the target folder is writable");
        files::write(&folder.join("dist/_redirects"), "/* /index.html 200")
            .expect("the target folder is writable");
        files::write(&folder.join("dist/app-0123456789abcdef.css"), "a{}")
            .expect("the target folder is writable");
        files::write(&folder.join("br/app-0123456789abcdef.css.br"), "short")
            .expect("the target folder is writable");
        files::write(&folder.join("secret.txt"), "no").expect("the target folder is writable");
        Site {
            files: folder.join("dist"),
            compressed: folder.join("br"),
            hosted: Hosted::load(None, &[])
                .and_then(|hosted| hosted.with_sandbox("http://127.0.0.1:8081"))
                .expect("the address is an origin"),
        }
    }

    #[test]
    fn answers_a_page_for_every_path_without_an_extension() {
        let site = site("pages");
        for url in ["/", "/index.html", "/c/one/members?q=a.b", "/settings"] {
            let answer = site.answer(url, false);
            assert_eq!((answer.status, answer.name.as_str()), (200, "index.html"), "{url}");
        }
    }

    #[test]
    fn a_missing_or_hidden_file_is_not_a_page() {
        let hidden = ["/_headers", "/_redirects", "/.env", "/.git/config", "/a/.htpasswd"];
        let missing = ["/app-1111111111111111.css", "/boot.js", "/x/y.wasm", "/../secret.txt"];
        for url in hidden.into_iter().chain(missing) {
            assert_eq!(site("missing").answer(url, false).status, 404, "{url}");
        }
    }

    #[test]
    fn what_a_browser_has_is_not_sent_again() {
        let page = || site("known").answer("/", false);
        let tag = page().tag();
        let written = |known: &str| {
            let mut out = Vec::new();
            page().unless(known).write(&mut out, &Config::default(), false).expect("memory can be written");
            String::from_utf8(out).expect("the page is text")
        };
        assert!(
            written("").starts_with("HTTP/1.1 200 ") && written("").contains(&format!("ETag: {tag}\r\n"))
        );
        let again = written(&format!("\"other\", {tag}"));
        assert!(again.starts_with("HTTP/1.1 304 ") && again.ends_with("\r\n\r\n"), "{again}");
        assert!(again.contains("Cache-Control: no-cache"));
    }

    #[test]
    fn compressed_files_go_to_those_who_take_them() {
        let site = site("compressed");
        assert_eq!(site.answer("/app-0123456789abcdef.css", true).body, b"short");
        assert_eq!(site.answer("/app-0123456789abcdef.css", false).body, b"a{}");
    }

    #[test]
    fn tells_the_page_where_the_sandbox_is() {
        assert_eq!(
            site("config").answer("/config.json", true).body,
            br#"{"sandbox":"http://127.0.0.1:8081"}"#
        );
    }
}
