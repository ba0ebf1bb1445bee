//! A list of groups to create: what each row says, and what is wrong with it.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use super::group::{GroupFields, GroupProblem};
use super::group_column::{GroupColumn, access_of, flag_of};
use crate::capabilities::{Groups, IdShape, Identity};
use crate::group::AccessKind;
use crate::list::{self, NamedRow, NamedTable, Rules, has_text, named_table};
use crate::{
    Command, GroupId, NewGroup, Operation, Person, PersonKey, Place, Problem, ProblemCode, Scope, Secret,
    Severity, Snapshot, key,
};

/// Most groups of a list. All of them are read and planned with every key that is pressed.
pub const MAX_GROUPS: usize = 1_000;

/// How a list of groups is read.
pub struct GroupListRules<'a> {
    /// What the vendor's groups are like.
    pub groups: &'a Groups,
    /// How the vendor identifies groups and people.
    pub identity: &'a Identity,
    /// The community of rows that name none.
    pub community: Option<&'a str>,
    /// Whether groups can be found whose row does not say.
    pub is_discoverable: bool,
    /// Whether a group is known to exist.
    pub exists: &'a dyn Fn(&GroupId) -> bool,
    /// The id of a group without one, for vendors whose ids are random: the same one for the same community and name.
    pub id_for: &'a dyn Fn(&str, &str) -> String,
    /// The custom data as it is sent; `None` if the text is no JSON object.
    pub metadata: &'a dyn Fn(&str) -> Option<Box<str>>,
}

impl fmt::Debug for GroupListRules<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupListRules").field("community", &self.community).finish_non_exhaustive()
    }
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupRowStatus {
    /// It has to be corrected.
    Refused,
    /// It says the same as an earlier row.
    Duplicate,
    /// The group exists already.
    Exists,
    /// The group is created.
    New,
}

/// Why a row cannot be used, or what to know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupRowProblem {
    /// The id is missing.
    IdMissing,
    /// The id, the quotation marks or a person.
    Text(Problem),
    /// A field, as in the form of one group.
    Field(GroupProblem),
    /// A word that is no kind of access.
    Access(Box<str>),
    /// A word that is neither yes nor no.
    Flag(Box<str>),
    /// A password, although the group has none.
    PasswordUnused,
    /// The row of this line has the same id, and says something else.
    SameId(u32),
    /// Text after the last column.
    Extra(Box<str>),
}

impl GroupRowProblem {
    /// Whether the row cannot be used because of it.
    pub fn is_refusal(&self) -> bool {
        !matches!(self, Self::Text(problem) if problem.severity < Severity::Refused)
    }
}

/// A row of a list of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// Its line, from 1.
    pub line: u32,
    /// Its place in the text, in bytes.
    pub at: Range<usize>,
    /// The name as it is in the list.
    pub name: Box<str>,
    /// The id that is sent, or as it is in the list.
    pub id: Box<str>,
    /// Who may join.
    pub access: Option<AccessKind>,
    /// What becomes of it.
    pub status: GroupRowStatus,
    /// What to report about it.
    pub problems: Vec<GroupRowProblem>,
    new: Option<Box<NewGroup>>,
    people: Vec<(Person, Scope)>,
}

impl GroupRow {
    /// The number of people who are added with it.
    pub fn n_people(&self) -> usize {
        if self.status == GroupRowStatus::New { self.people.len() } else { 0 }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.new == other.new && self.people == other.people
    }
}

/// What a list of groups says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedGroups {
    /// The rows in the order of the text.
    pub rows: Vec<GroupRow>,
    /// Headings of columns with text that creating groups does not need.
    pub unused: Vec<Box<str>>,
    /// The places of passwords in the text, in its order.
    pub passwords: Vec<Range<usize>>,
}

impl ListedGroups {
    /// Number of rows with a status.
    pub fn count(&self, status: GroupRowStatus) -> usize {
        self.rows.iter().filter(|row| row.status == status).count()
    }

