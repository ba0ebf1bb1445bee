//! The suite: runs each recipe in the real server, in front of a site and of hostile vendors.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::recipe::Change;
use super::sign_in::{COOKIE, SignIn};
use super::tally::Tally;
use super::tls_checks::Secured;
use super::token_checks::token_in;
use super::world::{COMETCHAT_KEY, GENUIN_KEY, GENUIN_SECRET, Kind, NETWORKED_KEY, World};
use super::{
    caddy, certificates, nginx, once_checks, refusals, relay_checks, sign_in_checks, site_checks, tls_checks,
    token_checks,
};
use crate::build::Built;
use crate::listening::Listening;
use crate::test::Count;
use crate::{files, process};

/// Both recipes in front of one site, for browser tests; dropping it stops everything.
pub struct Relays {
    /// With a password.
    pub nginx: Listening,
    /// With a password.
    pub caddy: Listening,
    /// nginx behind oauth2-proxy.
    pub oauth2: Listening,
    /// nginx with a password, whose workers tests may kill.
    pub mortal: Listening,
    /// The PID file of `mortal`.
    mortal_pid: PathBuf,
    /// The address of the CometChat stand-in, which reports what it received.
    vendor: String,
    /// The address of the vendors' sandbox.
    pub sandbox: String,
    // Fields drop in this order: these stop after the servers.
    _sign_in: SignIn,
    world: World,
}

impl Relays {
    pub fn start(built: &Built) -> Result<Self> {
        let world = World::start(built)?;
        let sign_in = SignIn::start()?;
        let mortal = nginx::start(&world, &Change::default())?;
        Ok(Self {
            mortal_pid: nginx::folder(&world, mortal.port()).join("nginx.pid"),
            mortal,
            vendor: world.cometchat.address.clone(),
            nginx: nginx::start(&world, &Change::default())?,
            caddy: caddy::start(&world, &Change::default())?,
            oauth2: nginx::start(&world, &nginx::with_oauth2(&sign_in.host))?,
            sandbox: world.sandbox.address.clone(),
            _sign_in: sign_in,
            world,
        })
    }

    /// The environment variables for the end-to-end tests.
    pub fn environment(&self) -> [(&'static str, String); 11] {
        let keys = [COMETCHAT_KEY, NETWORKED_KEY, GENUIN_KEY, GENUIN_SECRET];
        let right = &self.world.certificates.right;
        [
            ("RELAY_NGINX_URL", self.nginx.address.clone()),
            ("RELAY_CADDY_URL", self.caddy.address.clone()),
            ("RELAY_OAUTH2_URL", self.oauth2.address.clone()),
            ("SECURE_CERTIFICATE", right.to_string_lossy().into_owned()),
            ("SECURE_KEY", certificates::key(right).to_string_lossy().into_owned()),
            ("RELAY_MORTAL_URL", self.mortal.address.clone()),
            ("RELAY_MORTAL_PID", self.mortal_pid.to_string_lossy().into_owned()),
            ("RELAY_VENDOR_URL", self.vendor.clone()),
            ("RELAY_SANDBOX_URL", self.sandbox.clone()),
            ("RELAY_KEYS", keys.join(" ")),
            ("RELAY_COOKIE", format!("{}={}", COOKIE.0, COOKIE.1)),
        ]
    }
}

/// Checks both recipes with a built site.
pub fn run(built: &Built) -> Result<Count> {
    let world = World::start(built)?;
    let sign_in = SignIn::start()?;
    let secured = Secured::start(&world)?;
    let mut tally = Tally::new();
    tally.server = "genuin-token.sh";
    token_checks::script_alone(&mut tally, &world);
    tally.server = "Cloudflare and Netlify";
    tally.check("their files are valid, and so is what dist writes for them", || static_hosts(&world));
    for kind in [Kind::Nginx, Kind::Caddy] {
        tally.server = kind.name();
        let (server, oauth2) = match kind {
            Kind::Nginx => (
                nginx::start(&world, &Change::default())?,
                nginx::start(&world, &nginx::with_oauth2(&sign_in.host))?,
            ),
            Kind::Caddy => (
                caddy::start(&world, &Change::default())?,
                caddy::start(&world, &caddy::with_oauth2(&sign_in.host))?,
            ),
        };
        sign_in_checks::all(&mut tally, &world, &oauth2.address);
        sign_in_checks::none_chosen(&mut tally, &world, kind);
        tls_checks::all(&mut tally, &world, kind, &secured);
        drop(oauth2);
        let folder = world.folder.join(format!("{}-{}", kind.slug(), server.port()));
        let token = token_in(&folder.join(format!("muster/keys/genuin-loop-studio.{}", kind.ending())))?;
        for vendor in [&world.cometchat, &world.networked, &world.genuin] {
            vendor.take();
        }
        let encodings: &[&str] = if kind == Kind::Nginx { &["gzip"] } else { &["gzip", "br"] };
        site_checks::all(&mut tally, &world, &server.address, encodings);
        relay_checks::all(&mut tally, &world, &server.address, &token);
        refusals::all(&mut tally, &world, &server.address);
        relay_checks::early(&mut tally, &world, kind);
        once_checks::all(&mut tally, &world, kind, &server.address);
        token_checks::renewed(&mut tally, &world, kind, &server.address);
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

/// Validates the files of Cloudflare and Netlify with wrangler's schema and Netlify's parsers.
fn static_hosts(world: &World) -> Result<()> {
    let script = files::root().join("e2e/support/validate-hosts.mjs");
    let told = process::capture(process::command("node").arg(script).arg(&world.site))?;
    print!("  {told}");
    Ok(())
}
