//! What whoever hosts the console says beside it, in `config.json`.

use gloo_net::http::Request;
use serde_json::Value;

use crate::paths;

/// The settings of this host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Where a sandbox server listens, for trying the console over a real network.
    pub sandbox: Option<String>,
}

/// Reads the settings. A host without the file, or with one that cannot be read, has none.
pub async fn load() -> Config {
    let path = paths::config();
    let Ok(response) = Request::get(&path).send().await else { return Config::default() };
    let Ok(json) = response.json::<Value>().await else { return Config::default() };
    let sandbox = json.get("sandbox").and_then(Value::as_str);
    let is_usable = |address: &&str| domain::BaseUrl::parse(address, true).is_ok();
    Config { sandbox: sandbox.filter(is_usable).map(str::to_owned) }
}
