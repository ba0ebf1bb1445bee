//! Facts about a vendor that need no encoder: addresses, keys, limits, and the sample connection.

use std::ops::RangeInclusive;

use domain::connection::Pace;
use domain::{Capabilities, Clearance, Credentials, GroupKind, Limits, Secret, Vendor};

/// A vendor's constants. They link neither encoders nor decoders.
#[derive(Debug)]
pub struct Profile {
    /// The vendor.
    pub vendor: Vendor,
    /// The documented base URL, with `{app_id}` and `{region}` for what an account adds; `None` if the documents print
    /// no host.
    pub base_url: Option<&'static str>,
    /// The documented values of `{region}`.
    pub regions: &'static [&'static str],
    /// The path that every base URL ends with; empty for none.
    pub api_path: &'static str,
    /// The prefixes of the paths of calls, below the base URL.
    pub call_paths: &'static [&'static str],
    /// Returns true for a host of the vendor's own.
    pub is_host: fn(&str) -> bool,
    /// The kinds of key that it accepts; the first is preselected.
    pub keys: &'static [KeyKind],
    /// The range of calls per minute that a user may choose; `None` where the vendor documents its limits.
    pub pace_range: Option<RangeInclusive<u32>>,
    /// Whether a smaller plan has lower rate limits.
    pub has_small_plan: bool,
    /// The connection to the sandbox that a first visit offers.
    pub sample: Sample,
    pub(crate) capabilities: fn() -> Capabilities,
    pub(crate) limits: fn(Pace) -> Limits,
    /// What the person that calls act as may do.
    pub clearance: Clearance,
}

/// A connection to the sandbox.
#[derive(Debug)]
pub struct Sample {
    /// ID of the connection.
    pub id: &'static str,
    /// Name of the connection.
    pub name: &'static str,
    /// The person that calls act for.
    pub acting_as: Option<&'static str>,
    /// Groups of the sandbox, for a vendor that cannot list them: ID, name and kind.
    pub groups: &'static [(&'static str, &'static str, GroupKind)],
    /// The first and last of the people that can be added, for a vendor whose keys are IDs.
    pub people: Option<(&'static str, &'static str)>,
}

/// A kind of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// One key.
    Key,
    /// A key with a secret, exchanged for a token.
    KeyAndSecret,
    /// A token, pasted.
    Token,
}

/// What a key permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Everything in the vendor's API: holding the key is owning the community.
    Full,
    /// The same, until the key expires.
    UntilItExpires,
}

/// What credentials permit; `None` if there are none. At all three vendors a key has full access: see each profile.
pub fn power(credentials: &Credentials) -> Option<Power> {
    match credentials {
        Credentials::None => None,
        Credentials::Token(_) => Some(Power::UntilItExpires),
        Credentials::Key(_) | Credentials::KeyAndSecret { .. } => Some(Power::Full),
    }
}

impl KeyKind {
    /// Credentials of this kind, in which every part is the same text.
    pub fn filled(self, text: &str) -> Credentials {
        let secret = || Secret::new(text);
        match self {
            Self::Key => Credentials::Key(secret()),
            Self::KeyAndSecret => Credentials::KeyAndSecret { key: secret(), secret: secret() },
            Self::Token => Credentials::Token(secret()),
        }
    }
}

impl Profile {
    /// The documented base URL for an account; empty if it is unknown, or needs an app ID and there is none.
    pub fn base_url(&self, app_id: &str, region: &str) -> String {
        match self.base_url {
            Some(_) if self.has_app_id() && app_id.trim().is_empty() => String::new(),
            Some(template) => template.replace("{app_id}", app_id.trim()).replace("{region}", region),
            None => String::new(),
        }
    }

    /// True if an app ID is part of the base URL.
    pub fn has_app_id(&self) -> bool {
        self.base_url.is_some_and(|template| template.contains("{app_id}"))
    }

