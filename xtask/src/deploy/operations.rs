//! The calls that the vendors document, as `contracts/operations.yaml` lists them.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::files;

/// One documented call.
#[derive(Debug, Clone, Deserialize)]
pub struct Operation {
    /// The vendor's name in addresses.
    pub vendor: String,
    /// What the project calls it.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// Below the vendor's base address, with `{name}` for ids.
    pub path: String,
    /// What proves who calls, or `none`.
    pub auth: String,
    /// Names of parameters, where it has any.
    #[serde(default)]
    pub query: Vec<String>,
}

#[derive(Deserialize)]
struct Contract {
    operations: Vec<Operation>,
}

/// Every documented call, in the order of the file.
pub fn all() -> Result<Vec<Operation>> {
    let text = files::read_text(&files::root().join("contracts/operations.yaml"))?;
    let contract: Contract = serde_norway::from_str(&text).context("contracts/operations.yaml")?;
    Ok(contract.operations)
}

/// What no screen calls. A relay that let it through would let everybody who may use the console delete the
/// users of an app.
const UNUSED: [&str; 5] =
    ["create_user", "update_user", "delete_user", "deactivate_users", "reactivate_users"];

/// The calls that a relay lets through: those that the console makes, but for signing in, as the relay itself
/// holds the credentials and nobody who uses it needs a token.
pub fn relayed() -> Result<Vec<Operation>> {
    let mut operations = all()?;
    operations.retain(|operation| operation.auth != "none" && !UNUSED.contains(&&*operation.id));
    Ok(operations)
}

impl Operation {
    /// What stands between the connection's name and the path: the version that is part of the base address.
    pub fn base(&self) -> &'static str {
        if self.vendor == "cometchat" { "/v3" } else { "" }
    }
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
