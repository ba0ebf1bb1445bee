//! Groups and communities.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{GroupId, Millis, PersonKey, Picture, Secret};

/// Whether a group stands alone or holds others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupKind {
    /// A community, which may hold groups.
    Community,
    /// A group.
    Group,
}

/// Who may come in by themselves. Written down, it has no password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Anybody.
    Public,
    /// Nobody: people are added.
    Private,
    /// Whoever knows the password. `None` where the vendor tells the type but, rightly, not the password.
    Password(#[serde(skip)] Option<Secret>),
}

/// A group as a vendor tells about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The id in calls.
    pub id: GroupId,
    /// Group or community.
    pub kind: GroupKind,
    /// The name.
    pub name: Box<str>,
    /// The description.
    pub description: Option<Box<str>>,
    /// Who may come in.
    pub access: Option<Access>,
    /// The id of the owner.
    pub owner: Option<Box<str>>,
    /// How many members the vendor counts.
    pub n_members: Option<u64>,
    /// When it was made.
    pub created_at: Option<Millis>,
    /// A link for people, of the vendor's making: only `https:` may be shown as a link.
    pub share_url: Option<Box<str>>,
    /// The address of the picture, as text: it is never loaded.
    pub picture: Option<Box<str>>,
    /// Its tags; `None` if the answer does not tell them.
    pub tags: Option<Vec<Box<str>>>,
    /// The caller's own JSON object, as text, empty for none; `None` if the answer does not tell it.
    pub metadata: Option<Box<str>>,
}

/// A group to create.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewGroup {
    /// The id, chosen by the caller.
    pub id: GroupId,
    /// The community it belongs to, where groups belong to one.
    pub community: Option<GroupId>,
    /// The name.
    pub name: Box<str>,
    /// The description; empty for none.
    pub description: Box<str>,
    /// Comma-separated tags; empty for none.
    pub tags: Box<str>,
    /// Who may come in.
    pub access: Access,
    /// The owner's id, if not the system.
    pub owner: Option<Box<str>>,
    /// Whether it can be found, where the vendor asks.
    pub is_discoverable: Option<bool>,
    /// The picture.
    pub picture: Option<Picture>,
    /// Numbers of topics that the vendor has, where it asks for them.
    pub topics: Vec<u32>,
    /// The number of the vendor's template that it is made after.
    pub template: Option<u32>,
    /// Whether it is declared as made by AI.
    pub is_ai_generated: bool,
    /// A JSON object of the caller's own, as text; empty for none.
    pub metadata: Box<str>,
    /// Whether those who are added by the same plan travel in the call that creates it, because its answer
    /// names each of them. Otherwise they are added by calls of their own.
    pub takes_members: bool,
}

impl NewGroup {
    /// A public group with nothing but an id and a name.
    pub fn new(id: GroupId, name: impl Into<Box<str>>) -> Self {
        Self {
            id,
            community: None,
            name: name.into(),
            description: Box::default(),
            tags: Box::default(),
            access: Access::Public,
            owner: None,
            is_discoverable: None,
            picture: None,
            topics: Vec::new(),
            template: None,
            is_ai_generated: false,
            metadata: Box::default(),
            takes_members: false,
        }
    }
}

/// A change to a group's own fields; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupEdit {
    /// The new name.
    pub name: Option<Box<str>>,
    /// The new description; empty to take it away.
    pub description: Option<Box<str>>,
    /// New comma-separated tags; empty to take them all away.
    pub tags: Option<Box<str>>,
    /// Who may come in from now on.
    pub access: Option<Access>,
    /// The new owner's id.
    pub owner: Option<Box<str>>,
    /// Whether it can be found.
    pub is_discoverable: Option<bool>,
    /// Another picture, or none any more.
    pub picture: Option<PictureEdit>,
    /// Numbers of the topics that it has from now on.
    pub topics: Option<Vec<u32>>,
    /// A new JSON object of the caller's own, as text; empty to take it away.
    pub metadata: Option<Box<str>>,
}

/// What becomes of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureEdit {
    /// Another one.
    Set(Picture),
    /// None any more.
    Clear,
}

