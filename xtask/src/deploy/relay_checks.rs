//! Checks that a relay adds the key, forwards what it should, and withholds the rest.

use anyhow::{Context, Result, ensure};

use super::client::{self, Answer};
use super::operations::{self, Operation};
use super::page::{FANS, call, expect_data, expect_refused, forget, one, ours, own};
use super::recipe::{Change, basic};
use super::tally::Tally;
use super::vendor::{EARLY, HOSTILE, RATES, REDIRECTING, Vendor};
use super::world::{COMETCHAT_KEY, GENUIN_KEY, GENUIN_SECRET, Kind, NETWORKED_KEY, World};
use super::{caddy, nginx};
use crate::listening::free_port;
use crate::process;

/// Expected response headers besides those about rate limits. Any other header fails the test until it is
/// reviewed.
const KNOWN: [&str; 12] = [
    "connection",
    "content-length",
    "content-type",
    "date",
    "server",
    "transfer-encoding",
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-resource-policy",
    "cache-control",
    "origin-agent-cluster",
];

fn vendor<'a>(world: &'a World, operation: &Operation) -> &'a Vendor {
    match operation.vendor.as_str() {
        "cometchat" => &world.cometchat,
        "networked" => &world.networked,
        _ => &world.genuin,
    }
}

fn connection(operation: &Operation) -> &'static str {
    match operation.vendor.as_str() {
        "cometchat" => "superhero-fans",
        "networked" => "founders-guild",
        _ => "loop-studio",
    }
}

/// The URL of a call as the vendor receives it, with ids encoded as the console encodes them.
fn target(operation: &Operation) -> String {
    let path = operation.path.replace("{guid}", "gr%C3%BC%C3%9Fe").replace("{uid}", "a%40b.example");
    let path = path.replace("{chat_id}", "20000000-0000-4000-8000-000000000001");
    let query = if operation.query.is_empty() { "" } else { "?page=2&searchKey=a%2Fb+c%C3%BC*" };
    format!("{}{path}{query}", operation.base)
}

fn relayed(operation: &Operation) -> String {
    format!("/relay/{}/{}{}", operation.vendor, connection(operation), target(operation))
}

fn expect_no_secret(answer: &Answer, token: &str) -> Result<()> {
    let whole = answer.whole();
    for secret in [COMETCHAT_KEY, NETWORKED_KEY, GENUIN_KEY, GENUIN_SECRET, token] {
        ensure!(!whole.contains(secret), "a key is in {whole}");
    }
    Ok(())
}

/// Runs all checks on one server. `token` is the one that the script got from Genuin.
pub fn all(tally: &mut Tally, world: &World, address: &str, token: &str) {
    let mut check = |what: &str, work: &dyn Fn() -> Result<()>| {
        // Clears what a failed check left behind.
        forget(world);
        tally.check(what, work);
    };
    check("every documented call arrives with the key and without what the browser added", &|| {
        for operation in operations::relayed()? {
            documented(world, address, token, &operation).with_context(|| operation.id.clone())?;
        }
        Ok(())
    });
    check("the sandbox takes the added keys and would take no other", &|| keys_count(world, address));
    check("the vendor's cookies, redirects and permissions stay behind", &|| hostile(world, address));
    check("no vendor makes the relay call another one with that one's key", &|| {
        for first in [format!("GET {FANS}/groups"), format!("POST {FANS}/groups")] {
            let answer = ours(address, &first, b"{}")?;
            let arrived = one(&world.cometchat)?;
            ensure!(world.networked.take().is_empty(), "another vendor was called: {}", answer.shown());
            ensure!(arrived.header("apikey") == Some(COMETCHAT_KEY), "{:?}", arrived.headers);
            ensure!(!answer.whole().contains("roles"), "{}", answer.shown());
        }
        Ok(())
    });
    check("rate headers and the wait that a vendor asks for pass", &|| rates(address));
    check("a redirect is no answer", &|| {
        let answer = ours(address, &format!("GET {FANS}/groups/{REDIRECTING}"), b"")?;
        one(&world.cometchat)?;
        expect_refused(world, &answer, 502, "no-answer")?;
        ensure!(!answer.whole().contains("elsewhere"), "{}", answer.shown());
        Ok(())
    });
    check("a call may act for a person, as the vendor documents", &|| {
        let mut headers = own(address);
        headers.push(("onBehalfOf", "storm-admin".to_owned()));
        call(address, &format!("GET {FANS}/groups"), &headers, b"")?;
        let arrived = one(&world.cometchat)?;
        ensure!(arrived.header("onbehalfof") == Some("storm-admin"), "{:?}", arrived.headers);
        Ok(())
    });
}

