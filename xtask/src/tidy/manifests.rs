//! Checks dependencies between packages, based on their manifests.

use super::{require_none, sources};

/// Packages that would give a pure crate a clock, randomness, the page or the network.
const IMPURE: [&str; 16] = [
    "async-trait",
    "chrono",
    "futures",
    "getrandom",
    "gloo-net",
    "gloo-timers",
    "idb",
    "js-sys",
    "leptos",
    "rand",
    "reqwest",
    "rusqlite",
    "tokio",
    "wasm-bindgen",
    "web-sys",
    "web-time",
];

/// The dependencies of a package on any target, excluding development dependencies.
fn dependencies(manifest: &str) -> Vec<String> {
    let source = sources(&[manifest], "Cargo.toml").pop().expect("every package has a manifest");
    let table: toml::Table = source.text.parse().expect("manifests are valid TOML");
    let targets =
        table.get("target").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values);
    let owners = targets.filter_map(toml::Value::as_table).chain([&table]);
    let tables = owners.filter_map(|owner| owner.get("dependencies")?.as_table());
    tables.flat_map(|dependencies| dependencies.keys().cloned()).collect()
}

#[track_caller]
fn forbid(package: &str, forbidden: &[&str]) {
    let manifest =
        if package == "muster" { "Cargo.toml".to_owned() } else { format!("crates/{package}/Cargo.toml") };
    let found: Vec<_> =
        dependencies(&manifest).into_iter().filter(|name| forbidden.contains(&name.as_str())).collect();
    require_none(&found, &format!("`{package}` must never use these"));
}

#[test]
fn pure_crates_know_no_clock_no_chance_no_page_and_no_network() {
    for package in ["domain", "vendors", "sandbox", "hosting", "fuzzing", "review"] {
        forbid(package, &IMPURE);
    }
}

#[test]
fn the_domain_knows_no_format_and_nobody_else() {
    forbid("domain", &["http", "serde_json", "vendors", "sandbox", "sandbox-server", "sandbox-worker"]);
}

#[test]
fn clients_do_not_know_the_sandbox() {
    forbid("hosting", &["sandbox", "sandbox-server", "sandbox-worker"]);
    forbid("vendors", &["sandbox", "sandbox-server", "sandbox-worker"]);
    forbid("muster", &["sandbox", "sandbox-server", "sandbox-worker", "rusqlite", "axum", "tokio"]);
}

#[test]
fn only_their_worker_reads_workbooks() {
    // They add 250 KB to a program, compressed.
    for package in ["domain", "vendors", "hosting", "browser", "i18n", "ui", "muster", "sandbox-worker"] {
        forbid(package, &["workbook-worker", "calamine", "quick-xml", "zip"]);
    }
}

#[test]
fn the_browser_has_no_views_and_views_have_no_domain() {
    forbid("browser", &["leptos", "leptos_router", "i18n", "ui", "hosting", "sandbox"]);
    forbid("i18n", &["domain", "vendors", "hosting", "leptos_router", "ui"]);
    forbid("ui", &["domain", "vendors", "hosting", "leptos_router"]);
}

#[test]
fn workers_draw_nothing() {
    forbid("sandbox-worker", &["leptos", "leptos_router", "sandbox-server"]);
    forbid("directory-worker", &["leptos", "leptos_router", "sandbox", "browser"]);
    forbid("import-worker", &["leptos", "leptos_router", "sandbox", "browser"]);
    forbid("ledger-worker", &["leptos", "leptos_router", "sandbox", "browser"]);
    forbid("workbook-worker", &["leptos", "leptos_router", "domain", "vendors", "sandbox", "muster"]);
}

#[test]
fn nobody_depends_on_the_server() {
    for package in ["domain", "vendors", "sandbox", "sandbox-worker", "muster"] {
        forbid(package, &["sandbox-server"]);
    }
}
