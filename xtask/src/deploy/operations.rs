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

/// The calls that a relay lets through: all but those that sign in, as the relay itself holds the credentials
/// and nobody who uses it needs a token.
pub fn relayed() -> Result<Vec<Operation>> {
    let mut operations = all()?;
    operations.retain(|operation| operation.auth != "none");
    Ok(operations)
}

impl Operation {
    /// What stands between the connection's name and the path: the version that is part of the base address.
    pub fn base(&self) -> &'static str {
        if self.vendor == "cometchat" { "/v3" } else { "" }
    }
}
