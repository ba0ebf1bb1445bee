//! The vendors' documented API calls, from `contracts/operations.yaml`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::files;

#[derive(Debug, Clone, Deserialize)]
pub struct Operation {
    /// The vendor's name in URLs.
    pub vendor: String,
    /// The project's name for the call.
    pub id: String,
    pub method: String,
    /// Relative to the vendor's base URL, with `{name}` for ids.
    pub path: String,
    /// The kind of credentials, or `none`.
    pub auth: String,
    /// Names of the query parameters.
    #[serde(default)]
    pub query: Vec<String>,
    /// False if no page makes this call. A relay that allowed it would let every user of the console make it.
    #[serde(default = "yes")]
    pub used: bool,
    /// The API version between the connection's name and the path, which is part of the base URL; empty for none.
    #[serde(skip)]
    pub base: String,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct Contract {
    /// By vendor.
    base_paths: BTreeMap<String, String>,
    operations: Vec<Operation>,
}

/// All documented calls, in the order of the file.
pub fn all() -> Result<Vec<Operation>> {
    let text = files::read_text(&files::root().join("contracts/operations.yaml"))?;
    let contract: Contract = serde_norway::from_str(&text).context("contracts/operations.yaml")?;
    let mut operations = contract.operations;
    for operation in &mut operations {
        operation.base = contract.base_paths.get(&operation.vendor).cloned().unwrap_or_default();
    }
    Ok(operations)
}

/// The calls that a relay allows: those of the console except signing in, because the relay itself holds the
/// credentials.
pub fn relayed() -> Result<Vec<Operation>> {
    let mut operations = all()?;
    operations.retain(|operation| operation.auth != "none" && operation.used);
    Ok(operations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_allows_no_call_that_no_page_makes() {
        let relayed = relayed().expect("the contract is readable");
        let has = |id: &str| relayed.iter().any(|operation| operation.id == id);
        assert!(has("add_members") && !has("delete_user") && !has("auth"));
        let all = all().expect("the contract is readable");
        let left_out = all.iter().filter(|operation| !operation.used || operation.auth == "none").count();
        assert_eq!(relayed.len() + left_out, all.len());
    }
}
