//! A plan on its way to a colleague.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use domain::group::Access;
use domain::{
    Action, ChangeId, Command, GroupId, Millis, Operation, Person, PersonKey, Plan, State, Vendor, entry,
    order, plain,
};

use crate::digest::{Digest, hexadecimal};
use crate::json::text_of;
use crate::signed::{BodyError, Document, are_plain, is_name, is_prose};

/// Most changes of a request.
pub const MAX_CHANGES: usize = 20_000;
/// The longest that a request can live: 90 days.
pub const MAX_REQUEST_MS: Millis = 90 * 24 * 60 * 60 * 1_000;
/// Most characters of the id of a place.
const MAX_PLACE: usize = 100;
/// How many digits of its digest stand for an address: 128 bits.
const ADDRESS_DIGITS: usize = 32;

/// Where changes are made: the vendor, and the id that it shows in public for the app or community. It is no
/// address: the reader of a request chooses their own connection to that place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "WrittenPlace", into = "WrittenPlace")]
pub struct ReviewPlace {
    vendor: Vendor,
    id: Box<str>,
}

/// The form of a place in documents.
#[derive(Serialize, Deserialize)]
struct WrittenPlace {
    vendor: Vendor,
    id: Box<str>,
}

/// The text is no id of a place: it may have letters, digits, hyphens and underscores of ASCII, up to 100. No address
/// consists of these alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected up to {MAX_PLACE} letters, digits, hyphens and underscores")]
pub struct ParsePlaceError;

impl From<ReviewPlace> for WrittenPlace {
    fn from(place: ReviewPlace) -> Self {
        Self { vendor: place.vendor, id: place.id }
    }
}

impl TryFrom<WrittenPlace> for ReviewPlace {
    type Error = ParsePlaceError;

    fn try_from(written: WrittenPlace) -> Result<Self, ParsePlaceError> {
        Self::new(written.vendor, &written.id)
    }
}

impl ReviewPlace {
    /// A place at a vendor.
    ///
    /// # Errors
    /// If the id could be an address.
    pub fn new(vendor: Vendor, id: &str) -> Result<Self, ParsePlaceError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_id = (1..=MAX_PLACE).contains(&id.len()) && id.bytes().all(is_plain);
        if is_id { Ok(Self { vendor, id: id.into() }) } else { Err(ParsePlaceError) }
    }

    /// A place whose vendor shows no id in public: a digest stands for the address of its calls, from which nobody can
    /// tell the address. Two connections are to the same place if they have the same address.
    pub fn of_address(vendor: Vendor, address: &str) -> Self {
        let digest = Digest::of("Muster place", &[vendor.slug().as_bytes(), address.as_bytes()]).to_string();
        let id = ["at-", digest.get(..ADDRESS_DIGITS).unwrap_or_default()].concat();
        Self { vendor, id: id.into() }
    }

    /// The vendor.
    pub fn vendor(&self) -> Vendor {
        self.vendor
    }

    /// The public id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// One person and one operation, and what was true of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "AskedRow", into = "AskedRow")]
pub struct AskedChange {
    /// The person.
    pub person: Person,
    /// The index of the operation in the request.
    pub operation: u32,
    /// The state when the request was made.
    pub before: State,
}

/// A change as a row without field names: key, name, operation, before.
type AskedRow = (PersonKey, Option<Box<str>>, u32, State);

impl From<AskedChange> for AskedRow {
    fn from(change: AskedChange) -> Self {
        let AskedChange { person, operation, before } = change;
        (person.key, person.name, operation, before)
    }
}

impl From<AskedRow> for AskedChange {
    fn from((key, name, operation, before): AskedRow) -> Self {
        Self { person: Person { key, name }, operation, before }
    }
}

/// Changes that someone is asked to approve. It holds no key, password or address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    /// Its id: 32 hexadecimal digits.
    pub id: Box<str>,
    /// When it was made.
    pub made_at: Millis,
    /// When it ceases to count.
    pub expires_at: Millis,
    /// The hash of the request that this one replaces, after an edit.
    pub parent: Option<Digest>,
    /// Where the changes are made.
    pub place: ReviewPlace,
    /// Why, in the author's words; may be empty.
    pub why: Box<str>,
    /// Each operation once.
    pub operations: Vec<Operation>,
    /// The changes, in the plan's order; a [`ChangeId`] is an index of them.
    pub changes: Vec<AskedChange>,
    /// The names of the groups, as far as they were read.
    pub groups: BTreeMap<GroupId, Box<str>>,
}

