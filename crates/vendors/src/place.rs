//! Hosts and paths of each vendor's API.

use domain::Vendor;

/// The documented base address of a vendor, as far as it is known; empty if it is not.
///
/// Networked, "Add New Users to Community": the bare origin, because paths begin differently. CometChat,
/// "Chat APIs": app id and region are in the host, the version is in the path. Genuin documents no host.
pub fn base_url(vendor: Vendor, app_id: &str, region: &str) -> String {
    match vendor {
        Vendor::Genuin => String::new(),
        Vendor::Networked => "https://backend.networked.co".to_owned(),
        Vendor::CometChat if app_id.trim().is_empty() => String::new(),
        Vendor::CometChat => {
            ["https://", app_id.trim(), ".api-", region, ".cometchat.io", api_path(vendor)].concat()
        }
    }
}

/// The path that every base address of a vendor ends with; empty if none.
pub fn api_path(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Genuin | Vendor::Networked => "",
        Vendor::CometChat => "/v3",
    }
}

/// Prefixes of the paths of a vendor's calls, relative to the base address.
pub fn call_paths(vendor: Vendor) -> &'static [&'static str] {
    match vendor {
        Vendor::Genuin => &["/api/thirdparty"],
        Vendor::Networked => &["/api/v1", "/stripe/monetization"],
        Vendor::CometChat => &["/groups", "/users", "/roles"],
    }
}

/// Whether Networked runs this host; its documents name two.
fn is_networked(host: &str) -> bool {
    matches!(host, "backend.networked.co" | "api.networked.co")
}

fn is_cometchat(host: &str) -> bool {
    host.ends_with(".cometchat.io")
}

/// Returns a predicate that tells whether the vendor runs a host.
pub fn is_host(vendor: Vendor) -> fn(&str) -> bool {
    match vendor {
        Vendor::Genuin => |_| false, // its documents name no host
        Vendor::Networked => is_networked,
        Vendor::CometChat => is_cometchat,
    }
}

/// The path of each vendor on a sandbox server.
pub const SANDBOX_PATHS: [(Vendor, &str); 3] =
    [(Vendor::Genuin, "/genuin"), (Vendor::Networked, "/networked"), (Vendor::CometChat, "/cometchat/v3")];

/// The path of a vendor on a sandbox server.
pub fn sandbox_path(vendor: Vendor) -> &'static str {
    SANDBOX_PATHS.iter().find(|(other, _)| *other == vendor).map_or("", |(_, path)| path)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::fixture::contract;

    #[derive(Debug, Deserialize)]
    struct Document {
        operations: Vec<Operation>,
    }

    #[derive(Debug, Deserialize)]
    struct Operation {
        vendor: Vendor,
        path: String,
    }

    #[test]
    fn every_call_begins_as_is_said() {
        let document: Document =
            serde_norway::from_str(&contract("operations.yaml")).expect("operations.yaml has this shape");
        assert!(!document.operations.is_empty());
        for Operation { vendor, path } in document.operations {
            let begins = |start: &&&str| {
                path.strip_prefix(**start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            assert!(call_paths(vendor).iter().any(|start| begins(&start)), "{vendor:?} {path}");
        }
    }

    #[test]
    fn what_the_documents_give_is_the_vendors_own() {
        for vendor in [Vendor::Networked, Vendor::CometChat] {
            let url = base_url(vendor, "app", "eu");
            let host = url.trim_start_matches("https://").split('/').next().expect("a host");
            assert!(is_host(vendor)(host), "{url}");
            assert!(url.ends_with(api_path(vendor)));
        }
        assert_eq!(base_url(Vendor::CometChat, " a1 ", "eu"), "https://a1.api-eu.cometchat.io/v3");
        assert_eq!(base_url(Vendor::CometChat, " ", "eu"), "");
    }
}
