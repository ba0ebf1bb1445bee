//! The form of a new community.

use thiserror::Error;

use super::typed;
use crate::capabilities::GroupForm;
use crate::group::{AccessKind, Categories, MadeByAi, ParseNumbersError, names, numbers};
use crate::picture::ParsePictureError;
use crate::{Command, NewCommunity, Operation, Person, PersonKey, Picture};

/// What was entered besides the people.
#[derive(Clone, Debug)]
pub struct CommunityFields {
    /// The unique handle.
    pub handle: String,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// Tags, separated by commas.
    pub tags: String,
    /// Who may join: public or private.
    pub access: AccessKind,
    /// The picture.
    pub picture: String,
    /// The banner.
    pub banner: String,
    /// Numbers of categories.
    pub categories: String,
    /// Names of categories to create, separated by commas.
    pub new_categories: String,
    /// The parts declared as AI-generated.
    pub made_by_ai: MadeByAi,
}

/// Why a community cannot be created yet.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CommunityProblem {
    /// The name is missing.
    #[error("the name is missing")]
    Name,
    /// The handle is missing.
    #[error("the handle is missing")]
    Handle,
    /// The picture or the banner is invalid.
    #[error(transparent)]
    Picture(#[from] ParsePictureError),
    /// A category is no number.
    #[error(transparent)]
    Categories(#[from] ParseNumbersError),
}

impl CommunityFields {
    /// The command that creates the community with these first members.
    ///
    /// # Errors
    /// The first problem, in the order of the form.
    pub fn command(&self, form: &GroupForm, people: Vec<Person>) -> Result<Command, CommunityProblem> {
        let name = typed(&self.name).ok_or(CommunityProblem::Name)?;
        let handle = typed(&self.handle).ok_or(CommunityProblem::Handle)?;
        let new = NewCommunity {
            description: typed(&self.description).unwrap_or_default().into(),
            tags: typed(&self.tags).unwrap_or_default().into(),
            is_private: self.access == AccessKind::Private,
            members: people.into_iter().map(|person| person.key).collect(),
            picture: Picture::parse_optional(&self.picture, form.picture)?,
            banner: Picture::parse_optional(&self.banner, form.picture)?,
            categories: Categories { existing: numbers(&self.categories)?, new: names(&self.new_categories) },
            made_by_ai: self.made_by_ai,
            ..NewCommunity::new(handle, name)
        };
        let whole = Person { key: PersonKey::Group(handle.into()), name: Some(name.into()) };
        Ok(Command::for_all(Operation::CreateCommunity(Box::new(new)), [whole]))
    }
}
