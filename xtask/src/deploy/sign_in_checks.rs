//! Checks that a recipe behind oauth2-proxy admits only signed-in users.

use anyhow::{Context, Result, bail, ensure};

use super::client::{self, Answer};
use super::recipe::{Change, basic};
use super::sign_in::COOKIE;
use super::tally::Tally;
use super::world::{COMETCHAT_KEY, Kind, World};
use super::{caddy, nginx};

const GROUPS: &str = "/relay/cometchat/superhero-fans/v3/groups";

/// Checks that a recipe without a configured sign-in rejects all requests.
pub fn none_chosen(tally: &mut Tally, world: &World, kind: Kind) {
    tally.check("without a sign-in nobody gets in", || {
        let server = match kind {
            Kind::Nginx => {
                let change = Change::of(vec![("    include muster/sign-in-basic.conf;", String::new())]);
                let Err(error) = nginx::start(world, &change) else { bail!("nginx started") };
                let told = format!("{error:#}");
                ensure!(told.contains("unknown \"muster_who\" variable"), "{told}");
                return Ok(());
            }
            Kind::Caddy => {
                caddy::start(world, &Change::of(vec![("import muster/sign-in-basic.caddy", String::new())]))?
            }
        };
        for path in [GROUPS, "/", "/index.html"] {
            let answer = client::send(&server.address, &format!("GET {path}"), &[basic()], b"")?;
            ensure!(answer.status == 401 && answer.body.is_empty(), "{path}: {}", answer.shown());
        }
        ensure!(world.cometchat.take().is_empty(), "a call reached the vendor");
        Ok(())
    });
}

pub fn all(tally: &mut Tally, world: &World, address: &str) {
    let cookie = format!("{}={}", COOKIE.0, COOKIE.1);
    let get = |path: &str, headers: &[(&str, &str)]| -> Result<Answer> {
        client::send(address, &format!("GET {path}"), headers, b"")
    };
    tally.check("behind oauth2-proxy: who is signed in has the page and the relay", || {
        let signed_in = [("Cookie", cookie.as_str()), ("Sec-Fetch-Site", "same-origin")];
        let page = get("/settings", &signed_in)?;
        ensure!(page.status == 200 && page.whole().contains("<!doctype html>"), "{}", page.shown());
        let answer = get(GROUPS, &signed_in)?;
        ensure!(answer.status == 200 && answer.header("muster-relay").is_none(), "{}", answer.shown());
        let arrived = world.cometchat.take();
        let call = arrived.first().context("nothing arrived at the vendor")?;
        ensure!(call.header("apikey") == Some(COMETCHAT_KEY), "{:?}", call.headers);
        ensure!(call.header("cookie").is_none(), "the cookie arrived at the vendor");
        ensure!(!call.headers.iter().any(|(name, _)| name.starts_with("x-")), "{:?}", call.headers);
        Ok(())
    });
    tally.check("behind oauth2-proxy: nobody else has, and pages send them to sign in", || {
        for headers in [vec![], vec![("Cookie", "_oauth2_proxy=guessed")], vec![basic()]] {
            let answer = get(GROUPS, &headers)?;
            ensure!(answer.status == 401, "{}", answer.shown());
            ensure!(answer.header("muster-relay").as_deref() == Some("sign-in"), "{}", answer.shown());
            ensure!(answer.header("location").is_none(), "a call is sent to sign in: {}", answer.shown());
            let page = get("/settings?a=b", &headers)?;
            let to = page.header("location").unwrap_or_default();
            ensure!(page.status == 302 && to == "/oauth2/start?rd=/settings", "{}", page.shown());
            ensure!(page.header("cache-control").as_deref() == Some("no-store"), "{}", page.shown());
        }
        ensure!(world.cometchat.take().is_empty(), "a call reached the vendor");
        Ok(())
    });
    tally.check("behind oauth2-proxy: its own pages are open, and other origins are refused", || {
        let start = get("/oauth2/start?rd=/settings", &[])?;
        ensure!(start.status == 200 && start.whole().contains("<h1>Sign in"), "{}", start.shown());
        let stranger = [("Cookie", cookie.as_str()), ("Origin", "https://elsewhere.example")];
        let answer = client::send(address, &format!("POST {GROUPS}"), &stranger, b"{}")?;
        ensure!(answer.status == 403, "{}", answer.shown());
        ensure!(world.cometchat.take().is_empty(), "a call reached the vendor");
        Ok(())
    });
}
