//! CometChat's codes that decisions depend on. All its codes are in [`errors`](super::errors).

pub(super) const ALREADY_BANNED: &str = "ERR_ALREADY_BANNED";
pub(super) const ALREADY_JOINED: &str = "ERR_ALREADY_JOINED";
pub(super) const GUID_NOT_FOUND: &str = "ERR_GUID_NOT_FOUND";
pub(super) const NOT_A_BANNED_USER: &str = "ERR_NOT_A_BANNED_USER";
pub(super) const NOT_A_MEMBER: &str = "ERR_NOT_A_MEMBER";
pub(super) const SAME_SCOPE: &str = "ERR_SAME_SCOPE";
/// "CometChat, Rate Limits".
pub(super) const TOO_MANY_REQUESTS: &str = "ERR_TOO_MANY_REQUESTS";

#[cfg(test)]
mod tests {
    use domain::Vendor;

    use super::*;
    use crate::catalogue::find_vendor_code;

    #[test]
    fn the_contract_has_every_code() {
        for code in [
            ALREADY_BANNED,
            ALREADY_JOINED,
            GUID_NOT_FOUND,
            NOT_A_BANNED_USER,
            NOT_A_MEMBER,
            SAME_SCOPE,
            TOO_MANY_REQUESTS,
        ] {
            assert!(find_vendor_code(Vendor::CometChat, code).is_some(), "{code}");
        }
    }
}