    /// The app ID in a host name of the vendor's own, where it is part of that.
    pub fn app_id_of<'a>(&self, host: &'a str) -> Option<&'a str> {
        let after = self.base_url?.split_once("{app_id}")?.1;
        let after = after.split('{').next().unwrap_or_default();
        let app_id = host.split_once(after)?.0;
        ((self.is_host)(host) && !app_id.is_empty()).then_some(app_id)
    }

    /// The region in a host name, where the vendor has regions.
    pub fn region_of<'a>(&self, host: &'a str) -> Option<&'a str> {
        let (before, after) = self.base_url?.split_once("{region}")?;
        let before = before.rsplit('}').next().unwrap_or_default();
        let after = after.split('/').next().unwrap_or_default();
        host.split_once(before)?.1.strip_suffix(after)
    }

    /// The path on a sandbox server.
    pub fn sandbox_path(&self) -> String {
        ["/", self.vendor.slug(), self.api_path].concat()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::fixture::contract;
    use crate::profile;

    #[derive(Debug, Deserialize)]
    struct Document {
        base_paths: BTreeMap<Vendor, String>,
        operations: Vec<Operation>,
    }

    #[derive(Debug, Deserialize)]
    struct Operation {
        vendor: Vendor,
        path: String,
    }

    #[test]
    fn every_call_has_a_prefix_of_its_vendor() {
        let document: Document =
            serde_norway::from_str(&contract("operations.yaml")).expect("operations.yaml has this shape");
        assert!(!document.operations.is_empty());
        for vendor in Vendor::ALL {
            let documented = document.base_paths.get(&vendor).map_or("", String::as_str);
            assert_eq!(profile(vendor).api_path, documented, "{vendor:?}");
        }
        for Operation { vendor, path } in document.operations {
            let begins = |start: &&&str| {
                path.strip_prefix(**start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            assert!(profile(vendor).call_paths.iter().any(|start| begins(&start)), "{vendor:?} {path}");
        }
    }

    #[test]
    fn a_documented_base_url_is_the_vendors_own() {
        for profile in Vendor::ALL.map(profile).into_iter().filter(|profile| profile.base_url.is_some()) {
            let url = profile.base_url("app", "eu");
            let host = url.trim_start_matches("https://").split('/').next().expect("a host");
            assert!((profile.is_host)(host), "{url}");
            assert!(url.ends_with(profile.api_path));
            assert_eq!(profile.region_of(host), (!profile.regions.is_empty()).then_some("eu"));
            assert_eq!(profile.base_url(" ", "eu").is_empty(), profile.has_app_id());
        }
        let cometchat = profile(Vendor::CometChat);
        assert_eq!(cometchat.base_url(" a1 ", "eu"), "https://a1.api-eu.cometchat.io/v3");
        assert_eq!(cometchat.app_id_of("a1.api-eu.cometchat.io"), Some("a1"));
        for other in ["a1.api-eu.cometchat.io.example.org", ".api-eu.cometchat.io", "a1.cometchat.io", ""] {
            assert_eq!(cometchat.app_id_of(other), None, "{other}");
        }
        assert_eq!(profile(Vendor::Networked).app_id_of("backend.networked.co"), None);
    }

    #[test]
    fn a_small_plan_has_lower_limits() {
        for profile in Vendor::ALL.map(profile) {
            let windows = |is_small: bool| (profile.limits)(is_small.into()).windows;
            assert_eq!(windows(true) != windows(false), profile.has_small_plan, "{:?}", profile.vendor);
        }
    }

    #[test]
    fn only_a_token_expires_by_itself() {
        assert_eq!(power(&KeyKind::KeyAndSecret.filled("x")), Some(Power::Full));
        assert_eq!(power(&KeyKind::Token.filled("x")), Some(Power::UntilItExpires));
        assert_eq!(power(&KeyKind::Key.filled("x")), Some(Power::Full));
        assert_eq!(power(&Credentials::None), None);
    }
}