/// Categories of a community.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Categories {
    /// Numbers of those that the vendor has.
    pub existing: Vec<u32>,
    /// Names of those that are to be made.
    pub new: Vec<Box<str>>,
}

/// What of a community is declared as made by AI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeByAi {
    /// The community itself.
    pub community: bool,
    /// Its picture.
    pub picture: bool,
    /// Its banner.
    pub banner: bool,
}

/// A community to create.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCommunity {
    /// The unique handle.
    pub handle: Box<str>,
    /// The name.
    pub name: Box<str>,
    /// The description; empty for none.
    pub description: Box<str>,
    /// Comma-separated tags; empty for none.
    pub tags: Box<str>,
    /// True for a community that people must ask to join.
    pub is_private: bool,
    /// First members, by id.
    pub members: Vec<PersonKey>,
    /// The picture.
    pub picture: Option<Picture>,
    /// The wide picture above the page.
    pub banner: Option<Picture>,
    /// Its categories.
    pub categories: Categories,
    /// What is declared as made by AI.
    pub made_by_ai: MadeByAi,
}

impl NewCommunity {
    /// A public community with nothing but a handle and a name.
    pub fn new(handle: impl Into<Box<str>>, name: impl Into<Box<str>>) -> Self {
        Self {
            handle: handle.into(),
            name: name.into(),
            description: Box::default(),
            tags: Box::default(),
            is_private: false,
            members: Vec::new(),
            picture: None,
            banner: None,
            categories: Categories::default(),
            made_by_ai: MadeByAi::default(),
        }
    }
}

/// What becomes of a text that a form holds; `None` if it stays as it is. Where it is known what was there, an emptied
/// field takes it away. Where it is not, an empty field says nothing, unless somebody asks to take it away: `clears`.
pub fn text_edit(known: Option<&str>, typed: &str, clears: bool) -> Option<Box<str>> {
    let is_edit = match known {
        Some(known) => known != typed,
        None => !typed.is_empty() || clears,
    };
    is_edit.then(|| typed.into())
}

/// Reads numbers that stand in one field, separated by commas or blanks; each once, in their order.
///
/// # Errors
/// If a piece is no whole number from 0.
pub fn numbers(text: &str) -> Result<Vec<u32>, ParseNumbersError> {
    let mut found = Vec::new();
    for piece in text.split([',', ';', ' ', '\t', '\n']).filter(|piece| !piece.is_empty()) {
        let number = piece.parse().map_err(|_| ParseNumbersError(piece.into()))?;
        if !found.contains(&number) {
            found.push(number);
        }
    }
    Ok(found)
}

/// Why a text is no list of numbers: the piece that is none.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0} is no whole number")]
pub struct ParseNumbersError(pub Box<str>);

/// Reads names that stand in one field, separated by commas; each once, in their order.
pub fn names(text: &str) -> Vec<Box<str>> {
    let mut found: Vec<Box<str>> = Vec::new();
    for name in text.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty()) {
        if !found.iter().any(|known| &**known == name) {
            found.push(name.into());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emptied_field_takes_away_and_an_untouched_one_changes_nothing() {
        let table = [
            (Some("Up the hill"), "Up the hill", false, None),
            (Some("Up the hill"), "Down", false, Some("Down")),
            (Some("Up the hill"), "", false, Some("")),
            (Some(""), "", false, None),
            (Some(""), "Down", false, Some("Down")),
            (None, "", false, None),
            (None, "Down", false, Some("Down")),
            (None, "", true, Some("")),
        ];
        for (known, typed, clears, expected) in table {
            assert_eq!(text_edit(known, typed, clears).as_deref(), expected, "{known:?} {typed:?} {clears}");
        }
    }

    #[test]
    fn fields_with_several_things_are_read_once_each() {
        assert_eq!(numbers(" 3, 17;3\n0 "), Ok(vec![3, 17, 0]));
        assert_eq!(numbers(""), Ok(Vec::new()));
        for bad in ["3, sport", "-1", "4.5", "99999999999"] {
            assert!(numbers(bad).is_err(), "{bad}");
        }
        assert_eq!(numbers("3 x"), Err(ParseNumbersError("x".into())));
        assert_eq!(names(" Balcony, Roof garden ,,Balcony"), ["Balcony".into(), "Roof garden".into()]);
    }
}
