//! Where each vendor's calls go: hosts and paths, without what a workspace adds.

use domain::Vendor;

/// The base address that a vendor's documents give, as far as it can be made from what is known.
///
/// Networked, "Add New Users to Community": the bare origin, because not every path begins alike. CometChat,
/// "Chat APIs": app id and region are in the host, the version is in the path. Genuin prints no host.
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

/// The path that every base address of a vendor ends with; empty for none.
pub fn api_path(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Genuin | Vendor::Networked => "",
        Vendor::CometChat => "/v3",
    }
}

/// How the paths of a vendor's calls begin, below the base address.
pub fn call_paths(vendor: Vendor) -> &'static [&'static str] {
    match vendor {
        Vendor::Genuin => &["/api/thirdparty"],
        Vendor::Networked => &["/api/v1", "/stripe/monetization"],
        Vendor::CometChat => &["/groups", "/users", "/roles"],
    }
}

/// True for a host of Networked's own; its documents name two.
fn is_networked(host: &str) -> bool {
    matches!(host, "backend.networked.co" | "api.networked.co")
}

/// True for a host of CometChat's own.
fn is_cometchat(host: &str) -> bool {
    host.ends_with(".cometchat.io")
}

/// Tells whether a host is the vendor's own.
pub fn is_host(vendor: Vendor) -> fn(&str) -> bool {
    match vendor {
        Vendor::Genuin => |_| false, // its documents print no host
        Vendor::Networked => is_networked,
        Vendor::CometChat => is_cometchat,
    }
}

/// The paths of a sandbox server's vendors.
pub const SANDBOX_PATHS: [(Vendor, &str); 3] =
    [(Vendor::Genuin, "/genuin"), (Vendor::Networked, "/networked"), (Vendor::CometChat, "/cometchat/v3")];

/// The path of a vendor below a sandbox server's address.
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
