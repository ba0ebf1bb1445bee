//! What whoever hosts the console says beside it, in `config.json`: read once, before anything is drawn.
//!
//! A file that says nothing costs nothing. What reads any other is fetched then, while the page is still empty,
//! so that nothing is shown that the file would have changed. A file in which something is wrong is not half
//! used: the page says what is wrong, and connects to nobody.

use std::sync::Arc;

use gloo_net::http::Request;
use hosting::Config;
use leptos::prelude::*;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::routing::paths;

/// A file that says nothing, as it is shipped.
const NOTHING: &str = "{}";
/// Where there is no such file.
const NOT_FOUND: u16 = 404;

/// What this host says, and what is wrong with how it says it.
#[derive(Clone, Debug, Default)]
pub struct Hosted {
    /// What it says; [`Config::closed`] if that cannot be read.
    pub config: Arc<Config>,
    /// Why it cannot be read.
    pub trouble: Option<Trouble>,
}

/// Why `config.json` cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No answer, one with an error, or what reads it did not come.
    NotFetched,
    /// Something is wrong in it: path and sentence of each problem, in the words of the parser.
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

/// What this host says; below the root, or the default where nobody has said anything, as in tests.
pub fn use_config() -> Arc<Config> {
    use_context::<Hosted>().unwrap_or_default().config
}

/// Why this host's settings cannot be read, if they cannot.
pub fn use_trouble() -> Option<Trouble> {
    use_context::<Hosted>().and_then(|hosted| hosted.trouble)
}

/// A host without the file says nothing.
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
