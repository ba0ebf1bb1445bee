//! How much a key may do, where the vendor's documents say so for its kind.

use domain::{Credentials, Vendor};

/// What a key permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Everything in the vendor's API: holding the key is owning the community.
    Full,
    /// The same, until the key expires.
    UntilItExpires,
}

/// What a key of this kind permits; `None` if there is no key.
///
/// - Genuin, "Authentication": key and secret belong to the brand and issue tokens without limit; a token
///   expires.
/// - Networked, "User Authentication": every call counts as the community owner's; there are no weaker keys.
/// - CometChat, "Authentication": every call of this console needs a `fullAccess` key and refuses the weaker
///   Auth Key. So a key that works here has full access.
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
