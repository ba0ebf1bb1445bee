//! Guesses the address meant by a typed one that lacks its path, includes the path of a call, or uses a name
//! of this machine that the page's Content Security Policy blocks.

use crate::{BaseUrl, Vendor};

/// The addresses known for a vendor's calls.
#[derive(Clone, Debug)]
pub struct Places<'a> {
    /// The vendor.
    pub vendor: Vendor,
    /// The path that every base address of the vendor ends with, or empty.
    pub api_path: &'a str,
    /// Prefixes of call paths, relative to the base address.
    pub call_paths: &'a [&'a str],
    /// True for a host of the vendor itself, which has no other paths.
    pub is_vendor_host: fn(host: &str) -> bool,
    /// The origin of the sandbox server, if there is one, with one path per vendor.
    pub sandbox: Option<(&'a str, &'a [(Vendor, String)])>,
    /// Every origin that the page's policy allows, including its own.
    pub allowed: &'a [String],
    /// True if the connection uses a relay.
    pub is_relay: bool,
    /// The id of the connection in URLs.
    pub slug: &'a str,
}

/// Why another address was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The page's policy allows a different name of this machine.
    Local,
    /// The path is missing, or belongs to a call.
    Path,
    /// Like [`Why::Path`], but the host may have paths of its own.
    MaybePath,
    /// A relay has one path per connection, and the typed path is none of them.
    Relay,
}

impl Why {
    /// True if calls to the typed address cannot arrive.
    pub fn is_certain(self) -> bool {
        matches!(self, Self::Local | Self::Path)
    }
}

/// The address that was meant, and why; `None` if the typed one is plausible.
pub fn meant(typed: &BaseUrl, places: &Places) -> Option<(BaseUrl, Why)> {
    let local = local_name(typed, places);
    let by_name = local.as_ref().unwrap_or(typed);
    let by_path = match by_name.origin() {
        Some(origin) => on_host(by_name, origin, places),
        None => places.is_relay.then(|| on_relay(by_name, places)).flatten(),
    };
    match (by_path, local) {
        (Some((url, why)), None) => Some((url, why)),
        (Some((url, _)), Some(_)) => Some((url, Why::Local)),
        (None, local) => local.map(|url| (url, Why::Local)),
    }
}

/// The same address under the name of this machine that the policy allows.
fn local_name(typed: &BaseUrl, places: &Places) -> Option<BaseUrl> {
    let origin = typed.origin().filter(|_| typed.is_loopback())?;
    if places.allowed.iter().any(|allowed| allowed == origin) {
        return None;
    }
    let same = |allowed: &&String| {
        let is_local = BaseUrl::parse(allowed, false).is_ok_and(|url| url.is_loopback());
        is_local && (scheme(allowed), port(allowed)) == (scheme(origin), port(origin))
    };
    let allowed = places.allowed.iter().find(same)?;
    with_path(allowed, typed.path())
}

fn on_host(typed: &BaseUrl, origin: &str, places: &Places) -> Option<(BaseUrl, Why)> {
    let path = typed.path();
    if let Some((sandbox, paths)) = places.sandbox.filter(|(sandbox, _)| *sandbox == origin) {
        let own =
            paths.iter().find(|(vendor, _)| *vendor == places.vendor).map_or("", |(_, path)| path.as_str());
        // Under other paths, the sandbox server simulates faulty hosts.
        let is_known = path.is_empty()
            || path == places.api_path
            || paths.iter().any(|(_, known)| is_below(known, path) || is_below(path, known));
        return (is_known && path != own)
            .then(|| with_path(sandbox, own))
            .flatten()
            .map(|url| (url, Why::Path));
    }
    let url = with_path(origin, &base_path(path, places)).filter(|url| url != typed)?;
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let is_own = (places.is_vendor_host)(host.split(':').next().unwrap_or_default());
    Some((url, if is_own { Why::Path } else { Why::MaybePath }))
}

