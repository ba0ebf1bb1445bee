//! Whether a relay adds the key, lets through what is documented, and nothing else.

use anyhow::{Context, Result, ensure};

use super::client::{self, Answer};
use super::operations::{self, Operation};
use super::recipe::basic;
use super::tally::Tally;
use super::vendor::{Arrived, HOSTILE, RATES, REDIRECTING, Vendor};
use super::world::{COMETCHAT_KEY, GENUIN_KEY, GENUIN_SECRET, NETWORKED_KEY, World};

const FANS: &str = "/relay/cometchat/superhero-fans/v3";

/// What a page of the console's own sends with a call.
fn own(address: &str) -> Vec<(&'static str, String)> {
    let (name, value) = basic();
    vec![
        (name, value.to_owned()),
        ("Origin", address.to_owned()),
        ("Sec-Fetch-Site", "same-origin".to_owned()),
        ("Content-Type", "application/json".to_owned()),
    ]
}

fn call(address: &str, first: &str, headers: &[(&str, String)], body: &[u8]) -> Result<Answer> {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client::send(address, first, &headers, body)
}

/// A call as the console makes it.
fn ours(address: &str, first: &str, body: &[u8]) -> Result<Answer> {
    call(address, first, &own(address), body)
}

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

/// The path of a call as the vendor is to see it, with ids as the console's encoders write them.
fn target(operation: &Operation) -> String {
    let path = operation.path.replace("{guid}", "gr%C3%BC%C3%9Fe").replace("{uid}", "a%40b.example");
    let path = path.replace("{chat_id}", "20000000-0000-4000-8000-000000000001");
    let query = if operation.query.is_empty() { "" } else { "?page=2&searchKey=a%2Fb+c%C3%BC*" };
    format!("{}{path}{query}", operation.base())
}

fn relayed(operation: &Operation) -> String {
    format!("/relay/{}/{}{}", operation.vendor, connection(operation), target(operation))
}

fn forget(world: &World) {
    for vendor in [&world.cometchat, &world.networked, &world.genuin] {
        vendor.take();
    }
}

fn one(vendor: &Vendor) -> Result<Arrived> {
    let mut arrived = vendor.take();
    ensure!(arrived.len() == 1, "{} calls arrived at the vendor", arrived.len());
    arrived.pop().context("nothing arrived at the vendor")
}

