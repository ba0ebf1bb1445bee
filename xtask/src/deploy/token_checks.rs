//! Checks that the token script writes a token, keeps the old one on failure, and prints no secret.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::client;
use super::recipe::basic;
use super::tally::Tally;
use super::world::{GENUIN_KEY, GENUIN_SECRET, Kind, World};
use super::{caddy, nginx};
use crate::files;

const UPDATE: &str =
    "PATCH /relay/genuin/loop-studio/api/thirdparty/update_conversation/20000000-0000-4000-8000-000000000001";
const PATIENCE: Duration = Duration::from_secs(10);

/// The token in the file that the script wrote.
pub fn token_in(file: &Path) -> Result<String> {
    let text = files::read_text(file)?;
    let token = text.split("Bearer ").nth(1).and_then(|rest| rest.split('"').next());
    Ok(token.context("the script wrote no token")?.to_owned())
}

/// Runs the script. Returns whether it succeeded, and its output.
fn script(world: &World, kind: Kind, credentials: &str, file: &Path) -> Result<(bool, String)> {
    let folder = file.parent().context("a file is in a folder")?;
    let from = folder.join("some.credentials");
    files::write(&from, credentials)?;
    let mut command = world.token_script(kind);
    let output = command.arg(&from).arg(file).stdin(Stdio::null()).output()?;
    let told = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&told).into_owned()))
}

/// Checks the script without a server.
pub fn script_alone(tally: &mut Tally, world: &World) {
    let folder = world.folder.join("token");
    let url = &world.genuin.address;
    let good = format!("url={url}\napi_key={GENUIN_KEY}\napi_secret={GENUIN_SECRET}");
    tally.check("a token is written for its owner only, from a header or a body", || {
        for (name, kind, credentials) in [
            ("a", Kind::Nginx, good.clone()),
            ("b", Kind::Caddy, format!("{good}\n")),
            ("c", Kind::Nginx, format!("url={url}/\napi_key=token-in-body-key\napi_secret={GENUIN_SECRET}")),
        ] {
            let file = folder.join(name);
            let (is_well, told) = script(world, kind, &credentials, &file)?;
            ensure!(is_well && told.is_empty(), "{name}: {told}");
            ensure!(!token_in(&file)?.is_empty(), "{name}: {}", files::read_text(&file)?);
            let mode = std::fs::metadata(&file)?.permissions().mode() & 0o777;
            ensure!(mode == 0o600, "{name}: others may read it: {mode:o}");
        }
        Ok(())
    });
    tally.check("without a token the old one stays, and nothing secret is said", || {
        let file = folder.join("kept");
        let nobody = "http://127.0.0.1:1";
        for credentials in [
            format!("url={url}\napi_key={GENUIN_KEY}\napi_secret=wrong-secret"),
            format!("url={url}\napi_key=no-token-key\napi_secret={GENUIN_SECRET}"),
            format!("url={url}\napi_key=server-error-key\napi_secret={GENUIN_SECRET}"),
            format!("url={url}\napi_key=html-key\napi_secret={GENUIN_SECRET}"),
            format!("url={nobody}\napi_key={GENUIN_KEY}\napi_secret={GENUIN_SECRET}"),
            format!("url=http://elsewhere.example\napi_key={GENUIN_KEY}\napi_secret={GENUIN_SECRET}"),
            format!("url={url}\napi_key={GENUIN_KEY}\",\"x\":\"\napi_secret={GENUIN_SECRET}"),
            format!("url={url}\napi_key={GENUIN_KEY}"),
        ] {
            files::write(&file, "old")?;
            let (is_well, told) = script(world, Kind::Nginx, &credentials, &file)?;
            ensure!(!is_well, "it found a token with {credentials}");
            ensure!(files::read_text(&file)? == "old", "the old token is gone");
            ensure!(!told.contains(GENUIN_KEY) && !told.contains(GENUIN_SECRET), "it told {told}");
            ensure!(
                told.starts_with("genuin-token: ") || told.contains("\ngenuin-token: "),
                "it told {told:?}"
            );
        }
        let left = files::below(&folder)?.into_iter().find(|path| path.to_string_lossy().contains("next"));
        ensure!(left.is_none(), "it left {left:?} behind");
        Ok(())
    });
}

/// Checks that a server uses a new token after a reload.
pub fn renewed(tally: &mut Tally, world: &World, kind: Kind, address: &str) {
    tally.check("a renewed token is used after a reload", || {
        let port = address.rsplit(':').next().unwrap_or_default();
        let folder = match kind {
            Kind::Nginx => nginx::folder(world, port),
            Kind::Caddy => caddy::folder(world, port),
        };
        let keys = folder.join("muster/keys");
        let file = keys.join(format!("genuin-loop-studio.{}", kind.ending()));
        let old = token_in(&file)?;
        let credentials = files::read_text(&keys.join("genuin-loop-studio.credentials"))?;
        let (is_well, told) = script(world, kind, &credentials, &file)?;
        ensure!(is_well, "{told}");
        let new = token_in(&file)?;
        ensure!(new != old, "Genuin gave the same token again, so this shows nothing");
        match kind {
            Kind::Nginx => nginx::reload(world, port)?,
            Kind::Caddy => caddy::reload(world, port)?,
        }
        // nginx keeps its old workers until the new ones listen.
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            world.genuin.take();
            let own = [basic(), ("Origin", address)];
            client::send(address, UPDATE, &own, b"{}")?;
            let arrived = world.genuin.take();
            let sent = arrived.first().and_then(|call| call.header("authorization").map(str::to_owned));
            if sent == Some(format!("Bearer {new}")) {
                return Ok(());
            }
        }
        bail!("the old token is still sent after {PATIENCE:?}")
    });
}
