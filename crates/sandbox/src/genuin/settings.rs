//! The switches of Genuin's emulator: what the documents leave open.

/// How Genuin behaves where its documents leave a choice.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The lifetime of a Genuin token.
    pub token_lifetime_ms: u64,
    /// Answers an expired Genuin token with 412 `5166` instead of 401 `5159`.
    pub expired_is_precondition: bool,
    /// Returns the Genuin token in the body of the sign-in instead of a header.
    pub token_in_body: bool,
    /// Limits Genuin to this many calls a minute; the vendor documents no limit.
    pub per_minute: Option<u32>,
    /// Lists people again who were already in the Genuin community or group.
    pub list_existing_members: bool,
    /// Also accepts Genuin `users` as bare strings.
    pub bare_user_ids: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            token_lifetime_ms: 3_600_000,
            expired_is_precondition: false,
            token_in_body: false,
            per_minute: None,
            list_existing_members: false,
            bare_user_ids: true,
        }
    }
}