    /// The command that creates the groups and adds their people, and the state before it; `None` if there is no
    /// usable row, or if there are too many.
    pub fn command(&self) -> Option<(Command, Snapshot)> {
        let is_sent = |row: &&GroupRow| matches!(row.status, GroupRowStatus::New | GroupRowStatus::Exists);
        let sent: Vec<&GroupRow> = self.rows.iter().filter(is_sent).collect();
        if sent.is_empty() || sent.len() > MAX_GROUPS {
            return None;
        }
        let new_ids =
            sent.iter().filter(|row| row.status == GroupRowStatus::New).map(|row| GroupId::new(&*row.id));
        let mut snapshot = Snapshot::before_creations(new_ids);
        let mut command = Command::new();
        for row in sent {
            let group = GroupId::new(&*row.id);
            let name = Some(&row.name).filter(|name| !name.is_empty()).cloned();
            let whole = Person { key: PersonKey::Group(row.id.clone()), name };
            let new =
                row.new.clone().unwrap_or_else(|| Box::new(NewGroup::new(group.clone(), row.name.clone())));
            // Each group has its own operation, so none is looked for among the earlier ones.
            let mut one = Command::for_all(Operation::CreateGroup(new), [whole]);
            if row.status == GroupRowStatus::Exists {
                snapshot.existing_groups.insert(group);
            } else {
                for (person, scope) in &row.people {
                    one.intent(person.clone(), Operation::AddToGroup { group: group.clone(), scope: *scope });
                }
            }
            command.append(one);
        }
        Some((command, snapshot))
    }
}

/// Reads a list of groups.
pub fn read_groups(text: &str, rules: &GroupListRules<'_>) -> ListedGroups {
    let in_order: &[GroupColumn] = if rules.groups.belongs_to_community {
        &[GroupColumn::Name, GroupColumn::Description]
    } else {
        &[GroupColumn::Name, GroupColumn::Id, GroupColumn::Access, GroupColumn::Description]
    };
    let column_of = |heading: &str| GroupColumn::of_heading(heading, rules.groups);
    let table = named_table(text, column_of, in_order);
    let is_used = |idx: usize| table.columns.get(idx).is_none_or(Option::is_some);
    let has_cell =
        |idx: usize| table.rows.iter().any(|row| row.cells.get(idx).is_some_and(|cell| has_text(&cell.text)));
    let unused = table.headings.iter().enumerate().filter(|(idx, _)| !is_used(*idx) && has_cell(*idx));
    let unused = unused.map(|(_, heading)| heading.clone()).collect();
    let password = table.columns.iter().position(|column| *column == Some(GroupColumn::Password));
    let passwords = password.into_iter().flat_map(|idx| {
        table.rows.iter().filter_map(move |row| row.cells.get(idx)).map(|cell| cell.at.clone())
    });
    let passwords = passwords.filter(|at| !at.is_empty()).collect();
    let mut rows: Vec<GroupRow> =
        table.rows.iter().map(|row| RowReader { rules, table: &table, row }.read()).collect();
    compare(&mut rows);
    ListedGroups { rows, unused, passwords }
}

/// Marks rows of the same id: as duplicates, or as a contradiction that the user has to settle.
fn compare(rows: &mut [GroupRow]) {
    let mut firsts: BTreeMap<Box<str>, usize> = BTreeMap::new();
    for idx in 0..rows.len() {
        if rows[idx].id.is_empty() || rows[idx].status == GroupRowStatus::Refused {
            continue;
        }
        let Some(first) = firsts.get(&rows[idx].id).copied() else {
            firsts.insert(rows[idx].id.clone(), idx);
            continue;
        };
        let is_settled = rows[first].status != GroupRowStatus::Refused;
        if is_settled && rows[idx].is_same(&rows[first]) {
            rows[idx].status = GroupRowStatus::Duplicate;
            continue;
        }
        for (one, other) in [(first, idx), (idx, first)] {
            let problem = GroupRowProblem::SameId(rows[other].line);
            rows[one].status = GroupRowStatus::Refused;
            rows[one].problems.push(problem);
        }
    }
}

