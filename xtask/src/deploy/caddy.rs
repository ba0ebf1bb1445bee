//! Runs the recipe for Caddy in the real server.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::recipe::{self, Change, PEOPLE};
use super::world::{Kind, World};
use crate::listening::{Listening, free_port};
use crate::{files, process, setup};

/// Starts Caddy with the recipe in front of `world`.
pub fn start(world: &World, change: &Change) -> Result<Listening> {
    let port = free_port()?;
    let folder = folder(world, &port.to_string());
    recipe::copy("caddy", &folder, &change.texts)?;
    world.write_parts(Kind::Caddy, &folder.join("muster"), PEOPLE.1)?;
    let cometchat = change.cometchat.as_deref().unwrap_or(&world.cometchat.address);
    let config = adapt(world, &folder, &port.to_string(), cometchat)?;
    let mut run = command(world, &folder, &["run", "--config"])?;
    run.arg(config).stderr(File::create(folder.join("start.log"))?);
    Listening::start(&mut run, "Caddy", port)
        .with_context(|| files::read_text(&folder.join("start.log")).unwrap_or_default())
}

/// The folder of the recipe that listens on this port.
pub fn folder(world: &World, port: &str) -> PathBuf {
    world.folder.join(format!("caddy-{port}"))
}

/// Reloads the configuration, as `systemctl reload caddy` does.
pub fn reload(world: &World, port: &str) -> Result<()> {
    let folder = folder(world, port);
    let config = adapt(world, &folder, port, &world.cometchat.address)?;
    let mut reload = command(world, &folder, &["reload", "--address", &manager(&folder), "--config"])?;
    process::capture(reload.arg(config)).map(drop)
}

fn command(world: &World, folder: &Path, words: &[&str]) -> Result<Command> {
    let program = setup::caddy().context("there is no Caddy")?;
    let mut command = process::command(&program.to_string_lossy());
    command.args(words).env("SSL_CERT_FILE", &world.certificates.trusted);
    command.env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
    Ok(command)
}

/// Converts the recipe to JSON, with listeners on this machine only.
fn adapt(world: &World, folder: &Path, port: &str, cometchat: &str) -> Result<PathBuf> {
    let address = format!("http://127.0.0.1:{port}");
    let file = folder.join("Caddyfile");
    let mut adapt = command(world, folder, &["adapt", "--validate", "--config", &file.to_string_lossy()])?;
    adapt
        .env("MUSTER_SITE", &address)
        .env("MUSTER_ORIGIN", &address)
        .env("MUSTER_ROOT", &world.site)
        .env("MUSTER_LOG", folder.join("muster.log"))
        .env("MUSTER_COMETCHAT", cometchat)
        .env("MUSTER_NETWORKED", &world.networked.address)
        .env("MUSTER_GENUIN", &world.genuin.address)
        .env("MUSTER_ONCE", &world.once.host);
    let mut config: Value = serde_json::from_str(&process::capture(&mut adapt)?)?;
    config["admin"] = json!({ "listen": manager(folder), "config": { "persist": false } });
    config["logging"]["logs"]["default"]["writer"] =
        json!({ "output": "file", "filename": folder.join("caddy.log") });
    let servers = config["apps"]["http"]["servers"].as_object_mut().context("the recipe serves nothing")?;
    for server in servers.values_mut() {
        server["listen"] = json!([format!("127.0.0.1:{port}")]);
    }
    let written = folder.join("config.json");
    files::write(&written, config.to_string())?;
    Ok(written)
}

/// The address of the admin endpoint.
fn manager(folder: &Path) -> String {
    format!("unix/{}", folder.join("manager").display())
}

/// The edits that switch the recipe to signing in with oauth2-proxy.
pub fn with_oauth2(host: &str) -> Change {
    Change::of(vec![
        ("import muster/sign-in-basic.caddy\n\t# import", "import".to_owned()),
        ("# handle /oauth2/* {\n\t# \treverse_proxy", "handle /oauth2/* {\n\t\treverse_proxy".to_owned()),
        ("{$MUSTER_OAUTH2:127.0.0.1:4180}\n\t# }", format!("{host}\n\t}}")),
        ("{$MUSTER_OAUTH2:127.0.0.1:4180}", host.to_owned()),
    ])
}
