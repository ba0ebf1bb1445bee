//! Origins that the page may connect to, in the form a Content-Security-Policy accepts.

use domain::BaseUrl;
use domain::connection::is_loopback;
use thiserror::Error;

/// `https://host[:port]`, or `http://` on this machine. Never matches more than one origin, and never
/// contains anything that could end a directive of the policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(Box<str>);

/// Why a text is not an accepted origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ParseOriginError {
    /// Neither `https://` nor `http://`.
    #[error("an origin begins with https://, as in https://relay.example")]
    Scheme,
    /// `http:` to another machine, which would send the key in the clear.
    #[error("http is for this machine only, as in http://127.0.0.1:8081; use https for any other")]
    Insecure,
    /// Contains a `*`.
    #[error("a wildcard would let the page send keys to hosts that nobody has named; name each host")]
    Wildcard,
    /// Contains a user or password.
    #[error("an origin has no user and no password")]
    HasUser,
    /// Contains a path, query or fragment.
    #[error("an origin ends after its host and port: no path, no question mark, no hash")]
    HasPath,
    /// An IPv6 address, which a Content-Security-Policy cannot express.
    #[error("browsers' policies cannot name an IPv6 address; use a host name or 127.0.0.1")]
    Ipv6,
    /// The port is not a number from 1 to 65535.
    #[error("a port is a number from 1 to 65535")]
    Port,
    /// Not a host name for any other reason.
    #[error(
        "this is no host name: only letters, digits, hyphens and dots; write other letters in their xn-- form"
    )]
    Host,
}

impl Origin {
    /// Parses an origin. Strips one trailing slash and the default port of the scheme.
    ///
    /// # Errors
    /// If the text is not an origin, or is one that a page with keys should not connect to.
    pub fn parse(text: &str) -> Result<Self, ParseOriginError> {
        use ParseOriginError as E;
        let (scheme, rest) = text.split_once("://").ok_or(E::Scheme)?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "https" && scheme != "http" {
            return Err(E::Scheme);
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('*') {
            return Err(E::Wildcard);
        }
        if rest.contains(['/', '?', '#', '\\']) {
            return Err(E::HasPath);
        }
        if rest.contains('@') {
            return Err(E::HasUser);
        }
        if rest.starts_with('[') {
            return Err(E::Ipv6);
        }
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(parse_port(port)?)),
            None => (rest, None),
        };
        let host = host.to_ascii_lowercase();
        if !is_host(&host) {
            return Err(E::Host);
        }
        if scheme == "http" && !is_loopback(&host) {
            return Err(E::Insecure);
        }
        let usual = if scheme == "https" { 443 } else { 80 };
        let port = port.filter(|port| *port != usual).map_or_else(String::new, |port| format!(":{port}"));
        Ok(Self(format!("{scheme}://{host}{port}").into()))
    }

    /// The origin of a base URL; `None` for a path on the console's own origin.
    ///
    /// # Errors
    /// If the policy cannot express the origin.
    pub fn of(address: &BaseUrl) -> Result<Option<Self>, ParseOriginError> {
        if address.is_same_origin() {
            return Ok(None);
        }
        Self::of_url(address.as_str()).map(Some)
    }

    /// The origin of an absolute URL from any source.
    ///
    /// Accepts only URLs whose origin is written as in a policy, so that no browser finds another one in them.
    ///
    /// # Errors
    /// If the URL is not absolute, or its origin is not an accepted one.
    pub(crate) fn of_url(url: &str) -> Result<Self, ParseOriginError> {
        let host_at = url.find("://").map_or(0, |idx| idx + 3);
        let end = url[host_at..].find(['/', '?', '#']).map_or(url.len(), |idx| host_at + idx);
        Self::parse(&url[..end])
    }

    /// The origin as written in the policy.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn parse_port(text: &str) -> Result<u16, ParseOriginError> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let port = text.parse().ok().filter(|port| is_number && *port > 0);
    port.ok_or(ParseOriginError::Port)
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    // Browsers read a host whose last label starts with a digit as an IPv4 address, in any notation; only the
    // dotted form is accepted.
    let is_numeric =
        host.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()));
    host.len() <= 253 && host.split('.').all(is_label) && (!is_numeric || is_ipv4(host))
}

fn is_ipv4(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_exact_origins_and_says_why_anything_else_is_none() {
        use ParseOriginError::*;
        let table: [(&str, Result<&str, ParseOriginError>); 31] = [
            ("https://relay.example", Ok("https://relay.example")),
            ("https://Relay.Example:8443/", Ok("https://relay.example:8443")),
            ("https://relay.example:443", Ok("https://relay.example")),
            ("HTTPS://10.0.0.1", Ok("https://10.0.0.1")),
            ("http://127.0.0.1:9000", Ok("http://127.0.0.1:9000")),
            ("http://localhost", Ok("http://localhost")),
            ("", Err(Scheme)),
            ("relay.example", Err(Scheme)),
            ("ws://127.0.0.1", Err(Scheme)),
            ("javascript://relay.example", Err(Scheme)),
            ("http://relay.example", Err(Insecure)),
            ("http://127.evil.example", Err(Insecure)),
            ("http://localhost.example", Err(Insecure)),
            ("https://*.example", Err(Wildcard)),
            ("https://*", Err(Wildcard)),
            ("https://relay.example:*", Err(Wildcard)),
            ("https://relay.example/api", Err(HasPath)),
            ("https://relay.example?x", Err(HasPath)),
            ("https://relay.example//", Err(HasPath)),
            ("https://user@relay.example", Err(HasUser)),
            ("http://[::1]:1", Err(Ipv6)),
            ("https://relay.example:0", Err(Port)),
            ("https://relay.example:+1", Err(Port)),
            ("https://relay.example:99999", Err(Port)),
            ("https://relay.example; script-src x", Err(Host)),
            ("https://relay.example\nx", Err(Host)),
            ("https://relay..example", Err(Host)),
            ("https://bücher.example", Err(Host)),
            ("https://", Err(Host)),
            ("https://127.1", Err(Host)),
            ("https://relay.0x7f", Err(Host)),
        ];
        for (text, expected) in table {
            assert_eq!(
                Origin::parse(text).as_ref().map(Origin::as_str),
                expected.as_ref().copied(),
                "{text}"
            );
        }
    }

    #[test]
    fn finds_the_origin_of_an_address() {
        let of = |text| Origin::of(&BaseUrl::parse(text, true).unwrap());
        assert_eq!(of("/relay/genuin"), Ok(None));
        assert_eq!(of("https://a.example:8443/v3").unwrap().unwrap().as_str(), "https://a.example:8443");
        assert_eq!(of("http://127.0.0.1:1").unwrap().unwrap().as_str(), "http://127.0.0.1:1");
        assert_eq!(of("https://[2001:db8::1]:8443/x"), Err(ParseOriginError::Ipv6));
    }
}
