#![doc = include_str!("../README.md")]

pub mod api_error;
pub mod binary;
pub mod bounded;
pub mod connection;
mod console_code;
pub mod dice;
pub mod examination;
pub mod export;
pub mod id;
pub mod list;
mod lookup;
pub mod order;
pub mod people;
pub mod plain;
pub mod plan;
pub mod read;
pub mod run;

pub use connection::{address, budget, capabilities, connection_file, secret, vault, vendor};
pub use people::{finder, group, group_field, key, person, phone, picture, scope, search};
pub use plan::{command, form, overlap, problem, snapshot, staged};
pub use read::{kept, query, scope_review, seen, whole};
pub use run::{batch, driver, entry, idle, journal, ledger, outcome, receipt, retry, summary};

pub use api_error::{ApiError, ErrorClass};
pub use batch::{Batch, BatchItem, CallId};
pub use budget::{Budget, Limits, RateHint, Window};
pub use capabilities::Capabilities;
pub use command::{Command, Flow, Operation, Repeat};
pub use connection::{
    BaseUrl, Connection, ConnectionKind, Credentials, Destination, KeyStorage, KnownGroup, Target,
};
pub use console_code::ConsoleCode;
pub use dice::Dice;
pub use driver::Driver;
pub use entry::{Chunk, Entry, Heading, Learned, Line, Pause, Status, StoredPlan};
pub use group::{Group, GroupEdit, GroupKind, NewCommunity, NewGroup};
pub use group_field::GroupField;
pub use id::{BatchId, ChangeId, ConnectionId, GroupId, Millis, PlanId, PriceId, ReadId, RoleId};
pub use journal::Stored;
pub use outcome::{Outcome, Reply};
pub use person::{Member, Person, PersonKey};
pub use picture::Picture;
pub use plan::approval::Approval;
pub use plan::{
    Action, Actor, Change, Clearance, Effect, Inverse, Irreversible, LeftOut, Loss, Plan, Planner, Reversal,
    Reversals, State, Title, TitleKind, TitlePlace, Undo, UndoRow,
};
pub use problem::{Place, Problem, ProblemCode, Severity};
pub use query::{Cursor, Items, Page, Paging, Query};
pub use receipt::{Receipt, Tally};
pub use retry::BatchFailure;
pub use run::{Reading, Rechecks, Run, Step};
pub use scope::Scope;
pub use search::Search;
pub use secret::Secret;
pub use snapshot::Snapshot;
pub use summary::Summary;
pub use vendor::Vendor;
