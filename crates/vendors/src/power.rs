//! How much a key may do, where that can be told from what the vendor's documents say of its kind.

use domain::{Credentials, Vendor};

/// How much a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Everything that the vendor's API has: whoever has the key owns the community.
    Full,
    /// The same, but only until it runs out by itself.
    UntilItExpires,
}

/// How much a key of this kind may do; `None` if there is no key.
///
/// - Genuin, "Authentication": key and secret are the brand's own and give tokens without end; a token expires.
/// - Networked, "User Authentication": every call counts as made by the community's owner; there are no lesser keys.
/// - CometChat, "Authentication": everything that this console calls takes the `fullAccess` key; an Auth Key, which
///   may do less, is refused by each of them. So a key that works here has full access.
pub fn power(vendor: Vendor, credentials: &Credentials) -> Option<Power> {
    match (vendor, credentials) {
        (_, Credentials::None) => None,
        (Vendor::Genuin, Credentials::Token(_)) => Some(Power::UntilItExpires),
        (Vendor::Genuin | Vendor::Networked | Vendor::CometChat, _) => Some(Power::Full),
    }
}

#[cfg(test)]
mod tests {
    use domain::Secret;

    use super::*;

    #[test]
    fn only_a_token_ends_by_itself() {
        let secret = || Secret::new("x");
        let pair = Credentials::KeyAndSecret { key: secret(), secret: secret() };
        assert_eq!(power(Vendor::Genuin, &pair), Some(Power::Full));
        assert_eq!(power(Vendor::Genuin, &Credentials::Token(secret())), Some(Power::UntilItExpires));
        for vendor in [Vendor::Networked, Vendor::CometChat] {
            assert_eq!(power(vendor, &Credentials::Key(secret())), Some(Power::Full));
            assert_eq!(power(vendor, &Credentials::None), None);
        }
    }
}
