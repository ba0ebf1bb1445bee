//! Problems of a list or a plan that the user should know about or can fix.

use serde::{Deserialize, Serialize};

use crate::{ChangeId, GroupId};

/// How severe a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Has to be confirmed before sending.
    Warning,
    /// This person or line is left out; the rest can be sent.
    Refused,
    /// Nothing can be sent until it is resolved.
    Blocking,
}

/// The subject of a problem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Place {
    /// A line of a pasted list, from 1.
    Line(u32),
    /// A field of a form, by name.
    Field(Box<str>),
    /// A person, by key as typed.
    Person(Box<str>),
    /// A change of a plan.
    Change(ChangeId),
    /// A group.
    Group(GroupId),
    /// The whole plan.
    Plan,
}

/// What is wrong, with a stable id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProblemCode {
    /// An invalid e-mail address.
    BadEmail,
    /// An invalid phone number.
    BadPhone,
    /// An id with a form or characters that the vendor does not accept.
    BadId,
    /// An id longer than the vendor accepts.
    IdTooLong,
    /// A kind of key that this vendor does not accept.
    WrongKind,
    /// The name is missing.
    NameMissing,
    /// Invisible or direction-changing characters were removed.
    HiddenCharacters,
    /// The id was converted to lower case, as the vendor does.
    FoldedCase,
    /// A repeated person, kept once.
    Duplicate,
    /// The list is empty.
    EmptyList,
    /// The list is longer than one form accepts.
    ListTooLong,
    /// One person with two scopes, of which one has to be chosen.
    TwoScopes,
    /// One person with a scope and a ban at once: the vendor would promote and not ban.
    ScopeAndBan,
    /// One person with two contradicting changes.
    Contradiction,
    /// The last admin of a group would lose that scope.
    LastAdmin,
    /// The acting person would lose their own scope.
    OwnScope,
    /// The acting person's scope does not allow these changes.
    NoClearance,
    /// The owner's scope would change, which the vendor may refuse.
    OwnerTouched,
    /// Banned people would be added: a vendor may silently lift the ban, or refuse them.
    BannedPeople,
    /// The group grows past the size above which the vendor stops counts.
    GroupPastSoftLimit,
    /// People missing from the response end as unknown.
    SilenceIsUnknown,
    /// A group is deleted, with its members and messages.
    DeletesGroup,
    /// The chosen flow is not documented by the vendor.
    UndocumentedFlow,
    /// People receive messages.
    MessagesLeave,
    /// A required field is empty.
    FieldMissing,
    /// A field is longer than the vendor accepts.
    FieldTooLong,
    /// A field has a form that the vendor does not accept.
    FieldBad,
    /// A file does not contain results: a column or mark is missing.
    NotResults,
    /// A row of a results file has an empty or invalid column.
    BadLine,
    /// A row of a results file is about a group itself, which has its own form.
    GroupItself,
    /// A person identified by phone needs the vendor's id, which no response has told so far.
    IdUnknown,
    /// The plan has more people than the operator of the console allows.
    TooManyPeople,
    /// A word in a column of scopes that is no scope.
    UnknownScope,
    /// A word in a column of groups, roles or pricing plans that stands for none of them yet.
    UnknownValue,
    /// Text in a line of a list that is neither a key nor a name nor a scope.
    NotUnderstood,
    /// A phone number was read differently from how it was written.
    ReadAs,
    /// A number that a spreadsheet has rounded: its last digits are lost.
    DigitsLost,
    /// A phone number without a country code, while no country is chosen.
    CountryMissing,
    /// A quotation mark that is never closed.
    QuoteOpen,
    /// A row of a table without the key of a person.
    KeyMissing,
    /// Text beside a person in a list that is no part of them.
    LeftOut,
    /// Bytes of a file that are no text in its encoding.
    Undecodable,
    /// An address with letters of two scripts, which can look like another address.
    MixedScripts,
}

