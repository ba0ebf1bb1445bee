//! Exporting the results of a run as CSV or JSON, and turning them back into commands.
//!
//! Reading an export gives the same commands, except for passwords. Files are untrusted: names are normalized
//! and invalid ids rejected. Reading never fails: unusable rows are reported with their line.

mod operation;
mod table;

use std::fmt::{self, Formatter};

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::order;
use crate::outcome::{NEVER_SENT_CODES, Verdict};
use crate::{
    ApiError, Change, Command, ConnectionId, Operation, Outcome, Person, PersonKey, Place, Problem,
    ProblemCode, Secret, Severity, Vendor, plain,
};

pub(crate) use table::unguarded;
pub use table::{table, to_csv};

/// The format written by this version. Older formats can be read.
pub const FORMAT: u32 = 1;

/// Most rows read from a file. Further rows of a table are dropped; larger JSON is rejected.
pub const MAX_ROWS: usize = 1_000_000;

/// The `outcome` of a row without one.
pub const WAITING: &str = "waiting";

/// A named text of an operation, for example `note` or `price`.
pub type Detail = (Box<str>, Box<str>);

/// One row: a person, an operation and its outcome. Some texts come from a vendor: render them as plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResultRow {
    /// The slug of the vendor.
    pub vendor: Box<str>,
    /// The id of the connection.
    pub connection: Box<str>,
    /// The kind of key: `id`, `phone`, `email`, or `group` for a group itself.
    pub by: Box<str>,
    /// The key of the person.
    pub person: Box<str>,
    /// The name, or empty.
    pub name: Box<str>,
    /// The operation, for example `add_to_group`.
    pub operation: Box<str>,
    /// The group or community, or empty.
    pub group: Box<str>,
    /// The scope, or empty.
    pub scope: Box<str>,
    /// The flow, or empty.
    pub flow: Box<str>,
    /// The role, or empty.
    pub role: Box<str>,
    /// Further fields of the operation.
    pub details: Vec<Detail>,
    /// `done`, `same`, `refused`, `unknown`, `not_sent`, or [`WAITING`].
    pub outcome: Box<str>,
    /// The HTTP status, or empty without a response.
    pub status: Box<str>,
    /// The error code, or empty.
    pub code: Box<str>,
    /// The vendor's message, the state in which an approved change was found, or empty.
    pub message: Box<str>,
    /// When the run began, in ISO 8601.
    pub at: Box<str>,
}

/// A JSON file of results.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultFile {
    /// Always [`MARK`], to identify the file.
    pub muster: Box<str>,
    /// See [`FORMAT`].
    pub format: u32,
    /// The id of the run.
    #[serde(default)]
    pub plan: Box<str>,
    /// A description of the run.
    #[serde(default)]
    pub title: Box<str>,
    /// The verdict of these rows, if they are not all rows of the run.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub shown: Box<str>,
    /// The rows.
    #[serde(deserialize_with = "bounded")]
    pub rows: Vec<ResultRow>,
}

/// Reads at most [`MAX_ROWS`] rows: an empty one takes two bytes in the file, but a hundred times that in
/// memory.
fn bounded<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<ResultRow>, D::Error> {
    struct Rows;

    impl<'de> Visitor<'de> for Rows {
        type Value = Vec<ResultRow>;

        fn expecting(&self, to: &mut Formatter<'_>) -> fmt::Result {
            write!(to, "at most {MAX_ROWS} rows")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Vec<ResultRow>, A::Error> {
            let mut rows = Vec::new();
            while let Some(row) = from.next_element()? {
                if rows.len() == MAX_ROWS {
                    return Err(A::Error::invalid_length(MAX_ROWS + 1, &self));
                }
                rows.push(row);
            }
            Ok(rows)
        }
    }

    from.deserialize_seq(Rows)
}

/// The value of [`ResultFile::muster`].
pub const MARK: &str = "results";

/// The rows read from a file, and its problems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The usable rows.
    pub rows: Vec<OpenedRow>,
    /// What could not be used. A blocking problem means that the file does not contain results.
    pub problems: Vec<Problem>,
}

/// A usable row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedRow {
    /// Its line in a table, or its position in JSON, from 1.
    pub line: u32,
    /// The vendor.
    pub vendor: Vendor,
    /// The connection.
    pub connection: ConnectionId,
    /// The person.
    pub person: Person,
    /// The operation, without password.
    pub operation: Operation,
    /// True if a password was left out.
    pub had_password: bool,
    /// The verdict; `None` if it waited.
    pub verdict: Option<Verdict>,
}

/// Why a row cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unusable {
    /// This column is empty or invalid.
    Column(&'static str),
    /// It is about a group itself, which has its own form.
    GroupItself,
}

fn message(error: &ApiError) -> Option<Box<str>> {
    error.message.clone().or_else(|| error.found_state().map(|state| state.slug().into()))
}

