//! The recipe for nginx, run by the real program.

use anyhow::{Context, Result};

use super::recipe::{self, PEOPLE};
use super::world::{Kind, World};
use crate::listening::{Listening, free_port};
use crate::{files, process, setup};

/// Starts nginx with the recipe in front of a world. `changes` are made to the recipe besides.
pub fn start(world: &World, changes: &[(&str, String)]) -> Result<Listening> {
    let port = free_port()?;
    let folder = world.folder.join(format!("nginx-{port}"));
    let here = |address: &str| address.to_owned();
    let mut all = vec![
        ("listen 443 ssl;", format!("listen 127.0.0.1:{port};")),
        ("listen [::]:443 ssl;", String::new()),
        ("ssl_certificate     /etc/letsencrypt/live/muster.example/fullchain.pem;", String::new()),
        ("ssl_certificate_key /etc/letsencrypt/live/muster.example/privkey.pem;", String::new()),
        (
            "set $muster_origin https://muster.example;",
            format!("set $muster_origin http://127.0.0.1:{port};"),
        ),
        ("/srv/muster/site", world.site.to_string_lossy().into_owned()),
        ("/var/log/nginx/", format!("{}/", folder.display())),
        ("listen 80;", format!("listen 127.0.0.1:{};", free_port()?)),
        ("listen [::]:80;", String::new()),
        ("https://APP_ID.api-us.cometchat.io", here(&world.cometchat.address)),
        ("https://backend.networked.co", here(&world.networked.address)),
        ("https://api.begenuin.com", here(&world.genuin.address)),
    ];
    all.extend(changes.iter().cloned());
    recipe::copy("nginx", &folder, &all)?;
    world.write_parts(Kind::Nginx, &folder.join("muster"), PEOPLE.0)?;
    files::write(&folder.join("nginx.conf"), around(&folder.to_string_lossy())?)?;
    let program = setup::nginx().context("there is no nginx")?;
    let mut command = process::command(&program.to_string_lossy());
    command.arg("-p").arg(&folder).arg("-c").arg(folder.join("nginx.conf"));
    command.arg("-e").arg(folder.join("start.log"));
    Listening::start(&mut command, "nginx", port)
        .with_context(|| files::read_text(&folder.join("start.log")).unwrap_or_default())
}

/// What stands around a site's configuration on every machine: here without a service, and in one folder.
fn around(folder: &str) -> Result<String> {
    let is_root = process::capture(process::command("id").arg("-u"))?.trim() == "0";
    let user = if is_root { "user root;\n" } else { "" };
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("    {kind}_temp_path {folder}/{kind};\n"))
        .collect();
    Ok(format!(
        "{user}daemon off;\nworker_processes 2;\npid {folder}/nginx.pid;\nerror_log {folder}/start.log;\n\
         events {{}}\nhttp {{\n{temporary}    access_log off;\n    include {folder}/muster.conf;\n}}\n"
    ))
}
