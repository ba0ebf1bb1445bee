//! The recipe for Caddy, run by the real program.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::recipe::{self, PEOPLE};
use super::world::{Kind, World};
use crate::listening::{Listening, free_port};
use crate::{files, process, setup};

/// Starts Caddy with the recipe in front of a world. `changes` are made to the recipe besides.
pub fn start(world: &World, changes: &[(&str, String)]) -> Result<Listening> {
    let port = free_port()?;
    let folder = world.folder.join(format!("caddy-{port}"));
    recipe::copy("caddy", &folder, changes)?;
    world.write_parts(Kind::Caddy, &folder.join("muster"), PEOPLE.1)?;
    let address = format!("http://127.0.0.1:{port}");
    let caddy = |words: &[&str]| -> Result<Command> {
        let program = setup::caddy().context("there is no Caddy")?;
        let mut command = process::command(&program.to_string_lossy());
        command
            .args(words)
            .env("HOME", &folder)
            .env("XDG_DATA_HOME", &folder)
            .env("XDG_CONFIG_HOME", &folder);
        command
            .env("MUSTER_SITE", &address)
            .env("MUSTER_ORIGIN", &address)
            .env("MUSTER_ROOT", &world.site)
            .env("MUSTER_LOG", folder.join("muster.log"))
            .env("MUSTER_COMETCHAT", &world.cometchat.address)
            .env("MUSTER_NETWORKED", &world.networked.address)
            .env("MUSTER_GENUIN", &world.genuin.address);
        Ok(command)
    };
    let file = folder.join("Caddyfile");
    let adapted =
        process::capture(caddy(&["adapt", "--config", &file.to_string_lossy()])?.arg("--validate"))?;
    let config = folder.join("config.json");
    files::write(&config, here(&adapted, port, &folder)?)?;
    let mut run = caddy(&["run", "--config", &config.to_string_lossy()])?;
    Listening::start(&mut run, "Caddy", port)
}

/// The adapted recipe, listening on this machine only, without the port at which it is managed.
fn here(adapted: &str, port: u16, folder: &Path) -> Result<String> {
    let mut config: Value = serde_json::from_str(adapted)?;
    config["admin"] = json!({ "disabled": true, "config": { "persist": false } });
    config["logging"]["logs"]["default"]["writer"] =
        json!({ "output": "file", "filename": folder.join("caddy.log") });
    let servers = config["apps"]["http"]["servers"].as_object_mut().context("the recipe serves nothing")?;
    for server in servers.values_mut() {
        server["listen"] = json!([format!("127.0.0.1:{port}")]);
    }
    Ok(config.to_string())
}