/// What a plan does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestAbout {
    /// 16 random bytes.
    pub id: [u8; 16],
    /// The time.
    pub made_at: Millis,
    /// When the request ceases to count.
    pub expires_at: Millis,
    /// The hash of the request that this one replaces.
    pub parent: Option<Digest>,
    /// Where the changes are made.
    pub place: ReviewPlace,
    /// Why, in the author's words.
    pub why: Box<str>,
}

/// Why a plan cannot be sent to someone.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MakeRequestError {
    /// A problem blocks it, or it has no changes to send.
    #[error("expected a plan that can be applied")]
    NotApplicable,
    /// It is for another vendor than the place.
    #[error("expected a plan for the vendor of the place")]
    OtherVendor,
    /// These changes need a password, which never travels.
    #[error("expected changes without a password, found {} with one", .0.len())]
    Password(Vec<ChangeId>),
    /// It has something that no request may have.
    #[error(transparent)]
    Body(#[from] BodyError),
}

impl ReviewRequest {
    /// The request to review a plan: its changes that are to be sent.
    ///
    /// # Errors
    /// If it cannot be applied, needs a password, or has something that no request may have.
    pub fn of(plan: &Plan, about: RequestAbout) -> Result<Self, MakeRequestError> {
        if !plan.is_applicable() || plan.to_send().next().is_none() {
            return Err(MakeRequestError::NotApplicable);
        }
        if plan.vendor != about.place.vendor {
            return Err(MakeRequestError::OtherVendor);
        }
        let with_password = with_password(plan);
        if !with_password.is_empty() {
            return Err(MakeRequestError::Password(with_password));
        }
        let mut operations: Vec<&Arc<Operation>> = Vec::new();
        let mut places: BTreeMap<*const Operation, u32> = BTreeMap::new();
        let mut changes = Vec::new();
        for change in plan.to_send() {
            let place = *places.entry(Arc::as_ptr(&change.operation)).or_insert_with(|| {
                operations.push(&change.operation);
                operations.len() as u32 - 1
            });
            let name = change.person.name.as_deref().map(plain::name).filter(|name| !name.is_empty());
            let person = Person { key: change.person.key.clone(), name: name.map(Into::into) };
            changes.push(AskedChange { person, operation: place, before: change.before });
        }
        let operations: Vec<Operation> =
            operations.into_iter().map(|operation| (**operation).clone()).collect();
        let is_used = |group: &GroupId| operations.iter().any(|operation| operation.group() == Some(group));
        let groups = plan.group_names.iter().filter(|(group, _)| is_used(group));
        let groups = groups.map(|(group, name)| (group.clone(), plain::name(name).into()));
        let request = Self {
            id: hexadecimal(&about.id).into(),
            made_at: about.made_at,
            expires_at: about.expires_at,
            parent: about.parent,
            place: about.place,
            why: plain::prose(&about.why).into(),
            groups: groups.filter(|(_, name): &(_, Box<str>)| !name.is_empty()).collect(),
            operations,
            changes,
        };
        request.check()?;
        Ok(request)
    }

    /// The operation of a change.
    ///
    /// # Panics
    /// If the request has no such change.
    pub fn operation(&self, change: ChangeId) -> &Operation {
        &self.operations[self.changes[change.as_idx()].operation as usize]
    }

    /// Every change.
    pub fn change_ids(&self) -> impl Iterator<Item = ChangeId> + Clone + use<> {
        (0..self.changes.len() as u32).map(ChangeId)
    }

    /// The chosen changes as a command, which the reader's own planner compares with what the reader has read.
    pub fn command(&self, is_chosen: impl Fn(ChangeId) -> bool) -> Command {
        let mut command = Command::new();
        let mut places: BTreeMap<u32, u32> = BTreeMap::new();
        for (id, change) in self.change_ids().zip(&self.changes).filter(|(id, _)| is_chosen(*id)) {
            let place = *places.entry(change.operation).or_insert_with(|| {
                command.operations.push(Arc::new(self.operation(id).clone()));
                command.operations.len() as u32 - 1
            });
            command.items.push((change.person.clone(), place));
        }
        command
    }

