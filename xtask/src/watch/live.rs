//! What open pages get without a build: styles, texts, and the notice of a new build.

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use hosting::{Config, headers};
use serde_json::json;

use super::texts::Texts;
use crate::build::{Asset, Page};
use crate::{app, files};

/// The stream of events; each says which release, styles and texts are current.
pub const EVENTS: &str = "watch/events";

const SCRIPT: &str = "watch/page.js";
const STYLES: &str = "watch/app.css";
const TEXTS: &str = "watch/en.json";

const SCRIPT_TEXT: &str = include_str!("page.js");

type Listener = Box<dyn Write + Send>;

/// The state that open pages follow.
pub struct Live {
    /// The folder of the built site.
    site: PathBuf,
    texts: Mutex<Texts>,
    listeners: Mutex<Vec<Listener>>,
}

impl Live {
    /// Starts with the current texts, for the site in this folder.
    pub fn new(site: PathBuf) -> Result<Self> {
        Ok(Self { site, texts: Mutex::new(Texts::read()?), listeners: Mutex::default() })
    }

    /// The body of a file that exists only here.
    pub fn file(&self, path: &str) -> Option<Vec<u8>> {
        match path {
            SCRIPT => Some(SCRIPT_TEXT.into()),
            STYLES => styles().ok(),
            // Pages must not come from a cache, also not from that of an earlier `serve`.
            app::WORKER => Some(app::REMOVING.into()),
            TEXTS => {
                Some(self.texts.lock().unwrap_or_else(PoisonError::into_inner).json.clone().into_bytes())
            }
            _ => None,
        }
    }

    /// Makes a built page follow changes: it gets the current styles and a script.
    pub fn page(&self, built: &[u8]) -> Result<Vec<u8>> {
        let mut page = Page::parse(&String::from_utf8_lossy(built));
        page.forget_worker();
        page.replace_style_sheets(&Asset::unwritten(STYLES, &styles()?));
        page.add_script(&Asset::unwritten(SCRIPT, SCRIPT_TEXT.as_bytes()));
        page.check()?;
        Ok(page.into_text().into_bytes())
    }

    /// Reads the texts again, for the next event. Returns true if they need a build.
    ///
    /// # Errors
    /// With all problems of the texts; then the previous ones stay.
    pub fn read_texts(&self) -> Result<bool> {
        let new = Texts::read()?;
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let need_build = new.need_build(&texts);
        *texts = new;
        Ok(need_build)
    }

    /// Starts the stream of events of an open page.
    pub fn listen(&self, mut to: Listener, config: &Config) -> Result<()> {
        to.write_all(b"HTTP/1.1 200 OK\r\n")?;
        for (name, value) in headers::security(config) {
            write!(to, "{name}: {value}\r\n")?;
        }
        to.write_all(b"Content-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\n")?;
        send(&mut to, &self.event()?)?;
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(to);
        Ok(())
    }

    /// Sends an event to all open pages.
    pub fn announce(&self) -> Result<()> {
        let event = self.event()?;
        // Writing fails for pages that were closed.
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain_mut(|to| send(to, &event).is_ok());
        Ok(())
    }

    fn event(&self) -> Result<String> {
        let page = Page::parse(&files::read_text(&self.site.join("index.html"))?);
        let release = page.attribute("data-release").context("the page does not name its release")?;
        let style = Asset::unwritten(STYLES, &styles()?).integrity;
        let texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner).digest.clone();
        Ok(json!({ "release": release, "style": style, "texts": texts }).to_string())
    }
}

fn send(to: &mut Listener, event: &str) -> std::io::Result<()> {
    write!(to, "data: {event}\n\n")?;
    to.flush()
}

/// The style sheets of the sources, joined as a build joins them.
fn styles() -> Result<Vec<u8>> {
    let root = files::root();
    let page = Page::parse(&files::read_text(&root.join("index.html"))?);
    let mut all = Vec::new();
    for path in page.style_sources() {
        all.extend(files::read(&root.join(path))?);
        all.push(b'\n');
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// Collects what is sent, until it is closed.
    #[derive(Clone, Default)]
    struct Tab {
        received: Arc<Mutex<Vec<u8>>>,
        is_closed: Arc<Mutex<bool>>,
    }

    impl Tab {
        fn text(&self) -> String {
            String::from_utf8(self.received.lock().expect("no test panicked").clone())
                .expect("events are text")
        }
    }

    impl Write for Tab {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if *self.is_closed.lock().expect("no test panicked") {
                return Err(std::io::ErrorKind::BrokenPipe.into());
            }
            self.received.lock().expect("no test panicked").extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    const PAGE: &str = r#"<head><link rel="stylesheet" href="assets/app-1.css" integrity="sha256-1">
<script id="boot" src="assets/boot.js" integrity="sha256-2" data-release="0123" data-worker="sw.js"></script></head>"#;

    fn live(name: &str) -> Live {
        let site = files::memory().join("live-tests").join(name);
        files::write(&site.join("index.html"), PAGE).expect("the target folder is writable");
        Live::new(site).expect("the texts have no problems")
    }

    #[test]
    fn a_page_gets_the_current_styles_and_a_script_with_their_checksums() {
        let page = live("page").page(PAGE.as_bytes()).expect("the page keeps the policy");
        let page = String::from_utf8(page).expect("the page is text");
        let styles = Asset::unwritten(STYLES, &styles().expect("the sources have styles"));
        assert!(
            page.contains(&format!(r#"href="watch/app.css" integrity="{}""#, styles.integrity)),
            "{page}"
        );
        assert!(page.contains(r#"src="watch/page.js" integrity="sha256-"#), "{page}");
        assert!(!page.contains("app-1.css"), "{page}");
        assert!(!page.contains("data-worker"), "it would come from a cache: {page}");
    }

    #[test]
    fn every_file_that_a_page_fetches_is_here() {
        let live = live("files");
        for path in [SCRIPT, STYLES, TEXTS, app::WORKER] {
            assert!(live.file(path).is_some_and(|body| !body.is_empty()), "{path}");
        }
        assert_eq!(live.file("watch/other.js"), None);
    }

    #[test]
    fn open_pages_get_every_event_and_closed_ones_are_forgotten() {
        let (live, open, closed) = (live("events"), Tab::default(), Tab::default());
        for tab in [&open, &closed] {
            live.listen(Box::new(tab.clone()), &Config::default()).expect("the tab is open");
        }
        *closed.is_closed.lock().expect("no test panicked") = true;
        live.announce().expect("the site is built");
        assert_eq!(open.text().matches(r#""release":"0123""#).count(), 2);
        assert_eq!(live.listeners.lock().expect("no test panicked").len(), 1);
        assert!(open.text().contains("Content-Type: text/event-stream\r\n"));
    }
}