struct RowReader<'a> {
    rules: &'a GroupListRules<'a>,
    table: &'a NamedTable<GroupColumn>,
    row: &'a NamedRow,
}

impl RowReader<'_> {
    /// The text of a column; empty if the row has none.
    fn cell(&self, column: GroupColumn) -> &str {
        let idx = self.table.columns.iter().position(|own| *own == Some(column));
        let text = idx.and_then(|idx| self.row.cells.get(idx)).map_or("", |cell| &*cell.text);
        // A dash stands for nothing.
        if has_text(text) { text } else { "" }
    }

    fn read(&self) -> GroupRow {
        let mut problems = Vec::new();
        if self.row.is_quote_open {
            problems.push(self.about_text(ProblemCode::QuoteOpen, Severity::Refused, ""));
        }
        let extra = self.row.cells.iter().skip(self.table.columns.len()).find(|cell| has_text(&cell.text));
        problems.extend(extra.map(|cell| GroupRowProblem::Extra(cell.text.clone())));
        let id = self.id(&mut problems);
        let access = self.access(&mut problems);
        let row = GroupRow {
            line: self.row.line,
            at: self.row.at.clone(),
            name: self.cell(GroupColumn::Name).into(),
            id: id.clone().unwrap_or_else(|| self.cell(GroupColumn::Id).into()),
            access,
            status: GroupRowStatus::Refused,
            problems,
            new: None,
            people: Vec::new(),
        };
        let is_there = id.as_ref().is_some_and(|id| (self.rules.exists)(&GroupId::new(&**id)));
        if is_there && !self.row.is_quote_open {
            // Nothing is sent for it, so nothing in it can be wrong.
            return GroupRow { status: GroupRowStatus::Exists, problems: Vec::new(), ..row };
        }
        self.with_group(row, id)
    }

    /// The row with its group, or with the problems of its fields.
    fn with_group(&self, mut row: GroupRow, id: Option<Box<str>>) -> GroupRow {
        let (fields, flags) = self.fields(id, row.access);
        row.problems.extend(flags);
        match fields.new_group(self.rules.groups, self.rules.identity) {
            Ok(new) => row.new = Some(Box::new(new)),
            Err(problems) => {
                // The id has a sentence of its own.
                let problems = problems.into_iter().filter(|problem| *problem != GroupProblem::Id);
                row.problems.extend(problems.map(GroupRowProblem::Field));
            }
        }
        row.people = self.people(&mut row.problems);
        if let Some(most) = self.rules.groups.form.n_first_members.filter(|most| row.people.len() > *most) {
            row.problems.push(GroupRowProblem::Field(GroupProblem::TooManyFirst(most)));
        }
        if row.new.is_some() && !row.problems.iter().any(GroupRowProblem::is_refusal) {
            row.status = GroupRowStatus::New;
        }
        row
    }

    fn about_text(&self, code: ProblemCode, severity: Severity, found: &str) -> GroupRowProblem {
        GroupRowProblem::Text(Problem::new(code, severity, Place::Line(self.row.line)).about(found))
    }

    fn id(&self, problems: &mut Vec<GroupRowProblem>) -> Option<Box<str>> {
        let (typed, shape) = (self.cell(GroupColumn::Id), self.rules.identity.id_shape);
        if typed.is_empty() {
            let name = self.cell(GroupColumn::Name);
            if shape == IdShape::Uuid && !name.is_empty() {
                return Some((self.rules.id_for)(self.community(), name).into());
            }
            // A row without a name has no id to be given; the name is what it lacks.
            if shape != IdShape::Uuid {
                problems.push(GroupRowProblem::IdMissing);
            }
            return None;
        }
        match key::id(typed, shape) {
            Ok(id) => {
                if matches!(shape, IdShape::Slug { .. }) && *id != *typed {
                    problems.push(self.about_text(ProblemCode::FoldedCase, Severity::Info, &id));
                }
                Some(id)
            }
            Err(code) => {
                let meant =
                    if code == ProblemCode::BadId { key::suggestion(typed, shape) } else { String::new() };
                problems.push(self.about_text(code, Severity::Refused, &meant));
                None
            }
        }
    }

    fn community(&self) -> &str {
        let own = self.cell(GroupColumn::Community);
        if own.is_empty() { self.rules.community.unwrap_or_default() } else { own }
    }

    /// The kind of access: that of the password if the row has only one, else public.
    fn access(&self, problems: &mut Vec<GroupRowProblem>) -> Option<AccessKind> {
        if self.rules.groups.belongs_to_community {
            return None;
        }
        let (word, has_password) = (self.cell(GroupColumn::Access), !self.password().is_empty());
        let access = match word {
            "" if has_password => AccessKind::Password,
            "" => AccessKind::Public,
            word => match access_of(word) {
                Some(access) => access,
                None => {
                    problems.push(GroupRowProblem::Access(word.into()));
                    return None;
                }
            },
        };
        if has_password && access != AccessKind::Password {
            problems.push(GroupRowProblem::PasswordUnused);
        }
        Some(access)
    }

    /// The password, which may be a dash.
    fn password(&self) -> &str {
        let idx = self.table.columns.iter().position(|own| *own == Some(GroupColumn::Password));
        idx.and_then(|idx| self.row.cells.get(idx)).map_or("", |cell| &*cell.text)
    }

    fn flag(&self, column: GroupColumn, otherwise: bool, problems: &mut Vec<GroupRowProblem>) -> bool {
        let word = self.cell(column);
        if word.is_empty() {
            return otherwise;
        }
        flag_of(word).unwrap_or_else(|| {
            problems.push(GroupRowProblem::Flag(word.into()));
            otherwise
        })
    }

    fn fields(
        &self,
        id: Option<Box<str>>,
        access: Option<AccessKind>,
    ) -> (GroupFields, Vec<GroupRowProblem>) {
        let mut problems = Vec::new();
        let text = |column| self.cell(column).to_owned();
        let is_discoverable = self.flag(GroupColumn::Discoverable, self.rules.is_discoverable, &mut problems);
        let is_ai_generated = self.flag(GroupColumn::MadeByAi, false, &mut problems);
        let fields = GroupFields {
            id: id.unwrap_or_default().into(),
            community: Some(self.community().to_owned()),
            name: text(GroupColumn::Name),
            description: text(GroupColumn::Description),
            tags: text(GroupColumn::Tags),
            access: access.unwrap_or(AccessKind::Public),
            password: Some(self.password()).filter(|password| !password.is_empty()).map(Secret::new),
            owner: text(GroupColumn::Owner),
            is_discoverable,
            picture: text(GroupColumn::Picture),
            topics: text(GroupColumn::Topics),
            template: text(GroupColumn::Template),
            is_ai_generated,
            metadata: (self.rules.metadata)(self.cell(GroupColumn::Metadata)),
        };
        (fields, problems)
    }

    /// The first members, each once with each scope. The plan says whether one of them has two.
    fn people(&self, problems: &mut Vec<GroupRowProblem>) -> Vec<(Person, Scope)> {
        let mut people: Vec<(Person, Scope)> = Vec::new();
        let rules = Rules::new(Identity { takes_scopes: false, needs_name: false, ..*self.rules.identity });
        for scope in Scope::ALL {
            let cell = self.cell(GroupColumn::People(scope));
            let pieces = cell.split([',', ';', '|', '\n', '،', '，', '、']).map(str::trim);
            for piece in pieces.filter(|piece| !piece.is_empty()) {
                let entry = list::read_one(piece, "", &rules);
                problems.extend(entry.problems.into_iter().map(|mut problem| {
                    problem.place = Place::Line(self.row.line);
                    GroupRowProblem::Text(problem)
                }));
                let known = |person: &Person| {
                    people.iter().any(|(own, as_scope)| own == person && *as_scope == scope)
                };
                if let Some(person) = entry.person.filter(|person| !known(person)) {
                    people.push((person, scope));
                }
            }
        }
        people
    }
}
