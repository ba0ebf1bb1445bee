//! The recipes in `deploy/`: generates their allow-lists, and tests them in real servers.

mod allow;
mod caddy;
mod certificates;
mod client;
mod nginx;
mod once;
mod once_checks;
mod operations;
mod page;
mod recipe;
mod refusals;
mod relay_checks;
mod sign_in;
mod sign_in_checks;
mod site_checks;
pub mod site_headers;
mod suite;
mod tally;
mod tls_checks;
mod token_checks;
mod vendor;
mod world;

use anyhow::Result;

use crate::files;
use operations::Operation;

pub use suite::{Relays, run};

/// Writes an allow-list in a server's syntax.
type Writer = fn(&[Operation]) -> String;

/// The generated files and their writers.
const RECIPES: [(&str, Writer); 2] = [
    ("deploy/nginx/muster/operations.conf", allow::nginx),
    ("deploy/caddy/muster/operations.caddy", allow::caddy),
];

/// Writes the relays' allow-lists.
pub fn write() -> Result<()> {
    let operations = operations::relayed()?;
    for (path, write) in RECIPES {
        files::write(&files::root().join(path), write(&operations))?;
        println!("{path}: {} calls", operations.len());
    }
    Ok(())
}
