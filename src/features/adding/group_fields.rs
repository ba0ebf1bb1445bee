//! Fields of a group that both creating and changing it ask for.

use domain::form::group::{GroupText, TooLong};
use domain::group::{Access, AccessKind, ParseNumberError, ParseNumbersError};
use domain::picture::{ParsePictureError, PictureKind};
use domain::{Picture, Secret, Vendor};
use leptos::prelude::*;

use i18n::{format_number, text};
use ui::{PasswordInput, Segment, Segments, Selection, TextArea, TextInput};

/// Who may join, and the password where that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct AccessFields {
    kind: Selection<AccessKind>,
    password: RwSignal<String>,
}

impl AccessFields {
    /// Fields with the kind of an existing access selected.
    pub fn new(now: Option<&Access>) -> Self {
        let kind = Selection::new(&AccessKind::ALL, kind_of(now));
        Self { kind, password: RwSignal::new(String::new()) }
    }

    /// The chosen kind, which is kept; the password never is.
    pub fn kind(self) -> Selection<AccessKind> {
        self.kind
    }

    /// The chosen access; `None` while a password is missing.
    pub fn access(&self) -> Option<Access> {
        match self.kind.get() {
            AccessKind::Public => Some(Access::Public),
            AccessKind::Private => Some(Access::Private),
            AccessKind::Password => self.password().map(|password| Access::Password(Some(password))),
        }
    }

    /// Whether another kind was chosen, or a password was typed.
    pub fn differs_from(&self, now: Option<&Access>) -> bool {
        let before = kind_of(now);
        self.kind.get() != before || (before == AccessKind::Password && !self.password.with(String::is_empty))
    }

    /// Clears the password, once it was sent.
    pub fn forget_password(&self) {
        self.password.set(String::new());
    }

    /// The password, if one was typed.
    pub fn password(&self) -> Option<Secret> {
        self.password.with(|typed| (!typed.is_empty()).then(|| Secret::new(typed)))
    }

    /// The length of the password, or 0 where none is asked for.
    pub fn password_len(&self) -> usize {
        let is_asked = self.kind.get() == AccessKind::Password;
        if is_asked { self.password.with(|password| password.chars().count()) } else { 0 }
    }

    pub fn view(self) -> AnyView {
        let kinds = vec![
            Segment::new(AccessKind::Public, text::groups_access_public),
            Segment::new(AccessKind::Private, text::groups_access_private),
            Segment::new(AccessKind::Password, text::groups_access_password),
        ];
        view! {
            <Segments legend=text::groups_access value=self.kind segments=kinds />
            {move || {
                (self.kind.get() == AccessKind::Password)
                    .then(|| {
                        view! {
                            <PasswordInput
                                label=text::groups_password
                                value=self.password
                                help=Signal::derive(text::groups_password_help)
                                autocomplete="new-password"
                            />
                        }
                    })
            }}
        }
        .into_any()
    }
}

/// The kind of an existing access; that of a new group is public.
fn kind_of(now: Option<&Access>) -> AccessKind {
    now.map_or(AccessKind::Public, Access::kind)
}

/// The trimmed text; `None` if it is empty.
pub fn typed(value: RwSignal<String>) -> Option<Box<str>> {
    value.with(|value| Some(value.trim()).filter(|value| !value.is_empty()).map(Into::into))
}

/// A picture, by address or file name.
#[derive(Clone, Copy, Debug)]
pub struct PictureField {
    kind: PictureKind,
    value: RwSignal<String>,
}

impl PictureField {
    /// A field filled with the current picture, if known.
    pub fn new(kind: PictureKind, now: Option<&str>) -> Self {
        Self { kind, value: RwSignal::new(now.unwrap_or_default().to_owned()) }
    }

    /// The trimmed text; `None` if it is empty.
    pub fn typed(&self) -> Option<Box<str>> {
        typed(self.value)
    }

    /// The text as typed.
    pub fn text(self) -> RwSignal<String> {
        self.value
    }

    /// The picture; `None` if the field is empty.
    ///
    /// # Errors
    /// Why it is invalid.
    pub fn picture(&self) -> Result<Option<Picture>, ParsePictureError> {
        self.value.with(|typed| Picture::parse_optional(typed, self.kind))
    }

    pub fn clear(&self) {
        self.value.set(String::new());
    }

