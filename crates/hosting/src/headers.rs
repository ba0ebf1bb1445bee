//! HTTP response headers of the site, for the local server, static hosts and the deployment recipes.

use crate::config::Config;
use crate::origin::Origin;

/// Denies every browser feature except writing to the clipboard, which "Copy" needs. Lists only features that
/// browsers know, because they log a warning for unknown ones.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(self), \
    display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), \
    idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
    publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// The Content-Security-Policy: scripts and styles from the site itself, connections and pictures to configured
/// origins only.
pub fn content_security_policy(config: &Config) -> String {
    let sources =
        |origins: &[Origin]| -> String { origins.iter().map(|origin| format!(" {origin}")).collect() };
    let (others, pictures) = (sources(&config.origins()), sources(&config.picture_hosts));
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'{pictures}; font-src 'self'; \
         connect-src 'self'{others}; worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"
    )
}

/// The security headers of every response.
///
/// Leaves out `Strict-Transport-Security`: it applies to the whole host name, and often to its subdomains, so
/// the owner of the name decides.
pub fn security(config: &Config) -> Vec<(&'static str, String)> {
    vec![
        ("Content-Security-Policy", content_security_policy(config)),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Referrer-Policy", "no-referrer".to_owned()),
        ("Cross-Origin-Opener-Policy", "same-origin".to_owned()),
        ("Cross-Origin-Resource-Policy", "same-origin".to_owned()),
        // Asks for a separate process, not shared with other subdomains of the same site.
        ("Origin-Agent-Cluster", "?1".to_owned()),
        ("Permissions-Policy", PERMISSIONS.to_owned()),
    ]
}

/// The folder of the files with a digest in their names.
const ASSETS: &str = "assets/";

/// The `Cache-Control` of a file: immutable if its name contains a digest of its content.
pub fn cache_control(name: &str) -> &'static str {
    if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// Returns true if the name contains a digest, as in `app-0123456789abcdef.css`.
pub(crate) fn is_hashed(name: &str) -> bool {
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    let digest = stem.rsplit_once('-').map_or("", |(_, digest)| digest);
    digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The `Content-Type` of a file, by its extension.
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

/// The `_headers` file of Cloudflare and Netlify, for a site below the path `base`. `names` are its files.
///
/// `Cache-Control` is set once for the folder of assets and per file elsewhere, because these hosts join the values of
/// matching rules.
pub fn static_host_file(config: &Config, base: &str, names: &[String]) -> String {
    let mut text = format!("{base}*\n");
    for (name, value) in security(config) {
        text += &format!("  {name}: {value}\n");
    }
    // One rule for the folder in which every name has a digest: these hosts take 100 rules.
    let (assets, others): (Vec<_>, Vec<_>) = names.iter().partition(|name| name.starts_with(ASSETS));
    if let Some(asset) = assets.first() {
        text += &format!("{base}{ASSETS}*\n  Cache-Control: {}\n", cache_control(asset));
    }
    for name in others {
        text += &format!("{base}{name}\n  Cache-Control: {}\n", cache_control(name));
    }
    text + &format!("{base}\n  Cache-Control: no-cache\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_digest_are_kept_for_ever() {
        assert!(cache_control("muster-0123456789abcdef.wasm").contains("immutable"));
        for name in ["index.html", "boot.js", "sandbox-worker.js", "sandbox-worker_bg.wasm", "icons.svg"] {
            assert_eq!(cache_control(name), "no-cache", "{name}");
        }
    }

    #[test]
    fn the_policy_names_the_origins_to_connect_to_and_no_others() {
        let config = Config::parse(
            r#"{ "hosts": ["https://b.example", "https://A.example:443/"], "sandbox": "http://127.0.0.1:8081",
                "connections": [
                  { "id": "a", "vendor": "networked", "name": "A", "reach": "direct", "base_url": "https://a.example" },
                  { "id": "c", "vendor": "genuin", "name": "C", "reach": "relay", "base_url": "https://c.example/x" },
                  { "id": "d", "vendor": "genuin", "name": "D", "reach": "relay", "base_url": "/relay/genuin" }
                ] }"#,
        );
        let policy = content_security_policy(&config.unwrap());
        let connect = policy.split("; ").find(|directive| directive.starts_with("connect-src")).unwrap();
        assert_eq!(
            connect,
            "connect-src 'self' http://127.0.0.1:8081 https://a.example https://b.example https://c.example"
        );
        assert!(!policy.contains("unsafe-inline"));
    }

    #[test]
    fn pictures_come_from_their_hosts_and_nothing_else_does() {
        let config = Config::parse(
            r#"{ "picture_hosts": ["https://Media.example:443/", "http://127.0.0.1:9000"],
                "hosts": ["https://b.example"] }"#,
        );
        let policy = content_security_policy(&config.unwrap());
        let directive = |name: &str| policy.split("; ").find(|part| part.starts_with(name)).unwrap();
        assert_eq!(directive("img-src"), "img-src 'self' https://media.example http://127.0.0.1:9000");
        assert_eq!(directive("connect-src"), "connect-src 'self' https://b.example");
        assert_eq!(policy.matches("media.example").count(), 1);
    }

    #[test]
    fn the_policy_allows_what_the_page_uses_and_nothing_else() {
        let policy = content_security_policy(&Config::default());
        let allowing: Vec<_> = policy
            .split("; ")
            .filter(|directive| directive.contains("'self'") || directive.contains(':'))
            .collect();
        let expected = [
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
        ];
        assert_eq!(allowing, expected);
    }

    #[test]
    fn a_host_that_says_nothing_connects_to_itself_only() {
        assert!(content_security_policy(&Config::default()).contains("connect-src 'self';"));
        assert_eq!(security(&Config::default()), security(&Config::closed()));
    }

    #[test]
    fn static_hosts_are_told_of_the_assets_once_and_of_every_other_file() {
        let names = ["index.html", "assets/app-0123456789abcdef.css", "assets/b-0123456789abcdef.js"]
            .map(str::to_owned);
        let text = static_host_file(&Config::default(), "/", &names);
        assert!(text.starts_with("/*\n  Content-Security-Policy: default-src 'none';"));
        assert!(text.contains("\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n"));
        assert_eq!(text.matches("Cache-Control").count(), 3);
        let below = static_host_file(&Config::default(), "/desk/", &names);
        let rules: Vec<_> = below.lines().filter(|line| line.starts_with('/')).collect();
        assert_eq!(rules, ["/desk/*", "/desk/assets/*", "/desk/index.html", "/desk/"]);
    }
}
