//! The fields of a group that an edit changes: which they are, what restores them, and whether a group shows them.

use std::collections::BTreeSet;

use crate::capabilities::GroupForm;
use crate::group::{Access, PictureEdit, names};
use crate::{Group, GroupEdit, Picture, plain};

/// A field of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupField {
    /// The name.
    Name,
    /// The description.
    Description,
    /// The tags.
    Tags,
    /// Who may join, and the password for that.
    Access,
    /// The owner.
    Owner,
    /// Whether it can be found.
    Discoverable,
    /// The picture.
    Picture,
    /// The vendor's topics.
    Topics,
    /// The custom JSON object.
    Metadata,
}

/// Whether a response shows a requested value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// It does.
    AsRequested,
    /// It shows another value.
    Otherwise,
    /// It lacks the field, or shows it in a form that cannot be compared.
    Untold,
}

impl From<bool> for Shown {
    fn from(is_as_requested: bool) -> Self {
        if is_as_requested { Self::AsRequested } else { Self::Otherwise }
    }
}

impl GroupEdit {
    /// The fields that it changes.
    pub fn fields(&self) -> impl Iterator<Item = GroupField> {
        let Self { name, description, tags, access, owner, is_discoverable, picture, topics, metadata } =
            self;
        let fields = [
            (name.is_some(), GroupField::Name),
            (description.is_some(), GroupField::Description),
            (tags.is_some(), GroupField::Tags),
            (access.is_some(), GroupField::Access),
            (owner.is_some(), GroupField::Owner),
            (is_discoverable.is_some(), GroupField::Discoverable),
            (picture.is_some(), GroupField::Picture),
            (topics.is_some(), GroupField::Topics),
            (metadata.is_some(), GroupField::Metadata),
        ];
        fields.into_iter().filter(|(is_changed, _)| *is_changed).map(|(_, field)| field)
    }

    /// The same edit, which leaves this field as it is.
    #[must_use]
    pub fn without(mut self, field: GroupField) -> Self {
        match field {
            GroupField::Name => self.name = None,
            GroupField::Description => self.description = None,
            GroupField::Tags => self.tags = None,
            GroupField::Access => self.access = None,
            GroupField::Owner => self.owner = None,
            GroupField::Discoverable => self.is_discoverable = None,
            GroupField::Picture => self.picture = None,
            GroupField::Topics => self.topics = None,
            GroupField::Metadata => self.metadata = None,
        }
        self
    }

    /// The edit that restores what this one changes in a group. It lacks the fields whose value the group does not
    /// show, or that cannot be sent: a password, a picture that is no URL, a tag with a comma.
    #[must_use]
    pub fn inverse(&self, group: &Group, form: &GroupForm) -> Self {
        let Self { name, description, tags, access, owner, is_discoverable: _, picture, topics: _, metadata } =
            self;
        let known_tags = group.tags.as_ref().and_then(|tags| {
            let joined = tags.join(", ");
            (names(&joined) == *tags).then(|| joined.into())
        });
        let known_access = group.access.clone().filter(|access| !matches!(access, Access::Password(_)));
        let known_picture = match group.picture.as_deref() {
            Some(shown) => Picture::parse(shown, form.picture).ok().map(PictureEdit::Set),
            None => form.can_clear_picture.then_some(PictureEdit::Clear),
        };
        Self {
            name: name.as_ref().map(|_| group.name.clone()),
            description: description.as_ref().map(|_| group.description.clone().unwrap_or_default()),
            tags: tags.as_ref().and(known_tags),
            access: access.as_ref().and(known_access),
            owner: owner.as_ref().and(group.owner.clone()),
            // No vendor shows these.
            is_discoverable: None,
            topics: None,
            picture: picture.as_ref().and(known_picture),
            metadata: metadata.as_ref().and(group.metadata.clone()),
        }
    }