fn on_relay(typed: &BaseUrl, places: &Places) -> Option<(BaseUrl, Why)> {
    let path = typed.path();
    let mut parts = path.split('/').skip(1);
    match (parts.next(), parts.next(), parts.next()) {
        (None | Some("relay"), None, None) => {}
        (Some("relay"), Some(vendor), None) if vendor == places.vendor.slug() => {}
        (Some("relay"), Some(vendor), Some(_)) if vendor == places.vendor.slug() => {
            let url = with_path("", &base_path(path, places)).filter(|url| url != typed)?;
            return Some((url, Why::Path));
        }
        _ => return None,
    }
    let slug = if places.slug.is_empty() { "my-community" } else { places.slug };
    let path = ["/relay/", places.vendor.slug(), "/", slug, places.api_path].concat();
    with_path("", &path).map(|url| (url, Why::Relay))
}

/// Strips the path of a call and appends the vendor's base path.
fn base_path(path: &str, places: &Places) -> String {
    let api = places.api_path;
    if api.is_empty() {
        let calls = places.call_paths.iter().filter_map(|call| find(path, call));
        return path[..calls.min().unwrap_or(path.len())].to_owned();
    }
    match find(path, api) {
        Some(at) => path[..at + api.len()].to_owned(),
        None => [path, api].concat(),
    }
}

/// The position of these whole segments in a path.
fn find(path: &str, segments: &str) -> Option<usize> {
    let is_whole =
        |at: &usize| path[at + segments.len()..].is_empty() || path[at + segments.len()..].starts_with('/');
    path.match_indices(segments).map(|(at, _)| at).find(is_whole)
}

