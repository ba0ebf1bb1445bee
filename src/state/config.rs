//! The host's settings in `config.json`, read once before anything is drawn.
//!
//! The shipped file is `{}` and needs no parser. For any other file the parser is fetched while the page is
//! still empty, so that nothing is shown that the file would have changed. A file with errors is not partly
//! applied: the page reports them and connects to nothing.

use std::sync::Arc;

use gloo_net::http::Request;
use hosting::Config;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::routing::paths;

/// The settings file as shipped: no settings.
const NOTHING: &str = "{}";
/// The status of a missing file.
const NOT_FOUND: u16 = 404;

/// The host's settings, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Hosted {
    /// The settings; [`Config::closed`] if they cannot be read.
    pub config: Arc<Config>,
    /// Why they cannot be read.
    pub trouble: Option<Trouble>,
}

/// Why `config.json` cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The file or its parser could not be fetched.
    NotFetched,
    /// The file is invalid: path and reason of each problem, in the parser's words.
    Wrong(Vec<(String, String)>),
}

type Parse = fn(&str) -> Result<Config, Vec<(String, String)>>;

/// Reads the settings.
pub async fn load() -> Hosted {
    let trouble = match fetch().await {
        Ok(text) if text.trim() == NOTHING => return Hosted::default(),
        Ok(text) => match parser().await {
            Ok(parse) => match parse(&text) {
                Ok(config) => return Hosted { config: Arc::new(config), trouble: None },
                Err(problems) => Trouble::Wrong(problems),
            },
            Err(error) => {
                leptos::logging::error!("{error}");
                Trouble::NotFetched
            }
        },
        Err(trouble) => trouble,
    };
    Hosted { config: Arc::new(Config::closed()), trouble: Some(trouble) }
}

/// The host's settings; the default if none were provided, as in tests.
pub fn use_config() -> Arc<Config> {
    use_context::<Hosted>().unwrap_or_default().config
}

/// Why the host's settings cannot be read; `None` if they can.
pub fn use_trouble() -> Option<Trouble> {
    use_context::<Hosted>().and_then(|hosted| hosted.trouble)
}

/// A missing file counts as no settings.
async fn fetch() -> Result<String, Trouble> {
    let response = Request::get(&paths::config()).send().await.map_err(|_| Trouble::NotFetched)?;
    if response.status() == NOT_FOUND {
        return Ok(NOTHING.to_owned());
    }
    if !response.ok() {
        return Err(Trouble::NotFetched);
    }
    response.text().await.map_err(|_| Trouble::NotFetched)
}

#[wasm_split(host, wasm_split_path = ::leptos::wasm_split, fallible)]
fn parser() -> Result<Parse, SplitLoaderError> {
    Ok(parse)
}

fn parse(text: &str) -> Result<Config, Vec<(String, String)>> {
    Config::parse(text).map_err(|problems| {
        problems.into_iter().map(|problem| (problem.path, problem.reason.to_string())).collect()
    })
}