    /// The fields of this edit, and those of another that this one leaves as they are.
    #[must_use]
    pub(crate) fn over(self, other: Self) -> Self {
        Self {
            name: self.name.or(other.name),
            description: self.description.or(other.description),
            tags: self.tags.or(other.tags),
            access: self.access.or(other.access),
            owner: self.owner.or(other.owner),
            is_discoverable: self.is_discoverable.or(other.is_discoverable),
            picture: self.picture.or(other.picture),
            topics: self.topics.or(other.topics),
            metadata: self.metadata.or(other.metadata),
        }
    }

    /// A group once this edit is made in it, as far as a group shows its fields.
    pub(crate) fn made_in(&self, group: Group) -> Group {
        let text = |text: &str| (!text.is_empty()).then(|| Box::from(text));
        let Self { name, description, tags, access, owner, is_discoverable: _, picture, topics: _, metadata } =
            self;
        Group {
            name: name.as_ref().map_or(group.name, |name| plain::name(name).into()),
            description: match description {
                Some(description) => text(&plain::prose(description)),
                None => group.description,
            },
            tags: tags.as_ref().map(|tags| names(tags)).or(group.tags),
            access: access.clone().or(group.access),
            owner: owner.clone().or(group.owner),
            picture: match picture {
                Some(PictureEdit::Set(picture)) => Some(picture.as_str().into()),
                Some(PictureEdit::Clear) => None,
                None => group.picture,
            },
            metadata: metadata.clone().or(group.metadata),
            ..group
        }
    }

    /// Whether a group shows all that this edit requests.
    pub(crate) fn is_shown_by(&self, group: &Group) -> bool {
        self.shown_by(group).all(|(_, shown)| shown == Shown::AsRequested)
    }

    /// Whether a group shows what this edit requests, field by field.
    pub(crate) fn shown_by(&self, group: &Group) -> impl Iterator<Item = (GroupField, Shown)> {
        let Self { name, description, tags, access, owner, is_discoverable, picture, topics, metadata } =
            self;
        let requested: [(GroupField, Option<Shown>); 9] = [
            // The names read have been normalized.
            (GroupField::Name, name.as_ref().map(|name| (plain::name(name) == *group.name).into())),
            (
                GroupField::Description,
                description
                    .as_ref()
                    .map(|text| (group.description.as_deref().unwrap_or("") == plain::prose(text)).into()),
            ),
            (
                GroupField::Access,
                access.as_ref().map(|wanted| match (wanted, &group.access) {
                    (Access::Password(_), _) => Shown::Untold,
                    (other, shown) => (shown.as_ref() == Some(other)).into(),
                }),
            ),
            (
                GroupField::Owner,
                owner.as_ref().map(|owner| {
                    group.owner.as_ref().is_some_and(|shown| shown.eq_ignore_ascii_case(owner)).into()
                }),
            ),
            (
                GroupField::Picture,
                picture.as_ref().map(|picture| match picture {
                    PictureEdit::Set(picture) => (group.picture.as_deref() == Some(picture.as_str())).into(),
                    PictureEdit::Clear => group.picture.is_none().into(),
                }),
            ),
            (
                GroupField::Tags,
                tags.as_ref().map(|tags| {
                    let asked: BTreeSet<Box<str>> =
                        names(tags).iter().map(|tag| plain::name(tag).into()).collect();
                    let Some(shown) = &group.tags else { return Shown::Untold };
                    (shown.iter().cloned().collect::<BTreeSet<_>>() == asked).into()
                }),
            ),
            (
                GroupField::Metadata,
                metadata.as_ref().map(|asked| match (asked.trim(), group.metadata.as_deref()) {
                    (asked, Some(shown)) if asked == shown => Shown::AsRequested,
                    (asked, Some(shown)) if asked.is_empty() || shown.is_empty() => Shown::Otherwise,
                    // Different text can be equal JSON.
                    _ => Shown::Untold,
                }),
            ),
            (GroupField::Discoverable, is_discoverable.map(|_| Shown::Untold)),
            (GroupField::Topics, topics.as_ref().map(|_| Shown::Untold)),
        ];
        requested.into_iter().filter_map(|(field, shown)| Some((field, shown?)))
    }
}