    /// The changes that another request also makes to the same person or group, in the same place.
    pub fn shared_with(&self, other: &Self) -> Vec<ChangeId> {
        if self.place != other.place {
            return Vec::new();
        }
        let theirs = order::set(other.change_ids().map(|id| other.whom_and_where(id)));
        self.change_ids().filter(|id| theirs.contains(&self.whom_and_where(*id))).collect()
    }

    fn whom_and_where(&self, change: ChangeId) -> (PersonKey, Option<&GroupId>) {
        (self.changes[change.as_idx()].person.key.folded(), self.operation(change).group())
    }

    fn check_references(&self) -> Result<(), BodyError> {
        let mut used = vec![false; self.operations.len()];
        for change in &self.changes {
            *used.get_mut(change.operation as usize).ok_or(BodyError::Reference)? = true;
        }
        let groups = order::set(self.operations.iter().filter_map(Operation::group));
        if !used.iter().all(|is_used| *is_used) || !self.groups.keys().all(|group| groups.contains(group)) {
            return Err(BodyError::Reference);
        }
        // Groups are compared by number, and people who are sorted already take no time.
        let groups: Vec<_> = groups.into_iter().collect();
        let group = |operation: &Operation| groups.binary_search(&operation.group()?).ok();
        let places: Vec<_> = self.operations.iter().map(group).collect();
        let of = |change: &AskedChange| (places[change.operation as usize], change.person.key.folded());
        let mut all: Vec<_> = self.changes.iter().map(of).collect();
        all.sort_unstable();
        if all.windows(2).any(|pair| pair[0] == pair[1]) { Err(BodyError::Twice) } else { Ok(()) }
    }

    fn check_texts(&self) -> Result<(), BodyError> {
        let is_id = |id: &str| plain::id(id) == Some(id);
        let are_people_ok = self.changes.iter().all(|change| is_id(change.person.key.as_str()));
        let groups = self.operations.iter().filter_map(Operation::group).chain(self.groups.keys());
        if !are_people_ok || !groups.into_iter().all(|group| is_id(group.as_str())) {
            return Err(BodyError::Id);
        }
        let names = self.changes.iter().filter_map(|change| change.person.name.as_ref());
        if !is_prose(&self.why) || !names.chain(self.groups.values()).all(|name| is_name(name)) {
            return Err(BodyError::Text);
        }
        let operations = text_of(&self.operations).map_err(|_| BodyError::Text)?;
        if are_plain(&operations) { Ok(()) } else { Err(BodyError::Text) }
    }
}

impl Document for ReviewRequest {
    const KIND: &'static str = "review-request";

    fn check(&self) -> Result<(), BodyError> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if self.id.len() != 32 || !self.id.bytes().all(is_hex) {
            return Err(BodyError::Id);
        }
        check_times(self.made_at, self.expires_at, MAX_REQUEST_MS)?;
        if self.changes.is_empty() || self.changes.len() > MAX_CHANGES {
            return Err(BodyError::Count);
        }
        if self.operations.iter().any(needs_password) {
            return Err(BodyError::Password);
        }
        self.check_texts()?;
        self.check_references()
    }
}

/// Checks that something ends after it begins, and lives no longer than it may.
pub(crate) fn check_times(made_at: Millis, expires_at: Millis, most: Millis) -> Result<(), BodyError> {
    let life = expires_at.checked_sub(made_at).ok_or(BodyError::Times)?;
    if (1..=most).contains(&life) { Ok(()) } else { Err(BodyError::Times) }
}

/// The changes to be sent that have a password.
fn with_password(plan: &Plan) -> Vec<ChangeId> {
    let stored = entry::chunks(plan).flat_map(|chunk| {
        let had: Vec<bool> = chunk.operations.iter().map(|stored| stored.had_password).collect();
        chunk.changes.into_iter().map(move |change| had[change.operation as usize]).collect::<Vec<_>>()
    });
    let found = plan
        .changes
        .iter()
        .zip(stored)
        .filter(|(change, had_password)| *had_password && change.action != Action::NoOp);
    found.map(|(change, _)| change.id).collect()
}

/// True for a group that people join with a password: the person who runs the request would have to know it.
fn needs_password(operation: &Operation) -> bool {
    let access = match operation {
        Operation::CreateGroup(new) => Some(&new.access),
        Operation::EditGroup { edit, .. } => edit.access.as_ref(),
        Operation::Register { password, .. } => return password.is_some(),
        _ => None,
    };
    matches!(access, Some(Access::Password(_)))
}
