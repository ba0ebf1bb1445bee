//! Checks that a relay only calls vendors with a valid certificate.

use std::path::Path;

use anyhow::{Result, ensure};

use super::certificates::{Certificates, key};
use super::client;
use super::recipe::{Change, basic};
use super::tally::Tally;
use super::world::{Kind, World};
use super::{caddy, nginx};
use crate::listening::{Listening, free_port};

const GROUPS: &str = "GET /relay/cometchat/superhero-fans/v3/groups";

/// HTTPS vendors. One port has the right certificate for `localhost` and one for another name; the other port
/// has an untrusted certificate.
pub struct Secured {
    _server: Listening,
    known: u16,
    unknown: u16,
}

impl Secured {
    /// Starts nginx with the certificates in front of the stand-in.
    pub fn start(world: &World) -> Result<Self> {
        let Certificates { right, other, stranger, .. } = &world.certificates;
        let (known, unknown) = (free_port()?, free_port()?);
        let server = |port: u16, name: &str, certificate: &Path| {
            format!(
                "server {{ listen 127.0.0.1:{port} ssl; server_name {name}; ssl_certificate {}; \
                 ssl_certificate_key {}; proxy_ignore_headers X-Accel-Redirect X-Accel-Limit-Rate; \
                 location / {{ proxy_pass {}; }} }}\n",
                certificate.display(),
                key(certificate).display(),
                world.cometchat.address
            )
        };
        // The first server of a port handles unmatched names.
        let sites = [
            server(known, "other.example", other),
            server(known, "localhost", right),
            server(unknown, "localhost", stranger),
        ];
        let folder = world.folder.join("secured");
        Ok(Self { _server: nginx::run(&folder, &sites.concat(), known)?, known, unknown })
    }
}

pub fn all(tally: &mut Tally, world: &World, kind: Kind, vendors: &Secured) {
    let ask = |host: &'static str, port: u16| -> Result<client::Answer> {
        let cometchat = Some(match kind {
            Kind::Nginx => format!("https://{host}"),
            Kind::Caddy => format!("https://{host}:{port}"),
        });
        let texts = if kind == Kind::Nginx { nginx::with_names(&[host], port) } else { Vec::new() };
        let change = Change { texts, cometchat };
        let server = match kind {
            Kind::Nginx => nginx::start(world, &change)?,
            Kind::Caddy => caddy::start(world, &change)?,
        };
        world.cometchat.take();
        client::send(&server.address, GROUPS, &[basic()], b"")
    };
    tally.check("a vendor that proves its name is called by https", || {
        let answer = ask("localhost", vendors.known)?;
        ensure!(answer.status == 200, "{}", answer.shown());
        ensure!(world.cometchat.take().len() == 1, "the call went elsewhere");
        Ok(())
    });
    // No name server maps another name to this machine, so Caddy calls it by its IP address.
    let other = if kind == Kind::Nginx { "another.example" } else { "127.0.0.1" };
    for (what, host, port) in [
        ("a vendor with a certificate for another name is not called", other, vendors.known),
        ("a vendor that nobody vouches for is not called", "localhost", vendors.unknown),
    ] {
        tally.check(what, || {
            let answer = ask(host, port)?;
            ensure!(answer.status == 502, "{}", answer.shown());
            ensure!(answer.header("muster-relay").as_deref() == Some("no-answer"), "{}", answer.shown());
            ensure!(world.cometchat.take().is_empty(), "the call arrived");
            Ok(())
        });
    }
}
