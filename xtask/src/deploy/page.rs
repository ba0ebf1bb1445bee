//! Requests as the console's own page makes them, and checks of the responses.

use anyhow::{Context, Result, ensure};

use super::client::{self, Answer};
use super::recipe::basic;
use super::vendor::{Arrived, Vendor};
use super::world::World;

/// The base URL of a connection.
pub const FANS: &str = "/relay/cometchat/superhero-fans/v3";

/// The headers that the console's own page sends.
pub fn own(address: &str) -> Vec<(&'static str, String)> {
    let (name, value) = basic();
    vec![
        (name, value.to_owned()),
        ("Origin", address.to_owned()),
        ("Sec-Fetch-Site", "same-origin".to_owned()),
        ("Content-Type", "application/json".to_owned()),
    ]
}

/// Sends a request with only these headers.
pub fn call(address: &str, first: &str, headers: &[(&str, String)], body: &[u8]) -> Result<Answer> {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client::send(address, first, &headers, body)
}

/// Sends a request as the console does.
pub fn ours(address: &str, first: &str, body: &[u8]) -> Result<Answer> {
    call(address, first, &own(address), body)
}

/// Clears the recorded requests of all vendors.
pub fn forget(world: &World) {
    for vendor in [&world.cometchat, &world.networked, &world.genuin] {
        vendor.take();
    }
}

/// The only request that reached a vendor.
pub fn one(vendor: &Vendor) -> Result<Arrived> {
    let mut arrived = vendor.take();
    ensure!(arrived.len() == 1, "{} calls arrived at the vendor", arrived.len());
    arrived.pop().context("nothing arrived at the vendor")
}

/// Checks that the relay itself responded and no vendor received the request.
pub fn expect_refused(world: &World, answer: &Answer, status: u16, says: &str) -> Result<()> {
    ensure!(answer.status == status, "expected {status}, found {}", answer.shown());
    ensure!(
        answer.header("muster-relay").as_deref() == Some(says),
        "it does not say {says:?}: {}",
        answer.shown()
    );
    expect_data(answer)?;
    for vendor in [&world.cometchat, &world.networked, &world.genuin] {
        ensure!(vendor.take().is_empty(), "it reached the vendor");
    }
    Ok(())
}

/// Checks that the relay's response is inert data: it cannot execute, be framed, be cached or be read
/// cross-origin.
pub fn expect_data(answer: &Answer) -> Result<()> {
    let expected = [
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("origin-agent-cluster", "?1"),
        ("cache-control", "no-store"),
    ];
    for (name, value) in expected {
        ensure!(answer.header(name).as_deref() == Some(value), "{name}: {:?}", answer.header(name));
    }
    // With two types, a browser might use either.
    let types = answer.headers.iter().filter(|(name, _)| name == "content-type").count();
    ensure!(types <= 1, "{types} types: {}", answer.shown());
    ensure!(
        !answer.headers.iter().any(|(name, _)| name.starts_with("access-control-")),
        "{}",
        answer.shown()
    );
    Ok(())
}