fn expect_refused(world: &World, answer: &Answer, status: u16, says: &str) -> Result<()> {
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

/// An answer of the relay is data: it cannot run, be framed, be kept or be read elsewhere.
fn expect_data(answer: &Answer) -> Result<()> {
    let expected = [
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ];
    for (name, value) in expected {
        ensure!(answer.header(name).as_deref() == Some(value), "{name}: {:?}", answer.header(name));
    }
    ensure!(
        !answer.headers.iter().any(|(name, _)| name.starts_with("access-control-")),
        "{}",
        answer.shown()
    );
    Ok(())
}

fn expect_no_secret(answer: &Answer, token: &str) -> Result<()> {
    let whole = answer.whole();
    for secret in [COMETCHAT_KEY, NETWORKED_KEY, GENUIN_KEY, GENUIN_SECRET, token] {
        ensure!(!whole.contains(secret), "a key is in {whole}");
    }
    Ok(())
}

/// Checks one server. `token` is what Genuin gave to the script.
pub fn all(tally: &mut Tally, world: &World, address: &str, token: &str) {
    let mut check = |what: &str, work: &dyn Fn() -> Result<()>| {
        // What a failed check left behind is not for the next one.
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
    check("rate headers and the wait that a vendor asks for pass", &|| rates(address));
    check("a redirect is no answer", &|| {
        let answer = ours(address, &format!("GET {FANS}/groups/{REDIRECTING}"), b"")?;
        one(&world.cometchat)?;
        expect_refused(world, &answer, 502, "no-answer")?;
        ensure!(!answer.whole().contains("elsewhere"), "{}", answer.shown());
        Ok(())
    });
    check("other paths and other ways to write them are refused", &|| {
        for path in tricks() {
            let answer = ours(address, &format!("GET {path}"), b"")?;
            // What is no request at all is refused before the relay looks at it.
            if answer.status != 400 {
                expect_refused(world, &answer, 403, "refused").with_context(|| path.clone())?;
            }
            ensure!(world.cometchat.take().is_empty(), "{path} reached the vendor");
        }
        Ok(())
    });
    check("other methods are refused, and the answer lists those there are", &|| {
        for (method, path, allow) in [
            ("PATCH", "/groups", "GET, POST"),
            ("HEAD", "/groups", "GET, POST"),
            ("OPTIONS", "/groups", "GET, POST"),
            ("POST", "/groups/a/members/b", "PUT, DELETE"),
            ("get", "/groups", "GET, POST"),
            ("GETX", "/groups", "GET, POST"),
            ("POST", "/groups?onBehalfOf=x", "GET, POST"),
            ("GET", "/groups/a?b=c", "GET, PUT, DELETE"),
            // Documented, but no screen does it.
            ("DELETE", "/users/storm-admin", "GET"),
            ("POST", "/users", "GET"),
        ] {
            let answer = ours(address, &format!("{method} {FANS}{path}"), b"")?;
            if answer.status != 400 {
                expect_refused(world, &answer, 405, "refused").with_context(|| format!("{method} {path}"))?;
                ensure!(answer.header("allow").as_deref() == Some(allow), "{:?}", answer.header("allow"));
            }
            ensure!(world.cometchat.take().is_empty(), "{method} {path} reached the vendor");
        }
        Ok(())
    });
    check("a preflight of another origin gets no permission", &|| {
        let asked = [
            ("Origin", "https://elsewhere.example".to_owned()),
            ("Access-Control-Request-Method", "POST".to_owned()),
        ];
        expect_refused(world, &call(address, &format!("OPTIONS {FANS}/groups"), &asked, b"")?, 403, "refused")
    });
    check("nobody gets through without signing in", &|| {
        for password in [None, Some("Basic YWRhOndyb25n"), Some("Basic Og=="), Some("Bearer x")] {
            let mut headers = own(address);
            headers.retain(|(name, _)| *name != "Authorization");
            headers.extend(password.map(|password| ("Authorization", password.to_owned())));
            let answer = call(address, &format!("GET {FANS}/groups"), &headers, b"")?;
            expect_refused(world, &answer, 401, "sign-in").with_context(|| format!("{password:?}"))?;
        }
        Ok(())
    });
    check("pages of another origin are refused, whoever is signed in", &|| origins(world, address));
    check("a large body is refused", &|| {
        for chunked in [false, true] {
            let mut headers = own(address);
            let mut body = vec![b' '; 2_000_000];
            if chunked {
                headers.push(("Transfer-Encoding", "chunked".to_owned()));
                body = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
            }
            let answer = call(address, &format!("POST {FANS}/groups"), &headers, &body)?;
            ensure!(answer.status == 413, "chunked: {chunked}: {}", answer.shown());
            ensure!(world.cometchat.take().is_empty(), "it reached the vendor");
        }
        let fits = vec![b' '; 900_000];
        ours(address, &format!("POST {FANS}/groups"), &fits)?;
        ensure!(one(&world.cometchat)?.body.len() == fits.len(), "a body that fits did not arrive whole");
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
    for (name, value) in HOSTILE {
        let found = answer.header(&name.to_ascii_lowercase()).unwrap_or_default();
        ensure!(!found.contains(value), "{name}: {found}");
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

/// Addresses that look like documented ones, and undocumented ones.
fn tricks() -> Vec<String> {
    let mut all: Vec<String> = [
        "/",
        "",
        "/apikeys",
        "/groupsx",
        "/Groups",
        "/GROUPS",
        "/groups/",
        "/groups//members",
        "//groups",
        "/./groups",
        "/x/../groups",
        "/groups/../apikeys",
        "/groups/%2e%2e/apikeys",
        "/groups/%2E%2E/apikeys",
        "/groups/..%2Fapikeys",
        "/groups/a%2Fb",
        "/groups/a%2fb",
        "/groups/a%5Cb",
        "/groups/a\\b",
        "/groups/a%00",
        "/groups/a%0D%0AX:y",
        "/groups/a%252Fb",
        "/groups/.",
        "/groups/..",
        "/groups/%2e",
        "/groups/a/members/b/c",
        "/groups/a/members/",
        "/groups/a;b",
        "/groups/%c3%bc",
        "/groups/a%4",
        "/groups/a#b",
        "/%67roups",
        "/groups?a=<b>",
        "/groups?a=\"b",
        "/users/../../../networked/founders-guild/api/v1/global/tags/community",
    ]
    .iter()
    .map(|path| format!("{FANS}{path}"))
    .collect();
    let others = [
        "/relay/",
        "/relay/x",
        "/relay/cometchat/another/v3/groups",
        "/relay/cometchat/superhero-fans/",
        "/relay/cometchat/superhero-fans/groups",
        "/relay/cometchat/superhero-fans/v2/groups",
        "/relay/networked/superhero-fans/v3/groups",
        "/relay/cometchat/founders-guild/v3/groups",
        "/relay/CometChat/superhero-fans/v3/groups",
        "/relay/cometchat/Superhero-Fans/v3/groups",
        "//relay/cometchat/superhero-fans/v3/groups",
        "/x/../relay/cometchat/superhero-fans/v3/groups",
        "/relay/%63ometchat/superhero-fans/v3/groups",
        "/relay/cometchat/superhero-fans%2Fv3/groups",
        "/relay/genuin/loop-studio/api/thirdparty/auth",
    ];
    all.extend(others.map(str::to_owned));
    all
}

fn origins(world: &World, address: &str) -> Result<()> {
    let strangers: [&[(&str, &str)]; 9] = [
        &[("Origin", "https://elsewhere.example")],
        &[("Origin", "null")],
        &[("Origin", "")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Sec-Fetch-Site", "none")],
        &[("Sec-Fetch-Site", "cross-site"), ("Origin", address)],
        &[("Sec-Fetch-Site", "same-origin"), ("Origin", "https://elsewhere.example")],
        &[("Origin", "OWN.elsewhere.example")],
    ];
    for stranger in strangers {
        for method in ["GET", "POST"] {
            let mut headers =
                vec![("Content-Type", "text/plain".to_owned()), (basic().0, basic().1.to_owned())];
            let longer = |value: &str| value.replace("OWN", address);
            headers.extend(stranger.iter().map(|(name, value)| (*name, longer(value))));
            let is_empty_read = method == "GET" && stranger == [("Origin", "")];
            if is_empty_read {
                continue;
            }
            let answer = call(address, &format!("{method} {FANS}/groups"), &headers, b"")?;
            expect_refused(world, &answer, 403, "refused")
                .with_context(|| format!("{method} {stranger:?}"))?;
        }
    }
    // A change that says nothing of where it comes from may come from anywhere; a read is of no use elsewhere.
    let silent = [(basic().0, basic().1.to_owned())];
    expect_refused(world, &call(address, &format!("POST {FANS}/groups"), &silent, b"{}")?, 403, "refused")?;
    ensure!(call(address, &format!("GET {FANS}/groups"), &silent, b"")?.status == 200, "a silent read");
    let old = [(basic().0, basic().1.to_owned()), ("Origin", address.to_owned())];
    let answer = call(address, &format!("POST {FANS}/groups"), &old, b"{}")?;
    ensure!(answer.header("muster-relay").is_none(), "a browser without Sec-Fetch-Site: {}", answer.shown());
    world.cometchat.take();
    Ok(())
}
