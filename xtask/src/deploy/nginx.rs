//! Runs the recipe for nginx in the real server.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};

use super::recipe::{self, Change, PEOPLE};
use super::world::{Kind, World};
use crate::listening::{Listening, free_port};
use crate::{files, process, setup};

/// Starts nginx with the recipe in front of `world`.
pub fn start(world: &World, change: &Change) -> Result<Listening> {
    let port = free_port()?;
    let folder = folder(world, &port.to_string());
    let text = |value: &str| value.to_owned();
    let path = |path: &Path| path.to_string_lossy().into_owned();
    let mut all = vec![
        ("listen 443 ssl http2;", format!("listen 127.0.0.1:{port};")),
        ("listen [::]:443 ssl http2;", String::new()),
        ("ssl_certificate     /etc/letsencrypt/live/muster.example/fullchain.pem;", String::new()),
        ("ssl_certificate_key /etc/letsencrypt/live/muster.example/privkey.pem;", String::new()),
        (
            "set $muster_origin https://muster.example;",
            format!("set $muster_origin http://127.0.0.1:{port};"),
        ),
        ("/srv/muster/site", path(&world.site)),
        ("/var/log/nginx/", format!("{}/", folder.display())),
        ("listen 80;", format!("listen 127.0.0.1:{};", free_port()?)),
        ("listen [::]:80;", String::new()),
        (
            "https://APP_ID.api-us.cometchat.io",
            change.cometchat.clone().unwrap_or(text(&world.cometchat.address)),
        ),
        ("https://backend.networked.co", text(&world.networked.address)),
        ("https://api.begenuin.com", text(&world.genuin.address)),
        ("/etc/ssl/certs/ca-certificates.crt", path(&world.certificates.trusted)),
    ];
    all.extend(change.texts.iter().cloned());
    recipe::copy("nginx", &folder, &all)?;
    world.write_parts(Kind::Nginx, &folder.join("muster"), PEOPLE.0)?;
    run(&folder, &format!("include {}/muster.conf;", folder.display()), port)
}

/// The folder of the recipe that listens on this port.
pub fn folder(world: &World, port: &str) -> PathBuf {
    world.folder.join(format!("nginx-{port}"))
}

/// Reloads the configuration, as `systemctl reload nginx` does.
pub fn reload(world: &World, port: &str) -> Result<()> {
    let id = files::read_text(&folder(world, port).join("nginx.pid"))?;
    process::run(process::command("kill").args(["-HUP", id.trim()]))
}

/// Runs nginx with `sites` inside a minimal main configuration: in the foreground, with all files in one
/// folder.
pub fn run(folder: &Path, sites: &str, port: u16) -> Result<Listening> {
    let is_root = process::capture(process::command("id").arg("-u"))?.trim() == "0";
    let user = if is_root { "user root;\n" } else { "" };
    let here = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("    {kind}_temp_path {here}/{kind};\n"))
        .collect();
    let around = format!(
        "{user}daemon off;\nworker_processes 2;\npid {here}/nginx.pid;\nerror_log {here}/start.log;\n\
         events {{}}\nhttp {{\n{temporary}    access_log off;\n    {sites}\n}}\n"
    );
    files::write(&folder.join("nginx.conf"), around)?;
    let program = setup::nginx().context("there is no nginx")?;
    let mut command = process::command(&program.to_string_lossy());
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf"));
    // Startup errors are in the log file.
    command.arg("-e").arg(folder.join("start.log")).stderr(Stdio::null());
    Listening::start(&mut command, "nginx", port)
        .with_context(|| files::read_text(&folder.join("start.log")).unwrap_or_default())
}

/// The edits that switch the recipe to signing in with oauth2-proxy.
pub fn with_oauth2(host: &str) -> Change {
    Change::of(vec![
        ("    include muster/sign-in-basic.conf;\n    # include", "    include".to_owned()),
        ("127.0.0.1:4180", host.to_owned()),
    ])
}

/// Replaces the recipe's resolver by upstreams that map vendors' host names to a local port.
pub fn with_names(names: &[&str], port: u16) -> Vec<(&'static str, String)> {
    let upstreams: String =
        names.iter().map(|name| format!("upstream {name} {{ server 127.0.0.1:{port}; }}\n")).collect();
    vec![("resolver 127.0.0.53 valid=60s ipv6=off;", upstreams)]
}
