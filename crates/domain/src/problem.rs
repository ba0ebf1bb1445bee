//! Something in a list or a plan that a person should know or can put right.

use serde::{Deserialize, Serialize};

use crate::{ChangeId, GroupId};

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Has to be confirmed before sending.
    Warning,
    /// This person or line is left out; the rest can be sent.
    Refused,
    /// Nothing can be sent until it is settled.
    Blocking,
}

/// What a problem is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Place {
    /// A line of a pasted list, from 1.
    Line(u32),
    /// A field of a form, by its name.
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
    /// An address without a usable form.
    BadEmail,
    /// A phone number without a usable form.
    BadPhone,
    /// An id with characters or a form that the vendor does not take.
    BadId,
    /// An id longer than the vendor takes.
    IdTooLong,
    /// A kind of key that this vendor does not take.
    WrongKind,
    /// A person needs a name here.
    NameMissing,
    /// Invisible or direction-changing characters were taken out.
    HiddenCharacters,
    /// Capitals were folded to small letters, as the vendor does.
    FoldedCase,
    /// The same person twice, kept once.
    Duplicate,
    /// The list is empty.
    EmptyList,
    /// The list is longer than one form takes.
    ListTooLong,
    /// One person with two scopes: the higher is kept, as the vendor does.
    TwoScopes,
    /// One person with a scope and a ban at once: the vendor would promote and not ban.
    ScopeAndBan,
    /// One person with two contradicting changes.
    Contradiction,
    /// The last admin of a group would lose that scope.
    LastAdmin,
    /// The acting person would lose their own scope.
    OwnScope,
    /// The owner's standing would change, which the vendor may refuse.
    OwnerTouched,
    /// People would be added who are banned: a vendor may lift the ban without a word, or refuse them.
    BannedPeople,
    /// The group grows past the size above which the vendor stops counts.
    GroupPastSoftLimit,
    /// People that the answer does not name end as unknown.
    SilenceIsUnknown,
    /// This cannot be taken back through the vendor's API.
    CannotBeTakenBack,
    /// The chosen flow is not documented by the vendor.
    UndocumentedFlow,
    /// People get messages.
    MessagesLeave,
    /// A field is needed and empty.
    FieldMissing,
    /// A field is longer than the vendor takes.
    FieldTooLong,
    /// A field has a form that the vendor does not take.
    FieldBad,
    /// A file is none of results: a column or mark is missing.
    NotResults,
    /// A line of a file of results cannot be used: a column of it is empty or says nothing known.
    BadLine,
    /// A line of a file of results is about a group itself, which is made and changed in a form of its own.
    GroupItself,
    /// A person is named by phone where only the vendor's id will do, and no answer has told that id.
    IdUnknown,
    /// More people than whoever hosts the console allows in one plan.
    TooManyPeople,
}

impl ProblemCode {
    /// Every code, in the order of their ids.
    pub const ALL: [ProblemCode; 31] = [
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
        ProblemCode::OwnerTouched,
        ProblemCode::BannedPeople,
        ProblemCode::GroupPastSoftLimit,
        ProblemCode::SilenceIsUnknown,
        ProblemCode::CannotBeTakenBack,
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
    ];

    /// The name in keys of texts: `problems.<slug>`.
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
            ProblemCode::OwnerTouched => "owner_touched",
            ProblemCode::BannedPeople => "banned_people",
            ProblemCode::GroupPastSoftLimit => "group_past_soft_limit",
            ProblemCode::SilenceIsUnknown => "silence_is_unknown",
            ProblemCode::CannotBeTakenBack => "cannot_be_taken_back",
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
        }
    }
}

/// One problem: what, where, how much it weighs, and the text it speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What is wrong.
    pub code: ProblemCode,
    /// Where.
    pub place: Place,
    /// How much it weighs.
    pub severity: Severity,
    /// What was found or is meant, for the sentence: a piece of the list, a number, a suggestion.
    pub found: Box<str>,
}

impl Problem {
    /// A problem without more to say.
    pub fn new(code: ProblemCode, severity: Severity, place: Place) -> Self {
        Self { code, place, severity, found: "".into() }
    }

    /// The same problem with the text it speaks of.
    #[must_use]
    pub fn about(mut self, found: impl AsRef<str>) -> Self {
        self.found = found.as_ref().into();
        self
    }
}