impl ResultRow {
    /// The row of a change. `at` is when its run began, in ISO 8601.
    pub fn of(
        vendor: Vendor,
        connection: &ConnectionId,
        change: &Change,
        outcome: Option<&Outcome>,
        at: &str,
    ) -> Self {
        let error = outcome.and_then(Outcome::error);
        let mut row = Self {
            vendor: vendor.slug().into(),
            connection: connection.as_str().into(),
            by: change.person.key.kind().into(),
            person: change.person.key.as_str().into(),
            name: change.person.name.clone().unwrap_or_default(),
            outcome: outcome.map_or(WAITING, |outcome| outcome.verdict().slug()).into(),
            status: error
                .and_then(|error| error.status)
                .map(|status| status.to_string().into())
                .unwrap_or_default(),
            code: error.map(|error| error.code.clone()).unwrap_or_default(),
            message: error.and_then(message).unwrap_or_default(),
            at: at.into(),
            ..Self::default()
        };
        operation::write(&change.operation, &mut row);
        row
    }

    /// The verdict of the row. Earlier releases wrote `refused` for changes that were never sent; the code
    /// tells them apart.
    fn verdict(&self) -> Result<Option<Verdict>, Unusable> {
        let is_own = NEVER_SENT_CODES.iter().any(|code| *self.code == *code.as_str());
        verdict(&self.outcome).map(|found| match found {
            Some(Verdict::Refused) if is_own => Some(Verdict::NotSent),
            found => found,
        })
    }

    /// Parses the row into a command.
    fn open(&self, line: u32) -> Result<OpenedRow, Unusable> {
        let (operation, had_password) = operation::read(self)?;
        let name = Some(plain::name(&self.name)).filter(|name| !name.is_empty()).map(Into::into);
        Ok(OpenedRow {
            line,
            vendor: Vendor::from_slug(&self.vendor).ok_or(Unusable::Column("vendor"))?,
            connection: ConnectionId::new(&self.connection),
            person: Person { key: key(&self.by, &self.person)?, name },
            operation,
            had_password,
            verdict: self.verdict()?,
        })
    }
}

impl ResultFile {
    /// A file with these rows.
    pub fn new(plan: &str, title: &str, rows: Vec<ResultRow>) -> Self {
        Self {
            muster: MARK.into(),
            format: FORMAT,
            plan: plan.into(),
            title: title.into(),
            shown: "".into(),
            rows,
        }
    }

    /// The usable rows and the problems of the others.
    pub fn open(&self) -> Opened {
        if &*self.muster != MARK || self.format > FORMAT {
            return Opened::not_results("muster");
        }
        Opened::of((1..).zip(&self.rows))
    }
}

impl Opened {
    /// Reads a table of results. Columns are found by name, in any order.
    pub fn from_csv(text: &str) -> Self {
        match table::read(text) {
            Ok((rows, mut problems)) => {
                let mut opened = Self::of(rows.iter().map(|(line, row)| (*line, row)));
                problems.append(&mut opened.problems);
                order::sort_by(&mut problems, |a, b| a.place.cmp(&b.place));
                Self { rows: opened.rows, problems }
            }
            Err(column) => Self::not_results(column),
        }
    }

    /// The result for a file without results; `found` is what it lacks.
    pub fn not_results(found: &str) -> Self {
        let problem = Problem::new(ProblemCode::NotResults, Severity::Blocking, Place::Plan).about(found);
        Self { rows: Vec::new(), problems: vec![problem] }
    }

    fn of<'a>(rows: impl Iterator<Item = (u32, &'a ResultRow)>) -> Self {
        let mut opened = Self::default();
        for (line, row) in rows {
            match row.open(line) {
                Ok(row) => opened.rows.push(row),
                Err(unusable) => opened.problems.push(left_out(line, unusable)),
            }
        }
        opened
    }
}

/// The commands of some rows, with a password for those that had one.
pub fn command<'a>(rows: impl IntoIterator<Item = &'a OpenedRow>, password: Option<&Secret>) -> Command {
    let mut command = Command::new();
    for row in rows {
        let operation = match (&row.operation, row.had_password) {
            (Operation::Register { flow, role, price, .. }, true) => Operation::Register {
                flow: *flow,
                role: role.clone(),
                price: price.clone(),
                password: password.cloned(),
            },
            (operation, _) => operation.clone(),
        };
        command.intent(row.person.clone(), operation);
    }
    command
}

fn left_out(line: u32, unusable: Unusable) -> Problem {
    let problem = |code| Problem::new(code, Severity::Refused, Place::Line(line));
    match unusable {
        Unusable::Column(column) => problem(ProblemCode::BadLine).about(column),
        Unusable::GroupItself => problem(ProblemCode::GroupItself),
    }
}

fn key(by: &str, text: &str) -> Result<PersonKey, Unusable> {
    if plain::id(text) != Some(text) {
        return Err(Unusable::Column("person"));
    }
    match by {
        "id" => Ok(PersonKey::Id(text.into())),
        "phone" => Ok(PersonKey::Phone(text.into())),
        "email" => Ok(PersonKey::Email(text.into())),
        "group" => Err(Unusable::GroupItself),
        _ => Err(Unusable::Column("by")),
    }
}

fn verdict(text: &str) -> Result<Option<Verdict>, Unusable> {
    if text == WAITING || text.is_empty() {
        return Ok(None);
    }
    let found = Verdict::ALL.into_iter().find(|verdict| verdict.slug() == text);
    found.map(Some).ok_or(Unusable::Column("outcome"))
}
