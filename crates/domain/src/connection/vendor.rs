//! The vendors.

use serde::{Deserialize, Serialize};

/// The vendor of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vendor {
    /// Communities, groups called loops, moderators; nothing can be read back.
    Genuin,
    /// People with roles and plans, added directly or by e-mail invite.
    Networked,
    /// Groups with scopes; up to 25 people per call.
    #[default]
    CometChat,
}

impl Vendor {
    /// Every vendor, in display order.
    pub const ALL: [Vendor; 3] = [Vendor::Genuin, Vendor::Networked, Vendor::CometChat];

    /// The [`slug`](Vendor::slug) of every vendor, in display order.
    pub const SLUGS: [&'static str; Vendor::ALL.len()] = {
        let mut slugs = [""; Vendor::ALL.len()];
        let mut at = 0;
        while at < slugs.len() {
            slugs[at] = Vendor::ALL[at].slug();
            at += 1;
        }
        slugs
    };

    /// The name as the vendor writes it.
    pub fn name(self) -> &'static str {
        match self {
            Vendor::Genuin => "Genuin",
            Vendor::Networked => "Networked",
            Vendor::CometChat => "CometChat",
        }
    }

    /// The name in class names, translation keys and URLs: lower case, no spaces.
    pub const fn slug(self) -> &'static str {
        match self {
            Vendor::Genuin => "genuin",
            Vendor::Networked => "networked",
            Vendor::CometChat => "cometchat",
        }
    }

    /// The vendor of a [`slug`](Vendor::slug).
    pub fn from_slug(slug: &str) -> Option<Vendor> {
        Vendor::ALL.into_iter().find(|vendor| vendor.slug() == slug)
    }
}
