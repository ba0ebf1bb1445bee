//! The headers that the site is served with, here and on any static host.

use anyhow::{Result, bail};

/// The headers of every answer. `connect` lists the origins that the page may call besides its own.
pub fn security(connect: &[String]) -> Vec<(&'static str, String)> {
    let others: String = connect.iter().map(|origin| format!(" {origin}")).collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'{others}; worker-src 'self'; manifest-src 'self'; base-uri 'self'; \
         form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"
    );
    vec![
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Referrer-Policy", "no-referrer".to_owned()),
        ("Cross-Origin-Opener-Policy", "same-origin".to_owned()),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()".to_owned()),
    ]
}

/// How long a browser may keep a file: for ever when its name changes with its bytes.
pub fn cache_control(name: &str) -> &'static str {
    if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// Whether a name carries a digest, as in `app-0123456789abcdef.css`.
pub fn is_hashed(name: &str) -> bool {
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    let digest = stem.rsplit_once('-').map_or("", |(_, digest)| digest);
    digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The type that a browser needs to be told.
pub fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The `_headers` file that Cloudflare and Netlify read. `names` are the site's files.
pub fn for_static_host(connect: &[String], names: &[String]) -> String {
    let mut text = "/*\n".to_owned();
    for (name, value) in security(connect) {
        text += &format!("  {name}: {value}\n");
    }
    for name in names {
        text += &format!("/{name}\n  Cache-Control: {}\n", cache_control(name));
    }
    text + "/\n  Cache-Control: no-cache\n"
}

/// Accepts an origin that the page may connect to: https anywhere, http on this machine only.
pub fn parse_origin(text: &str) -> Result<String> {
    let text = text.trim_end_matches('/');
    let (scheme, host) = text.split_once("://").unwrap_or_default();
    let is_plain =
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    let is_loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    if !is_plain || !(scheme == "https" || scheme == "http" && is_loopback) {
        bail!(
            "expected an origin such as https://relay.example or http://127.0.0.1:9000, without path or wildcard, \
             found {text:?}"
        );
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_origins_and_nothing_else() {
        for good in [
            "https://relay.example",
            "https://relay.example:8443/",
            "http://127.0.0.1:9000",
            "http://[::1]:1",
        ] {
            assert!(parse_origin(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "relay.example",
            "http://relay.example",
            "https://*.example",
            "https://relay.example/api",
            "https://relay.example; script-src *",
            "https://",
            "ws://127.0.0.1",
            "https://user@relay.example",
        ] {
            assert!(parse_origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_names_with_a_digest_are_kept_for_ever() {
        assert!(cache_control("muster-0123456789abcdef.wasm").contains("immutable"));
        for name in ["index.html", "boot.js", "sandbox-worker.js", "sandbox-worker_bg.wasm", "icons.svg"] {
            assert_eq!(cache_control(name), "no-cache", "{name}");
        }
    }

    #[test]
    fn the_policy_names_the_origins_to_connect_to() {
        let headers = security(&["http://127.0.0.1:8081".to_owned()]);
        assert!(headers[0].1.contains("connect-src 'self' http://127.0.0.1:8081;"));
        assert!(!headers[0].1.contains("unsafe-inline"));
    }
}
