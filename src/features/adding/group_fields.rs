//! Fields of a group that both creating and changing it ask for.

use domain::capabilities::GroupForm;
use domain::group::{Access, AccessKind, ParseNumbersError};
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
            AccessKind::Password => {
                let password = self.password.get();
                (!password.is_empty()).then(|| Access::Password(Some(Secret::new(password))))
            }
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

    /// The length of the password, or 0 where none is asked for.
    fn password_len(&self) -> usize {
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
            {move || (self.kind.get() == AccessKind::Password).then(|| view! {
                <PasswordInput
                    label=text::groups_password
                    value=self.password
                    help=Signal::derive(text::groups_password_help)
                    autocomplete="new-password"
                />
            })}
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
    /// Why it is invalid, as a sentence.
    pub fn picture(&self) -> Result<Option<Picture>, String> {
        match self.value.with(|typed| Picture::parse(typed, self.kind)) {
            Ok(picture) => Ok(Some(picture)),
            Err(ParsePictureError::Empty) => Ok(None),
            Err(ParsePictureError::TooLong) => Err(text::groups_picture_too_long()),
            Err(ParsePictureError::NotHttps) => Err(text::groups_picture_bad_https()),
            Err(ParsePictureError::BadAddress) => Err(text::groups_picture_bad_address()),
            Err(ParsePictureError::BadFileName) => Err(text::groups_picture_bad_file()),
        }
    }

    pub fn clear(&self) {
        self.value.set(String::new());
    }

    pub fn view(self, label: fn() -> String, vendor: Vendor) -> AnyView {
        let help = move || match self.kind {
            PictureKind::Address => text::groups_picture_help_address(),
            PictureKind::FileName => text::groups_picture_help_file(vendor.name()),
        };
        let error = Signal::derive(move || self.picture().err());
        view! {
            <TextInput label=label value=self.value optional=true mono=true help=Signal::derive(help) error=error />
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
    /// Which piece is not a number, as a sentence.
    pub fn numbers(&self) -> Result<Vec<u32>, String> {
        let read = self.0.with(|typed| domain::group::numbers(typed));
        read.map_err(|ParseNumbersError(piece)| text::groups_numbers_bad(&piece))
    }

    /// The only number; `None` if the field is empty.
    ///
    /// # Errors
    /// If there are several, or a piece is not a number, as a sentence.
    pub fn number(&self) -> Result<Option<u32>, String> {
        match self.numbers()?.as_slice() {
            [] => Ok(None),
            [number] => Ok(Some(*number)),
            _ => Err(text::groups_template_bad()),
        }
    }

    pub fn clear(&self) {
        self.0.set(String::new());
    }

    /// The field, for several numbers or a single one.
    pub fn view(self, label: fn() -> String, help: fn() -> String, is_single: bool) -> AnyView {
        let error = move || if is_single { self.number().err() } else { self.numbers().err() };
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

    /// The object as text; empty if the field is.
    ///
    /// # Errors
    /// If it is not a JSON object, as a sentence.
    pub fn object(&self) -> Result<Box<str>, String> {
        let typed = typed(self.0).unwrap_or_default();
        let is_object = || serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&typed).is_ok();
        if typed.is_empty() || is_object() { Ok(typed) } else { Err(text::groups_metadata_bad()) }
    }

    pub fn clear(&self) {
        self.0.set(String::new());
    }

    pub fn view(self, help: fn() -> String) -> AnyView {
        let error = Signal::derive(move || self.object().err());
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

/// Fields whose lengths the vendor may limit.
#[derive(Debug)]
pub struct Texts {
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    pub tags: RwSignal<String>,
    /// The access fields, for the password.
    pub access: AccessFields,
    /// The custom data.
    pub metadata: MetadataField,
}

/// Formats the sentence about a text that exceeds a number of characters or bytes.
type TooLong = fn(&str) -> String;

impl Texts {
    /// The first text that exceeds the vendor's limit, as a sentence.
    pub fn too_long(&self, form: GroupForm) -> Option<String> {
        let max = form.max?;
        let count = |value: Option<Box<str>>| value.map_or(0, |value| value.chars().count());
        let tags = domain::group::names(&typed(self.tags).unwrap_or_default());
        let longest_tag = tags.iter().map(|tag| tag.chars().count()).max().unwrap_or_default();
        let n_bytes = self.metadata.object().map_or(0, |object| object.len());
        let checks: [(usize, usize, TooLong); 6] = [
            (count(typed(self.name)), max.name, text::groups_too_long_name),
            (count(typed(self.description)), max.description, text::groups_too_long_description),
            (self.access.password_len(), max.password, text::groups_too_long_password),
            (tags.len(), max.tags, text::groups_too_many_tags),
            (longest_tag, max.tag, text::groups_too_long_tag),
            (n_bytes, max.metadata, text::groups_too_long_metadata),
        ];
        let found = checks.into_iter().find(|(n, max, _)| n > max);
        found.map(|(_, max, words)| words(&format_number(max as f64)))
    }
}
