//! Networked's wire format: request fields and response fields.
//!
//! Sources: "Add New Users to Community", "Send email invites", "Users List", "Roles List", "Plans List",
//! "Community Details".

use serde::Serialize;

pub(super) const KEY_HEADER: &str = "x-api-key";

/// `method` of adding a user: send an invite.
pub(super) const METHOD_INVITE: &str = "1";
/// `method` of adding a user: add at once and email the credentials.
pub(super) const METHOD_DIRECT: &str = "2";

/// Rows per page of people. Assumed: the maximum is undocumented and samples ask for 30; the next page begins
/// after the rows that came, so a server that returns fewer does no harm.
pub(super) const USERS: domain::Paging = domain::Paging::Offset(100);

/// Field names that a plan's id may have, best first. Assumed: the plans list is undocumented.
pub(super) const PLAN_ID_FIELDS: [&str; 3] = ["planId", "_id", "id"];
/// Field names that a plan's title may have, best first. Assumed, as above.
pub(super) const PLAN_NAME_FIELDS: [&str; 2] = ["name", "title"];

/// `type` of a role (Networked, Roles List): 2 and 3 are Contributor and Viewer.
pub(super) const ROLE_ADMIN: u64 = 0;
pub(super) const ROLE_MODERATOR: u64 = 1;

/// Why a row of an invite failed, recognised by its words.
pub(super) struct Reason {
    /// The code in the catalogue.
    pub code: &'static str,
    /// One of these groups must be present, each word as a whole.
    cores: &'static [&'static [&'static str]],
    /// Words allowed beside them. With any other word the reason is not recognised.
    fillers: &'static [&'static str],
}

impl Reason {
    /// Whether these words, in lower case, give this reason and nothing else.
    pub(super) fn is_said_by(&self, words: &[&str]) -> bool {
        let core_words = || self.cores.iter().copied().flatten();
        let is_known = |word: &&str| {
            self.fillers.contains(word) || NEUTRAL.contains(word) || core_words().any(|core| core == word)
        };
        words.iter().all(is_known)
            && self.cores.iter().any(|core| core.iter().all(|word| words.contains(word)))
    }
}

/// Words that carry no meaning of their own.
const NEUTRAL: &[&str] = &[
    "a",
    "an",
    "the",
    "this",
    "that",
    "is",
    "was",
    "has",
    "been",
    "with",
    "for",
    "of",
    "to",
    "in",
    "it",
    "user",
    "member",
    "email",
    "mail",
    "address",
    "person",
    "account",
    "row",
    "error",
    "community",
];

/// Assumed: the wording of a failed row is undocumented; these are sentences that say one thing only. Words
/// that reverse a sentence ("not", "but", "unless") are among them only where the reason itself is a "not".
pub(super) const REASONS: [Reason; 3] = [
    Reason {
        code: "failure.duplicate",
        cores: &[
            &["duplicate"],
            &["already", "invited"],
            &["already", "member"],
            &["already", "exists"],
            &["already", "registered"],
            &["already", "joined"],
        ],
        fillers: &["invite", "invitation", "entry", "record"],
    },
    Reason {
        code: "failure.permissions",
        cores: &[
            &["permission"],
            &["permissions"],
            &["privilege"],
            &["privileges"],
            &["not", "authorized"],
            &["unauthorized"],
            &["not", "allowed"],
            &["forbidden"],
        ],
        fillers: &[
            "you",
            "may",
            "do",
            "don't",
            "not",
            "no",
            "have",
            "denied",
            "insufficient",
            "missing",
            "lack",
            "lacks",
            "owner",
            "are",
            "invite",
            "assign",
            "give",
            "role",
            "required",
            "perform",
            "action",
        ],
    },
    Reason {
        code: "failure.validation",
        cores: &[&["validation"], &["invalid"], &["not", "valid"], &["required"], &["malformed"]],
        fillers: &[
            "failed", "accepted", "must", "be", "format", "name", "role", "tag", "id", "tagid", "field",
            "fields", "value", "missing", "and", "or",
        ],
    },
];

#[derive(Serialize)]
pub(super) struct SendInvites<'a> {
    pub users: Vec<Invitee<'a>>,
    /// The plans offered in this call; each person picks one.
    #[serde(rename = "monetizationPlanIds", skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Invitee<'a> {
    pub name: &'a str,
    /// The id of a role, called a tag here and `roleId` when adding a user.
    #[serde(rename = "tagId")]
    pub role: &'a str,
    pub email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'a str>,
}
