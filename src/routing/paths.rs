//! Typed addresses of all pages, including the base path the console is hosted under.

use leptos::prelude::document;
use std::cell::OnceCell;

thread_local! {
    static BASE: OnceCell<String> = const { OnceCell::new() };
}

/// The base path without a trailing slash: empty or such as `/console`.
pub fn base() -> String {
    BASE.with(|base| base.get_or_init(read_base).clone())
}

fn read_base() -> String {
    let uri = document().base_uri().ok().flatten().unwrap_or_default();
    let path = web_sys::Url::new(&uri).map(|url| url.pathname()).unwrap_or_default();
    // Without a `<base>` the document's own address is the base URI, and the console is at the root.
    let has_base = document().query_selector("base[href]").ok().flatten().is_some();
    if has_base { path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned() } else { String::new() }
}

fn at(path: &str) -> String {
    format!("{}/{path}", base())
}

/// `/`
pub fn overview() -> String {
    at("")
}

/// `/connections`
pub fn connections() -> String {
    at("connections")
}

/// `/connections?import=file`, which asks for the file.
pub fn import_connections() -> String {
    at("connections?import=file")
}

/// `/connections/new`
pub fn new_connection() -> String {
    at("connections/new")
}

/// `/connections/:id`
pub fn connection(id: &str) -> String {
    at(&format!("connections/{}", escape(id)))
}

/// `/c/:connection/members`
pub fn members(connection: &str) -> String {
    at(&format!("c/{}/members", escape(connection)))
}

/// `/c/:connection/members/add`
pub fn add_members(connection: &str) -> String {
    at(&format!("c/{}/members/add", escape(connection)))
}

/// The value of the parameter `action` that turns the page for adding people into the one for banning them.
pub const BAN: &str = "ban";

/// `/c/:connection/members/add?action=ban&group=:group`
pub fn ban_members(connection: &str, group: Option<&str>) -> String {
    let group = group.map(|group| format!("&group={}", escape(group))).unwrap_or_default();
    format!("{}?action={BAN}{group}", add_members(connection))
}

/// `/c/:connection/members/add?group=:group`
pub fn add_members_to(connection: &str, group: &str) -> String {
    [&add_members(connection), "?group=", &escape(group)].concat()
}

/// `/c/:connection/members?q=:name&person=:id`
pub fn member(connection: &str, name: &str, id: &str) -> String {
    [&members(connection), "?q=", &escape(name), "&person=", &escape(id)].concat()
}

/// `/c/:connection/moderators`
pub fn moderators(connection: &str) -> String {
    at(&format!("c/{}/moderators", escape(connection)))
}

/// `/c/:connection/invites`
pub fn invites(connection: &str) -> String {
    at(&format!("c/{}/invites", escape(connection)))
}

/// `/c/:connection/groups`
pub fn groups(connection: &str) -> String {
    at(&format!("c/{}/groups", escape(connection)))
}

/// `/c/:connection/groups/:group`
pub fn group(connection: &str, group: &str) -> String {
    at(&format!("c/{}/groups/{}", escape(connection), escape(group)))
}

/// `/import`
pub fn import() -> String {
    at("import")
}

/// `/import?connection=:connection&action=:action&group=:group`
pub fn import_for(connection: &str, action: &str, group: Option<&str>) -> String {
    let group = group.map(|group| format!("&group={}", escape(group))).unwrap_or_default();
    format!("{}?connection={}&action={action}{group}", import(), escape(connection))
}

/// `/import/preview`
pub fn import_preview() -> String {
    at("import/preview")
}

/// `/activity`
pub fn activity() -> String {
    at("activity")
}

/// `/runs`
pub fn runs() -> String {
    at("runs")
}

/// `/runs/open`
pub fn open_results() -> String {
    at("runs/open")
}

/// `/runs/:id`
pub fn run(id: &str) -> String {
    at(&format!("runs/{}", escape(id)))
}

/// `/runs/:id/undo`
pub fn undo(id: &str) -> String {
    [&run(id), "/undo"].concat()
}

/// `/runs/:id/undo?row=:row`; rows are numbered from 1.
pub fn undo_row(id: &str, row: &str) -> String {
    [&undo(id), "?row=", row].concat()
}

/// `/undo?run=:id&run=…`
pub fn undo_runs<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    undo_several("run", ids)
}

/// `/undo?entry=:key&entry=…`
pub fn undo_entries<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    undo_several("entry", keys)
}

/// `/undo?chosen=:key`, for more than an address names.
pub fn undo_chosen(key: &str) -> String {
    undo_several("chosen", std::iter::once(key))
}

fn undo_several<'a>(name: &str, values: impl Iterator<Item = &'a str>) -> String {
    let query: Vec<String> = values.map(|value| [name, "=", &escape(value)].concat()).collect();
    at(&["undo?", &query.join("&")].concat())
}

/// `/review`
pub fn review() -> String {
    at("review")
}

/// `/review?request=:hash`
pub fn review_of(hash: &str) -> String {
    [&review(), "?request=", hash].concat()
}

/// `/settings`
pub fn settings() -> String {
    at("settings")
}

/// `/config.json`, which is a file, not a page.
pub fn config() -> String {
    at("config.json")
}

/// A file served beside the page.
pub fn beside(file: &str) -> String {
    at(file)
}

/// `/sandbox`
pub fn sandbox() -> String {
    at("sandbox")
}

fn escape(part: &str) -> String {
    js_sys::encode_uri_component(part).into()
}
