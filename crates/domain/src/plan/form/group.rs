//! The form of a new group, and the limits of a group's texts.

use thiserror::Error;

use super::typed;
use crate::capabilities::{GroupTextLimits, Groups, Identity};
use crate::group::{Access, AccessKind, ParseNumberError, ParseNumbersError, names, number, numbers};
use crate::picture::ParsePictureError;
use crate::{Command, GroupId, NewGroup, Operation, Person, PersonKey, Picture, Scope, Secret, key};

/// What was entered besides the people.
#[derive(Clone, Debug)]
pub struct GroupFields {
    /// The id.
    pub id: String,
    /// The id of the community, if groups belong to one.
    pub community: Option<String>,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// Tags, separated by commas.
    pub tags: String,
    /// Who may join.
    pub access: AccessKind,
    /// The password, if one was entered.
    pub password: Option<Secret>,
    /// The owner's id.
    pub owner: String,
    /// Whether the group can be found.
    pub is_discoverable: bool,
    /// The picture.
    pub picture: String,
    /// Numbers of topics.
    pub topics: String,
    /// The number of the template.
    pub template: String,
    /// Whether it is declared as AI-generated.
    pub is_ai_generated: bool,
    /// The custom data as text, or empty; `None` if it is no JSON object.
    pub metadata: Option<Box<str>>,
}

/// Why a group cannot be created yet.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GroupProblem {
    /// No community is chosen, or its id is invalid.
    #[error("the community is missing")]
    Community,
    /// The id is missing or invalid.
    #[error("the id is missing or invalid")]
    Id,
    /// The name is missing.
    #[error("the name is missing")]
    Name,
    /// The password is missing.
    #[error("the password is missing")]
    Password,
    /// The owner's id is invalid.
    #[error("the owner's id is invalid")]
    Owner,
    /// The picture is invalid.
    #[error(transparent)]
    Picture(#[from] ParsePictureError),
    /// A topic is no number.
    #[error(transparent)]
    Topics(#[from] ParseNumbersError),
    /// The template is no single number.
    #[error(transparent)]
    Template(#[from] ParseNumberError),
    /// The custom data is no JSON object.
    #[error("the custom data is no JSON object")]
    Metadata,
    /// A text exceeds the vendor's limit.
    #[error("a text is too long")]
    TooLong(TooLong),
    /// There are more first members than one call takes: the most that it takes.
    #[error("at most {0} people can be added with the group")]
    TooManyFirst(usize),
}

impl GroupFields {
    /// The command that creates the group and adds the people, each with the scope that the list has beside them.
    ///
    /// # Errors
    /// The first problem, in the order of the form.
    pub fn command(
        &self,
        groups: &Groups,
        identity: &Identity,
        people: Vec<(Person, Option<Scope>)>,
    ) -> Result<Command, GroupProblem> {
        let new = self
            .new_group(groups, identity)
            .map_err(|problems| problems.into_iter().next().unwrap_or(GroupProblem::Name))?;
        if let Some(most) = groups.form.n_first_members.filter(|most| people.len() > *most) {
            return Err(GroupProblem::TooManyFirst(most));
        }
        let (group, name) = (new.id.clone(), new.name.clone());
        let whole = Person { key: PersonKey::Group(group.as_str().into()), name: Some(name) };
        let mut command = Command::for_all(Operation::CreateGroup(Box::new(new)), [whole]);
        for (person, scope) in people {
            let scope = scope.unwrap_or(Scope::Participant);
            command.intent(person, Operation::AddToGroup { group: group.clone(), scope });
        }
        Ok(command)
    }

    /// The group, or every problem in the order of the form.
    pub(super) fn new_group(
        &self,
        groups: &Groups,
        identity: &Identity,
    ) -> Result<NewGroup, Vec<GroupProblem>> {
        let mut problems = Vec::new();
        let id_of = |text: &str| key::id(text.trim(), identity.id_shape).ok();
        let community = self.community.as_deref().and_then(id_of).map(GroupId::new);
        if groups.belongs_to_community && community.is_none() {
            problems.push(GroupProblem::Community);
        }
        let id = noted(id_of(&self.id).ok_or(GroupProblem::Id), &mut problems);
        let name = noted(typed(&self.name).ok_or(GroupProblem::Name), &mut problems);
        let access = noted(self.access().ok_or(GroupProblem::Password), &mut problems);
        let owner = typed(&self.owner).map(|owner| id_of(owner).ok_or(GroupProblem::Owner)).transpose();
        let owner = noted(owner, &mut problems);
        let picture = noted(Picture::parse_optional(&self.picture, groups.form.picture), &mut problems);
        let topics = noted(numbers(&self.topics), &mut problems);
        let template = noted(number(&self.template), &mut problems);
        let metadata = noted(self.metadata.clone().ok_or(GroupProblem::Metadata), &mut problems);
        if let Some(too_long) = groups.form.max.and_then(|max| max.exceeded(&self.texts())) {
            problems.push(GroupProblem::TooLong(too_long));
        }
        let (Some(id), Some(name), Some(access), Some(owner), Some(picture)) =
            (id, name, access, owner, picture)
        else {
            return Err(problems);
        };
        let (Some(topics), Some(template), Some(metadata), true) =
            (topics, template, metadata, problems.is_empty())
        else {
            return Err(problems);
        };
        Ok(NewGroup {
            community: community.filter(|_| groups.belongs_to_community),
            description: typed(&self.description).unwrap_or_default().into(),
            tags: typed(&self.tags).unwrap_or_default().into(),
            access,
            owner,
            is_discoverable: groups.belongs_to_community.then_some(self.is_discoverable),
            picture,
            topics,
            template,
            is_ai_generated: self.is_ai_generated,
            metadata,
            takes_members: groups.form.n_first_members.is_some(),
            ..NewGroup::new(GroupId::new(id), name)
        })
    }

    /// The chosen access; `None` while a password is missing.
    fn access(&self) -> Option<Access> {
        match self.access {
            AccessKind::Public => Some(Access::Public),
            AccessKind::Private => Some(Access::Private),
            AccessKind::Password => self.password.clone().map(|password| Access::Password(Some(password))),
        }
    }

    fn texts(&self) -> GroupTexts<'_> {
        let password = self.password.as_ref().filter(|_| self.access == AccessKind::Password);
        GroupTexts {
            name: &self.name,
            description: &self.description,
            n_password: password.map_or(0, Secret::n_chars),
            tags: &self.tags,
            metadata: self.metadata.as_deref().unwrap_or_default(),
        }
    }
}

/// The value; its problem is added to the others.
fn noted<T>(result: Result<T, impl Into<GroupProblem>>, problems: &mut Vec<GroupProblem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem.into())).ok()
}

