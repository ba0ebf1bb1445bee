//! Checks that a relay lets each call number through exactly once, whatever happens in between.

use std::path::Path;
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};

use super::client::Answer;
use super::page::{FANS, call, expect_refused, forget, one, own};
use super::recipe::Change;
use super::tally::Tally;
use super::world::{Kind, World};
use super::{caddy, nginx};
use crate::{files, process};

/// The relay's reply to a repeated number.
const SAYS: &str = "already-passed-on";

/// A change with a call number, as a run sends it.
fn numbered(address: &str, first: &str, number: &str) -> Result<Answer> {
    let mut headers = own(address);
    headers.push(("Muster-Call", number.to_owned()));
    call(address, first, &headers, b"{\"name\":\"x\"}")
}

pub fn all(tally: &mut Tally, world: &World, kind: Kind, address: &str) {
    let mut check = |what: &str, work: &dyn Fn() -> Result<()>| {
        // Clears what a failed check left behind.
        forget(world);
        tally.check(what, work);
    };
    let prefix = kind.slug();
    let once = |first: &str, number: &str| -> Result<()> {
        let answer = numbered(address, first, number)?;
        let arrived = one(&world.cometchat).with_context(|| answer.shown())?;
        ensure!(arrived.header("muster-call").is_none(), "the vendor got the number");
        ensure!(answer.header("muster-relay").is_none(), "{}", answer.shown());
        expect_refused(world, &numbered(address, first, number)?, 409, SAYS)
    };
    check("a number passes once, with every method that changes something", &|| {
        let calls = [
            ("POST", "/groups"),
            ("PUT", "/groups/a"),
            ("DELETE", "/groups/a/members/b"),
            ("POST", "/groups/a/bannedusers/b"),
        ];
        for (idx, (method, path)) in calls.into_iter().enumerate() {
            once(&format!("{method} {FANS}{path}"), &format!("p{prefix}-methods-{idx}-0"))
                .with_context(|| format!("{method} {path}"))?;
        }
        Ok(())
    });
    check("the next attempt of a call is a number of its own, and reads need none", &|| {
        for attempt in 0..12 {
            once(&format!("POST {FANS}/groups"), &format!("p{prefix}-attempts-7-{attempt}"))?;
        }
        for _ in 0..3 {
            numbered(address, &format!("GET {FANS}/groups"), &format!("p{prefix}-read-7-0"))?;
            one(&world.cometchat)?;
        }
        // A page of the previous release sends no numbers.
        for _ in 0..3 {
            call(address, &format!("POST {FANS}/groups"), &own(address), b"{}")?;
            one(&world.cometchat)?;
        }
        Ok(())
    });
    check("of many at once one passes", &|| {
        let number = format!("p{prefix}-race-0-0");
        let race = || -> Result<Answer> { numbered(address, &format!("POST {FANS}/groups"), &number) };
        let answers: Vec<Result<Answer>> = thread::scope(|scope| {
            let racing: Vec<_> = (0..8).map(|_| scope.spawn(race)).collect();
            racing
                .into_iter()
                .map(|caller| caller.join().unwrap_or_else(|_| Err(anyhow!("a caller panicked"))))
                .collect()
        });
        let answers = answers.into_iter().collect::<Result<Vec<_>>>()?;
        let n_stopped =
            answers.iter().filter(|answer| answer.header("muster-relay").as_deref() == Some(SAYS));
        ensure!(n_stopped.count() == answers.len() - 1, "another number of answers than all but one");
        one(&world.cometchat).map(drop)
    });
    check("a call that nobody signed in for uses up no number, with a wrong password either", &|| {
        let first = format!("POST {FANS}/groups");
        for (idx, password) in [None, Some("Basic YWRhOndyb25n")].into_iter().enumerate() {
            let number = format!("p{prefix}-stranger-{idx}-0");
            let mut headers = own(address);
            headers.retain(|(name, _)| *name != "Authorization");
            headers.extend(password.map(|password| ("Authorization", password.to_owned())));
            headers.push(("Muster-Call", number.clone()));
            for _ in 0..2 {
                expect_refused(world, &call(address, &first, &headers, b"{}")?, 401, "sign-in")?;
            }
            once(&first, &number)?;
        }
        Ok(())
    });
    check("what is refused for itself says so, whatever its number", &|| {
        for _ in 0..2 {
            let answer =
                numbered(address, &format!("POST {FANS}/apikeys"), &format!("p{prefix}-refused-0-0"))?;
            expect_refused(world, &answer, 403, "refused")?;
        }
        Ok(())
    });
    check("a reload forgets no number", &|| {
        let first = format!("POST {FANS}/groups");
        let number = format!("p{prefix}-reload-0-0");
        once(&first, &number)?;
        let port = address.rsplit(':').next().unwrap_or_default();
        match kind {
            Kind::Nginx => nginx::reload(world, port)?,
            Kind::Caddy => caddy::reload(world, port)?,
        }
        for _ in 0..20 {
            expect_refused(world, &numbered(address, &first, &number)?, 409, SAYS)?;
        }
        Ok(())
    });
    match kind {
        Kind::Nginx => check("a worker that dies takes no number with it", &|| {
            let first = format!("POST {FANS}/groups");
            let number = format!("p{prefix}-worker-0-0");
            once(&first, &number)?;
            let port = address.rsplit(':').next().unwrap_or_default();
            kill_workers(&nginx::folder(world, port))?;
            expect_refused(world, &numbered(address, &first, &number)?, 409, SAYS)
        }),
        Kind::Caddy => {
            check("a restart forgets no number", &|| {
                let number = format!("p{prefix}-restart-0-0");
                let first = format!("POST {FANS}/groups");
                once(&first, &number)?;
                let next = caddy::start(world, &Change::default())?;
                forget(world);
                expect_refused(world, &numbered(&next.address, &first, &number)?, 409, SAYS)
            });
            check("where nothing remembers numbers, nothing that changes something passes", &|| {
                let texts = vec![("{$MUSTER_ONCE:unix//run/muster-once.sock}", "127.0.0.1:1".to_owned())];
                let alone = caddy::start(world, &Change::of(texts))?;
                forget(world);
                let answer = numbered(&alone.address, &format!("POST {FANS}/groups"), "p-alone-0-0")?;
                expect_refused(world, &answer, 502, "refused")
            });
        }
    }
}

/// Kills all worker processes of nginx.
pub fn kill_workers(folder: &Path) -> Result<()> {
    let main = files::read_text(&folder.join("nginx.pid"))?;
    let children = format!("/proc/{0}/task/{0}/children", main.trim());
    let workers = files::read_text(Path::new(&children))?;
    for worker in workers.split_whitespace() {
        process::run(process::command("kill").args(["-KILL", worker]))?;
    }
    Ok(())
}