fn documented(world: &World, address: &str, token: &str, operation: &Operation) -> Result<()> {
    let body: &[u8] = if operation.method == "GET" { b"" } else { b"{\"name\":\"x\"}" };
    let mut headers = own(address);
    for (name, value) in [
        ("Cookie", "session=mine"),
        ("apikey", "from-the-browser"),
        ("x-api-key", "from-the-browser"),
        ("Referer", "https://muster.example/secret"),
        ("X-Forwarded-For", "10.0.0.1"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Proxy-Authorization", "Basic AAAA"),
        ("Forwarded", "for=10.0.0.1"),
        ("appId", "another"),
        ("X_Odd", "1"),
    ] {
        headers.push((name, value.to_owned()));
    }
    let answer = call(address, &format!("{} {}", operation.method, relayed(operation)), &headers, body)?;
    let arrived = one(vendor(world, operation)).with_context(|| answer.shown())?;
    ensure!(arrived.method == operation.method, "it arrived as {}", arrived.method);
    ensure!(arrived.url == target(operation), "it arrived as {}", arrived.url);
    ensure!(arrived.body == body, "another body arrived: {:?}", String::from_utf8_lossy(&arrived.body));
    let (name, key) = match operation.auth.as_str() {
        "bearer" => ("authorization", format!("Bearer {token}")),
        "x-api-key" => ("x-api-key", NETWORKED_KEY.to_owned()),
        _ => ("apikey", COMETCHAT_KEY.to_owned()),
    };
    let mut expected =
        vec![(name, key), ("accept", "application/json".to_owned()), ("user-agent", "Muster".to_owned())];
    expected.push(("host", vendor(world, operation).address.trim_start_matches("http://").to_owned()));
    expected.push(("content-type", "application/json".to_owned()));
    for (name, value) in &expected {
        ensure!(
            arrived.header(name) == Some(value),
            "{name}: {:?} of {:?}",
            arrived.header(name),
            arrived.headers
        );
    }
    let of_the_line = ["content-length", "connection", "accept-encoding", "transfer-encoding"];
    let strange = arrived.headers.iter().find(|(name, _)| {
        !expected.iter().any(|(known, _)| known == name) && !of_the_line.contains(&name.as_str())
    });
    ensure!(strange.is_none(), "the vendor got {strange:?}");
    ensure!(
        answer.header("muster-relay").is_none(),
        "the vendor's answer looks like the relay's: {}",
        answer.shown()
    );
    ensure!(answer.status != 599, "{}", answer.shown());
    ensure!(
        answer.header("content-type").as_deref() == Some("application/json"),
        "it came as {:?}",
        answer.header("content-type")
    );
    expect_data(&answer)?;
    expect_no_secret(&answer, token)
}

fn keys_count(world: &World, address: &str) -> Result<()> {
    let reads = [
        format!("{FANS}/groups/superhero-fans/members?perPage=5"),
        "/relay/networked/founders-guild/api/v1/global/tags/community".to_owned(),
    ];
    for path in reads {
        let answer = ours(address, &format!("GET {path}"), b"")?;
        ensure!(answer.status == 200 && answer.body.starts_with(b"{"), "{path}: {}", answer.shown());
    }
    let body = br#"{"chat_id":"20000000-0000-4000-8000-000000000001"}"#;
    let path =
        "/relay/genuin/loop-studio/api/thirdparty/update_conversation/20000000-0000-4000-8000-000000000001";
    let answer = ours(address, &format!("PATCH {path}"), body)?;
    ensure!(!matches!(answer.status, 401 | 412), "Genuin: {}", answer.shown());
    for vendor in [&world.cometchat, &world.networked, &world.genuin] {
        vendor.take();
    }
    let direct =
        client::send(&world.sandbox.address, "GET /cometchat/v3/groups", &[("apikey", "another")], b"")?;
    ensure!(direct.status == 401, "the sandbox takes any key, so this shows nothing: {}", direct.shown());
    Ok(())
}

fn hostile(world: &World, address: &str) -> Result<()> {
    let answer = ours(address, &format!("GET {FANS}/groups"), b"")?;
    one(&world.cometchat)?;
    ensure!(answer.status == 200, "{}", answer.shown());
    let known = |name: &str| {
        let is_rate = RATES.iter().any(|(rate, _)| rate.eq_ignore_ascii_case(name));
        is_rate || KNOWN.contains(&name)
    };
    for (name, value) in &answer.headers {
        let is_hostile =
            HOSTILE.iter().any(|(bad, worse)| bad.eq_ignore_ascii_case(name) && value.contains(worse));
        ensure!(!is_hostile && known(name), "{name}: {value}");
    }
    Ok(())
}

fn rates(address: &str) -> Result<()> {
    for first in [format!("GET {FANS}/groups"), format!("PUT {FANS}/groups/rate-limited")] {
        let answer = ours(address, &first, br#"{"name":"x"}"#)?;
        ensure!(matches!(answer.status, 200 | 429), "{first}: {}", answer.shown());
        for (name, value) in RATES {
            let found = answer.header(&name.to_ascii_lowercase());
            ensure!(found.as_deref() == Some(value), "{first}: {name}: {found:?}");
        }
    }
    Ok(())
}

/// Checks that the headers of an interim (1xx) response do not leak into the final one.
pub fn early(tally: &mut Tally, world: &World, kind: Kind) {
    tally.check("an answer ahead of the answer changes no header", || {
        let first = format!("{FANS}/groups/{EARLY}");
        match kind {
            Kind::Caddy => {
                let server = caddy::start(world, &Change::default())?;
                forget(world);
                let answer = ours(&server.address, &format!("GET {first}"), b"")?;
                // Browsers skip interim responses, and so does this test.
                let answer = if answer.status == 103 { Answer::parse(&answer.body)? } else { answer };
                expect_data(&answer)?;
                ensure!(!answer.whole().contains("stolen"), "{}", answer.shown());
                one(&world.cometchat).map(drop)
            }
            // Browsers use HTTP/2 with the recipe, where a response longer than its declared length is an
            // error.
            Kind::Nginx => {
                let port = free_port()?;
                let listen = format!("listen 127.0.0.1:{port} http2; server_name muster.example;");
                let server = nginx::start(world, &Change::of(vec![("server_name muster.example;", listen)]))?;
                forget(world);
                let (name, password) = basic();
                let mut curl = process::command("curl");
                curl.args(["-sS", "-i", "--http2-prior-knowledge", "--max-time", "10", "-H"]);
                curl.arg(format!("{name}: {password}")).arg(format!("http://127.0.0.1:{port}{first}"));
                let told = curl.output()?;
                drop(server);
                let text = String::from_utf8_lossy(&told.stdout).into_owned();
                ensure!(!told.status.success() || !text.contains("HTTP/2 200"), "an answer came: {text}");
                one(&world.cometchat).map(drop)
            }
        }
    });
}
