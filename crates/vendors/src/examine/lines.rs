//! Configuration lines for the operator of a relay or service, ready to paste.
//!
//! Those for a relay are blocks of the recipes in `deploy/` and use the same addresses.

use std::fmt::Write as _;

use domain::Connection;
use http::Method;

use super::Needs;

/// How long a browser may cache a preflight, in seconds.
const REMEMBERED_S: u32 = 600;

/// The CORS headers that let the pages of an origin call a service.
pub fn cors(needs: &Needs, origin: &str) -> String {
    let methods: Vec<&str> = needs.methods.iter().map(Method::as_str).collect();
    let mut text = format!("Access-Control-Allow-Origin: {origin}\nVary: Origin\n");
    let _ = writeln!(text, "Access-Control-Expose-Headers: {}", needs.shown.join(", "));
    let _ = writeln!(text, "\nAccess-Control-Allow-Methods: {}", methods.join(", "));
    if !needs.headers.is_empty() {
        let _ = writeln!(text, "Access-Control-Allow-Headers: {}", needs.headers.join(", "));
    }
    let _ = write!(text, "Access-Control-Max-Age: {REMEMBERED_S}");
    text
}

/// Where a relayed connection is on the site, and its name there.
struct Place {
    /// Path without a trailing slash and without the version in the vendor's address.
    path: String,
    /// The name of its key file.
    key: String,
    host: String,
}

fn place(connection: &Connection) -> Place {
    let slug = connection.vendor.slug();
    let profile = crate::profile(connection.vendor);
    let version = profile.api_path;
    let host = match profile.base_url {
        Some(template) => {
            let url = template.replace("{app_id}", "APP_ID").replace("{region}", "REGION");
            url.strip_suffix(version).unwrap_or(&url).to_owned()
        }
        None => format!("https://HOST-OF-{}", slug.to_ascii_uppercase()),
    };
    let address = connection.base_url.as_str();
    let path =
        address.split_once("://").map_or(address, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let path = path.strip_suffix(version).unwrap_or(path);
    let is_ours = path.starts_with(&format!("/relay/{slug}/"));
    let path = if is_ours { path.to_owned() } else { format!("/relay/{slug}/{}", connection.id.as_str()) };
    let name = path.rsplit('/').next().unwrap_or(slug).to_owned();
    Place { path, key: format!("{slug}-{name}"), host }
}

/// The connection's block for `deploy/nginx/muster.conf`.
pub fn relay_of_nginx(connection: &Connection) -> String {
    let Place { path, key, host } = place(connection);
    format!(
        "location ^~ {path}/ {{\n    set $muster_vendor {host};\n    include muster/keys/{key}.conf;\n    include \
         muster/relay.conf;\n}}"
    )
}

/// The connection's block for `deploy/caddy/Caddyfile`.
pub fn relay_of_caddy(connection: &Connection) -> String {
    let Place { path, key, host } = place(connection);
    format!(
        "handle {path}/* {{\n\troute {{\n\t\timport muster/relay.caddy\n\t\turi strip_prefix {path}\n\t\treverse_proxy \
         {host} {{\n\t\t\timport muster/vendor.caddy\n\t\t\timport muster/keys/{key}.caddy\n\t\t}}\n\t}}\n}}"
    )
}
