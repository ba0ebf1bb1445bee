//! Checks that a relay rejects what it must, and says so.

use anyhow::{Context, Result, ensure};

use super::page::{FANS, call, expect_refused, forget, one, ours, own};
use super::recipe::basic;
use super::tally::Tally;
use super::world::World;

pub fn all(tally: &mut Tally, world: &World, address: &str) {
    let mut check = |what: &str, work: &dyn Fn() -> Result<()>| {
        // Clears what a failed check left behind.
        forget(world);
        tally.check(what, work);
    };
    check("other paths and other ways to write them are refused", &|| {
        for path in tricks() {
            let answer = ours(address, &format!("GET {path}"), b"")?;
            // The server rejects malformed requests before the relay sees them.
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
            // Documented, but no page makes these calls.
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
            if !chunked {
                expect_refused(world, &answer, 413, "refused")?;
            }
            ensure!(world.cometchat.take().is_empty(), "it reached the vendor");
        }
        let fits = vec![b' '; 900_000];
        ours(address, &format!("POST {FANS}/groups"), &fits)?;
        ensure!(one(&world.cometchat)?.body.len() == fits.len(), "a body that fits did not arrive whole");
        Ok(())
    });
}

/// URLs that resemble documented ones, and undocumented ones.
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
    let anonymous: [&[(&str, &str)]; 9] = [
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
    for stranger in anonymous {
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
    // A change without any origin headers may come from any site. A read is harmless: other sites cannot read
    // the response.
    let silent = [(basic().0, basic().1.to_owned())];
    expect_refused(world, &call(address, &format!("POST {FANS}/groups"), &silent, b"{}")?, 403, "refused")?;
    ensure!(call(address, &format!("GET {FANS}/groups"), &silent, b"")?.status == 200, "a silent read");
    let old = [(basic().0, basic().1.to_owned()), ("Origin", address.to_owned())];
    let answer = call(address, &format!("POST {FANS}/groups"), &old, b"{}")?;
    ensure!(answer.header("muster-relay").is_none(), "a browser without Sec-Fetch-Site: {}", answer.shown());
    world.cometchat.take();
    Ok(())
}