/// The texts of a group whose lengths a vendor may limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct GroupTexts<'a> {
    /// The name.
    pub name: &'a str,
    /// The description.
    pub description: &'a str,
    /// Characters of the password, or 0 without one.
    pub n_password: usize,
    /// Tags, separated by commas.
    pub tags: &'a str,
    /// The custom data, or empty.
    pub metadata: &'a str,
}

/// A text that exceeds a limit of the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// The text.
    pub text: GroupText,
    /// The limit: characters, the number of tags, or bytes of the custom data.
    pub max: usize,
}

/// A text of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupText {
    /// The name.
    Name,
    /// The description.
    Description,
    /// The password.
    Password,
    /// The list of tags.
    Tags,
    /// One tag.
    Tag,
    /// The custom data.
    Metadata,
}

impl GroupTextLimits {
    /// The first text that exceeds its limit, in the order of the form.
    pub fn exceeded(&self, texts: &GroupTexts<'_>) -> Option<TooLong> {
        let n_chars = |text: &str| text.trim().chars().count();
        let tags = names(texts.tags);
        let longest_tag = tags.iter().map(|tag| tag.chars().count()).max().unwrap_or_default();
        let checks = [
            (GroupText::Name, n_chars(texts.name), self.name),
            (GroupText::Description, n_chars(texts.description), self.description),
            (GroupText::Password, texts.n_password, self.password),
            (GroupText::Tags, tags.len(), self.tags),
            (GroupText::Tag, longest_tag, self.tag),
            (GroupText::Metadata, texts.metadata.len(), self.metadata),
        ];
        let found = checks.into_iter().find(|(_, n, max)| n > max);
        found.map(|(text, _, max)| TooLong { text, max })
    }
}
