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
    /// The API version between the connection's name and the path, which is part of the base URL; empty for none.
    #[serde(skip)]
    pub base: String,
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

/// Calls that no page makes. A relay that allowed them would let every user of the console delete an app's
/// users.
const UNUSED: [&str; 5] =
    ["create_user", "update_user", "delete_user", "deactivate_users", "reactivate_users"];

/// The calls that a relay allows: those of the console except signing in, because the relay itself holds the
/// credentials.
pub fn relayed() -> Result<Vec<Operation>> {
    let mut operations = all()?;
    operations.retain(|operation| operation.auth != "none" && !UNUSED.contains(&&*operation.id));
    Ok(operations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_in_the_contract() {
        let all = all().expect("the contract is readable");
        for id in UNUSED {
            assert!(all.iter().any(|operation| operation.id == id), "{id}");
        }
        let n_signing_in = all.iter().filter(|operation| operation.auth == "none").count();
        let relayed = relayed().expect("the contract is readable");
        assert_eq!(relayed.len() + UNUSED.len() + n_signing_in, all.len());
    }
}
