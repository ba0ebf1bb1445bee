//! The suite: each recipe in the real program, in front of a site and of vendors that would like to misbehave.

use anyhow::{Context, Result, ensure};

use super::relay_checks;
use super::site_checks;
use super::tally::Tally;
use super::world::{COMETCHAT_KEY, GENUIN_KEY, GENUIN_SECRET, Kind, NETWORKED_KEY, World};
use super::{caddy, nginx};
use crate::build::Built;
use crate::files;
use crate::test::Count;

/// Checks both recipes against a built site.
pub fn run(built: &Built) -> Result<Count> {
    let world = World::start(built)?;
    let mut tally = Tally::new();
    for kind in [Kind::Nginx, Kind::Caddy] {
        tally.server = kind.name();
        let server = match kind {
            Kind::Nginx => nginx::start(&world, &[])?,
            Kind::Caddy => caddy::start(&world, &[])?,
        };
        let folder = world.folder.join(format!("{}-{}", kind.slug(), server.port()));
        let token = token_of(&folder, kind)?;
        for vendor in [&world.cometchat, &world.networked, &world.genuin] {
            vendor.take();
        }
        let encodings: &[&str] = if kind == Kind::Nginx { &["gzip"] } else { &["gzip", "br"] };
        site_checks::all(&mut tally, &world, &server.address, encodings);
        relay_checks::all(&mut tally, &world, &server.address, &token);
        drop(server);
        tally.check("what is logged holds no key, no query, no body and no header", || {
            let mut logs = String::new();
            for path in
                files::below(&folder)?.iter().filter(|path| path.extension().is_some_and(|e| e == "log"))
            {
                logs += &files::read_text(path)?;
            }
            ensure!(logs.contains("/relay/cometchat/superhero-fans/v3/groups"), "no call was logged");
            ensure!(logs.contains("\"ada\""), "nobody's name was logged");
            let secrets = [COMETCHAT_KEY, NETWORKED_KEY, GENUIN_KEY, GENUIN_SECRET, token.as_str()];
            let private =
                ["searchKey", "from-the-browser", "session=", "YWRhOm", "perPage", "\"name\":\"x\""];
            for bad in secrets.into_iter().chain(private) {
                let line = logs.lines().find(|line| line.contains(bad));
                ensure!(line.is_none(), "{bad} is in {}", line.unwrap_or_default());
            }
            Ok(())
        });
    }
    Ok(tally.count())
}

/// The token that the script left for a server.
fn token_of(folder: &std::path::Path, kind: Kind) -> Result<String> {
    let file = folder.join(format!("muster/keys/genuin-loop-studio.{}", kind.ending()));
    let text = files::read_text(&file)?;
    let token = text.split("Bearer ").nth(1).and_then(|rest| rest.split('"').next());
    Ok(token.context("the script wrote no token")?.to_owned())
}
