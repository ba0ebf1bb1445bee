//! What a run came to as a table or as JSON, to take along, and back into wishes.
//!
//! Reading what was written gives the same wishes, whatever people are called; only passwords are left out.
//! A file can come from anybody, so names in it are made plain, and ids that cannot be any are not taken.
//! Reading never fails: what cannot be used is told with its line.

mod effect;
mod table;

use std::fmt::{self, Formatter};

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::outcome::{NEVER_SENT_CODES, Verdict};
use crate::{
    Change, Command, ConnectionId, Effect, Outcome, Person, PersonKey, Place, Problem, ProblemCode, Secret,
    Severity, Vendor, plain,
};

pub use table::{table, to_csv};

/// The format that this version writes; readers take it and every one before it.
pub const FORMAT: u32 = 1;

/// The most rows that are read of a file: what follows is left out of a table, and JSON with more is not read.
pub const MAX_ROWS: usize = 1_000_000;

/// The word in a file's `outcome` for a row that had none yet.
pub const WAITING: &str = "waiting";

/// A named text beside an effect, as `note` or `price`.
pub type Detail = (Box<str>, Box<str>);

/// One row: who, what, and how it ended. All texts are as they were, so some are a vendor's: show them as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResultRow {
    /// Whose API it was, by its slug.
    pub vendor: Box<str>,
    /// The connection it was applied through.
    pub connection: Box<str>,
    /// What the person is named by: `id`, `phone`, `email`, or `group` for a group itself.
    pub by: Box<str>,
    /// The key of the person.
    pub person: Box<str>,
    /// The name; empty for none.
    pub name: Box<str>,
    /// What was done, as in `add_to_group`.
    pub effect: Box<str>,
    /// The group or community it was done in; empty for none.
    pub group: Box<str>,
    /// The scope that was given; empty for none.
    pub scope: Box<str>,
    /// How the person came in; empty for none.
    pub flow: Box<str>,
    /// The role that was given; empty for none.
    pub role: Box<str>,
    /// What else belongs to the effect.
    pub details: Vec<Detail>,
    /// `done`, `same`, `refused`, `unknown`, `not_sent`, or [`WAITING`].
    pub outcome: Box<str>,
    /// The HTTP status of the answer; empty if there was none.
    pub status: Box<str>,
    /// The code of the reason; empty for none.
    pub code: Box<str>,
    /// The vendor's words; empty for none.
    pub message: Box<str>,
    /// When the run began, in ISO 8601.
    pub at: Box<str>,
}

/// A whole file of results, as JSON has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultFile {
    /// Always the same, so that the file is known for what it is.
    pub muster: Box<str>,
    /// See [`FORMAT`].
    pub format: u32,
    /// The run.
    #[serde(default)]
    pub plan: Box<str>,
    /// What was done, in words.
    #[serde(default)]
    pub title: Box<str>,
    /// Which rows these are, if not all of the run: how they ended.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub shown: Box<str>,
    /// The rows.
    #[serde(deserialize_with = "bounded")]
    pub rows: Vec<ResultRow>,
}

/// At most [`MAX_ROWS`] rows: an empty one takes two characters of a file, and a hundred times that of memory.
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

/// What [`ResultFile::muster`] says.
pub const MARK: &str = "results";

/// Rows that were read from a file, with their lines, and what could not be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The rows that can be used, each with its line or place, from 1.
    pub rows: Vec<OpenedRow>,
    /// What could not be used; one that blocks means that the file is no file of results.
    pub problems: Vec<Problem>,
}

/// A row that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedRow {
    /// Its line in a table, its place in JSON.
    pub line: u32,
    /// Whose API it was.
    pub vendor: Vendor,
    /// The connection it was applied through.
    pub connection: ConnectionId,
    /// Who.
    pub person: Person,
    /// What, without password.
    pub effect: Effect,
    /// True if a password was left out.
    pub had_password: bool,
    /// How it ended; `None` if it waited.
    pub verdict: Option<Verdict>,
}

/// Why a row cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unusable {
    /// This column is empty or says nothing known.
    Column(&'static str),
    /// It is about a group itself, which has a form of its own.
    GroupItself,
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
            by: by(&change.person.key).into(),
            person: change.person.key.as_str().into(),
            name: change.person.name.clone().unwrap_or_default(),
            outcome: outcome.map_or(WAITING, |outcome| outcome.verdict().slug()).into(),
            status: error
                .and_then(|error| error.status)
                .map(|status| status.to_string().into())
                .unwrap_or_default(),
            code: error.map(|error| error.code.clone()).unwrap_or_default(),
            message: error.and_then(|error| error.message.clone()).unwrap_or_default(),
            at: at.into(),
            ..Self::default()
        };
        effect::write(&change.effect, &mut row);
        row
    }

    /// How the row ended. Releases before called refused what was never sent; its code tells.
    fn verdict(&self) -> Result<Option<Verdict>, Unusable> {
        let is_own = NEVER_SENT_CODES.contains(&&*self.code);
        verdict(&self.outcome).map(|found| match found {
            Some(Verdict::Refused) if is_own => Some(Verdict::NotSent),
            found => found,
        })
    }

    /// What the row wishes.
    fn open(&self, line: u32) -> Result<OpenedRow, Unusable> {
        let (effect, had_password) = effect::read(self)?;
        let name = Some(plain::name(&self.name)).filter(|name| !name.is_empty()).map(Into::into);
        Ok(OpenedRow {
            line,
            vendor: Vendor::from_slug(&self.vendor).ok_or(Unusable::Column("vendor"))?,
            connection: ConnectionId::new(&self.connection),
            person: Person { key: key(&self.by, &self.person)?, name },
            effect,
            had_password,
            verdict: self.verdict()?,
        })
    }
}

impl ResultFile {
    /// A file of rows.
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

    /// The rows that can be used, and what is wrong with the others.
    pub fn open(&self) -> Opened {
        if &*self.muster != MARK || self.format > FORMAT {
            return Opened::not_results("muster");
        }
        Opened::of((1..).zip(&self.rows))
    }
}

impl Opened {
    /// Reads a table of results. Columns are found by their names, in any order.
    pub fn from_csv(text: &str) -> Self {
        match table::read(text) {
            Ok((rows, mut problems)) => {
                let mut opened = Self::of(rows.iter().map(|(line, row)| (*line, row)));
                problems.append(&mut opened.problems);
                problems.sort_by(|a, b| a.place.cmp(&b.place));
                Self { rows: opened.rows, problems }
            }
            Err(column) => Self::not_results(column),
        }
    }

    /// What is said of a file that is none of results; `found` is what is missing in it.
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

/// The wishes of some rows, with a password for those that had one.
pub fn command<'a>(rows: impl IntoIterator<Item = &'a OpenedRow>, password: Option<&Secret>) -> Command {
    let mut command = Command::new();
    for row in rows {
        let effect = match (&row.effect, row.had_password) {
            (Effect::Register { flow, role, price, .. }, true) => Effect::Register {
                flow: *flow,
                role: role.clone(),
                price: price.clone(),
                password: password.cloned(),
            },
            (effect, _) => effect.clone(),
        };
        command.wish(row.person.clone(), effect);
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

fn by(key: &PersonKey) -> &'static str {
    match key {
        PersonKey::Id(_) => "id",
        PersonKey::Phone(_) => "phone",
        PersonKey::Email(_) => "email",
        PersonKey::Group(_) => "group",
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
