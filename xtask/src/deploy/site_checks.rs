//! Checks that a server serves the site like any other host.

use anyhow::{Context, Result, bail, ensure};
use hosting::headers;

use super::client::{self, Answer};
use super::recipe::basic;
use super::tally::Tally;
use super::world::World;
use crate::files;

/// Headers that a server may add by itself.
const OWN: [&str; 10] = [
    "accept-ranges",
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "etag",
    "last-modified",
    "server",
    "transfer-encoding",
    "vary",
];

pub fn all(tally: &mut Tally, world: &World, address: &str, encodings: &[&str]) {
    tally.check("every file has its type, its headers and its bytes", || {
        for name in visible(world) {
            let answer = get(address, &format!("/{name}"), &[])?;
            expect_file(world, name, &answer).context(name.to_owned())?;
        }
        Ok(())
    });
    for encoding in encodings {
        tally.check(&format!("compressed copies go to those who take {encoding}"), || {
            compressed(world, address, encoding)
        });
    }
    tally.check("an address without a file is a page", || {
        for path in ["/", "/index.html", "/c/one/members?q=a.b", "/settings", "/a/b/c", "/snippets"] {
            let answer = get(address, path, &[])?;
            expect_file(world, "index.html", &answer).context(path)?;
        }
        Ok(())
    });
    tally.check("a missing or hidden file is not a page, and is not kept", || {
        let hidden = ["/_headers", "/_redirects", "/.env", "/.git/config", "/a/.htpasswd", "/index.html.gz"];
        let missing = ["/app-0123456789abcdef.css", "/x/y.wasm", "/../a.log", "/%2e%2e/a.log", "/..%2fa.log"];
        for path in hidden.into_iter().chain(missing) {
            let answer = get(address, path, &[])?;
            ensure!(matches!(answer.status, 404 | 400), "{path}: {}", answer.status);
            if answer.status == 404 {
                expect_security(world, &answer).context(path)?;
                expect(&answer, "cache-control", "no-store").context(path)?;
            }
        }
        Ok(())
    });
    tally.check("only GET and HEAD are answered", || {
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
            for path in ["/", "/index.html", "/settings"] {
                let answer = client::send(address, &format!("{method} {path}"), &[basic()], b"")?;
                ensure!(answer.status == 405, "{method} {path}: {}", answer.status);
            }
        }
        let answer = client::send(address, "HEAD /", &[basic()], b"")?;
        ensure!(answer.status == 200 && answer.body.is_empty(), "HEAD: {}", answer.shown());
        expect(&answer, "content-type", "text/html; charset=utf-8")
    });
    tally.check("nobody sees a page or a file without signing in", || {
        for path in ["/", "/index.html", "/config.json", "/settings"] {
            for headers in [vec![], vec![("Authorization", "Basic YWRhOndyb25n")]] {
                let answer = client::send(address, &format!("GET {path}"), &headers, b"")?;
                ensure!(answer.status == 401, "{path}: {}", answer.status);
                ensure!(answer.header("www-authenticate").is_some(), "{path}: the browser does not ask");
                expect(&answer, "cache-control", "no-store").context(path)?;
            }
        }
        Ok(())
    });
}

/// The files that are publicly served.
fn visible(world: &World) -> impl Iterator<Item = &str> {
    let is_visible = |name: &&str| !name.starts_with('_') && !name.ends_with(".br") && !name.ends_with(".gz");
    world.names.iter().map(String::as_str).filter(is_visible)
}

fn get(address: &str, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
    let mut all = vec![basic()];
    all.extend(headers);
    client::send(address, &format!("GET {path}"), &all, b"")
}

fn expect(answer: &Answer, name: &str, value: &str) -> Result<()> {
    let found = answer.header(name);
    ensure!(found.as_deref() == Some(value), "{name}: expected {value:?}, found {found:?}");
    Ok(())
}

fn expect_security(world: &World, answer: &Answer) -> Result<()> {
    for (name, value) in &world.security {
        expect(answer, &name.to_ascii_lowercase(), value)?;
    }
    Ok(())
}

fn expect_headers(world: &World, name: &str, answer: &Answer) -> Result<()> {
    ensure!(answer.status == 200, "status {}", answer.status);
    expect_security(world, answer)?;
    expect(answer, "cache-control", headers::cache_control(name))?;
    expect(answer, "content-type", headers::content_type(name))?;
    let ours = |name: &str| {
        world.security.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
            || matches!(name, "cache-control" | "content-type")
    };
    let strange = answer.headers.iter().find(|(name, _)| !ours(name) && !OWN.contains(&name.as_str()));
    if let Some((name, value)) = strange {
        bail!("nobody asked for {name}: {value}");
    }
    Ok(())
}

fn expect_file(world: &World, name: &str, answer: &Answer) -> Result<()> {
    expect_headers(world, name, answer)?;
    ensure!(answer.header("content-encoding").is_none(), "compressed, and nobody asked for that");
    ensure!(answer.body == files::read(&world.site.join(name))?, "other bytes than the file's");
    Ok(())
}

fn compressed(world: &World, address: &str, encoding: &str) -> Result<()> {
    let ending = if encoding == "gzip" { "gz" } else { encoding };
    let mut n_checked = 0;
    for name in visible(world) {
        let copy = world.site.join(format!("{name}.{ending}"));
        if !copy.is_file() {
            continue;
        }
        let answer = get(address, &format!("/{name}"), &[("Accept-Encoding", encoding)])?;
        expect_headers(world, name, &answer).context(name.to_owned())?;
        expect(&answer, "content-encoding", encoding).context(name.to_owned())?;
        ensure!(answer.body == files::read(&copy)?, "{name}: other bytes than the copy's");
        let varies = answer.header("vary").unwrap_or_default().to_ascii_lowercase();
        ensure!(varies.contains("accept-encoding"), "{name}: caches are not told that it varies");
        n_checked += 1;
    }
    ensure!(n_checked > 5, "only {n_checked} files have a compressed copy");
    Ok(())
}