impl ProblemCode {
    /// Every code, in the order of their ids.
    pub const ALL: [ProblemCode; 43] = [
        ProblemCode::BadEmail,
        ProblemCode::BadPhone,
        ProblemCode::BadId,
        ProblemCode::IdTooLong,
        ProblemCode::WrongKind,
        ProblemCode::NameMissing,
        ProblemCode::HiddenCharacters,
        ProblemCode::FoldedCase,
        ProblemCode::Duplicate,
        ProblemCode::EmptyList,
        ProblemCode::ListTooLong,
        ProblemCode::TwoScopes,
        ProblemCode::ScopeAndBan,
        ProblemCode::Contradiction,
        ProblemCode::LastAdmin,
        ProblemCode::OwnScope,
        ProblemCode::NoClearance,
        ProblemCode::OwnerTouched,
        ProblemCode::BannedPeople,
        ProblemCode::GroupPastSoftLimit,
        ProblemCode::SilenceIsUnknown,
        ProblemCode::DeletesGroup,
        ProblemCode::UndocumentedFlow,
        ProblemCode::MessagesLeave,
        ProblemCode::FieldMissing,
        ProblemCode::FieldTooLong,
        ProblemCode::FieldBad,
        ProblemCode::NotResults,
        ProblemCode::BadLine,
        ProblemCode::GroupItself,
        ProblemCode::TooManyPeople,
        ProblemCode::IdUnknown,
        ProblemCode::UnknownScope,
        ProblemCode::UnknownValue,
        ProblemCode::NotUnderstood,
        ProblemCode::ReadAs,
        ProblemCode::DigitsLost,
        ProblemCode::CountryMissing,
        ProblemCode::QuoteOpen,
        ProblemCode::KeyMissing,
        ProblemCode::MixedScripts,
        ProblemCode::LeftOut,
        ProblemCode::Undecodable,
    ];

    /// The name in translation keys: `problems.<slug>`.
    pub fn slug(self) -> &'static str {
        match self {
            ProblemCode::BadEmail => "bad_email",
            ProblemCode::BadPhone => "bad_phone",
            ProblemCode::BadId => "bad_id",
            ProblemCode::IdTooLong => "id_too_long",
            ProblemCode::WrongKind => "wrong_kind",
            ProblemCode::NameMissing => "name_missing",
            ProblemCode::HiddenCharacters => "hidden_characters",
            ProblemCode::FoldedCase => "folded_case",
            ProblemCode::Duplicate => "duplicate",
            ProblemCode::EmptyList => "empty_list",
            ProblemCode::ListTooLong => "list_too_long",
            ProblemCode::TwoScopes => "two_scopes",
            ProblemCode::ScopeAndBan => "scope_and_ban",
            ProblemCode::Contradiction => "contradiction",
            ProblemCode::LastAdmin => "last_admin",
            ProblemCode::OwnScope => "own_scope",
            ProblemCode::NoClearance => "no_clearance",
            ProblemCode::OwnerTouched => "owner_touched",
            ProblemCode::BannedPeople => "banned_people",
            ProblemCode::GroupPastSoftLimit => "group_past_soft_limit",
            ProblemCode::SilenceIsUnknown => "silence_is_unknown",
            ProblemCode::DeletesGroup => "deletes_group",
            ProblemCode::UndocumentedFlow => "undocumented_flow",
            ProblemCode::MessagesLeave => "messages_leave",
            ProblemCode::FieldMissing => "field_missing",
            ProblemCode::FieldTooLong => "field_too_long",
            ProblemCode::FieldBad => "field_bad",
            ProblemCode::NotResults => "not_results",
            ProblemCode::BadLine => "bad_line",
            ProblemCode::GroupItself => "group_itself",
            ProblemCode::TooManyPeople => "too_many_people",
            ProblemCode::IdUnknown => "id_unknown",
            ProblemCode::UnknownScope => "unknown_scope",
            ProblemCode::UnknownValue => "unknown_value",
            ProblemCode::NotUnderstood => "not_understood",
            ProblemCode::ReadAs => "read_as",
            ProblemCode::DigitsLost => "digits_lost",
            ProblemCode::CountryMissing => "country_missing",
            ProblemCode::QuoteOpen => "quote_open",
            ProblemCode::KeyMissing => "key_missing",
            ProblemCode::LeftOut => "left_out",
            ProblemCode::Undecodable => "undecodable",
            ProblemCode::MixedScripts => "mixed_scripts",
        }
    }
}

/// One problem: what is wrong, where, and how severe it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong.
    pub code: ProblemCode,
    /// The subject.
    pub place: Place,
    /// How severe it is.
    pub severity: Severity,
    /// A value for the message: a piece of the list, a number, a suggestion.
    pub found: Box<str>,
}

impl Problem {
    /// A problem without a value.
    pub fn new(code: ProblemCode, severity: Severity, place: Place) -> Self {
        Self { code, place, severity, found: "".into() }
    }

    /// The same problem with a value for the message.
    #[must_use]
    pub fn about(mut self, found: impl AsRef<str>) -> Self {
        self.found = found.as_ref().into();
        self
    }
}