/// True if `path` is equal to or below `other`.
fn is_below(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn with_path(origin: &str, path: &str) -> Option<BaseUrl> {
    BaseUrl::parse(&[origin, path].concat(), false).ok()
}

fn scheme(origin: &str) -> &str {
    origin.split_once("://").map_or("", |(scheme, _)| scheme)
}

fn port(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let behind = host.rsplit_once(']').map_or(host, |(_, behind)| behind);
    match (behind.rsplit_once(':'), scheme(origin)) {
        (Some((_, port)), _) => port,
        (None, "https") => "443",
        (None, _) => "80",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sandbox() -> [(Vendor, String); 3] {
        [
            (Vendor::Genuin, "/genuin".to_owned()),
            (Vendor::Networked, "/networked".to_owned()),
            (Vendor::CometChat, "/cometchat/v3".to_owned()),
        ]
    }

    fn answer(vendor: Vendor, is_relay: bool, typed: &str) -> Option<(String, Why)> {
        let allowed = ["http://127.0.0.1:8080", "http://127.0.0.1:8081", "https://backend.networked.co"];
        let (api_path, call_paths): (_, &[&str]) = if vendor == Vendor::Genuin {
            ("", &["/api/thirdparty"])
        } else if vendor == Vendor::Networked {
            ("", &["/api/v1", "/stripe/monetization"])
        } else {
            ("/v3", &[])
        };
        let places = Places {
            vendor,
            api_path,
            call_paths,
            is_vendor_host: |host| host == "backend.networked.co" || host.ends_with(".cometchat.io"),
            sandbox: Some(("http://127.0.0.1:8081", &sandbox())),
            allowed: &allowed.map(str::to_owned),
            is_relay,
            slug: "fans",
        };
        let typed = BaseUrl::parse(typed, false).expect("an address");
        meant(&typed, &places).map(|(url, why)| (url.as_str().to_owned(), why))
    }

    #[test]
    fn a_direct_address_is_answered_with_its_path() {
        use Vendor::*;
        use Why::*;
        let table = [
            (CometChat, "https://a.api-us.cometchat.io", Some(("https://a.api-us.cometchat.io/v3", Path))),
            (CometChat, "https://a.api-us.cometchat.io/v3", None),
            (
                CometChat,
                "https://a.api-us.cometchat.io/v3/groups/x",
                Some(("https://a.api-us.cometchat.io/v3", Path)),
            ),
            (CometChat, "https://proxy.example/chat", Some(("https://proxy.example/chat/v3", MaybePath))),
            (CometChat, "https://proxy.example/v30", Some(("https://proxy.example/v30/v3", MaybePath))),
            (Networked, "https://backend.networked.co", None),
            (Networked, "https://backend.networked.co/api/v1", Some(("https://backend.networked.co", Path))),
            (
                Networked,
                "https://backend.networked.co/stripe/monetization/plans",
                Some(("https://backend.networked.co", Path)),
            ),
            (Networked, "https://proxy.example/x/api/v1/admin", Some(("https://proxy.example/x", MaybePath))),
            (Networked, "https://proxy.example/x", None),
            (Genuin, "https://g.example/api/thirdparty/auth", Some(("https://g.example", MaybePath))),
            (CometChat, "http://127.0.0.1:8081", Some(("http://127.0.0.1:8081/cometchat/v3", Path))),
            (
                CometChat,
                "http://127.0.0.1:8081/cometchat",
                Some(("http://127.0.0.1:8081/cometchat/v3", Path)),
            ),
            (CometChat, "http://127.0.0.1:8081/v3", Some(("http://127.0.0.1:8081/cometchat/v3", Path))),
            (
                CometChat,
                "http://127.0.0.1:8081/networked",
                Some(("http://127.0.0.1:8081/cometchat/v3", Path)),
            ),
            (CometChat, "http://127.0.0.1:8081/cometchat/v3", None),
            (CometChat, "http://127.0.0.1:8081/crooked/moved/cometchat/v3", None),
            (Networked, "http://127.0.0.1:8081", Some(("http://127.0.0.1:8081/networked", Path))),
            (
                Networked,
                "http://127.0.0.1:8081/networked/api/v1",
                Some(("http://127.0.0.1:8081/networked", Path)),
            ),
            (Genuin, "http://127.0.0.1:8081/cometchat/v3", Some(("http://127.0.0.1:8081/genuin", Path))),
        ];
        for (vendor, typed, expected) in table {
            let expected = expected.map(|(url, why): (&str, Why)| (url.to_owned(), why));
            assert_eq!(answer(vendor, false, typed), expected, "{vendor:?} {typed}");
        }
    }

    #[test]
    fn another_name_of_this_machine_is_answered_with_the_one_that_is_allowed() {
        let table = [
            ("http://localhost:8081/networked", Some("http://127.0.0.1:8081/networked")),
            ("http://[::1]:8081/networked", Some("http://127.0.0.1:8081/networked")),
            ("http://127.0.0.2:8081", Some("http://127.0.0.1:8081/networked")),
            ("http://localhost:8081", Some("http://127.0.0.1:8081/networked")),
            ("http://localhost:8082/networked", None),
            ("https://localhost:8081/networked", None),
            ("http://localhost.example:8081/networked", None),
        ];
        for (typed, expected) in table {
            let expected = expected.map(|url| (url.to_owned(), Why::Local));
            assert_eq!(answer(Vendor::Networked, false, typed), expected, "{typed}");
        }
    }

    #[test]
    fn a_relay_is_answered_with_a_path_of_a_connection() {
        use Vendor::*;
        use Why::*;
        let table = [
            (CometChat, "/", Some(("/relay/cometchat/fans/v3", Relay))),
            (CometChat, "/relay", Some(("/relay/cometchat/fans/v3", Relay))),
            (CometChat, "/relay/cometchat", Some(("/relay/cometchat/fans/v3", Relay))),
            (CometChat, "/relay/cometchat/heroes", Some(("/relay/cometchat/heroes/v3", Path))),
            (CometChat, "/relay/cometchat/groups/v3", None),
            (CometChat, "/relay/cometchat/fans/v3", None),
            (CometChat, "/nowhere/v3", None),
            (CometChat, "/somewhere/else", None),
            (Networked, "/relay/networked/fans/api/v1", Some(("/relay/networked/fans", Path))),
            (Networked, "/relay/networked/fans", None),
            (Genuin, "/relay", Some(("/relay/genuin/fans", Relay))),
        ];
        for (vendor, typed, expected) in table {
            let expected = expected.map(|(url, why): (&str, Why)| (url.to_owned(), why));
            assert_eq!(answer(vendor, true, typed), expected, "{vendor:?} {typed}");
        }
    }
}