    pub fn view(self, label: fn() -> String, vendor: Vendor) -> AnyView {
        let help = move || match self.kind {
            PictureKind::Address => text::groups_picture_help_address(),
            PictureKind::FileName => text::groups_picture_help_file(vendor.name()),
        };
        let error = Signal::derive(move || self.picture().err().map(bad_picture));
        view! {
            <TextInput
                label=label
                value=self.value
                optional=true
                mono=true
                help=Signal::derive(help)
                error=error
            />
        }
        .into_any()
    }
}

/// One field for numbers assigned by the vendor.
#[derive(Clone, Copy, Debug, Default)]
pub struct NumbersField(RwSignal<String>);

impl NumbersField {
    /// The text as typed.
    pub fn text(self) -> RwSignal<String> {
        self.0
    }

    /// The numbers.
    ///
    /// # Errors
    /// Which piece is not a number.
    pub fn numbers(&self) -> Result<Vec<u32>, ParseNumbersError> {
        self.0.with(|typed| domain::group::numbers(typed))
    }

    pub fn clear(&self) {
        self.0.set(String::new());
    }

    /// The field, for several numbers or a single one.
    pub fn view(self, label: fn() -> String, help: fn() -> String, is_single: bool) -> AnyView {
        let error = move || {
            self.0.with(|typed| match is_single {
                true => domain::group::number(typed).err().as_ref().map(bad_number),
                false => domain::group::numbers(typed).err().as_ref().map(bad_numbers),
            })
        };
        view! {
            <TextInput
                label=label
                value=self.0
                optional=true
                help=Signal::derive(help)
                error=Signal::derive(error)
            />
        }
        .into_any()
    }
}

/// A field for a custom JSON object.
#[derive(Clone, Copy, Debug)]
pub struct MetadataField(RwSignal<String>);

impl MetadataField {
    /// A field filled with the current object, if known.
    pub fn new(now: Option<&str>) -> Self {
        Self(RwSignal::new(now.unwrap_or_default().to_owned()))
    }

    /// The text as typed.
    pub fn text(self) -> RwSignal<String> {
        self.0
    }

    /// Whether the field is empty.
    pub fn is_empty(&self) -> bool {
        typed(self.0).is_none()
    }

    /// The object as text, which is empty if the field is; `None` if it is not a JSON object.
    pub fn object(&self) -> Option<Box<str>> {
        self.0.with(|typed| json_object(typed))
    }

    /// What is wrong with the object, as a sentence.
    pub fn problem(&self) -> Option<String> {
        self.object().is_none().then(text::groups_metadata_bad)
    }

    pub fn clear(&self) {
        self.0.set(String::new());
    }

    pub fn view(self, help: fn() -> String) -> AnyView {
        let error = Signal::derive(move || self.problem());
        view! {
            <TextArea
                label=text::groups_metadata
                value=self.0
                optional=true
                rows=2
                help=Signal::derive(help)
                error=error
            />
        }
        .into_any()
    }
}

/// The trimmed text of a JSON object, which is empty if the text is; `None` for any other text.
pub fn json_object(text: &str) -> Option<Box<str>> {
    let text = text.trim();
    let is_object = || serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok();
    (text.is_empty() || is_object()).then(|| text.into())
}

/// Why a text exceeds the vendor's limit, as a sentence.
pub fn too_long(error: TooLong) -> String {
    let words: fn(&str) -> String = match error.text {
        GroupText::Name => text::groups_too_long_name,
        GroupText::Description => text::groups_too_long_description,
        GroupText::Password => text::groups_too_long_password,
        GroupText::Tags => text::groups_too_many_tags,
        GroupText::Tag => text::groups_too_long_tag,
        GroupText::Metadata => text::groups_too_long_metadata,
    };
    words(&format_number(error.max as f64))
}

/// Why a picture is invalid, as a sentence.
pub fn bad_picture(error: ParsePictureError) -> String {
    match error {
        ParsePictureError::TooLong => text::groups_picture_too_long(),
        ParsePictureError::NotHttps => text::groups_picture_bad_https(),
        // An empty field has no picture, so it is not invalid.
        ParsePictureError::BadAddress | ParsePictureError::Empty => text::groups_picture_bad_address(),
        ParsePictureError::BadFileName => text::groups_picture_bad_file(),
    }
}

/// Which piece is not a number, as a sentence.
pub fn bad_numbers(error: &ParseNumbersError) -> String {
    text::groups_numbers_bad(&error.0)
}

/// Why a text is not a single number, as a sentence.
pub fn bad_number(error: &ParseNumberError) -> String {
    match error {
        ParseNumberError::Bad(error) => bad_numbers(error),
        ParseNumberError::Several => text::groups_template_bad(),
    }
}
